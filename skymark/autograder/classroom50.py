"""What Classroom 50's `autograder.py` runs in the student's checkout: `python -m skymark.autograder.classroom50 DIR`.

DIR is the folder of the instructor's files. Source: foundation50/classroom50, wiki, "Advanced Autograding".
"""

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Final

from skymark.autograder.files import EXTERNAL_IDS, entry_of
from skymark.autograder.grading import COULD_NOT_START, graded, say, settings_in
from skymark.cohort.task import Graded, Trouble
from skymark.errors import SkymarkError
from skymark.files import write_whole
from skymark.lesson import Lesson
from skymark.log import log_to_file
from skymark.render import classroom50
from skymark.render.marked import withheld
from skymark.render.words import headline
from skymark.score import INCOMPLETE, exit_status
from skymark.submission import Submission, submission_of

RESULT: Final = Path("result.json")


def main(bundle: Path, checkout: Path) -> int:
    """Grade what lies in the student's checkout, and write `result.json` there if there is a mark to give.

    Returns:
        The exit status, as that of `grade.py check`.
    """
    log_to_file()
    try:
        submission = submission_of(os.environ, checkout)
        names = [name for name in (submission.owner, submission.username) if name]
        entry = entry_of(checkout, names, bundle / EXTERNAL_IDS)
        done = graded(entry, Lesson.at(bundle / "skymark"), settings_in(bundle))
        return _told(done, submission, checkout / RESULT)
    except SkymarkError as error:
        say(str(error))
        return COULD_NOT_START


def _told(done: Graded | Trouble, submission: Submission, file: Path) -> int:
    if isinstance(done, Trouble):
        say(f"Not graded, which says nothing about the student: {done.text}")
        return INCOMPLETE
    result = done.result
    say("\n".join((headline(result.score), *result.warnings)))
    text = classroom50.render(result, submission, dt.datetime.now(dt.UTC))
    if text is None:
        say(f"No mark, since {withheld(result)}. Run the workflow again.")
        return INCOMPLETE
    write_whole(file, text)
    return exit_status(result)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path.cwd()))

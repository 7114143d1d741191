"""What Gradescope's `run_autograder` runs: `python -m skymark.autograder.gradescope /autograder`.

Source: Gradescope, "Autograder Specifications" and "Submission Metadata".
"""

import sys
from pathlib import Path
from typing import Final

import msgspec

from skymark.autograder.files import EXTERNAL_IDS, entry_of
from skymark.autograder.grading import COULD_NOT_START, graded, read_json, say, settings_in
from skymark.cohort.task import Graded, Trouble
from skymark.errors import SkymarkError, UsageError
from skymark.files import write_whole
from skymark.lesson import Lesson
from skymark.log import FILE, log_to_file
from skymark.render import gradescope
from skymark.render.marked import withheld
from skymark.render.words import headline
from skymark.roster.entry import Entry
from skymark.score import INCOMPLETE, exit_status

RESULTS: Final = Path("results") / "results.json"


class User(msgspec.Struct, frozen=True):
    """Who handed in, as Gradescope knows them; `sid` is the school's id, where Gradescope has it."""

    email: str
    name: str = ""
    id: int | str | None = None
    sid: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All that they are known by."""
        return tuple(str(one) for one in (self.email, self.sid, self.id) if one not in (None, ""))


class Metadata(msgspec.Struct, frozen=True):
    """`submission_metadata.json`, as far as it is needed. A group has several users."""

    users: tuple[User, ...]


def main(root: Path) -> int:
    """Grade the submission under `root`, and write `results/results.json` if there is a mark to give.

    Returns:
        The exit status, as that of `grade.py check`.
    """
    log_to_file(root / FILE)
    source = root / "source"
    try:
        entry = _entry(root)
        done = graded(entry, Lesson.at(source / "skymark"), settings_in(source))
        return _told(done, root / RESULTS)
    except SkymarkError as error:
        say(str(error))
        return COULD_NOT_START


def _entry(root: Path) -> Entry:
    users = read_json(root / "submission_metadata.json", Metadata).users
    if not users:
        raise UsageError("submission_metadata.json names nobody. Gradescope writes it: run the autograder again.")
    names = [name for user in users for name in user.names]
    return entry_of(root / "submission", names, root / "source" / EXTERNAL_IDS, name=users[0].name)


def _told(done: Graded | Trouble, file: Path) -> int:
    if isinstance(done, Trouble):
        say(f"Not graded, which says nothing about the student: {done.text}")
        return INCOMPLETE
    result = done.result
    say("\n".join((headline(result.score), *result.warnings)))
    text = gradescope.render(result)
    if text is None:
        say(f"No mark, since {withheld(result)}. Run the autograder again.")
    else:
        write_whole(file, text)
    return exit_status(result)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))

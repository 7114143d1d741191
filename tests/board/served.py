"""A board in a process of its own, whose students are saved surveys: `served.py FOLDER LOG [--names]`.

Each `FOLDER/<id>.json` is a student; a look reads the file again. One that is none is an account that nobody can enter.
"""

import datetime as dt
import functools
import sys
from pathlib import Path

import msgspec

from skymark.board.board import Board, ClassInfo
from skymark.board.serving import serve
from skymark.board.timelog import TimeLog
from skymark.cause import Cause
from skymark.cohort.task import Graded, Task, Terms, Trouble
from skymark.errors import SurveyFileError
from skymark.grading import grade
from skymark.lesson import Lesson
from skymark.roster.entry import Entry, SurveyAccess
from skymark.rubric_file import load_rubric
from skymark.survey_file import load

LESSON = Lesson(Path(__file__).parents[2])
EVERY_S = 0.2


def now() -> dt.datetime:
    """This moment."""
    return dt.datetime.now(dt.UTC)


def look(task: Task) -> Graded | Trouble:
    """Grade a student's file as it is now."""
    assert isinstance(task.entry.access, SurveyAccess)
    try:
        survey = msgspec.structs.replace(load(task.entry.access.file), surveyed_at=now())
    except SurveyFileError:
        return Trouble(task.entry.student, task.rubric.id, Cause.ACCESS, "The role cannot be assumed.", now())
    return Graded(task.entry.student, survey, grade(survey, task.rubric, LESSON, proved=task.proved))


def main(folder: Path, log: Path, *options: str) -> None:
    """Serve until Ctrl-C; the address is printed."""
    rubric = load_rubric(LESSON, LESSON.default_rubric)
    entries = tuple(
        Entry(file.stem, (folder / f"{file.stem}.txt").read_text(), SurveyAccess(file))
        for file in sorted(folder.glob("*.json"))
    )
    stuck_after = dt.timedelta(minutes=10)
    terms = Terms(LESSON.root, predict=False)
    info = ClassInfo(rubric, entries, terms, {}, "us-east-1", stuck_after, names="--names" in options)
    board = Board(info, TimeLog(log), now)
    say = functools.partial(print, flush=True)
    serve(board, look, port=0, every_s=EVERY_S, at_once=1, begun=say)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])

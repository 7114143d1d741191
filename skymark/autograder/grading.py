"""One student's grading as an instructor set it up, in a place where nobody sits at the keyboard."""

import sys
import time
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from skymark.cause import Cause
from skymark.cohort.task import Graded, Task, Terms, Trouble
from skymark.cohort.work import grade_one
from skymark.errors import UsageError
from skymark.lesson import Lesson
from skymark.render.words import clean
from skymark.roster.entry import Entry
from skymark.rubric_file import load_rubric
from skymark.window import written_times
from skymark.workflow import unheard

COULD_NOT_START: Final = 2
SETTINGS: Final = "settings.json"
PASSING: Final = (Cause.THROTTLED, Cause.NETWORK)
"""What may be over in a moment."""

Read = TypeVar("Read")


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an assignment is graded: `settings.json`, each part as the option of `grade.py check` of its name.

    `retry_after_s`: how long to wait before AWS is asked once more that asked to wait or could not be reached.
    """

    rubric: str | None = None
    final: bool = False
    since: str | None = None
    until: str | None = None
    due: str | None = None
    predict: bool = True
    retry_after_s: float = 20


def settings_in(folder: Path) -> Settings:
    """The instructor's settings, the usual ones where the folder has none.

    Raises:
        UsageError: they cannot be read, or one has a name that is not known.
    """
    file = folder / SETTINGS
    return read_json(file, Settings) if file.is_file() else Settings()


def graded(entry: Entry, lesson: Lesson, settings: Settings) -> Graded | Trouble:
    """What came of this student, asked twice where something may have passed.

    Raises:
        SkymarkError: the settings or the lesson cannot be used.
    """
    rubric = load_rubric(lesson, settings.rubric or lesson.default_rubric)
    times = written_times(settings.since, settings.until, settings.due) | rubric.times
    terms = Terms(lesson=lesson.root, final=settings.final, times=times, predict=settings.predict)
    task = Task(entry=entry, rubric=rubric, terms=terms)
    done = grade_one(task)
    if _may_pass(done):
        time.sleep(settings.retry_after_s)
        done = grade_one(task)
    return done


def read_json(file: Path, type: type[Read]) -> Read:
    """Read a small JSON file.

    Raises:
        UsageError: it is not there, or not of this form.
    """
    try:
        return msgspec.json.decode(file.read_bytes(), type=type)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file.name}: cannot be used ({error}).") from error


def say(text: str) -> None:
    """Tell instructors; whatever it holds, neither a terminal nor GitHub's runner obeys any of it."""
    with unheard(sys.stdout):
        sys.stdout.write("\n".join(map(clean, text.split("\n"))) + "\n")
        sys.stdout.flush()


def _may_pass(done: Graded | Trouble) -> bool:
    if isinstance(done, Trouble):
        return done.cause in PASSING
    return any(one.cause in PASSING for one in done.result.criteria)

"""Which lesson, rubric and class a command is about."""

from pathlib import Path
from typing import TYPE_CHECKING

from skymark.commands.console import warn

if TYPE_CHECKING:
    from skymark.lesson import Lesson
    from skymark.roster.entry import Roster
    from skymark.rubric import Rubric


def lesson_and_rubric(
    lesson: Path | None, rubric: str | None, only: list[str] | None = None
) -> tuple["Lesson", "Rubric"]:
    """The lesson in a folder (None: this repository's), and its rubric, or another one.

    Raises:
        UsageError: there is no such lesson or rubric, or the rubric has no criterion that `only` names.
        RubricError: the rubric has mistakes.
    """
    from skymark.lesson import Lesson
    from skymark.rubric_file import load_rubric

    of = Lesson.at(lesson)
    by = load_rubric(of, rubric or of.default_rubric)
    by.refuse_unknown(only or ())
    return of, by


def class_of(roster: Path, access: Path | None = None) -> "Roster":
    """The class of a roster. The rows that cannot be used are told on standard error.

    Raises:
        UsageError: a file cannot be read, or is no roster.
    """
    from skymark.roster.reading import read_roster

    found = read_roster(roster, access=access)
    for mistake in found.mistakes:
        warn(f"{roster}: {mistake}")
    return found

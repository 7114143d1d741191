"""Which lesson and rubric a command is about."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skymark.lesson import Lesson
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

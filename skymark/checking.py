"""Grading one account with everything that may count: the look itself, what was handed in, and earlier checks."""

from collections.abc import Callable
from pathlib import Path

from skymark.evidence import Survey
from skymark.gradebook.recording import Grade, recorded
from skymark.handed_in import HandedIn, accepting, noted, refuse_unfit, showing
from skymark.result import Result
from skymark.rubric import Rubric
from skymark.window import Window


def checked(
    survey: Survey,
    grade: Grade,
    whole: Grade,
    rubric: Rubric,
    window: Window,
    *,
    handed_in: tuple[HandedIn, ...] = (),
    accept: bool = False,
    book: Path | None = None,
    warn: Callable[[str], object],
) -> Result:
    """The result of a check. What was handed in counts only if it is to be accepted; else a warning says what it shows.

    `grade` grades a survey by itself, in the `window`; so does `whole`, by every criterion of the rubric. The check is
    written down in `book`, and what that knows counts.

    Raises:
        UsageError: what was handed in is of another account, or was made after the look.
    """
    refuse_unfit(handed_in, survey)
    shown = tuple(showing(one, whole) for one in handed_in)
    own = accepting(grade, shown, rubric) if accept else grade
    result = recorded(own, survey, rubric, window, book, warn, again=whole) if book else own(survey)
    return result if accept else noted(result, shown)

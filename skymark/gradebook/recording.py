"""What `grade.py check` does with the gradebook: it writes the check down, and takes over what is known."""

import contextlib
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from skymark.errors import GradebookError, UsageError
from skymark.evidence import Survey
from skymark.gradebook.book import Gradebook
from skymark.gradebook.merge import NOTHING, Known, merge, proofs_of, proved_by
from skymark.gradebook.opening import usual_place
from skymark.outcome import Source
from skymark.result import Result
from skymark.rubric import Rubric
from skymark.window import ALWAYS, Window


class Grade(Protocol):
    """Grades a survey by what a command was given; `proved` are the criteria that an earlier check saw passed."""

    def __call__(self, survey: Survey, *, proved: frozenset[str] = ...) -> Result: ...


def place(file: Path | None, *, off: bool, offline: bool, only: bool) -> Path | None:
    """Where a check is written down, None for nowhere.

    A saved survey (`offline`) and a part of the criteria (`only`) are no checks of an account. `file` None is the
    user's own gradebook, which is not looked at yet.

    Raises:
        UsageError: a gradebook is named though nothing is going to be written down.
    """
    why = "--no-gradebook" if off else "--survey" if offline else "--only" if only else None
    if file and why:
        raise UsageError(f"With {why} nothing is recorded: leave --gradebook out, or {why}.")
    return None if why else file or usual_place()


def recorded(
    grade: Grade,
    survey: Survey,
    rubric: Rubric,
    window: Window,
    file: Path,
    warn: Callable[[str], object],
    *,
    again: Grade | None = None,
) -> Result:
    """Grade a survey with what earlier checks proved and what was decided, and write this check down.

    `again` grades what earlier checks found; None: as `grade` does. They prove only what was made in the `window`. A
    grade is never lost because the book cannot be read or written: then `warn` is told in one line, and the result is
    as good as it can be without.
    """
    known, result = NOTHING, None
    try:
        with Gradebook(file, begin=True) as book:
            if book.note:
                warn(book.note)
            known = known_of(book, survey.identity.account, rubric, window, again or grade)
            result = grade(survey, proved=frozenset(proof.criterion for proof in known.proofs))
            book.record(result, survey)
    except GradebookError as error:
        ignored = "" if result else ", and earlier checks are not considered"
        warn(f"This check was not recorded{ignored}. {error}")
    return merge(result or grade(survey), known, rubric)


def known_of(
    book: Gradebook, account: str, rubric: Rubric, window: Window, grade: Grade, *, student: str | None = None
) -> Known:
    """What the book knows of an account; with `student`, only what may be about them.

    Where a lesson has a time of its own, what an earlier check found is judged by that, too: `grade` does.
    """
    known = functools.partial(book.known, account, rubric.id, student=student)
    if window == ALWAYS:
        return known()
    found: list[Result] = []
    still_to_prove = {proof.criterion for proof in known(since=window.since).proofs}
    for attempt in reversed(book.checks(account, rubric.id, student=student, since=window.since)):
        if still_to_prove & proved_by(attempt.result):
            with contextlib.suppress(GradebookError):  # its survey is of another version, so it proves nothing
                found += [_handed_in(attempt.result), grade(book.survey(attempt.id))]
                still_to_prove -= proved_by(found[-1]) | proved_by(found[-2])
    return Known(proofs_of(found), known().overrides)


def _handed_in(result: Result) -> Result:
    """What was accepted of surveys that were handed in, which are not kept: it stays accepted."""
    return replace(result, criteria=tuple(one for one in result.criteria if one.source is Source.HANDED_IN))

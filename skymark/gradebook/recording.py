"""What `grade.py check` does with the gradebook: it writes the check down, and takes over what is known."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from skymark.errors import GradebookError, UsageError
from skymark.evidence import Survey
from skymark.gradebook.book import Gradebook
from skymark.gradebook.merge import merge
from skymark.gradebook.opening import usual_place
from skymark.result import Result
from skymark.rubric import Rubric


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
    result: Result,
    survey: Survey,
    rubric: Rubric,
    file: Path,
    warn: Callable[[str], object],
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> Result:
    """The result with what earlier checks proved and what was decided, after writing this check down.

    Only checks that looked into the account from `since` to `until` prove anything; None: whenever it was. A grade is
    never lost because the book cannot be read or written: then `warn` is told in one line, and the result is as good as
    it can be without.
    """
    known = None
    try:
        with Gradebook(file, begin=True) as book:
            if book.note:
                warn(book.note)
            known = book.known(result.subject.account, result.rubric.id, since=since, until=until)
            book.record(result, survey)
    except GradebookError as error:
        ignored = "" if known else ", and earlier checks are not considered"
        warn(f"This check was not recorded{ignored}. {error}")
    return merge(result, known, rubric) if known else result

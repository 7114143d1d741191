"""One student of a class as every export takes them: how they stand, and what keeps a mark from being given."""

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import msgspec

from skymark.cause import Cause
from skymark.evidence import Struct
from skymark.gradebook.standing import Standing
from skymark.outcome import Outcome
from skymark.render.words import writable
from skymark.result import Criterion

NOT_GRADED: Final = "has not been graded yet"
STILL_PENDING: Final = "the lesson is not over for this student"


class Withheld(Struct, frozen=True):
    """Why nobody may give a student any mark, whatever was found: never their fault.

    `settles` is what to do about it, a command or a sentence.
    """

    reason: str
    settles: str
    cause: Cause | None = None


class ClassRow(Struct, frozen=True):
    """One student of the roster, in its order.

    `standing` is None where nothing was recorded of them. `withheld` says what stands against any mark (nobody could
    look, two students in one account); what is unverified need not be said there.
    """

    student: str
    name: str
    standing: Standing | None = None
    withheld: tuple[Withheld, ...] = ()


class Open(Struct, frozen=True):
    """One thing that keeps a mark back: a criterion, None for all of them; `points` wait for it, None if not known."""

    criterion: str | None
    points: Decimal | None
    cause: Cause | None
    reason: str
    settles: str


SETTLES: Final = MappingProxyType(
    {
        Cause.QUOTA: "Waive it, or let the account's quota be raised and grade again.",
        Cause.AWS: "Grade again later, or waive it.",
        Cause.AT_WORK: "Grade again in a quarter of an hour.",
        Cause.DENIED: "Grant what `grade.py policy` prints, and grade again.",
        Cause.CREDENTIALS: "Renew the credentials, and grade again.",
        Cause.THROTTLED: "Grade again, with fewer students at once.",
        Cause.NETWORK: "Grade again once AWS can be reached.",
        Cause.ACCESS: "Correct the way in, in the roster or the account, or the file that was handed in; grade again.",
        Cause.RECORDS: "Ask the student to show it, then decide it.",
        Cause.SKYMARK: "Tell the makers of Skymark, with the log; decide it by hand until then.",
    }
)
GRADE_AGAIN: Final = "Grade the class."
GRADE_FINALLY: Final = "Grade with --final, or export with --with-pending."


def open_things(row: ClassRow, *, with_pending: bool = False) -> tuple[Open, ...]:
    """Everything that keeps this student's mark back, in rubric order after what concerns the whole; empty: none.

    What is pending keeps it back, too, unless it is asked for: it counts 0 for now, and is no failure yet.
    """
    return tuple(_open(row, with_pending))


def has_mark(row: ClassRow, *, with_pending: bool = False) -> bool:
    """Whether the student's points may be given to a gradebook."""
    return not open_things(row, with_pending=with_pending)


def digest(row: ClassRow) -> str:
    """What exports say of this student, as a short text that differs when it does; times are left out."""
    said = {
        "student": row.student,
        "name": row.name,
        "rubric": row.standing and row.standing.rubric.id,
        "withheld": [one.reason for one in row.withheld],
        "criteria": [_said(one) for one in (row.standing.criteria if row.standing else ())],
    }
    return hashlib.sha256(msgspec.json.encode(writable(said, _written_out), order="sorted")).hexdigest()


def _open(row: ClassRow, with_pending: bool) -> Iterator[Open]:
    standing = row.standing
    possible = standing.score.possible if standing else None
    for one in row.withheld:
        yield Open(None, possible, one.cause, one.reason, one.settles)
    if standing is None:
        if not row.withheld:
            yield Open(None, None, None, NOT_GRADED, GRADE_AGAIN)
        return
    for criterion in standing.criteria:
        if criterion.possible > 0 and criterion.outcome is Outcome.UNVERIFIED:
            yield _unverified(criterion)
        elif criterion.possible > 0 and criterion.outcome is Outcome.PENDING and not with_pending:
            reason = f"{criterion.message} ({STILL_PENDING})"
            yield Open(criterion.id, criterion.possible, criterion.cause, reason, GRADE_FINALLY)


def _unverified(one: Criterion) -> Open:
    # The criterion's own hint is for the student, but for a permission that is missing, which it names.
    named = one.hint if one.cause is Cause.DENIED else None
    return Open(one.id, one.possible, one.cause, one.message, named or SETTLES[one.cause or Cause.RECORDS])


def _said(one: Criterion) -> tuple[str, ...]:
    points = "" if one.points is None else f"{one.points.normalize():f}"
    return one.id, str(one.outcome), points, f"{one.possible.normalize():f}", one.message


def _written_out(text: str) -> str:
    """With each lone surrogate written out, so that two names that differ in one alone are told apart."""
    return text.encode("utf-8", "backslashreplace").decode()

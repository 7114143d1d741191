"""What people ask of a gradebook: which account, which criterion, and what a teaching assistant decides."""

import datetime as dt
import getpass
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from skymark.errors import UsageError
from skymark.gradebook.book import Attempt, Gradebook, NewDecision, in_force
from skymark.gradebook.standing import Record, Standing, here, records, whose
from skymark.result import Criterion
from skymark.suggest import did_you_mean, one_of

MANY = 10
"""As many words are listed where none is near to the one that is not known."""


def open_to_ask(file: Path | None) -> Gradebook:
    """Open the gradebook that is there; None is the user's own.

    Raises:
        GradebookError: there is none, it is damaged, or it cannot be used.
    """
    return Gradebook(file)


def look_up(book: Gradebook, who: str, rubric: str | None = None) -> Record:
    """What is there about a student, by their id, or about an account (dashes are passed over).

    `rubric` None: the one of the last check.

    Raises:
        UsageError: there is no such student or account, or no check by this rubric; or several have the account.
        GradebookError: the book cannot be read.
    """
    attempts, student = _of(book, who)
    wanted = rubric or attempts[-1].result.rubric.id
    by_it = tuple(one for one in attempts if one.result.rubric.id == wanted)
    if not by_it:
        raise UsageError(_unknown("rubric", wanted, {one.result.rubric.id for one in attempts}, book))
    in_account = here(by_it)
    account = in_account[-1].result.subject.account
    about = (
        one
        for one in book.decisions(rubric=wanted)
        if (one.student == student if one.student is not None else one.account == account)
    )
    return Record(in_account, tuple(about), student)


def _of(book: Gradebook, who: str) -> tuple[tuple[Attempt, ...], str | None]:
    """The checks of a student or an account, at least one, and which student that is, if any."""
    account = who.replace("-", "")
    theirs = book.attempts(student=who)
    accounts = {one.result.subject.account for one in theirs} or {account}
    there = tuple(one for id in sorted(accounts) for one in book.attempts(id))
    if not there:
        known = {one.result.subject.account for one in book.attempts()} | {
            one.student for one in book.attempts() if one.student
        }
        raise UsageError(_unknown("account or student", who, known, book))
    students = {id: names for one in sorted(accounts) for id, names in book.students(one).items()}
    names = [who] if theirs else list(students.get(account, ()))
    if len(names) > 1:
        raise UsageError(f"{book.file}: {account} is the account of {one_of(names)}. Name one of them.")
    student = names[0] if names else None
    mine = (one for one in there if student in whose(one, students))
    return tuple(sorted(mine, key=lambda one: (one.result.surveyed_at, one.id))), student


def everyone(book: Gradebook, rubric: str | None = None) -> tuple[Standing, ...]:
    """How every account stands, by every rubric or by one.

    Raises:
        UsageError: nothing is recorded, or nothing by this rubric.
        GradebookError: the book cannot be read.
    """
    return tuple(one.standing for one in all_of(book, rubric))


def all_of(book: Gradebook, rubric: str | None = None, *, or_nobody: bool = False) -> tuple[Record, ...]:
    """What is there about everybody, by every rubric or by one.

    Raises:
        UsageError: nothing is recorded, or nothing by this rubric; unless it may be `or_nobody`.
        GradebookError: the book cannot be read.
    """
    attempts = book.attempts(rubric=rubric)
    if not attempts and not or_nobody:
        raise UsageError(_unknown("rubric", rubric or "", {one.result.rubric.id for one in book.attempts()}, book))
    return records(attempts, book.decisions(rubric=rubric), book.students())


def criterion_of(found: Standing, id: str) -> Criterion:
    """A criterion of an account.

    Raises:
        UsageError: the account's last check had none of this id.
    """
    criterion = found.criterion(id)
    if criterion is None:
        known = [one.id for one in found.criteria]
        raise UsageError(f'No criterion is called "{id}". {did_you_mean(id, known) or f"There are: {one_of(known)}."}')
    return criterion


def refuse_undecided(points: str | None, outcome: str | None) -> None:
    """Make sure that something is decided: so many points, or simply `waived`.

    Raises:
        UsageError: neither, or another outcome: the others are for checks to find.
    """
    if outcome not in (None, "waived"):
        raise UsageError(
            f'--outcome "{outcome}": an override waives a criterion. Give --outcome waived, or --points N.'
        )
    if points is None and outcome is None:
        raise UsageError("Say what is decided: --points N, or --outcome waived for all of its points.")


def override(
    book: Gradebook,
    account: str,
    criterion: str,
    *,
    points: str | None,
    reason: str,
    by: str | None = None,
    rubric: str | None = None,
    at: dt.datetime | None = None,
) -> str:
    """Decide about a criterion: it is waived, with so many points; None: with all of them.

    Returns:
        What was done, in a sentence.

    Raises:
        UsageError: account or criterion are not known, the points are not from 0 to what it is worth, or there is no
            reason.
        GradebookError: the book cannot be read or written.
    """
    why, who = said("reason", reason), decider(by)
    with book.writing():
        found = look_up(book, account, rubric).standing
        one = criterion_of(found, criterion)
        given = points_of(points, one)
        book.decide(decision(found, one, why, who, points=given), at=at)
    return f"{found.account} {one.id}: {_counts(one)} until now, now waived with {_short(given)}: {why} ({who})"


def undo(
    book: Gradebook,
    account: str,
    criterion: str,
    *,
    reason: str,
    by: str | None = None,
    rubric: str | None = None,
    at: dt.datetime | None = None,
) -> str:
    """Take the latest override of a criterion back; one before it counts again.

    Returns:
        What was done, in a sentence.

    Raises:
        UsageError: account or criterion are not known, there is no override in force, or there is no reason.
        GradebookError: the book cannot be read or written.
    """
    why, who = said("reason", reason), decider(by)
    with book.writing():
        there = look_up(book, account, rubric)
        found = there.standing
        one = criterion_of(found, criterion)
        latest = next((decided for decided in in_force(there.decisions) if decided.criterion == one.id), None)
        if latest is None:
            raise UsageError(f"{found.account} {one.id}: there is no override to take back.")
        book.decide(decision(found, one, why, who, undoes=latest.id), at=at)
        again = criterion_of(look_up(book, account, found.rubric.id).standing, one.id)
    return f"{found.account} {one.id}: {_counts(one)} until now, {_counts(again)} again: {why} ({who})"


def decision(
    found: Standing, one: Criterion, reason: str, by: str, points: Decimal | None = None, undoes: int | None = None
) -> NewDecision:
    """A decision about a criterion as it stands."""
    return NewDecision(
        *(found.account, found.rubric.id, one.id, reason, by, one.outcome, one.points, points, undoes),
        student=found.student,
    )


def said(option: str, text: str) -> str:
    """One line of what somebody wrote.

    Raises:
        UsageError: there is nothing in it.
    """
    line = " ".join(text.split())
    if not line:
        raise UsageError(f"--{option} must say something: others will read it.")
    return line


def decider(by: str | None) -> str:
    """Who decides: who is named, or else who is signed in.

    Raises:
        UsageError: nobody is named, and this computer does not know.
    """
    if by is not None:
        return said("by", by)
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise UsageError("This computer does not say who you are: add --by NAME.") from error


def points_of(text: str | None, one: Criterion) -> Decimal:
    """What an assistant gives for a criterion; None is all of it.

    Raises:
        UsageError: it is no number from 0 to all, with at most two decimals.
    """
    if text is None:
        return one.possible
    try:
        points = Decimal(text)
    except InvalidOperation:
        points = Decimal("NaN")
    if not (points.is_finite() and 0 <= points <= one.possible and points == round(points, 2)):
        raise UsageError(
            f"--points {text}: {one.id} is worth {_short(one.possible)}. "
            f"Give a number from 0 to {_short(one.possible)} with at most two decimals."
        )
    return points


def _unknown(what: str, word: str, known: set[str], book: Gradebook) -> str:
    if not known:
        return f"{book.file}: nothing is recorded yet. `grade.py check` records each check."
    near = did_you_mean(word, known) or f"There are: {_few(sorted(known))}."
    return f'{book.file}: no check of the {what} "{word}" is recorded. {near}'


def _few(known: Sequence[str]) -> str:
    more = f", and {len(known) - MANY} more" if len(known) > MANY else ""
    return one_of(known[:MANY]) + more


def _counts(one: Criterion) -> str:
    return str(one.outcome) if one.points is None else f"{one.outcome} with {_short(one.points)}"


def _short(points: Decimal) -> str:
    return f"{points.normalize():f}"

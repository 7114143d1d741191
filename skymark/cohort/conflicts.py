"""Students who turn out to work in one account: nobody knows whose work it is, so neither is marked. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from skymark.cohort.selection import account_of
from skymark.evidence import Struct
from skymark.export.row import Withheld
from skymark.gradebook.standing import Standing
from skymark.roster.entry import Roster

MANY: Final = 5
"""As many students are named."""
SETTLES: Final = (
    "Correct the roster; or, if it is meant, give them the same `pair` there, or grade with --shared-account, which "
    "tells them apart by who called."
)


class Conflict(Struct, frozen=True):
    """One account, and the students whose it may be, in the roster's order."""

    account: str
    students: tuple[str, ...]

    def __str__(self) -> str:
        return f"{_few(self.students)} are in one account ({self.account})"


class Elsewhere(Struct, frozen=True):
    """An account of students of this roster, in which others, who are not in it, were graded, too."""

    account: str
    students: tuple[str, ...]
    others: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"account {self.account} of {_few(self.students)} is also that of {_few(self.others)}, not in this roster"
        )


def shared_accounts(
    accounts: Iterable[tuple[str, str]], roster: Roster, shared: tuple[str, ...] | None = None
) -> tuple[Conflict, ...]:
    """Accounts of several students who are no declared pair, in order; `accounts` are students with theirs.

    `shared` accounts are told apart by caller (see `Terms`), but for pairs, which cannot be.
    """
    found: dict[str, set[str]] = {}
    for student, account in accounts:
        found.setdefault(account, set()).add(student)
    order = {one.student: number for number, one in enumerate(roster.entries)}
    pairs = {one.student: one.pair for one in roster.entries}
    conflicts = (
        Conflict(account, tuple(sorted((one for one in students if one in order), key=order.__getitem__)))
        for account, students in sorted(found.items())
        if account
    )
    return tuple(one for one in conflicts if _is_one(one, pairs, shared))


def elsewhere(
    accounts: Iterable[tuple[str, str]],
    roster: Roster,
    graded: Mapping[str, Sequence[str]],
    shared: tuple[str, ...] | None = None,
) -> tuple[Elsewhere, ...]:
    """Accounts of this class that were somebody else's, too, in order; `graded` are a gradebook's, with whose they are.

    It may be a student of another section, or an account that was handed on: nobody can tell, so it is only told.
    `shared` accounts are told apart by caller (see `Terms`).
    """
    apart = frozenset(graded if shared == () else shared or ())
    here: dict[str, list[str]] = {}
    for student, account in dict.fromkeys(accounts):
        here.setdefault(account, []).append(student)
    known = frozenset(one.student for one in roster.entries)
    found = (
        Elsewhere(account, tuple(here[account]), tuple(one for one in others if one not in known))
        for account, others in sorted(graded.items())
        if account and account in here and account not in apart
    )
    return tuple(one for one in found if one.others)


def _is_one(one: Conflict, pairs: Mapping[str, str | None], shared: tuple[str, ...] | None) -> bool:
    has_pair = any(pairs[student] is not None for student in one.students)
    if shared is not None and (not shared or one.account in shared) and not has_pair:
        return False
    # A student without a pair is a party of one: (student, None) is never another's.
    return len({(pairs[student], None if pairs[student] else student) for student in one.students}) > 1


def accounts_of(roster: Roster, standings: Iterable[Standing] = ()) -> Iterator[tuple[str, str]]:
    """Students with their accounts: by the roles that the roster names, and by where they were graded last."""
    for entry in roster.entries:
        if account := account_of(entry):
            yield entry.student, account
    for one in standings:
        if one.student is not None:
            yield one.student, one.account


def withheld(
    roster: Roster, standings: Iterable[Standing], shared: tuple[str, ...] | None = None
) -> dict[str, tuple[Withheld, ...]]:
    """By student, why nobody may give them a mark before an assistant has decided; all others are left out."""
    return reasons(shared_accounts(accounts_of(roster, standings), roster, shared))


def reasons(conflicts: Iterable[Conflict]) -> dict[str, tuple[Withheld, ...]]:
    """The same of conflicts that are known."""
    found: dict[str, tuple[Withheld, ...]] = {}
    for conflict in conflicts:
        for student in conflict.students:
            others = [one for one in conflict.students if one != student]
            reason = f"account {conflict.account} is also that of {_few(others)}"
            found[student] = (*found.get(student, ()), Withheld(reason, SETTLES))
    return found


def _few(students: Sequence[str]) -> str:
    more = f" and {len(students) - MANY} more" if len(students) > MANY else ""
    return ", ".join(students[:MANY]) + more

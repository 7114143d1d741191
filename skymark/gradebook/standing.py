"""How somebody stands by a rubric: the last check, the best of the earlier ones, and the overrides in force. Pure.

A check that names no student is that of whoever alone has the account; in an account of several it is nobody's.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from skymark.evidence import Struct
from skymark.gradebook.book import Attempt, Decision, in_force
from skymark.gradebook.merge import Known, Override, proofs_of, settled
from skymark.result import Criterion, RubricName, Score
from skymark.score import score_of


class Standing(Struct, frozen=True):
    """One student, or one account that no roster names, by one rubric.

    `account` is that of the last check: what was proved in another one does not count. `surveyed_at`, `final`, `rubric`
    and the order of the criteria are those of the last check; `attempts` is how many there were, `overrides` those in
    force.
    """

    account: str
    student: str | None
    rubric: RubricName
    surveyed_at: dt.datetime
    final: bool
    attempts: int
    score: Score
    criteria: tuple[Criterion, ...]
    overrides: tuple[Override, ...]

    def criterion(self, id: str) -> Criterion | None:
        """The criterion of this id, None if the last check had none."""
        return next((one for one in self.criteria if one.id == id), None)


class Record(Struct, frozen=True):
    """Everything that is known of a student, or of an account that no roster names, by one rubric; in time.

    There is at least one attempt, and all of `attempts` are of one account.
    """

    attempts: tuple[Attempt, ...]
    decisions: tuple[Decision, ...]
    student: str | None = None

    @property
    def account(self) -> str:
        """The account."""
        return self.attempts[-1].result.subject.account

    @property
    def rubric(self) -> str:
        """The rubric's id."""
        return self.attempts[-1].result.rubric.id

    @property
    def who(self) -> str:
        """What to call them: the student, or else the account."""
        return self.student or self.account

    @property
    def standing(self) -> Standing:
        """How they stand."""
        return standing(self.attempts, self.decisions, student=self.student)


def standings(attempts: Sequence[Attempt], decisions: Sequence[Decision]) -> tuple[Standing, ...]:
    """How everybody stands by every rubric; `attempts` are all that there are of the accounts in it."""
    students: dict[str, dict[str, None]] = {}
    for one in attempts:
        if one.student is not None:
            students.setdefault(one.result.subject.account, {})[one.student] = None
    known = {account: tuple(names) for account, names in students.items()}
    return tuple(one.standing for one in records(attempts, decisions, known))


def records(
    attempts: Sequence[Attempt], decisions: Sequence[Decision], students: Mapping[str, tuple[str, ...]]
) -> tuple[Record, ...]:
    """Everybody by every rubric, in the order of accounts, then rubrics, then students.

    `students` are by account those whose checks looked into it, by whichever rubric.
    """
    checks: dict[tuple[str, str, str | None], list[Attempt]] = {}
    for one in attempts:
        for student in whose(one, students):
            key = (one.result.subject.account if student is None else "", one.result.rubric.id, student)
            checks.setdefault(key, []).append(one)
    found = (Record(here(checks[key]), (), key[2]) for key in checks)
    return decided(sorted(found, key=lambda one: (one.account, one.rubric, one.student or "")), decisions)


def decided(found: Iterable[Record], decisions: Iterable[Decision]) -> tuple[Record, ...]:
    """The same with what was decided about each of them: about the student, or about whoever has the account."""
    about: dict[tuple[str, str], list[Decision]] = {}
    for one in decisions:
        about.setdefault((one.rubric, one.student or one.account), []).append(one)
    return tuple(replace(one, decisions=_about(one, about)) for one in found)


def _about(one: Record, decisions: Mapping[tuple[str, str], Sequence[Decision]]) -> tuple[Decision, ...]:
    of_either = dict.fromkeys((one.who, one.account))
    found = (each for key in of_either for each in decisions.get((one.rubric, key), ()))
    theirs = (each for each in found if _is_about(each, one.student, one.account))
    return tuple(sorted(theirs, key=lambda each: (each.at, each.id)))


def here(attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
    """Those in the account of the last look, in time: what was found in another account does not count."""
    in_time = sorted(attempts, key=lambda one: (one.result.surveyed_at, one.id))
    account = in_time[-1].result.subject.account
    return tuple(one for one in in_time if one.result.subject.account == account)


def whose(attempt: Attempt, students: Mapping[str, tuple[str, ...]]) -> tuple[str | None, ...]:
    """Whose check this is; None is an account that no roster names, nobody is an account of several."""
    if attempt.student is not None:
        return (attempt.student,)
    known = students.get(attempt.result.subject.account, ())
    return known if len(known) == 1 else () if known else (None,)


def standing(attempts: Sequence[Attempt], decisions: Sequence[Decision], *, student: str | None = None) -> Standing:
    """How one of them stands by one rubric; `attempts` (at least one) are theirs, `decisions` are by this rubric.

    Of the decisions count those about the student, and those about whoever has the account.
    """
    in_time = here(attempts)
    last = in_time[-1].result
    overrides = in_force(tuple(one for one in decisions if _is_about(one, student, last.subject.account)))
    criteria = settled(last.criteria, Known(proofs_of(one.result for one in in_time), overrides))
    return Standing(
        account=last.subject.account,
        student=student or next((one.student for one in reversed(in_time) if one.student), None),
        rubric=last.rubric,
        surveyed_at=last.surveyed_at,
        final=last.final,
        attempts=len(in_time),
        score=score_of(criteria),
        criteria=criteria,
        overrides=overrides,
    )


def _is_about(one: Decision, student: str | None, account: str) -> bool:
    return one.student == student if one.student is not None else one.account == account

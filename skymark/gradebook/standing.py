"""How somebody stands by a rubric: the last check, the best of the earlier ones, and the overrides in force. Pure.

A check that names no student is that of whoever alone has the account; in an account of several it is nobody's.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

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


def standings(attempts: Sequence[Attempt], decisions: Sequence[Decision]) -> tuple[Standing, ...]:
    """Everybody by every rubric, in the order of accounts, then rubrics, then students."""
    students = students_of(attempts)
    checks: dict[tuple[str, str, str | None], list[Attempt]] = {}
    for one in attempts:
        for student in whose(one, students):
            key = (one.result.subject.account if student is None else "", one.result.rubric.id, student)
            checks.setdefault(key, []).append(one)
    decided: dict[str, list[Decision]] = {}
    for decision in decisions:
        decided.setdefault(decision.rubric, []).append(decision)
    found = (standing(checks[key], decided.get(key[1], ()), student=key[2]) for key in checks)
    return tuple(sorted(found, key=lambda one: (one.account, one.rubric.id, one.student or "")))


def students_of(attempts: Iterable[Attempt]) -> Mapping[str, tuple[str, ...]]:
    """By account, the students whose checks looked into it."""
    found: dict[str, dict[str, None]] = {}
    for one in attempts:
        if one.student is not None:
            found.setdefault(one.result.subject.account, {})[one.student] = None
    return {account: tuple(students) for account, students in found.items()}


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
    everything = sorted(attempts, key=lambda one: (one.result.surveyed_at, one.id))
    last = everything[-1].result
    in_time = [one for one in everything if one.result.subject.account == last.subject.account]
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

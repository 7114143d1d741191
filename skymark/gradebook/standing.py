"""How an account stands by a rubric: its last check, the best of the earlier ones, and the overrides in force. Pure."""

import datetime as dt
from collections.abc import Sequence

from skymark.evidence import Struct
from skymark.gradebook.book import Attempt, Decision, in_force
from skymark.gradebook.merge import Known, Override, proofs_of, settled
from skymark.result import Criterion, RubricName, Score
from skymark.score import score_of


class Standing(Struct, frozen=True):
    """One account by one rubric.

    `surveyed_at`, `final`, `rubric` and the order of the criteria are those of the last check; `attempts` is how many
    there were, `overrides` those in force.
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
    """Every account by every rubric, in the order of accounts, then rubrics."""
    checks: dict[tuple[str, str], list[Attempt]] = {}
    for one in attempts:
        checks.setdefault((one.result.subject.account, one.result.rubric.id), []).append(one)
    return tuple(
        standing(checks[account, rubric], [one for one in decisions if (one.account, one.rubric) == (account, rubric)])
        for account, rubric in sorted(checks)
    )


def standing(attempts: Sequence[Attempt], decisions: Sequence[Decision]) -> Standing:
    """How one account stands by one rubric; `attempts` (at least one) and `decisions` are of those two alone."""
    in_time = sorted(attempts, key=lambda one: (one.result.surveyed_at, one.id))
    last = in_time[-1].result
    overrides = in_force(tuple(decisions))
    criteria = settled(last.criteria, Known(proofs_of(one.result for one in in_time), overrides))
    return Standing(
        account=last.subject.account,
        student=next((one.student for one in reversed(in_time) if one.student), None),
        rubric=last.rubric,
        surveyed_at=last.surveyed_at,
        final=last.final,
        attempts=len(in_time),
        score=score_of(criteria),
        criteria=criteria,
        overrides=overrides,
    )

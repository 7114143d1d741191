"""What follows from the criteria of a result: the score, the next step, and the warnings."""

import itertools
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from skymark.cause import Cause
from skymark.evidence import Identity
from skymark.outcome import MET, NOTHING_TO_MEND, TOO_LATE, Outcome
from skymark.result import Criterion, Next, Result
from skymark.rubric import Rubric, RubricCriterion
from skymark.score import score_of

UNMET = (Outcome.FAILED, Outcome.PENDING)


def completed(result: Result, rubric: Rubric) -> Result:
    """The result with the score, the next step and the warnings that its criteria call for.

    `rubric` is the one that the result was made by. Whatever stood in these three fields is replaced.
    """
    return replace(
        result,
        score=score_of(result.criteria),
        next=_next(result.criteria, rubric),
        warnings=tuple(_warnings(result, rubric)),
    )


def _next(criteria: Sequence[Criterion], rubric: Rubric) -> Next | None:
    """The first criterion that is unmet or not done yet as far as anybody can see; else the first unverified one."""
    to_do = [one for one in criteria if one.possible > 0 and one.hint not in (NOTHING_TO_MEND, TOO_LATE)]
    unmet = [one for one in to_do if one.outcome in UNMET or _may_be_next(one, criteria)]
    unverified = [one for one in to_do if one.outcome is Outcome.UNVERIFIED]
    if not (unmet or unverified):
        return None
    first = (*unmet, *unverified)[0]
    entry = _entry(rubric, first.id)
    text = " ".join(part for part in (_before(entry, criteria), first.hint or first.message) if part)
    return Next(first.id, text, first.command, first.links[0].url if first.links else None)


def _may_be_next(one: Criterion, criteria: Sequence[Criterion]) -> bool:
    """Whether AWS's records do not show it, and nothing of the next stage was begun."""
    if one.outcome is not Outcome.UNVERIFIED or one.cause is not Cause.RECORDS:
        return False
    since = itertools.dropwhile(lambda other: other.id != one.id, criteria)
    later = [other for other in since if other.stage != one.stage]
    following = itertools.takewhile(lambda other: other.stage == later[0].stage, later)
    return not any(_is_begun(other) for other in following)


def _is_begun(one: Criterion) -> bool:
    return one.outcome in MET or one.outcome is Outcome.FAILED or one.cause is Cause.AT_WORK


def _before(entry: RubricCriterion, criteria: Sequence[Criterion]) -> str | None:
    """What to say before the student does something that cannot be undone."""
    if entry.warning is None:
        return None
    met = {one.id for one in criteria if one.outcome in MET}
    return None if set(entry.warning.unless) <= met else entry.warning.text


def _warnings(result: Result, rubric: Rubric) -> Iterator[str]:
    caller = Identity(result.subject.account, result.subject.caller)
    if caller.is_root:
        yield (
            "These are the keys of the account's root user, which may do anything, even close the account. "
            "Use an IAM user or role instead, and delete the root user's access keys."
        )
    if caller.is_learner_lab and not rubric.learner_lab and rubric.for_learner_labs:
        yield f"This is an AWS Academy Learner Lab account: grade it with --rubric {rubric.for_learner_labs}."
    for one in result.criteria:
        text = _before(_entry(rubric, one.id), result.criteria)
        if text and one.outcome in UNMET:
            yield text


def _entry(rubric: Rubric, id: str) -> RubricCriterion:
    entry = rubric.criterion(id)
    assert entry is not None  # noqa: S101 - a result has the criteria of the rubric that it was made by
    return entry

"""The lesson step by step as one look shows it, and what is new since the one before. Pure."""

import itertools
from collections.abc import Mapping
from typing import Final

from skymark.cause import Cause
from skymark.evidence import Struct
from skymark.outcome import MET, Outcome
from skymark.result import Criterion, Result

WORST_FIRST: Final = (Outcome.FAILED, Outcome.PENDING, Outcome.UNVERIFIED, Outcome.BLOCKED)


class Step(Struct, frozen=True):
    """One stage of the lesson: how many of its criteria are met, how it stands, and by which criterion.

    `first` is None where all are met. Advice is not counted.
    """

    title: str
    met: int
    criteria: int
    outcome: Outcome
    first: Criterion | None = None

    @property
    def is_at_work(self) -> bool:
        """Whether AWS is at work on it, so that there is nothing to do but wait."""
        return self.first is not None and is_at_work(self.first)


class Change(Struct, frozen=True):
    """A criterion that stands otherwise than before; `before` is None at the first look."""

    criterion: Criterion
    before: Criterion | None = None

    @property
    def is_ready(self) -> bool:
        """Whether AWS has come to an end with something that was waited for."""
        return self.before is not None and is_at_work(self.before) and not is_at_work(self.criterion)


def steps(result: Result) -> tuple[Step, ...]:
    """The stages in the lesson's order; those of advice alone are left out."""
    counted = (one for one in result.criteria if one.possible > 0)
    return tuple(_step(title, tuple(criteria)) for title, criteria in itertools.groupby(counted, lambda one: one.stage))


def changes(before: Result | None, after: Result) -> tuple[Change, ...]:
    """What is news, in rubric order: what is met, wrong or not to be seen now, and what AWS began or ceased to work on.

    What is not begun yet, or has to wait for something else, is no news.
    """
    known = {one.id: one for one in before.criteria} if before else {}
    found = (Change(one, known.get(one.id)) for one in after.criteria if one.possible > 0)
    return tuple(one for one in found if _is_news(one))


def is_met(one: Criterion) -> bool:
    """Whether there is nothing left to do about it."""
    return one.outcome in MET


def is_done(result: Result) -> bool:
    """Whether everything that counts is met."""
    return all(is_met(one) for one in result.criteria if one.possible > 0)


def is_at_work(one: Criterion) -> bool:
    """Whether AWS is at work on it."""
    return one.outcome is Outcome.PENDING and one.cause is Cause.AT_WORK


def unmet_calls(result: Result, calls: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """The calls by which that is judged which is not met yet; `calls` are those of each criterion, by the rubric."""
    unmet = (one.id for one in result.criteria if one.possible > 0 and not is_met(one))
    return frozenset(call for id in unmet for call in calls.get(id, ()))


def _step(title: str, criteria: tuple[Criterion, ...]) -> Step:
    rest = [one for one in criteria if not is_met(one)]
    first = min(rest, key=lambda one: WORST_FIRST.index(one.outcome), default=None)
    return Step(title, len(criteria) - len(rest), len(criteria), first.outcome if first else Outcome.PASSED, first)


def _is_news(one: Change) -> bool:
    now, before = one.criterion, one.before
    if before is not None and now.outcome is before.outcome:
        return is_at_work(now) != is_at_work(before)
    return now.outcome not in (Outcome.PENDING, Outcome.BLOCKED) or is_at_work(now)

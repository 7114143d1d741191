"""How far the class is: what each look showed, step by step. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from statistics import median_low

from msgspec.structs import replace

from skymark.board.timetable import NO_TIME
from skymark.cause import Cause
from skymark.cohort.task import Graded, Trouble
from skymark.evidence import Struct
from skymark.gradebook.merge import TEARDOWN
from skymark.outcome import MET
from skymark.result import Criterion, Result
from skymark.rubric import TimetableStep


class Seen(Struct, frozen=True):
    """What looks have shown of one student so far.

    `shown` are the steps of which the student's own rubric can tell anything, `done` those that were seen done once,
    `passed` the criteria that were. `moved` is the lesson's own time, without pauses, at which the latest step was new.
    `in_the_way` is what stands in the way at the step where they are, which is not their doing; `unseen` says why the
    latest look saw nothing at all. `regions` are those in which something of theirs was found.
    """

    shown: frozenset[int]
    done: frozenset[int] = frozenset()
    passed: frozenset[str] = frozenset()
    moved: dt.timedelta = NO_TIME
    looked_at: dt.datetime | None = None
    in_the_way: Cause | None = None
    unseen: str | None = None
    regions: tuple[str, ...] = ()

    @property
    def place(self) -> int | None:
        """The step where they are: the first one that can be shown after the furthest that is done. None: at the end.

        Whoever left a step out is not held there for good.
        """
        furthest = max(self.done, default=-1)
        return min((step for step in self.shown if step > furthest), default=None)


class StepCount(Struct, frozen=True):
    """How many of the class have done a step, are in it, are stuck in it; None where nothing can show it."""

    done: int | None
    here: int | None
    stuck: int | None


class Stuck(Struct, frozen=True):
    """A student who is stuck in a step: for how long, in the lesson's own time."""

    student: str
    step: int
    since: dt.timedelta


class Progress(Struct, frozen=True):
    """The whole class. `waiting` are the students at whose step something is in the way that is not their doing.

    `unseen` are those of whom nothing is known now, `finished` those who have done the last step.
    """

    steps: tuple[StepCount, ...]
    stuck: tuple[Stuck, ...]
    waiting: tuple[str, ...]
    unseen: tuple[str, ...]
    finished: tuple[str, ...]


def nothing_seen(steps: Sequence[TimetableStep]) -> Seen:
    """Before the first look."""
    return Seen(frozenset(number for number, step in enumerate(steps) if step.shown_by))


def noted(seen: Seen, found: Graded | Trouble, steps: Sequence[TimetableStep], run: dt.timedelta) -> Seen:
    """With what a look showed when the lesson had run for so long. What was done once stays done."""
    if isinstance(found, Trouble):
        return replace(seen, unseen=found.text, looked_at=found.at, in_the_way=None)
    result = found.result
    criteria = {one.id: one for one in result.criteria}
    asked = {number: [id for id in step.shown_by if id in criteria] for number, step in enumerate(steps)}
    now = {id for id, one in criteria.items() if one.outcome in MET}
    passed = seen.passed | {id for id in now if not id.startswith(TEARDOWN)}
    done = seen.done | {number for number, ids in asked.items() if ids and passed | now >= set(ids)}
    after = Seen(
        shown=frozenset(number for number, ids in asked.items() if ids),
        done=done,
        passed=passed,
        moved=run if done > seen.done else seen.moved,
        looked_at=result.surveyed_at,
        regions=_regions(result) or seen.regions,
    )
    missing = (criteria[id] for id in asked.get(-1 if after.place is None else after.place, ()) if id not in passed)
    return replace(after, in_the_way=_in_the_way(missing, criteria))


def progress(
    steps: Sequence[TimetableStep],
    known: Mapping[str, Seen],
    out: Iterable[str],
    run: dt.timedelta,
    stuck_after: dt.timedelta,
) -> Progress:
    """The class as it is when the lesson has run for so long. `out` are those who cannot log in: they are in no step.

    Stuck is who has done no new step for `stuck_after` while most of those who were seen are further. Nobody is called
    stuck at whose step something else is in the way, or into whose account nobody could look.
    """
    outside = set(out)
    here = {student: seen for student, seen in known.items() if student not in outside}
    sighted = {student: seen for student, seen in here.items() if seen.looked_at and seen.unseen is None}
    stuck = _stuck(here, sighted, len(steps), run, stuck_after)
    return Progress(
        steps=tuple(_count(number, step, known, sighted, stuck) for number, step in enumerate(steps)),
        stuck=stuck,
        waiting=tuple(student for student, seen in sighted.items() if seen.in_the_way),
        unseen=tuple(student for student in here if student not in sighted),
        finished=tuple(student for student, seen in known.items() if seen.done and seen.place is None),
    )


def _count(
    number: int, step: TimetableStep, known: Mapping[str, Seen], sighted: Mapping[str, Seen], stuck: Iterable[Stuck]
) -> StepCount:
    if not step.shown_by:
        return StepCount(None, None, None)
    return StepCount(
        done=sum(number in seen.done for seen in known.values()),
        here=sum(seen.place == number for seen in sighted.values()),
        stuck=sum(one.step == number for one in stuck),
    )


def _stuck(
    here: Mapping[str, Seen], sighted: Mapping[str, Seen], end: int, run: dt.timedelta, stuck_after: dt.timedelta
) -> tuple[Stuck, ...]:
    # How far somebody got is known, though the latest look saw nothing.
    known = [_place(seen, end) for student, seen in here.items() if student in sighted or seen.done]
    most = median_low(known) if known else end
    found = (
        Stuck(student, _place(seen, end), run - seen.moved)
        for student, seen in sighted.items()
        if _place(seen, end) < most and run - seen.moved >= stuck_after and seen.in_the_way is None
    )
    return tuple(sorted(found, key=lambda one: (-one.since, one.student)))


def _place(seen: Seen, end: int) -> int:
    return end if seen.place is None else seen.place


def _in_the_way(missing: Iterable[Criterion], criteria: Mapping[str, Criterion]) -> Cause | None:
    """What stands in the way of what is missing, or of what that hangs on."""
    return next((cause for one in missing if (cause := _root(one, criteria).cause)), None)


def _root(one: Criterion, criteria: Mapping[str, Criterion]) -> Criterion:
    """What a blocked criterion hangs on in the end."""
    for _ in criteria:
        one = criteria.get(one.blocked_by or "", one)
    return one


def _regions(result: Result) -> tuple[str, ...]:
    return tuple(dict.fromkeys(link.region for link in result.chain if link.region))

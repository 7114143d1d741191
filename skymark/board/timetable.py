"""The lesson's timetable against the clock. Pure: every time is passed in."""

import datetime as dt
import enum
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from skymark.evidence import Struct
from skymark.rubric import TimetableStep

NO_TIME: Final = dt.timedelta()


class Phase(enum.StrEnum):
    """Where a lesson is."""

    BEFORE = "before"
    RUNNING = "running"
    PAUSED = "paused"
    OVER = "over"


class Action(enum.StrEnum):
    """What somebody does to the clock.

    `SKIP` goes on to the next step, after the last it ends the lesson; `BACK` returns to the step before, or to the
    last one of a lesson that is over.
    """

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    SKIP = "skip"
    BACK = "back"
    END = "end"


POSSIBLE: Final = {
    Phase.BEFORE: (Action.START,),
    Phase.RUNNING: (Action.PAUSE, Action.SKIP, Action.BACK, Action.END),
    Phase.PAUSED: (Action.RESUME, Action.SKIP, Action.BACK, Action.END),
    Phase.OVER: (Action.START, Action.BACK),
}
"""What can be done in each phase. Starting once more begins a new lesson."""


class NotNow(Exception):
    """This cannot be done where the lesson is now."""


class Lesson(Struct, frozen=True):
    """A lesson up to the latest event.

    `step` is the index of the current step, `since` when the latest stretch of running, pausing or being over began.
    `spent` is for how long each step has run until then, `paused` for how long none has.
    """

    steps: tuple[TimetableStep, ...]
    spent: tuple[dt.timedelta, ...]
    phase: Phase = Phase.BEFORE
    step: int = 0
    started_at: dt.datetime | None = None
    since: dt.datetime | None = None
    paused: dt.timedelta = NO_TIME


class Reading(Struct, frozen=True):
    """What the clock shows at one time.

    `left` is of the current step, negative once its minutes are over. `run` is for how long the lesson has run, pauses
    left out. `behind` is by how much it will end later than its timetable says, negative where it is ahead; a pause
    counts. `ends_at` is when it ends if every step to come takes its minutes. The last two are None before the start.
    """

    spent: tuple[dt.timedelta, ...]
    paused: dt.timedelta
    run: dt.timedelta
    left: dt.timedelta
    behind: dt.timedelta | None = None
    ends_at: dt.datetime | None = None


def new_lesson(steps: Sequence[TimetableStep]) -> Lesson:
    """A lesson that has not begun. `steps` are at least one."""
    return Lesson(tuple(steps), (NO_TIME,) * len(steps))


def after(lesson: Lesson, action: Action, at: dt.datetime) -> Lesson:
    """The lesson after somebody did this. A time before the latest event counts as that: clocks are set back.

    Raises:
        NotNow: it cannot be done in this phase, or there is no step before the first.
    """
    if action not in POSSIBLE[lesson.phase] or (action is Action.BACK and not _can_go_back(lesson)):
        raise NotNow(f"{action} in the phase {lesson.phase}, step {lesson.step + 1}")
    now = max(at, lesson.since or at)
    done = _counted(lesson, now)
    match action:
        case Action.START:
            return replace(new_lesson(lesson.steps), phase=Phase.RUNNING, started_at=now, since=now)
        case Action.PAUSE:
            return replace(done, phase=Phase.PAUSED)
        case Action.RESUME:
            return replace(done, phase=Phase.RUNNING)
        case Action.BACK if lesson.phase is Phase.OVER:
            return replace(done, phase=Phase.RUNNING)
        case Action.BACK:
            return replace(done, step=lesson.step - 1)
        case Action.SKIP if lesson.step + 1 < len(lesson.steps):
            return replace(done, step=lesson.step + 1)
        case _:
            return replace(done, phase=Phase.OVER)


def can_do(lesson: Lesson) -> tuple[Action, ...]:
    """What can be done now."""
    return tuple(one for one in POSSIBLE[lesson.phase] if one is not Action.BACK or _can_go_back(lesson))


def read(lesson: Lesson, now: dt.datetime) -> Reading:
    """What the clock shows. A lesson that is over stands still."""
    latest = max(now, lesson.since or now)
    counted = lesson if lesson.phase is Phase.OVER else _counted(lesson, latest)
    run = sum(counted.spent, NO_TIME)
    left = planned(lesson.steps[lesson.step]) - counted.spent[lesson.step]
    if counted.started_at is None:
        return Reading(counted.spent, counted.paused, run, left)
    to_come = NO_TIME if lesson.phase is Phase.OVER else _to_come(counted)
    ends_at = counted.started_at + run + counted.paused + to_come
    behind = ends_at - (counted.started_at + sum(map(planned, lesson.steps), NO_TIME))
    return Reading(counted.spent, counted.paused, run, left, behind, ends_at)


def planned(step: TimetableStep) -> dt.timedelta:
    """How long a step is to take."""
    return dt.timedelta(minutes=step.minutes)


def _can_go_back(lesson: Lesson) -> bool:
    return lesson.phase is Phase.OVER or lesson.step > 0


def _counted(lesson: Lesson, now: dt.datetime) -> Lesson:
    """With the time since the latest event put where it belongs."""
    passed = NO_TIME if lesson.since is None else now - lesson.since
    if lesson.phase is Phase.RUNNING:
        spent = (*lesson.spent[: lesson.step], lesson.spent[lesson.step] + passed, *lesson.spent[lesson.step + 1 :])
        return replace(lesson, spent=spent, since=now)
    return replace(lesson, paused=lesson.paused + passed, since=now)


def _to_come(lesson: Lesson) -> dt.timedelta:
    """What is left of this step's minutes and of those after it."""
    pairs = zip(lesson.steps[lesson.step :], lesson.spent[lesson.step :], strict=True)
    return sum((max(planned(step) - spent, NO_TIME) for step, spent in pairs), NO_TIME)

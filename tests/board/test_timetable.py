"""The timetable against the clock: no time is lost, whatever is pressed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skymark.board.timetable import (
    NO_TIME,
    Action,
    Lesson,
    NotNow,
    Phase,
    Reading,
    after,
    can_do,
    new_lesson,
    planned,
    read,
)
from skymark.rubric import TimetableStep

from .conftest import NOON, minutes

STEPS = (TimetableStep("Welcome", 5), TimetableStep("Bucket", 10), TimetableStep("Delete", 5))

presses = st.lists(st.tuples(st.sampled_from(Action), st.integers(0, 5_000)), max_size=25)


def played(*presses: tuple[Action, float]) -> Lesson:
    """A lesson after these buttons, each so many minutes after noon."""
    lesson = new_lesson(STEPS)
    for action, at in presses:
        lesson = after(lesson, action, NOON + minutes(at))
    return lesson


def pressed(presses: list[tuple[Action, int]]) -> tuple[Lesson, dt.datetime]:
    """A lesson after all of these that can be pressed, and the time; seconds are since the button before."""
    lesson, now = new_lesson(STEPS), NOON
    for action, seconds in presses:
        now += dt.timedelta(seconds=seconds)
        if action in can_do(lesson):
            lesson = after(lesson, action, now)
    return lesson, now


def test_a_lesson_that_has_not_begun_shows_the_whole_first_step():
    """And no end: nobody knows when it will begin."""
    assert read(new_lesson(STEPS), NOON) == Reading((NO_TIME,) * 3, NO_TIME, NO_TIME, minutes(5))


def test_a_step_within_its_minutes_is_on_time():
    """Four of five minutes are over."""
    lesson = played((Action.START, 0))

    assert read(lesson, NOON + minutes(4)) == Reading(
        (minutes(4), NO_TIME, NO_TIME), NO_TIME, minutes(4), minutes(1), NO_TIME, NOON + minutes(20)
    )


def test_a_step_over_its_minutes_is_behind():
    """The end is later by as much."""
    lesson = played((Action.START, 0))

    assert read(lesson, NOON + minutes(7)) == Reading(
        (minutes(7), NO_TIME, NO_TIME), NO_TIME, minutes(7), minutes(-2), minutes(2), NOON + minutes(22)
    )


def test_a_step_that_is_skipped_gains_what_was_left_of_it():
    """One minute of ten was used."""
    lesson = played((Action.START, 0), (Action.SKIP, 5), (Action.SKIP, 6))

    assert read(lesson, NOON + minutes(6)) == Reading(
        (minutes(5), minutes(1), NO_TIME), NO_TIME, minutes(6), minutes(5), minutes(-9), NOON + minutes(11)
    )


def test_a_pause_is_no_step_s_time_and_makes_the_lesson_later():
    """Three minutes of fire alarm."""
    lesson = played((Action.START, 0), (Action.PAUSE, 2), (Action.RESUME, 5))

    assert read(lesson, NOON + minutes(6)) == Reading(
        (minutes(3), NO_TIME, NO_TIME), minutes(3), minutes(3), minutes(2), minutes(3), NOON + minutes(23)
    )


def test_going_back_takes_up_the_step_where_it_was_left():
    """Its minutes go on."""
    lesson = played((Action.START, 0), (Action.SKIP, 3), (Action.BACK, 4))

    assert read(lesson, NOON + minutes(5)).spent == (minutes(4), minutes(1), NO_TIME)
    assert read(lesson, NOON + minutes(5)).behind == NO_TIME


def test_the_last_step_ends_the_lesson_and_the_clock_stands_still():
    """An hour later nothing has changed."""
    lesson = played((Action.START, 0), (Action.SKIP, 5), (Action.SKIP, 15), (Action.SKIP, 18))

    assert lesson.phase is Phase.OVER
    assert read(lesson, NOON + minutes(80)) == read(lesson, NOON + minutes(18))
    assert read(lesson, NOON + minutes(80)).behind == minutes(-2)


def test_an_end_by_mistake_is_taken_back():
    """The minutes in between are a pause."""
    lesson = played((Action.START, 0), (Action.END, 1), (Action.BACK, 3))

    assert (lesson.phase, lesson.step, lesson.paused) == (Phase.RUNNING, 0, minutes(2))


def test_starting_once_more_begins_at_nothing():
    """A new lesson knows nothing of the old one."""
    lesson = played((Action.START, 0), (Action.END, 1), (Action.START, 60))

    assert lesson == played((Action.START, 60))


@pytest.mark.parametrize(
    ("before", "action"),
    [
        ((), Action.PAUSE),
        ((), Action.SKIP),
        ((Action.START,), Action.START),
        ((Action.START,), Action.RESUME),
        ((Action.START,), Action.BACK),
        ((Action.START, Action.PAUSE), Action.PAUSE),
        ((Action.START, Action.END), Action.SKIP),
    ],
)
def test_what_makes_no_sense_now_is_refused(before, action):
    """And is not among what can be done."""
    lesson = played(*((one, 0) for one in before))

    assert action not in can_do(lesson)
    with pytest.raises(NotNow):
        after(lesson, action, NOON)


def test_a_clock_that_was_set_back_takes_no_time_away():
    """A time before the latest event counts as that."""
    lesson = played((Action.START, 0), (Action.PAUSE, 3), (Action.RESUME, 1))

    assert read(lesson, NOON).spent == (minutes(3), NO_TIME, NO_TIME)


@given(presses, st.integers(0, 5_000))
def test_time_is_never_lost(presses, seconds):
    """Whatever was pressed: each moment since the start is a step's or a pause's."""
    lesson, latest = pressed(presses)
    now = latest + dt.timedelta(seconds=seconds)
    clock = read(lesson, now)

    if lesson.started_at is None:
        assert clock.run + clock.paused == NO_TIME
    else:
        until = lesson.since if lesson.phase is Phase.OVER else now
        assert clock.run + clock.paused == until - lesson.started_at


@given(presses)
def test_the_end_is_as_far_off_as_the_lesson_is_behind(presses):
    """Both say the same."""
    lesson, now = pressed(presses)
    clock = read(lesson, now)

    if lesson.started_at is not None:
        assert clock.ends_at == lesson.started_at + sum(map(planned, STEPS), NO_TIME) + clock.behind


@given(presses, st.integers(0, 5_000), st.integers(0, 5_000))
def test_no_step_gets_younger(presses, first, second):
    """Whoever looks later sees no less."""
    lesson, now = pressed(presses)
    sooner = read(lesson, now + dt.timedelta(seconds=first))
    later = read(lesson, now + dt.timedelta(seconds=first + second))

    assert all(one <= other for one, other in zip(sooner.spent, later.spent, strict=True))

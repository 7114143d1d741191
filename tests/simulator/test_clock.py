"""The clock: AWS's waits, scaled or put forward by hand, and what is due in the right order."""

import datetime as dt
import math

import pytest

from simulator.clock import Clock

NOON = dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def standing() -> Clock:
    """A clock that stands at noon."""
    clock = Clock()
    clock.stand(NOON)
    return clock


def test_nothing_happens_before_it_is_due(standing: Clock) -> None:
    """A wait of a minute is not over after 59 seconds, and is after 60."""
    happened: list[dt.datetime] = []
    standing.after(60, lambda: happened.append(standing.now()))

    standing.advance(59)
    before = list(happened)
    standing.advance(1)

    assert before == []
    assert happened == [NOON + dt.timedelta(seconds=60)]


def test_each_thing_sees_the_time_at_which_it_was_due(standing: Clock) -> None:
    """A long leap of the clock lets everything happen in order and at its own time, also what follows from it."""
    happened: list[tuple[str, int]] = []

    def note(what: str) -> None:
        happened.append((what, int((standing.now() - NOON).total_seconds())))

    def first() -> None:
        note("first")
        standing.after(5, lambda: note("follows"))

    standing.after(30, lambda: note("last"))
    standing.after(10, first)
    standing.advance(3600)

    assert happened == [("first", 10), ("follows", 15), ("last", 30)]
    assert standing.now() == NOON + dt.timedelta(hours=1)


def test_what_is_called_off_does_not_happen(standing: Clock) -> None:
    """An instance that is deleted while it starts does not start."""
    happened: list[str] = []
    due = standing.after(10, lambda: happened.append("started"))

    due.call_off()
    standing.advance(60)

    assert happened == []


def test_same_time_keeps_the_order_of_planning(standing: Clock) -> None:
    """Two things that are due together happen in the order in which they were planned."""
    happened: list[int] = []
    for number in range(5):
        standing.after(10, lambda number=number: happened.append(number))  # type: ignore[misc]

    standing.advance(10)

    assert happened == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("speed", "seconds"), [(1, 300.0), (10, 30.0), (0.5, 600.0), (math.inf, 0.0)])
def test_speed_divides_every_wait(speed: float, seconds: float) -> None:
    """Ten times as fast is a tenth of AWS's time; infinitely fast is no wait at all."""
    clock = Clock()
    clock.run(speed)

    due = clock.after(300, lambda: None)

    assert (due.at - clock.now()).total_seconds() == pytest.approx(seconds, abs=0.5)


def test_a_running_clock_shows_the_real_time() -> None:
    """Only waits are scaled: dates are those of today, so that they fit those of everything else."""
    clock = Clock()
    clock.run(1000)

    assert abs(clock.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=1)
    assert clock.utcnow().tzinfo is None


def test_a_running_clock_cannot_be_put_forward() -> None:
    """Who tries to is told what to do."""
    with pytest.raises(RuntimeError, match=r"call stand\(\) first"):
        Clock().advance(1)


def test_what_is_due_at_once_happens_with_the_next_look() -> None:
    """At infinite speed nothing is left waiting after a look."""
    clock = Clock()
    happened: list[str] = []
    clock.after(300, lambda: happened.append("started"))

    clock.catch_up()

    assert happened == ["started"]


def test_forgetting_strikes_everything_off(standing: Clock) -> None:
    """After a reset nothing of before happens."""
    happened: list[str] = []
    standing.after(10, lambda: happened.append("started"))

    standing.forget()
    standing.advance(60)

    assert happened == []

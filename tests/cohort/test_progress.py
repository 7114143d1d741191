"""How far a class is: in words that add up, moving only where somebody watches."""

import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.console import Console

from skymark.cause import Cause
from skymark.cohort.progress import LINE_EVERY, LINE_EVERY_S, Count, Lines, Reached, State, shown, state_of
from skymark.cohort.task import Trouble
from skymark.cohort.work import grade_one
from skymark.survey_file import save


class Clock:
    """It goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


def met(student: str) -> Trouble:
    """Somebody who could not be graded."""
    return Trouble(student, "intro", Cause.NETWORK, "why", dt.datetime(2019, 7, 1, tzinfo=dt.UTC))


@pytest.fixture
def failing(students, task):
    """A student who has not passed all."""
    return grade_one(task(students(1)[0]))


def test_a_look_ends_in_one_of_four_states(failing, students, task, good, denied):
    """By what is worth points."""
    (ana,) = students(1)
    save(denied(replace(good, buckets=()), "s3", "ListBuckets"), ana.access.file)
    passed = replace(
        failing, result=replace(failing.result, criteria=tuple(one for one in failing.result.criteria if one.points))
    )

    states = [state_of(one) for one in (passed, failing, grade_one(task(ana)), met("ana"))]

    assert states == [State.PASSED, State.FAILING, State.UNVERIFIED, State.TROUBLE]


def test_who_is_looked_at_once_more_is_counted_once(failing):
    """As they came out last."""
    clock = Clock()
    count = Count(3, clock)
    clock.now = 30

    count.note(met("s000"))
    count.note(met("s001"))
    reached = count.note(failing)

    assert failing.student == "s000"
    assert (reached.done, reached.states[State.TROUBLE], reached.states[State.FAILING]) == (2, 1, 1)
    assert (reached.per_minute, reached.left) == (4, dt.timedelta(seconds=15))
    assert str(reached) == ("2/3: 0 passed all, 1 not all, 0 unverified, 1 in trouble; 4 a minute, about 0:00:15 left")


def test_before_anybody_is_done_nobody_knows_how_long_it_takes():
    """And when all are, nothing is left."""
    assert Reached(3, {}, 0).left is None
    assert str(Reached(3, {}, 7)) == "0/3: 0 passed all, 0 not all, 0 unverified, 0 in trouble; 0 a minute"
    assert str(Reached(1, {State.PASSED: 1}, 60)).endswith("; 1 a minute")


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), max_size=40))
def test_states_always_add_up(looks):
    """Whoever comes, however often."""
    count = Count(6)

    for student, _ in looks:
        reached = count.note(met(student))
        assert all(number >= 0 for number in reached.states.values())
    assert count.reached().done == len({student for student, _ in looks})


def test_without_a_terminal_there_is_a_line_now_and_then_and_one_at_the_end():
    """After so many students, or so many seconds; never two for the same."""
    clock, said = Clock(), []
    lines = Lines(lambda reached: said.append(reached.done), clock)
    total = 3 * LINE_EVERY + 5

    for done in range(1, total + 1):
        clock.now = LINE_EVERY_S if done == 3 else clock.now
        lines.note(Reached(total, {State.PASSED: done}, clock.now))
    lines.note(Reached(total, {State.PASSED: total}, clock.now))

    assert said == [3, 3 + LINE_EVERY, 3 + 2 * LINE_EVERY, 3 + 3 * LINE_EVERY, total]


def test_a_terminal_has_a_bar_that_is_gone_in_the_end():
    """What comes after stands where it was."""
    console = Console(file=io.StringIO(), force_terminal=True, width=150)

    with shown(2, console) as tell:
        tell(met("ana"))
        tell(met("bo"))

    written = console.file.getvalue()
    assert "2/2: 0 passed all, 0 not all, 0 unverified, 2 in trouble" in written
    assert written.endswith("\x1b[1A\x1b[2K")


@pytest.mark.parametrize(("quiet", "lines"), [(False, 1), (True, 0)])
def test_elsewhere_it_is_plain_lines_and_quiet_is_nothing(quiet, lines):
    """Nothing that a log cannot hold."""
    console = Console(file=io.StringIO(), width=40)

    with shown(2, console, quiet=quiet) as tell:
        tell(met("ana"))
        tell(met("bo"))

    written = console.file.getvalue()
    assert written.count("\n") == lines
    assert "\x1b" not in written

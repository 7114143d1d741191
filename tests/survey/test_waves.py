"""Questions in waves: in turn, and side by side."""

import contextvars
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor

import pytest

from skymark.survey.waves import in_turn, side_by_side

SHORT_S = 10
"""Longer than anything here takes, so that a wave that never ends fails and does not hang."""


@pytest.fixture
def pool():
    """One thread: whatever waits in it for another waits for ever."""
    with ThreadPoolExecutor(1) as threads:
        yield threads


@pytest.fixture(params=["in turn", "side by side"])
def run(request, pool):
    """Both ways to run waves, which come to the same."""

    def side(waves):
        return side_by_side(waves, pool).result(SHORT_S)

    return in_turn if request.param == "in turn" else side


def doubled(*numbers):
    """Each number, and then twice each."""
    first = yield [lambda number=number: number for number in numbers]
    second = yield [lambda number=number: 2 * number for number in first]
    return first, second


def broken():
    """What breaks."""
    raise LookupError("broken")


def test_a_wave_is_asked_by_what_the_one_before_answered(run):
    """In the order of the tasks."""
    assert run(doubled(3, 1, 2)) == ([3, 1, 2], [6, 2, 4])


def test_a_wave_may_have_nothing_to_ask(run):
    """The next one follows at once."""
    assert run(doubled()) == ([], [])


def test_what_asks_nothing_at_all_comes_to_something(run):
    """As where all was known before."""

    def nothing():
        return "known"
        yield []

    assert run(nothing()) == "known"


def test_what_a_task_raises_is_raised_where_it_was_asked(run):
    """So that waves can go on, and ask something else."""

    def careful():
        try:
            yield [lambda: 1, broken]
        except LookupError as error:
            why = error.args[0]
            (answer,) = yield [lambda: f"after {why}"]
            return answer

    assert run(careful()) == "after broken"


def test_what_nobody_expects_is_raised_to_whoever_waits(run):
    """Be it a task's or the waves' own."""

    def careless():
        yield [broken]

    def own():
        yield [lambda: 1]
        raise KeyError("own")

    with pytest.raises(LookupError, match="broken"):
        run(careless())
    with pytest.raises(KeyError, match="own"):
        run(own())


def test_the_tasks_of_a_wave_are_done_at_once():
    """Each waits for the other here: one after the other they would never end."""
    meeting = threading.Barrier(2, timeout=SHORT_S)

    def both():
        return (yield [meeting.wait, meeting.wait])

    with ThreadPoolExecutor(2) as threads:
        assert sorted(side_by_side(both(), threads).result(SHORT_S)) == [0, 1]


def test_many_waves_need_no_thread_to_wait(pool):
    """One thread does all of a hundred."""
    many = [side_by_side(doubled(each), pool) for each in range(100)]

    assert [one.result(SHORT_S) for one in many] == [([each], [2 * each]) for each in range(100)]


def test_every_task_is_done_in_the_context_in_which_the_waves_began(pool):
    """In later waves as well, whoever begins them: by it the calls of one account are told from another's."""
    account = contextvars.ContextVar("account", default="nobody's")

    def asked():
        (first,) = yield [account.get]
        (second,) = yield [account.get]
        return first, second

    account.set("one")
    one = side_by_side(asked(), pool)
    account.set("other")
    other = side_by_side(asked(), pool)

    assert (one.result(SHORT_S), other.result(SHORT_S)) == (("one", "one"), ("other", "other"))


def test_waves_end_when_the_threads_do():
    """As by Ctrl-C: whoever waits is told, be it in the middle or before a next wave."""
    threads, held, begun = ThreadPoolExecutor(1), threading.Event(), threading.Event()

    def hold():
        begun.set()
        return held.wait(SHORT_S)

    first = side_by_side(doubled_after(hold), threads)
    waiting = side_by_side(doubled(1), threads)
    assert begun.wait(SHORT_S)
    threads.shutdown(wait=False, cancel_futures=True)
    held.set()

    with pytest.raises(CancelledError):
        waiting.result(SHORT_S)
    with pytest.raises(RuntimeError, match="shutdown"):
        first.result(SHORT_S)


def doubled_after(task):
    """A task, then another wave."""
    yield [task]
    return (yield [lambda: 1])

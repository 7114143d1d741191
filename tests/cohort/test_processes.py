"""Processes with threads: several students at a time in each, and one that dies takes nobody else with it."""

import gc
import os
from concurrent.futures import BrokenExecutor, wait

import pytest

from skymark.cohort.processes import Processes
from skymark.garbage import THRESHOLDS
from tests.cohort import doing


@pytest.fixture
def two():
    """Two processes with two threads each."""
    with Processes(2, 2) as made:
        yield made


def test_work_is_spread_over_processes_that_are_not_this_one(two):
    """Four at a time, two in each."""
    found = [one.result(30) for one in [two.submit(doing.own_id) for _ in range(4)]]

    assert sorted(found) == sorted((*two.ids, *two.ids))
    assert os.getpid() not in found


def test_they_look_for_garbage_as_seldom_as_the_command_does(two):
    """What AWS's SDK makes lives to the end, in each of them."""
    assert two.submit(gc.get_threshold).result(30) == THRESHOLDS


def test_what_is_raised_there_is_raised_here(two):
    """With its own type and words."""
    with pytest.raises(ValueError, match="no"):
        two.submit(doing.refuse).result(30)


def test_a_process_that_dies_breaks_only_its_own_work_and_is_replaced(two):
    """The other one goes on; the next work finds two again."""
    before = set(two.ids)
    dead, other = two.submit(doing.die), two.submit(doing.own_id)

    with pytest.raises(BrokenExecutor, match="-9"):
        dead.result(30)
    assert other.result(30) in before
    found = {one.result(30) for one in [two.submit(doing.own_id) for _ in range(4)]}
    assert len(found) == 2
    assert len(found & before) == 1


def test_at_its_end_nothing_is_waited_for_if_nothing_is_wanted(two):
    """The processes are gone; whoever waits is told."""
    left = [two.submit(doing.own_id) for _ in range(8)]

    two.shutdown(cancel_futures=True)

    wait(left, 10)
    assert all(one.done() for one in left)
    assert two.ids == ()
    with pytest.raises(RuntimeError, match="were ended"):
        two.submit(doing.own_id)

"""The threads that look, with looks that wait until they are told."""

import itertools
import queue
import threading
from collections.abc import Callable, Iterator

import pytest

from skymark.board.watching import Rounds, Watching
from skymark.cause import Cause
from skymark.cohort.task import Graded, Task, Terms, Trouble

SOON_S = 5


class Class:
    """A class whose looks end one by one, when they are let go."""

    def __init__(self, rubric, entries, lesson, trouble) -> None:
        self.tasks = {one.student: Task(one, rubric, Terms(lesson.root)) for one in entries}
        self.trouble = trouble
        self.is_wanted = True
        self.at_end: set[str] = set()
        self.asked: queue.Queue[str] = queue.Queue()
        self.took: queue.Queue[Trouble] = queue.Queue()
        self.going = threading.Semaphore(0)

    def look(self, task: Task) -> Graded | Trouble:
        self.asked.put(task.entry.student)
        assert self.going.acquire(timeout=SOON_S)
        if task.entry.student == "s2":
            raise RuntimeError("a mistake")
        return self.trouble(task.entry.student)

    def task(self, student: str) -> Task | None:
        return None if student in self.at_end else self.tasks[student]


@pytest.fixture
def of(rubric, entries, lesson, trouble) -> Class:
    """The class."""
    return Class(rubric, entries, lesson, trouble)


@pytest.fixture
def watch(of) -> Iterator[Callable[..., Watching]]:
    """Watch it; each round comes at once."""
    ended: list[Watching] = []

    def begin(at_once: int, every_s: float = 0) -> Watching:
        rounds = Rounds({student: student for student in of.tasks}, every_s)
        ticks = itertools.count()
        watching = Watching(
            of.look, of.task, of.took.put, lambda: of.is_wanted, rounds, at_once=at_once, clock=lambda: next(ticks)
        )
        ended.append(watching)
        return watching.__enter__()

    yield begin
    for one in ended:
        one.__exit__()
    of.going.release(100)


def next_asked(of: Class, count: int) -> set[str]:
    """The next so many students who are looked at."""
    return {of.asked.get(timeout=SOON_S) for _ in range(count)}


def test_no_more_are_looked_at_at_once_than_wanted(of, watch):
    """Two of three; the third when one has ended."""
    watch(at_once=2)

    assert len(next_asked(of, 2)) == 2
    assert of.asked.empty()
    of.going.release()
    assert len(next_asked(of, 1)) == 1


def test_a_mistake_of_skymark_s_is_trouble_and_the_others_go_on(of, watch):
    """It says so, and is looked at again."""
    of.going.release(6)
    watch(at_once=1)

    found = [of.took.get(timeout=SOON_S) for _ in range(6)]

    assert {(one.student, one.cause) for one in found} == {
        ("s1", Cause.ACCESS),
        ("s2", Cause.SKYMARK),
        ("=s3", Cause.ACCESS),
    }


def test_nobody_is_looked_at_while_it_is_not_wanted(of, watch):
    """Not before the lesson and not in a pause; a start is noticed at once."""
    of.is_wanted = False
    watching = watch(at_once=3)
    with pytest.raises(queue.Empty):
        of.asked.get(timeout=0.1)

    of.is_wanted = True
    watching.wake()

    assert next_asked(of, 3) == set(of.tasks)


def test_who_is_at_the_end_is_looked_at_no_more_until_a_new_lesson(of, watch):
    """Then everybody's turn comes again."""
    of.at_end = {"s1", "=s3"}
    watching = watch(at_once=1)
    of.going.release(3)
    assert [of.took.get(timeout=SOON_S).student for _ in range(3)] == ["s2"] * 3

    of.at_end = set()
    watching.wake(anew=True)
    of.going.release(10)

    assert {of.took.get(timeout=SOON_S).student for _ in range(10)} == set(of.tasks)

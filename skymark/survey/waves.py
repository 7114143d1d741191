"""Questions of which some hang on the answers to others: those of one wave are asked side by side."""

import contextvars
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor, Future
from typing import Any, Generic, TypeAlias, TypeVar

T = TypeVar("T")
Tasks: TypeAlias = Sequence[Callable[[], Any]]
Waves: TypeAlias = Generator[Tasks, list[Any], T]
"""Yields the tasks of a wave, is sent what each returned, in their order, and returns what all of it came to.

What a task raises is raised at the `yield`, once no other task of the wave is at work: that of the first of them.
"""


def in_turn(waves: Waves[T]) -> T:
    """What waves come to, each task done after the other, by this thread."""
    try:
        tasks = next(waves)
        while True:
            tasks = _answered(waves, tasks)
    except StopIteration as end:
        found: T = end.value
        return found


def side_by_side(waves: Waves[T], pool: Executor) -> "Future[T]":
    """What waves come to, the tasks of each done by a pool's threads, none of which ever waits for another."""
    run = _Run(waves, pool)
    run.go_on(lambda: next(waves))
    return run.found


class _Run(Generic[T]):
    """Whoever ends the last task of a wave begins the next one."""

    def __init__(self, waves: Waves[T], pool: Executor) -> None:
        self.found: Future[T] = Future()
        self._waves = waves
        self._pool = pool
        self._context = contextvars.copy_context()

    def go_on(self, step: Callable[[], Tasks]) -> None:
        try:
            tasks = step()
            while not tasks:
                tasks = self._waves.send([])
            self._begin(tasks)
        except StopIteration as end:
            self.found.set_result(end.value)
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is waited for
            self.found.set_exception(error)

    def _begin(self, tasks: Tasks) -> None:
        wave = [self._pool.submit(self._context.copy().run, task) for task in tasks]
        left, counting = len(wave), threading.Lock()

        def one_has_ended(_: "Future[Any]") -> None:
            nonlocal left
            with counting:
                left -= 1
                is_last = left == 0
            if is_last:
                self.go_on(lambda: _answered(self._waves, [future.result for future in wave]))

        for future in wave:
            future.add_done_callback(one_has_ended)


def _answered(waves: Waves[Any], asked: Tasks) -> Tasks:
    """The next wave, by what one came back with."""
    try:
        answers = [ask() for ask in asked]
    except Exception as error:  # noqa: BLE001 - the waves may expect it
        return waves.throw(error)
    return waves.send(answers)

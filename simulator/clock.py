"""The practice cloud's time, and what is due to happen in it.

Whatever AWS does by itself (an instance starts, a job trains) stands in the agenda until it is due, and happens before
the next look at the cloud: nobody can tell that from its having happened by itself, and nothing runs in between.
"""

import datetime as dt
import heapq
import itertools
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(order=True, slots=True)
class Due:
    """Something that happens at a time, unless it is called off before."""

    at: dt.datetime
    turn: int
    happen: Callable[[], None] = field(compare=False)
    called_off: bool = field(default=False, compare=False)

    def call_off(self) -> None:
        """It does not happen."""
        self.called_off = True


class Clock:
    """The time, in UTC, and an agenda.

    As a rule it shows the real time, and AWS's waits are divided by `speed`: 1 is AWS's pace, infinity no wait at all.
    For tests it can stand still and be put forward by hand, at AWS's pace; then the same calls give the same times.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._turns = itertools.count()
        self._agenda: list[Due] = []
        self._stands_at: dt.datetime | None = None
        self._moment = threading.local()
        self._observers: list[Callable[[], None]] = []
        self.speed = math.inf

    def run(self, speed: float) -> None:
        """Show the real time; waits are divided by `speed`."""
        with self._lock:
            self._stands_at, self.speed = None, speed

    def stand(self, at: dt.datetime) -> None:
        """Stand still at a time, from which only `advance` leads on."""
        with self._lock:
            self._stands_at, self.speed = at.astimezone(dt.UTC), 1.0

    def advance(self, seconds: float) -> None:
        """Put the standing clock forward; what falls due meanwhile happens at its own time.

        Raises:
            RuntimeError: the clock is running.
        """
        with self._lock:
            if self._stands_at is None:
                raise RuntimeError("a running clock cannot be put forward: call stand() first")
            self._stands_at += dt.timedelta(seconds=seconds)
            self.catch_up()

    def now(self) -> dt.datetime:
        """The time in UTC, aware; what happens by itself sees the time at which it was due."""
        moment: dt.datetime | None = getattr(self._moment, "at", None)
        return moment or self._stands_at or dt.datetime.now(dt.UTC)

    def utcnow(self) -> dt.datetime:
        """The time in UTC, naive: what moto's models keep."""
        return self.now().replace(tzinfo=None)

    def after(self, seconds: float, happen: Callable[[], None]) -> Due:
        """Have something happen once AWS would have needed these seconds."""
        with self._lock:
            due = Due(self.now() + dt.timedelta(seconds=seconds / self.speed), next(self._turns), happen)
            heapq.heappush(self._agenda, due)
            return due

    def catch_up(self) -> None:
        """Let happen what is due, in the order of its times."""
        with self._lock:
            until = self._stands_at or dt.datetime.now(dt.UTC)
            while self._agenda and self._agenda[0].at <= until:
                due = heapq.heappop(self._agenda)
                if not due.called_off:
                    self._tell_observers()
                    self._let_happen(due)
            self._tell_observers()

    @contextmanager
    def observed(self, look: Callable[[], None]) -> Iterator[None]:
        """Meanwhile look before and after whatever happens."""
        self._observers.append(look)
        try:
            yield
        finally:
            with self._lock:
                self._observers.remove(look)

    def _tell_observers(self) -> None:
        for look in self._observers:
            look()

    def _let_happen(self, due: Due) -> None:
        before = getattr(self._moment, "at", None)
        self._moment.at = due.at
        try:
            due.happen()
        finally:
            self._moment.at = before

    def forget(self) -> None:
        """Strike everything off the agenda."""
        with self._lock:
            self._agenda.clear()


# One for the process, as moto has one cloud for the process.
clock = Clock()

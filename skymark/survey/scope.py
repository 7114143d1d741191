"""What one survey is about, and how it asks: account, lesson and times, and the threads that wait for answers."""

import contextvars
import datetime as dt
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from skymark.evidence import Identity, TrainingJob
from skymark.rubric import SurveyPlan
from skymark.survey.connection import Connection
from skymark.survey.reading import Reading
from skymark.survey.waves import Waves, side_by_side
from skymark.window import Window

T = TypeVar("T")
Task = Callable[[], Reading[T]]


@dataclass(frozen=True)
class Pools:
    """Threads that ask AWS.

    `calls` is for what the next question hangs on, `rest` for what none does, so that nobody waits behind it, and
    `lookups` for answers that AWS makes one wait for.
    """

    calls: ThreadPoolExecutor
    rest: ThreadPoolExecutor
    lookups: ThreadPoolExecutor

    @classmethod
    def made(cls, at_once: int) -> "Pools":
        """Threads for so many calls at once."""
        return cls(*(ThreadPoolExecutor(at_once, thread_name_prefix=one) for one in ("calls", "rest", "lookups")))

    def shutdown(self) -> None:
        """End; Ctrl-C does not wait for calls that have not begun."""
        for pool in (self.calls, self.rest, self.lookups):
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True)
class Begun(Generic[T]):
    """Calls that other threads are at."""

    futures: tuple["Future[Reading[T]]", ...]

    def each(self) -> list[Reading[T]]:
        """What each came back with, in the order in which they were begun; they are waited for."""
        return [future.result() for future in self.futures]

    def done(self) -> Reading[T]:
        """All of it."""
        return Reading.merged(self.each())


@dataclass(frozen=True)
class Scope:
    """One survey: whose account, by which plan, since when, and what of it is left out. `take_survey` says more."""

    connection: Connection
    identity: Identity
    plan: SurveyPlan
    pools: Pools
    now: dt.datetime
    window: Window
    ends: bool
    callers: bool
    leftovers: bool

    def client(self, service: str, region: str | None = None) -> Any:
        """The client of one service in one region (None: the home region)."""
        return self.connection.client(service, region)

    def begin(self, tasks: Iterable[Task[T]], pool: ThreadPoolExecutor | None = None) -> Begun[T]:
        """Run tasks side by side, in `pool`; None: in that for calls. Each is about the account that this is about."""
        threads = pool or self.pools.calls
        return Begun(tuple(threads.submit(contextvars.copy_context().run, task) for task in tasks))

    def begin_waves(self, each: Iterable[Waves[Reading[T]]]) -> Begun[T]:
        """Run waves side by side."""
        return Begun(tuple(side_by_side(waves, self.pools.calls) for waves in each))

    def recent(self, jobs: Iterable[TrainingJob]) -> list[TrainingJob]:
        """Those of the time of the lesson."""
        return [one for one in jobs if self.window.holds(one.created_at)]


def task(read: Callable[..., Reading[T]], *arguments: Any) -> Task[T]:
    """A call of `read` that waits to be made."""
    return lambda: read(*arguments)

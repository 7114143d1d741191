"""How far a class is: a bar that moves on a terminal, and a line now and then elsewhere."""

import contextlib
import datetime as dt
import enum
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from skymark.cohort.task import Graded, Trouble
from skymark.evidence import Struct
from skymark.score import COMPLETE, INCOMPLETE, exit_status

LINE_EVERY_S: Final = 10
LINE_EVERY: Final = 25


class State(enum.StrEnum):
    """How a student came out of a look; each has one."""

    PASSED = "passed all"
    FAILING = "not all"
    UNVERIFIED = "unverified"
    TROUBLE = "in trouble"


class Reached(Struct, frozen=True):
    """How far it is: students by state, of `total`, after so many seconds."""

    total: int
    states: dict[State, int]
    seconds: float

    @property
    def done(self) -> int:
        """How many were looked at."""
        return sum(self.states.values())

    @property
    def per_minute(self) -> float:
        """How many are done in a minute, so far."""
        return 60 * self.done / self.seconds if self.seconds > 0 else 0.0

    @property
    def left(self) -> dt.timedelta | None:
        """How long the rest takes at this rate; None where nobody is done yet."""
        if not self.done:
            return None
        return dt.timedelta(seconds=round((self.total - self.done) * self.seconds / self.done))

    def __str__(self) -> str:
        counts = (f"{self.states.get(state, 0)} {state}" for state in State)
        left = "" if self.left is None or self.done == self.total else f", about {self.left} left"
        return f"{self.done}/{self.total}: {', '.join(counts)}; {self.per_minute:.0f} a minute{left}"


def state_of(found: Graded | Trouble) -> State:
    """How a student came out of a look."""
    if isinstance(found, Trouble):
        return State.TROUBLE
    status = exit_status(found.result)
    return {COMPLETE: State.PASSED, INCOMPLETE: State.UNVERIFIED}.get(status, State.FAILING)


class Count:
    """Counts students, each as they came out last: some are looked at once more."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._total, self._clock = total, clock
        self._began = clock()
        self._states: dict[str, State] = {}
        self._counts: Counter[State] = Counter()

    def note(self, found: Graded | Trouble) -> Reached:
        """Take a student in."""
        before = self._states.get(found.student)
        state = self._states[found.student] = state_of(found)
        self._counts[state] += 1
        if before is not None:
            self._counts[before] -= 1
        return self.reached()

    def reached(self) -> Reached:
        """How far it is now."""
        return Reached(self._total, dict(self._counts), self._clock() - self._began)


@contextlib.contextmanager
def shown(total: int, console: Console, *, quiet: bool = False) -> Iterator[Callable[[Graded | Trouble], object]]:
    """Show how far it is while students are told of, one after the other; `quiet` shows nothing."""
    count = Count(total)
    if quiet:
        yield count.note
    elif console.is_terminal:
        with _bar(total, console) as tell:
            yield lambda found: tell(count.note(found))
    else:
        lines = Lines(lambda reached: console.print(str(reached), markup=False, soft_wrap=True), time.monotonic)
        yield lambda found: lines.note(count.note(found))


class Lines:
    """A line every `LINE_EVERY` students, and whenever the last one is `LINE_EVERY_S` seconds ago; and at the end."""

    def __init__(self, say: Callable[[Reached], object], clock: Callable[[], float]) -> None:
        self._say, self._clock = say, clock
        self._said_at, self._said = clock(), 0

    def note(self, reached: Reached) -> None:
        """Say how far it is, if it is time to."""
        is_late = self._clock() - self._said_at >= LINE_EVERY_S
        if is_late or reached.done - self._said >= LINE_EVERY or reached.done == reached.total > self._said:
            self._said_at, self._said = self._clock(), reached.done
            self._say(reached)


@contextlib.contextmanager
def _bar(total: int, console: Console) -> Iterator[Callable[[Reached], object]]:
    columns = (BarColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task(str(Reached(total, {}, 0)), total=total)
        yield lambda reached: progress.update(bar, completed=reached.done, description=str(reached))

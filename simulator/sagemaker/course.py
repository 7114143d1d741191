"""What a resource is going through: one step after the other, unless it is sent another way first."""

from collections.abc import Callable, Sequence

from simulator.clock import Due, clock

Step = tuple[float, Callable[[], None]]


class Course:
    """At most one row of steps at a time, each so many of AWS's seconds after the one before."""

    def __init__(self) -> None:
        self._next: Due | None = None

    def go(self, *steps: Step) -> None:
        """Take these steps from now on, and none of those that were planned before."""
        self.end()
        if steps:
            (seconds, happen), *rest = steps
            self._next = clock.after(seconds, lambda: self._step(happen, rest))

    def end(self) -> None:
        """Take no further step."""
        if self._next is not None:
            self._next.call_off()
            self._next = None

    def _step(self, happen: Callable[[], None], rest: Sequence[Step]) -> None:
        self._next = None
        happen()
        if self._next is None:  # it was not sent another way
            self.go(*rest)

"""What all students share who are graded in one process; each is made when it is first wanted."""

import functools
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from skymark.lesson import Lesson
from skymark.samples import Samples, read_samples, samples_at_hand

if TYPE_CHECKING:
    from skymark.survey.clients import Clients
    from skymark.survey.scope import Pools

T = TypeVar("T")


def _once(make: Callable[..., T]) -> Callable[..., T]:
    """Make a thing once for each of its arguments, though several threads want it at the same time."""
    making, lock = functools.cache(make), threading.Lock()

    @functools.wraps(make)
    def made(*arguments: Any) -> T:
        with lock:
            return making(*arguments)

    return made


@_once
def lesson_at(root: Path) -> Lesson:
    """The lesson in this folder."""
    return Lesson.at(root)


@_once
def samples_in(file: Path) -> Samples:
    """The sample digits of this file."""
    return read_samples(file)


@_once
def samples_at_hand_in(root: Path, name: str | None) -> Samples | None:
    """The sample digits of the lesson in this folder, to be shown."""
    return samples_at_hand(root, name)


@_once
def clients() -> "Clients":
    """The clients of this process, for all accounts."""
    from skymark.survey.clients import Clients

    return Clients()


@_once
def pools(at_once: int) -> "Pools":
    """The threads of this process that ask AWS."""
    from skymark.survey.scope import Pools

    return Pools.made(at_once)

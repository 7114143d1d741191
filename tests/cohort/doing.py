"""What tests send to other threads, processes and machines instead of a look at AWS: functions of a module."""

import os
import signal
import time
from pathlib import Path
from typing import NamedTuple

from skymark.cohort.task import Graded, Task, Trouble
from skymark.cohort.work import grade_one


def own_id() -> int:
    """The process that this runs in."""
    time.sleep(0.2)
    return os.getpid()


def refuse() -> None:
    """Raise something."""
    raise ValueError("no")


def die() -> None:
    """End the process as the system does when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def dies_once(task: Task) -> Graded | Trouble:
    """Grade a student; whoever is called so kills the process, the first time."""
    return _dying(task, again=False)


def dies_always(task: Task) -> Graded | Trouble:
    """Grade a student; whoever is called so kills the process each time."""
    return _dying(task, again=True)


def _dying(task: Task, *, again: bool) -> Graded | Trouble:
    mark = Path(os.environ["MARKS"]) / "died"
    if task.entry.student == os.environ["DIES"] and (again or not mark.exists()):
        mark.touch()
        die()
    return grade_one(task)


class Begun(NamedTuple):
    """That a process has begun a student."""

    student: str
    process: int


def begun(marks: Path) -> list[Begun]:
    """What `slow` has begun by now, the oldest first."""
    parts = (one.name.split("-") for one in marks.iterdir())
    return [Begun(student, int(process)) for student, process, _ in sorted(parts, key=lambda one: int(one[2]))]


def slow(task: Task) -> Graded | Trouble:
    """Grade a student, who takes a while; a mark tells by which process."""
    (Path(os.environ["MARKS"]) / f"{task.entry.student}-{os.getpid()}-{time.monotonic_ns()}").touch()
    time.sleep(0.3)
    return grade_one(task)

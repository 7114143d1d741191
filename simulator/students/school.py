"""A large class in the practice cloud: each student in an account of their own, with a mistake of the catalogue's."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from simulator.account import SimulatedAccount
from simulator.clock import clock
from simulator.server import PracticeServer
from simulator.students.catalogue import CATALOGUE, student
from simulator.students.steps import Doing
from simulator.students.student import Student

FIRST_ACCOUNT = 300_000_000_001
LONGEST = dt.timedelta(minutes=30)
"""What a student's whole lesson takes at most, by the practice cloud's clock."""

DONE_TOO_SOON = ("deleting", "stopping", "still-training")
"""For these AWS would have done its work before the last student is there."""
STILL_WAIT = ("creating", "training", "pending")
"""For these it has not, if they come last and in this order."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A student of the class: by which id, like whom of the catalogue, in which account."""

    id: str
    like: Student
    account: SimulatedAccount


def enrolled(server: PracticeServer, size: int) -> tuple[Enrolled, ...]:
    """A class of so many, each of whom has done what they do; the clock stands afterwards.

    Everybody of the catalogue comes once, then again those who do not type a bucket's name of their own. Who waits for
    AWS comes last, so that AWS is still at work for them.
    """
    likes = [*islice(_likes(), size - len(STILL_WAIT)), *map(student, STILL_WAIT)]
    students = tuple(
        Enrolled(f"s{position:03d}", like, SimulatedAccount(server, str(FIRST_ACCOUNT + position)))
        for position, like in enumerate(likes)
    )
    clock.stand(clock.now() - LONGEST * size)
    for one in students:
        one.like.build(one.account)
    return students


def _likes() -> Iterator[Student]:
    once = [one for one in CATALOGUE if one.name not in (*DONE_TOO_SOON, *STILL_WAIT)]
    yield from once
    yield from cycle(one for one in once if not _types_a_bucket(one))


def _types_a_bucket(student: Student) -> bool:
    """Names of buckets are one space for all accounts, so the same one cannot be typed twice."""
    return isinstance(student.build, Doing) and "bucket" in student.build.choices

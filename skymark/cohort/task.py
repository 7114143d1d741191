"""What is to be done for one student, and what comes back. Both travel between processes and machines."""

import datetime as dt
from pathlib import Path

from skymark.cause import Cause
from skymark.cost import PriceTable
from skymark.evidence import Struct, Survey
from skymark.result import Result
from skymark.roster.entry import Entry
from skymark.rubric import Rubric
from skymark.window import Times


class Terms(Struct, frozen=True):
    """How everybody of a class is looked at and graded.

    `times` are the class's; a student's own due time goes before its. `profile` is the grader's own, by which roles are
    assumed. `calls_at_once` bounds the calls of one process. `shared` are the accounts in which students are told apart
    by caller, None for no account, `()` for all.
    """

    lesson: Path
    final: bool = False
    times: Times = Times()
    predict: bool = True
    prices: PriceTable | None = None
    profile: str | None = None
    calls_at_once: int = 64
    shared: tuple[str, ...] | None = None


class Task(Struct, frozen=True):
    """One student, by which rubric, and what earlier checks of the account proved."""

    entry: Entry
    rubric: Rubric
    terms: Terms
    proved: frozenset[str] = frozenset()


class Graded(Struct, frozen=True):
    """A student who was graded: what was found, and what it says by itself."""

    student: str
    survey: Survey
    result: Result


class Trouble(Struct, frozen=True):
    """A student who could not be graded, which says nothing about them: why, and what to do about it."""

    student: str
    rubric: str
    cause: Cause
    text: str
    at: dt.datetime

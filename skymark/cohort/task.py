"""What is to be done for one student, and what comes back. Both travel between processes and machines."""

import datetime as dt
from pathlib import Path
from typing import Final

from skymark.cause import Cause
from skymark.cost import PriceTable
from skymark.evidence import Struct, Survey
from skymark.result import Result
from skymark.roster.entry import Entry
from skymark.rubric import Rubric
from skymark.window import Times

TOLD_APART: Final = "This account is shared: only what was made by"
"""How the warning begins of a result that is about one student of several in an account."""


class Terms(Struct, frozen=True):
    """How everybody of a class is looked at and graded.

    `times` are the class's; a student's own due time goes before its, and the rubric's fill in what is missing.
    `profile` is the grader's own, by which roles are assumed. `calls_at_once` bounds the calls of one process. `shared`
    are the accounts in which students are told apart by caller, None for no account, `()` for all. `only` are the
    criteria to judge, none means all.
    """

    lesson: Path
    final: bool = False
    times: Times = Times()
    predict: bool = True
    prices: PriceTable | None = None
    profile: str | None = None
    calls_at_once: int = 64
    shared: tuple[str, ...] | None = None
    only: tuple[str, ...] = ()

    def is_told_apart(self, entry: Entry, account: str) -> bool:
        """Whether only what one student made counts, of several in this account; a pair is never told apart."""
        is_shared = self.shared is not None and (not self.shared or account in self.shared)
        return bool(account) and is_shared and entry.pair is None


class Task(Struct, frozen=True):
    """One student, by which rubric, and what earlier checks proved: of this `account`, None for whichever it is."""

    entry: Entry
    rubric: Rubric
    terms: Terms
    proved: frozenset[str] = frozenset()
    account: str | None = None

    @property
    def times(self) -> Times:
        """The student's own, then the class's, then the rubric's."""
        return Times(due=self.entry.due) | self.terms.times | self.rubric.times


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

"""Who of a class is graded in this run, and why."""

import datetime as dt
import enum
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from skymark.cohort.task import TOLD_APART, Task, Terms
from skymark.errors import UsageError
from skymark.evidence import Struct
from skymark.gradebook.book import Decision, Gradebook
from skymark.gradebook.standing import Standing, standing
from skymark.result import Result
from skymark.roster.entry import Entry, RoleAccess, SurveyAccess
from skymark.rubric import Rubric
from skymark.suggest import did_you_mean
from skymark.window import Times

WILD: Final = frozenset("*?[")


class Why(enum.StrEnum):
    """Why somebody is graded, or is not."""

    NEW = "not graded yet"
    TROUBLE = "could not be graded"
    UNVERIFIED = "something is unverified"
    OTHER_ACCOUNT = "was graded in another account"
    OTHER_RUBRIC = "was graded by another version of the rubric"
    OTHER_TERMS = "was graded for other times, or not as final"
    OTHER_FILE = "was graded by an older file"
    OLD = "was graded too long ago"
    DONE = "is graded"


class Selection(Struct, frozen=True):
    """Whom an assistant wants to have graded.

    `students` are ids or shell patterns, none means everybody. `max_age`: whoever was looked at longer ago is graded
    again.
    """

    students: tuple[str, ...] = ()
    only_unverified: bool = False
    max_age: dt.timedelta | None = None

    def takes(self, why: Why) -> bool:
        """Whether somebody of whom this is so is graded."""
        if self.only_unverified:
            return why in (Why.UNVERIFIED, Why.TROUBLE)
        return why is not Why.DONE


class Asked(Struct, frozen=True):
    """What a grading would have to be, to be the one that is asked for.

    `files_at` is when the newest of the student's files was written, `is_saved` whether it is a saved survey that is
    graded: it is as old as its grading.
    """

    rubric_version: str
    times: Times
    final: bool = False
    account: str | None = None
    told_apart: bool = False
    max_age: dt.timedelta | None = None
    files_at: dt.datetime | None = None
    is_saved: bool = False


class Known(Struct, frozen=True):
    """What a gradebook has of one student by one rubric; `last` is None where they were never graded.

    `trouble` is what stood in the way since it was recorded.
    """

    last: Result | None = None
    recorded_at: dt.datetime | None = None
    standing: Standing | None = None
    trouble: str | None = None


class Candidate(Struct, frozen=True):
    """A student, by which rubric, why they are graded or not, and the account, as far as it is known beforehand."""

    entry: Entry
    rubric: Rubric
    why: Why
    account: str | None = None


def chosen(entries: Iterable[Entry], students: Sequence[str]) -> tuple[Entry, ...]:
    """Those whose ids are named or fit a shell pattern, in their order; no names: all.

    Raises:
        UsageError: a name fits nobody.
    """
    everybody = tuple(entries)
    ids = [one.student for one in everybody]
    for name in students:
        if not any(_fits(id, name) for id in ids):
            known = did_you_mean(name, ids) or "`--dry-run` shows who is in the class."
            raise UsageError(f'--students: nobody in the class is called "{name}". {known}')
    return tuple(one for one in everybody if not students or any(_fits(one.student, name) for name in students))


def _fits(id: str, name: str) -> bool:
    return id == name or (bool(WILD & set(name)) and fnmatchcase(id, name))


def why(known: Known, asked: Asked, now: dt.datetime) -> Why:
    """Why a student has to be graded (again), or that they need not be."""
    last = known.last
    if last is None or known.standing is None:
        return Why.NEW if known.trouble is None else Why.TROUBLE
    if not known.standing.score.complete:
        return Why.UNVERIFIED
    if asked.account is not None and last.subject.account != asked.account:
        return Why.OTHER_ACCOUNT
    if last.rubric.version != asked.rubric_version:
        return Why.OTHER_RUBRIC
    if last.final != asked.final or not _is_for(last, asked):
        return Why.OTHER_TERMS
    if asked.files_at and known.recorded_at and asked.files_at > known.recorded_at:
        return Why.OTHER_FILE
    looked_at = known.recorded_at if asked.is_saved and known.recorded_at else last.surveyed_at
    if asked.max_age is not None and now - looked_at > asked.max_age:
        return Why.OLD
    return Why.DONE


def _is_for(last: Result, asked: Asked) -> bool:
    """Whether it was graded for these times, seen from when it was; and for the student alone, if that is asked for."""
    told_apart = any(text.startswith(TOLD_APART) for text in last.warnings)
    try:
        return asked.times.at(last.surveyed_at) == (last.window, last.due) and told_apart == asked.told_apart
    except UsageError:
        return False


class Records:
    """What a gradebook has of students, one at a time: a class of a hundred thousand is not read at once.

    `book` None has nothing of anybody.
    """

    def __init__(self, book: Gradebook | None) -> None:
        self._book = book
        self._about: dict[str, list[Decision]] = {}
        for one in book.decisions() if book else ():
            self._about.setdefault(one.student or one.account, []).append(one)

    def known(self, student: str, rubric: str) -> Known:
        """What there is of one student by one rubric.

        Raises:
            GradebookError: the book cannot be read.
        """
        if self._book is None:
            return Known()
        attempts = self._book.attempts(student=student, rubric=rubric)
        troubles = self._book.troubles(rubric, student=student)
        if not attempts:
            return Known(trouble=troubles[-1].reason if troubles else None)
        last = attempts[-1].result
        about = {one.id: one for key in (student, last.subject.account) for one in self._about.get(key, ())}
        decisions = sorted((one for one in about.values() if one.rubric == rubric), key=lambda one: one.id)
        recorded_at = max(one.recorded_at for one in attempts)
        since = [one for one in troubles if one.at > recorded_at]
        stands = standing(attempts, decisions, student=student)
        return Known(last, recorded_at, stands, since[-1].reason if since else None)


def candidate(
    entry: Entry, rubric: Rubric, terms: Terms, selection: Selection, known: Known, now: dt.datetime
) -> Candidate:
    """Somebody of a class, with what is known of them so far."""
    account = account_of(entry)
    last = known.last.subject.account if known.last else None
    asked = Asked(
        rubric.version,
        Task(entry, rubric, terms).times,
        terms.final,
        account,
        terms.is_told_apart(entry, last or ""),
        selection.max_age,
        _written_at(entry),
        isinstance(entry.access, SurveyAccess),
    )
    return Candidate(entry, rubric, why(known, asked, now), account or last)


def _written_at(entry: Entry) -> dt.datetime | None:
    """When the newest of the files was written by which somebody is graded."""
    saved = (entry.access.file,) if isinstance(entry.access, SurveyAccess) else ()
    times = (file.stat().st_mtime for file in (*saved, *entry.notebooks) if file.is_file())
    return max((dt.datetime.fromtimestamp(time, dt.UTC) for time in times), default=None)


def account_of(entry: Entry) -> str | None:
    """The account that a roster names, None where only a look tells."""
    return entry.access.account if isinstance(entry.access, RoleAccess) else None


def rubric_of(entry: Entry, rubric: Rubric, own: Mapping[str, Rubric]) -> Rubric:
    """By what somebody is graded: `own` are rubrics by the names that the roster gives them."""
    return own[entry.rubric] if entry.rubric else rubric

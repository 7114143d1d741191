"""Recorded surveys graded again by a changed rubric: who gains, who loses, before anything is written."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from skymark.errors import GradebookError
from skymark.evidence import Struct
from skymark.gradebook.book import Attempt, Gradebook
from skymark.gradebook.merge import is_judged_now, proved_by, taken_over, unblocked
from skymark.gradebook.standing import Record, Standing
from skymark.grading import grade
from skymark.lesson import Lesson
from skymark.next_step import completed
from skymark.outcome import Outcome, Source
from skymark.render import json as result_json
from skymark.result import Criterion, Result
from skymark.rubric import Rubric
from skymark.window import Window

SELF_REPORTED: Final = "self-reported: "
"""How the evidence begins of what a survey shows that was handed in and accepted."""
BY_ITSELF: Final = "by itself this check says "


class Changed(Struct, frozen=True):
    """One criterion of which something else is said; None: the rubric has none of it, before or now."""

    id: str
    before: Criterion | None
    after: Criterion | None


class Regraded(Struct, frozen=True):
    """One student, before and after. `results` are the checks that come out otherwise, with their new results.

    `unread` says which of the checks could not be graded again: they are left as they are.
    """

    who: str
    before: Standing
    after: Standing
    results: tuple[tuple[Attempt, Result], ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def gain(self) -> Decimal:
        """By how many points more was earned."""
        return self.after.score.earned - self.before.score.earned

    @property
    def changes(self) -> tuple[Changed, ...]:
        """What is said otherwise, in the new rubric's order, then what it has no more."""
        was = {one.id: one for one in self.before.criteria}
        now = {one.id: one for one in self.after.criteria}
        pairs = (Changed(id, was.get(id), now.get(id)) for id in (*now, *(id for id in was if id not in now)))
        return tuple(one for one in pairs if _counts(one.before) != _counts(one.after))


def regraded(book: Gradebook, found: Iterable[Record], rubric: Rubric, lesson: Lesson) -> Iterator[Regraded]:
    """Grade all checks again that count for these students, each as of its own time and terms; nothing is written.

    What was accepted of surveys that were handed in stays accepted: they are not kept.
    """
    return (_regraded(book, one, rubric, lesson) for one in found)


def write(book: Gradebook, regraded: Iterable[Regraded], *, at: dt.datetime | None = None) -> int:
    """Write down what comes out otherwise: from then on the checks as they were graded before count no more.

    Returns:
        How many checks.
    """
    with book.writing():
        pairs = [pair for one in regraded for pair in one.results]
        for attempt, result in pairs:
            first = attempt.regrades or attempt.id
            book.record(result, book.survey(attempt.id), student=attempt.student, regrades=first, at=at)
    return len(pairs)


def _regraded(book: Gradebook, record: Record, rubric: Rubric, lesson: Lesson) -> Regraded:
    again = _Again(book, rubric, lesson)
    attempts: list[Attempt] = []
    results: list[tuple[Attempt, Result]] = []
    for attempt in record.attempts:
        new = again.graded(attempt, record.attempts)
        attempts.append(attempt if new is None else replace(attempt, result=new))
        if new is not None and not result_json.says_the_same(new, attempt.result):
            results.append((attempt, new))
    after = replace(record, attempts=tuple(attempts)).standing
    return Regraded(record.who, record.standing, after, tuple(results), tuple(again.unread.values()))


class _Again:
    """Grades the checks of one student again; each once for the same terms."""

    def __init__(self, book: Gradebook, rubric: Rubric, lesson: Lesson) -> None:
        self._book, self._rubric, self._lesson = book, rubric, lesson
        self._known: dict[tuple[int, bool, Window, dt.datetime | None], Result | None] = {}
        self.unread: dict[int, str] = {}

    def graded(self, attempt: Attempt, everything: Sequence[Attempt], like: Result | None = None) -> Result | None:
        """What a check says by the rubric, on the terms on which `like` was graded; None if it cannot be read."""
        terms = like or attempt.result
        key = (attempt.id, terms.final, terms.window, terms.due)
        if key not in self._known:
            self._known[key] = self._graded(attempt, everything, terms)
        return self._known[key]

    def _graded(self, attempt: Attempt, everything: Sequence[Attempt], terms: Result) -> Result | None:
        try:
            survey = self._book.survey(attempt.id)
        except GradebookError as error:
            self.unread[attempt.id] = str(error)
            return None
        earlier = everything[: [one.id for one in everything].index(attempt.id)]
        since = terms.window.since
        proofs = [
            proved_by(self.graded(one, everything, terms) or one.result)
            for one in earlier
            if since is None or one.result.surveyed_at >= since
        ]
        accepted = frozenset(one.id for one in attempt.result.criteria if _is_accepted(one))
        result = grade(
            survey,
            self._rubric,
            self._lesson,
            final=terms.final,
            window=terms.window,
            due=terms.due,
            proved=accepted.union(*proofs),
        )
        return _with_what_stays(result, attempt.result, self._rubric)


def _with_what_stays(new: Result, old: Result, rubric: Rubric) -> Result:
    """The new result with what the survey does not tell: whose it is, what was accepted, what had to be said of it."""
    accepted = {one.id: one for one in old.criteria if _is_accepted(one)}
    criteria = unblocked(tuple(_accepting(one, accepted.get(one.id)) for one in new.criteria))
    known = tuple(one for one in old.criteria if rubric.criterion(one.id))
    followed = completed(replace(old, criteria=known), rubric).warnings
    whole = completed(replace(new, criteria=criteria), rubric)
    said = (one for one in old.warnings if one not in followed and one not in whole.warnings)
    subject = replace(new.subject, student=old.subject.student, alias=old.subject.alias)
    return replace(whole, subject=subject, warnings=(*whole.warnings, *said))


def _is_accepted(one: Criterion) -> bool:
    is_handed_in = one.outcome is Outcome.PASSED and one.source is Source.HANDED_IN
    return is_handed_in and any(line.startswith(SELF_REPORTED) for line in one.evidence)


def _accepting(one: Criterion, accepted: Criterion | None) -> Criterion:
    is_proved_wrong = one.outcome is Outcome.FAILED and one.source in (Source.LIVE, Source.TRACE)
    if accepted is None or is_proved_wrong or is_judged_now(one) or one.outcome is Outcome.PASSED:
        return one
    evidence = tuple(line for line in accepted.evidence if not line.startswith(BY_ITSELF))
    return taken_over(one, accepted.message, Source.HANDED_IN, evidence)


def _counts(one: Criterion | None) -> tuple[Outcome, Decimal | None, Decimal] | None:
    return None if one is None else (one.outcome, one.points, one.possible)

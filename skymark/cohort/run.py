"""A class is graded: the coordinator hands students out, and writes each result down as soon as it is there.

Only the coordinator writes. What it has written is there for good, whenever and however it ends.
"""

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from itertools import islice
from typing import Final

import msgspec
from msgspec.structs import replace

from skymark.cause import Cause
from skymark.cohort.selection import Candidate
from skymark.cohort.shared import lesson_at
from skymark.cohort.task import Graded, Task, Terms, Trouble
from skymark.cohort.work import grade_one
from skymark.errors import GradebookError, UsageError
from skymark.evidence import Struct
from skymark.gradebook.book import Gradebook, Met
from skymark.gradebook.recording import known_of
from skymark.grading import grade
from skymark.log import LOG
from skymark.outcome import Outcome
from skymark.render.words import shortened
from skymark.roster.entry import Entry, SurveyAccess

Found = Graded | Trouble
Tell = Callable[[Found], object]

TRANSIENT: Final = (Cause.THROTTLED, Cause.NETWORK)
"""What may be over in a moment."""
CHECK_S: Final = 0.5
"""How long one waits for the next student before asking again whether to stop."""
LONGEST: Final = 200
"""As much is said of what ended a process."""


class Ran(Struct, frozen=True):
    """What a run came to: how many were wanted, how many of them are left, and why some could not be written down."""

    wanted: int
    left: int = 0
    unwritten: Mapping[str, str] = msgspec.field(default_factory=dict)


def run_class(
    candidates: Iterable[Candidate],
    terms: Terms,
    book: Gradebook,
    executor: Executor,
    *,
    at_once: int,
    tell: Tell,
    stop: Callable[[], bool] = lambda: False,
) -> Ran:
    """Grade these students, at most `at_once` at a time, and write down each as soon as they are done.

    Where AWS asked to go slower or could not be reached, a student is looked at once more in the end, half as many at a
    time. Whoever was lost with a process or a machine is tried once more, alone, so that nobody else is lost with them.
    `tell` hears of everybody who is done, of some twice. Once `stop` says so nobody is begun any more, and what is not
    done is left.

    Raises:
        UsageError: the executor takes nobody any more; what was done is written down.
    """
    everybody = tuple(candidates)
    run = _Run(terms, book, executor, tell, stop)
    first = run.go(everybody, at_once)
    slowly = run.go(first.transient, max(1, at_once // 2))
    alone = run.go((*first.lost, *slowly.lost), 1, is_last=True)
    return Ran(len(everybody), len({*first.left, *slowly.left, *alone.left}), run.unwritten)


def looked_at(
    candidates: Iterable[Candidate],
    terms: Terms,
    executor: Executor,
    *,
    at_once: int,
    stop: Callable[[], bool] = lambda: False,
) -> tuple[Found, ...]:
    """Look at these students, in their order, without a gradebook: nothing earlier counts, nothing is written down."""
    everybody = tuple(candidates)
    found: dict[str, Found] = {}
    run = _Run(terms, None, executor, lambda one: found.update({one.student: one}), stop)
    first = run.go(everybody, at_once)
    run.go(first.lost, 1, is_last=True)
    return tuple(found[one.entry.student] for one in everybody if one.entry.student in found)


class _Pass(Struct, frozen=True):
    """What one pass leaves: who is worth a second look, who was lost with a process, who was not done."""

    transient: tuple[Candidate, ...]
    lost: tuple[Candidate, ...]
    left: tuple[str, ...]


class _Run:
    """One run; `unwritten` are the students whose results could not be written down."""

    def __init__(
        self, terms: Terms, book: Gradebook | None, executor: Executor, tell: Tell, stop: Callable[[], bool]
    ) -> None:
        self._terms = replace(terms, lesson=terms.lesson.absolute())
        self._book, self._executor, self._tell, self._stop = book, executor, tell, stop
        self.unwritten: dict[str, str] = {}

    def go(self, candidates: tuple[Candidate, ...], at_once: int, *, is_last: bool = False) -> _Pass:
        """One pass. In the last one whoever is lost is in trouble."""
        source = iter(candidates)
        waiting: dict[Future[Found], Candidate] = {}
        transient: list[Candidate] = []
        lost: list[Candidate] = []
        done: set[str] = set()

        def take(future: Future[Found]) -> None:
            one = waiting.pop(future)
            done.add(one.entry.student)
            found = self._result(future, one, is_last)
            if found is None:
                lost.append(one)
                return
            if _is_transient(found):
                transient.append(one)
            self._keep(found)

        while not self._stop():
            for one in islice(source, at_once - len(waiting)):
                waiting[self._submitted(one)] = one
            if not waiting:
                break
            for future in wait(waiting, CHECK_S, FIRST_COMPLETED).done:
                take(future)
        for future in [one for one in waiting if not one.cancel() and one.done()]:
            take(future)
        left = (one.entry.student for one in candidates if one.entry.student not in done)
        return _Pass(tuple(transient), tuple(lost), tuple(left))

    def _submitted(self, one: Candidate) -> "Future[Found]":
        try:
            return self._executor.submit(grade_one, self._task(one))
        except RuntimeError as error:  # what executors raise that are over
            raise UsageError(
                f"Nobody can be graded there any more ({error}). What is done is written down: run it again."
            ) from error

    def _task(self, one: Candidate) -> Task:
        task = Task(_anywhere(one.entry), one.rubric, self._terms, account=one.account)
        return replace(task, proved=self._proved(task))

    def _proved(self, task: Task) -> frozenset[str]:
        """What earlier checks proved, by the same rules as for `grade.py check`."""
        if self._book is None or not task.account:
            return frozenset()
        try:
            window, due = task.times.at(dt.datetime.now(dt.UTC))
            again = functools.partial(
                grade,
                rubric=task.rubric,
                lesson=lesson_at(self._terms.lesson),
                final=self._terms.final,
                window=window,
                due=due,
                prices=self._terms.prices,
            )
            known = known_of(self._book, task.account, task.rubric, window, again, student=task.entry.student)
        except (GradebookError, UsageError):  # a time that cannot be is told when the student is graded
            return frozenset()
        return frozenset(proof.criterion for proof in known.proofs)

    def _result(self, future: "Future[Found]", one: Candidate, is_last: bool) -> Found | None:
        """What came of a student; None if they were lost with whatever graded them, and may be tried again."""
        try:
            return future.result()
        except Exception as error:  # noqa: BLE001 - pools and clusters have exceptions of their own
            LOG.error("%s was lost", one.entry.student, exc_info=error)
            if not is_last:
                return None
            why = shortened(" ".join(f"{type(error).__name__}: {error}".split()), LONGEST)
            text = f"Whatever graded this student ended, twice ({why}). Grade them by hand."
            return Trouble(one.entry.student, one.rubric.id, Cause.SKYMARK, text, dt.datetime.now(dt.UTC))

    def _keep(self, found: Found) -> None:
        """Write it down, at once. What cannot be written is this student's trouble alone."""
        try:
            if self._book is not None:
                _write(self._book, found)
        except GradebookError as error:
            rubric = found.rubric if isinstance(found, Trouble) else found.result.rubric.id
            text = self.unwritten[found.student] = f"Not written down. {error}"
            found = Trouble(found.student, rubric, Cause.SKYMARK, text, dt.datetime.now(dt.UTC))
        self._tell(found)


def _anywhere(entry: Entry) -> Entry:
    """The student with whole paths: who works in a cluster has folders of their own to start from."""
    access = entry.access
    if isinstance(access, SurveyAccess):
        access = SurveyAccess(access.file.absolute())
    return replace(entry, access=access, notebooks=tuple(one.absolute() for one in entry.notebooks))


def _write(book: Gradebook, found: Found) -> None:
    if isinstance(found, Trouble):
        book.meet(Met(found.student, found.rubric, found.cause, found.text, found.at))
    else:
        book.record(found.result, found.survey, student=found.student)


def _is_transient(found: Found) -> bool:
    if isinstance(found, Trouble):
        return found.cause in TRANSIENT
    return any(one.outcome is Outcome.UNVERIFIED and one.cause in TRANSIENT for one in found.result.criteria)

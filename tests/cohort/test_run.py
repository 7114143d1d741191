"""A class is graded: each result is written down at once, nobody twice, and nobody's trouble is another's."""

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from skymark import survey_file
from skymark.cause import Cause
from skymark.cohort.executors import executor
from skymark.cohort.run import Ran, looked_at, run_class
from skymark.cohort.selection import Candidate, Records, Selection, Why, candidate
from skymark.cohort.task import Graded, Task, Trouble
from skymark.cohort.work import grade_one
from skymark.errors import UsageError
from skymark.evidence import Gap
from skymark.gradebook.book import Gradebook
from skymark.roster.entry import Entry, SurveyAccess
from tests.cohort import doing

TEARDOWN = "teardown.endpoint"
NOW = dt.datetime(2019, 7, 1, 20, 0, tzinfo=dt.UTC)


class Counting(ThreadPoolExecutor):
    """Threads that count how many were at work at a time, of what was handed to them."""

    def __init__(self, threads: int = 16) -> None:
        super().__init__(threads)
        self.open: list[str] = []
        self.most: list[int] = []
        """After each hand-out, how many are out."""

    def submit(self, fn, /, task):
        """Hand somebody out."""
        self.open.append(task.entry.student)
        self.most.append(len(self.open))
        future = super().submit(fn, task)
        future.add_done_callback(lambda _: self.open.remove(task.entry.student))
        return future


@pytest.fixture
def threads():
    """As many as anybody asks for."""
    with Counting() as made:
        yield made


@pytest.fixture
def grading(monkeypatch) -> Callable[[Callable], None]:
    """Let students be graded by another function."""
    return lambda function: monkeypatch.setattr("skymark.cohort.run.grade_one", function)


@pytest.fixture
def asked(rubric, terms, book) -> Callable[..., tuple[Candidate, ...]]:
    """Who of these is to be graded by what is in the book by now."""

    def make(entries: tuple[Entry, ...], *, only_unverified: bool = False) -> tuple[Candidate, ...]:
        records, selection = Records(book), Selection(only_unverified=only_unverified)
        known = ((one, records.known(one.student, rubric.id)) for one in entries)
        every = (candidate(one, rubric, terms, selection, there_is, NOW) for one, there_is in known)
        return tuple(one for one in every if selection.takes(one.why))

    return make


@pytest.fixture
def throttled(good, tmp_path) -> Path:
    """A survey to which AWS said "slower" when the buckets were asked for."""
    gap = Gap("s3", "ListBuckets", None, "ThrottlingException", "Wait a minute.")
    file = tmp_path / "throttled.json"
    survey_file.save(replace(good, buckets=(), gaps=(*good.gaps, gap)), file)
    return file


def recorded(book: Gradebook) -> list[str]:
    """The students of all checks, the oldest first."""
    return [one.student for one in sorted(book.attempts(), key=lambda one: one.id)]


def in_trouble(book: Gradebook) -> dict[str, Cause]:
    """Who could not be graded."""
    return {one.student: one.cause for one in book.troubles()}


def nobody(found) -> None:
    """Hear of somebody, and do nothing."""


def test_each_result_is_there_for_others_while_the_rest_is_still_at_work(
    students, new, terms, book, book_file, threads, grading
):
    """Another connection to the book sees it."""
    told = threading.Event()
    seen: list[list[str]] = []

    def hold(task: Task) -> Graded | Trouble:
        assert task.entry.student != "s001" or told.wait(30)
        return grade_one(task)

    def look(found: Graded | Trouble) -> None:
        with Gradebook(book_file) as other:
            seen.append(recorded(other))
        told.set()

    grading(hold)

    ran = run_class(new(students(2)), terms, book, threads, at_once=2, tell=look)

    assert ran == Ran(2)
    assert seen == [["s000"], ["s000", "s001"]]


def test_what_was_stopped_is_gone_on_with_and_nothing_is_done_twice(students, terms, book, threads, asked):
    """Only who is missing is done, and once all are done nobody is."""
    everybody = students(6)
    told: list[str] = []

    def stopped() -> bool:
        return len(told) == 2

    first = run_class(
        asked(everybody), terms, book, threads, at_once=1, tell=lambda one: told.append(one.student), stop=stopped
    )
    between = recorded(book)
    second = run_class(asked(everybody), terms, book, threads, at_once=3, tell=nobody)

    assert (first, between) == (Ran(6, left=4), ["s000", "s001"])
    assert second == Ran(4)
    assert sorted(recorded(book)) == ["s000", "s001", "s002", "s003", "s004", "s005"]
    assert asked(everybody) == ()


def test_who_is_unverified_is_looked_at_again_in_the_next_run_and_who_is_decided_is_not(
    students, terms, book, threads, asked, denied, good
):
    """Until it is verified."""
    ana, bo = students(2)
    survey_file.save(denied(replace(good, buckets=()), "s3", "ListBuckets"), bo.access.file)
    run_class(asked((ana, bo)), terms, book, threads, at_once=2, tell=nobody)
    wanted = [(one.entry.student, one.why) for one in asked((ana, bo))]

    survey_file.save(good, bo.access.file)
    run_class(asked((ana, bo), only_unverified=True), terms, book, threads, at_once=2, tell=nobody)

    assert wanted == [("s001", Why.UNVERIFIED)]
    assert Counter(recorded(book)) == {"s000": 1, "s001": 2}
    assert asked((ana, bo)) == ()


def test_whoever_was_throttled_is_looked_at_once_more_when_all_others_are_done(
    students, new, terms, book, threads, grading, throttled
):
    """The second look counts. It comes once: whoever is throttled again is left for the next run."""
    looks: list[str] = []

    def slow(task: Task) -> Graded | Trouble:
        student = task.entry.student
        looks.append(student)
        is_slow = student == "s000" or (student == "s001" and looks.count("s001") == 1)
        entry = replace(task.entry, access=SurveyAccess(throttled)) if is_slow else task.entry
        return grade_one(replace(task, entry=entry))

    grading(slow)
    told: list[str] = []

    ran = run_class(new(students(4)), terms, book, threads, at_once=1, tell=lambda one: told.append(one.student))

    assert ran == Ran(4)
    assert looks == told == recorded(book) == ["s000", "s001", "s002", "s003", "s000", "s001"]
    complete = {one.student: Records(book).known(one.student, "sagemaker-intro") for one in book.attempts()}
    assert {who: one.standing.score.complete for who, one in complete.items()} == {
        **dict.fromkeys(("s001", "s002", "s003"), True),
        "s000": False,
    }


def trouble(task: Task, cause: Cause) -> Trouble:
    """Somebody who cannot be graded for this."""
    return Trouble(task.entry.student, task.rubric.id, cause, "why", NOW)


@pytest.mark.parametrize("cause", list(Cause))
def test_only_what_may_be_over_in_a_moment_is_worth_a_second_look(cause, students, new, terms, book, threads, grading):
    """An account that cannot be entered stays so."""
    looks: list[str] = []

    def met(task: Task) -> Graded | Trouble:
        looks.append(task.entry.student)
        return trouble(task, cause) if task.entry.student == "s000" else grade_one(task)

    grading(met)

    run_class(new(students(2)), terms, book, threads, at_once=1, tell=nobody)

    again = ["s000"] if cause in (Cause.THROTTLED, Cause.NETWORK) else []
    assert looks == ["s000", "s001", *again]
    assert (recorded(book), in_trouble(book)) == (["s001"], {"s000": cause})


@pytest.mark.parametrize("at_once", [1, 3, 8])
def test_no_more_are_handed_out_at_a_time_than_was_asked_for_and_half_of_it_at_the_second_look(
    at_once, students, new, terms, book, threads, grading
):
    """Whoever waits is waited for; as many as may are at work."""

    def wait_long(task: Task) -> Trouble:
        time.sleep(0.02)
        return trouble(task, Cause.NETWORK)

    grading(wait_long)

    run_class(new(students(20)), terms, book, threads, at_once=at_once, tell=nobody)

    assert (max(threads.most[:20]), max(threads.most[20:])) == (at_once, max(1, at_once // 2))
    assert (len(threads.most), threads.open) == (40, [])


def test_stopping_begins_nobody_any_more_and_does_not_wait_for_who_is_at_work(
    students, new, terms, book, threads, grading
):
    """What was done is written down; the others are left."""
    over = threading.Event()
    told: list[str] = []

    def hold(task: Task) -> Graded | Trouble:
        assert task.entry.student == "s000" or over.wait(30)
        return grade_one(task)

    grading(hold)

    ran = run_class(
        new(students(10)), terms, book, threads, at_once=3, tell=lambda one: told.append(one.student), stop=lambda: told
    )
    over.set()
    threads.shutdown()

    assert ran == Ran(10, left=9)
    assert told == recorded(book) == ["s000"]
    assert len(threads.most) == 3


def test_a_process_that_dies_once_takes_nobody_with_it(students, new, terms, book, grading, tmp_path, monkeypatch):
    """Whoever was lost is graded in the end."""
    monkeypatch.setenv("MARKS", str(tmp_path))
    monkeypatch.setenv("DIES", "s003")
    grading(doing.dies_once)

    with executor("processes", workers=2, at_once=4) as where:
        ran = run_class(new(students(8)), terms, book, where, at_once=4, tell=nobody)

    assert ran == Ran(8)
    assert sorted(recorded(book)) == [f"s{number:03}" for number in range(8)]
    assert in_trouble(book) == {}


def test_a_student_who_kills_each_process_is_in_trouble_alone(
    students, new, terms, book, grading, tmp_path, monkeypatch
):
    """It is told how it ended; everybody else is graded, each once."""
    monkeypatch.setenv("MARKS", str(tmp_path))
    monkeypatch.setenv("DIES", "s003")
    grading(doing.dies_always)

    with executor("processes", workers=2, at_once=4) as where:
        ran = run_class(new(students(8)), terms, book, where, at_once=4, tell=nobody)

    assert ran == Ran(8)
    assert sorted(recorded(book)) == [f"s{number:03}" for number in range(8) if number != 3]
    (met,) = book.troubles()
    assert (met.student, met.cause) == ("s003", Cause.SKYMARK)
    assert "BrokenExecutor: the process ended with -9" in met.reason


def test_a_disk_that_is_full_is_the_trouble_of_whom_it_hits_and_the_others_go_on(students, new, terms, book, threads):
    """Once there is room again, the next ones are written down."""
    told: list[tuple[str, bool]] = []
    pages = book._connection.execute("PRAGMA page_count").fetchone()[0]

    def room(pages: int) -> None:
        book._connection.execute(f"PRAGMA max_page_count = {pages}")

    def tell(found: Graded | Trouble) -> None:
        told.append((found.student, isinstance(found, Trouble)))
        room(pages if found.student == "s000" else 100_000)

    ran = run_class(new(students(4)), terms, book, threads, at_once=1, tell=tell)

    assert told == [("s000", False), ("s001", True), ("s002", False), ("s003", False)]
    assert recorded(book) == ["s000", "s002", "s003"]
    assert (ran.wanted, ran.left, list(ran.unwritten)) == (4, 0, ["s001"])
    assert ran.unwritten["s001"].startswith("Not written down.")
    assert "the disk is full" in ran.unwritten["s001"]


def test_an_executor_that_is_over_ends_the_run_and_what_was_done_stays(students, new, terms, book, threads):
    """With words, and no traceback."""
    with pytest.raises(UsageError, match=r"Nobody can be graded there any more .* run it again"):
        run_class(new(students(3)), terms, book, threads, at_once=1, tell=lambda _: threads.shutdown(wait=False))

    assert recorded(book) == ["s000"]


def test_what_an_earlier_check_proved_goes_with_a_student(students, terms, book, threads, asked, empty):
    """Everything is gone: who was seen to have had an endpoint has torn it down, and nobody else."""
    ana, bo = students(2)
    run_class(asked((ana,)), terms, book, threads, at_once=1, tell=nobody)
    for one in (ana, bo):
        survey_file.save(replace(empty, identity=survey_file.load(one.access.file).identity), one.access.file)
    graded: dict[str, str] = {}

    def tell(found: Graded) -> None:
        graded.update((found.student, str(one.outcome)) for one in found.result.criteria if one.id == TEARDOWN)

    run_class(asked((ana, bo)), terms, book, threads, at_once=1, tell=tell)

    assert graded == {"s000": "passed", "s001": "blocked"}


def test_tasks_name_whole_paths(students, new, terms, book, threads, grading, tmp_path, monkeypatch):
    """Who works in a cluster has a folder of their own to start from."""
    (ana,) = students(1)
    monkeypatch.chdir(tmp_path)
    near = replace(ana, access=SurveyAccess(Path("s000.json")), notebooks=(Path("mine.ipynb"),))
    sent: list[Task] = []

    def keep(task: Task) -> Graded | Trouble:
        sent.append(task)
        return grade_one(task)

    grading(keep)

    run_class(new((near,)), replace(terms, lesson=Path("here")), book, threads, at_once=1, tell=nobody)

    (task,) = sent
    assert task.entry.access.file == tmp_path / "s000.json"
    assert task.entry.notebooks == (tmp_path / "mine.ipynb",)
    assert task.terms.lesson == tmp_path / "here"


def test_a_look_without_a_book_tells_everybody_in_order(students, new, terms, threads, grading):
    """Whoever could not be graded, too."""
    grading(lambda task: trouble(task, Cause.ACCESS) if task.entry.student == "s001" else grade_one(task))

    found = looked_at(new(students(4)), terms, threads, at_once=4)

    assert [one.student for one in found] == ["s000", "s001", "s002", "s003"]
    assert [type(one) for one in found] == [Graded, Trouble, Graded, Graded]


def test_nobody_is_no_class(terms, book, threads):
    """And nothing is waited for."""
    assert run_class((), terms, book, threads, at_once=8, tell=nobody) == Ran(0)

"""Where students are graded: whatever is asked for, or words about why not; and a cluster that loses a machine."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor, wait

import pytest

from skymark.cohort import executors
from skymark.cohort.executors import executor
from skymark.cohort.processes import Processes
from skymark.cohort.run import run_class
from skymark.errors import UsageError
from tests.cohort import doing


def test_threads_are_as_many_as_students_at_a_time():
    """In this process."""
    with executor("threads", workers=3, at_once=5) as made:
        assert isinstance(made, ThreadPoolExecutor)
        barrier = threading.Barrier(5)
        waited = [made.submit(barrier.wait, 30) for _ in range(5)]
        assert sorted(one.result(30) for one in waited) == [0, 1, 2, 3, 4]


def test_processes_share_the_students_and_are_gone_in_the_end():
    """Two, with two threads each, take four at a time."""
    with executor("processes", workers=2, at_once=3) as made:
        assert isinstance(made, Processes)
        ids = made.ids
        found = Counter(one.result(30) for one in [made.submit(doing.own_id) for _ in range(4)])

    assert found == dict.fromkeys(ids, 2)
    assert made.ids == ()


def test_what_is_still_at_work_in_the_end_is_not_waited_for():
    """What has not begun is not begun any more."""
    begun, over = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        over.wait(30)

    with executor("threads", workers=1, at_once=1) as made:
        first, second = made.submit(work), made.submit(work)
        begun.wait(30)

    assert (first.done(), second.cancelled()) == (False, True)
    over.set()


@pytest.mark.parametrize("kind", ["thread", "", "DASK://127.0.0.1:8786"])
def test_a_kind_that_is_none_is_told_with_those_that_are(kind):
    """Before anybody is graded."""
    with pytest.raises(UsageError, match="There are: threads, processes, or dask://HOST:PORT"), executor(kind, 1, 1):
        pytest.fail("it was taken")


@pytest.fixture
def patience(monkeypatch):
    """A cluster has less time to answer."""
    monkeypatch.setattr(executors, "CONNECT_S", 0.5)


@pytest.fixture
def silent():
    """The port of something that listens, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def closed():
    """A port on which nothing listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("127.0.0.1:{closed}", "Timed out"),
        ("127.0.0.1:{silent}", "something else listens there"),
        ("127.0.0.1", "missing port"),
        ("127.0.0.1:x", "invalid literal"),
        ("", "missing port"),
        ("tcp://127.0.0.1:{closed}", "unknown address scheme"),
    ],
)
def test_a_cluster_that_does_not_answer_is_told(where, told, silent, closed):
    """With its address, why, and what to start; a web server, such as Dask's dashboard, is not waited for for ever."""
    address = where.format(silent=silent, closed=closed)

    with pytest.raises(UsageError, match=told) as error, executor(f"dask://{address}", 1, 1):
        pytest.fail("it was taken")

    assert str(error.value).startswith(f"No Dask scheduler answers at {address} (")
    assert str(error.value).endswith("Start one: `dask scheduler`.")


@pytest.fixture
def cluster():
    """Two workers, which are processes, behind a scheduler."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, processes=True, host="127.0.0.1", dashboard_address=None
    ) as running:
        yield running


def address_of(cluster) -> str:
    """As `--executor` takes it."""
    return cluster.scheduler_address.replace("tcp://", executors.DASK)


@pytest.fixture
def marks(tmp_path, monkeypatch):
    """Where tasks leave marks; the processes of a cluster have to be made later, to know of it."""
    folder = tmp_path / "marks"
    folder.mkdir()
    monkeypatch.setenv("MARKS", str(folder))
    return folder


class Killer:
    """Kills a process that is at some student, as the system does when memory runs out: once, after a few."""

    def __init__(self, marks, after: int) -> None:
        self.marks, self.after = marks, after
        self.told: list[str] = []
        self.killed: int | None = None
        self.interrupted: set[str] = set()

    def __call__(self, found) -> None:
        """Hear of one who is done."""
        self.told.append(found.student)
        at_work = {one.student: one.process for one in doing.begun(self.marks) if one.student not in self.told}
        if self.killed is None and len(self.told) >= self.after and at_work:
            self.killed = next(iter(at_work.values()))
            self.interrupted = {student for student, process in at_work.items() if process == self.killed}
            os.kill(self.killed, signal.SIGKILL)


def test_a_cluster_that_loses_a_machine_in_the_middle_grades_everybody_once(
    marks, cluster, students, new, terms, book, rubric, monkeypatch
):
    """Whoever it was at is begun again elsewhere, and written down once."""
    monkeypatch.setattr("skymark.cohort.run.grade_one", doing.slow)
    kill = Killer(marks, after=4)

    with executor(address_of(cluster), workers=2, at_once=4) as where:
        ran = run_class(new(students(16)), terms, book, where, at_once=4, tell=kill)

    everybody = [f"s{number:03}" for number in range(16)]
    assert (ran.wanted, ran.left, ran.unwritten) == (16, 0, {})
    assert sorted(kill.told) == everybody
    assert sorted(one.student for one in book.attempts()) == everybody
    assert book.troubles() == ()
    assert {one.result.subject.account for one in book.attempts()} == {str(100_000_000_000 + n) for n in range(16)}
    begun = Counter(one.student for one in doing.begun(marks))
    assert kill.interrupted
    assert all(begun[student] > 1 for student in kill.interrupted)
    assert len({one.process for one in doing.begun(marks)} - {kill.killed, os.getpid()}) >= 1


@pytest.fixture
def scheduler():
    """A scheduler that is a process, with no workers; and its address."""
    pytest.importorskip("distributed")
    command = ("dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    with subprocess.Popen([sys.executable, "-m", *command], stderr=subprocess.PIPE, text=True) as process:
        lines = iter(process.stderr.readline, "")
        address = next(line.split("tcp://")[1].split()[0] for line in lines if "Scheduler at:" in line)
        yield process, f"{executors.DASK}{address}"
        process.kill()


def test_a_scheduler_that_is_lost_is_not_waited_for(scheduler, monkeypatch):
    """What it had is broken, and so is what it was given while one tried to reach it; then nobody is taken any more."""
    process, address = scheduler
    monkeypatch.setattr(executors, "CONNECT_S", 1)
    given = []

    with executor(address, workers=1, at_once=1) as where:
        given.append(where.submit(doing.own_id))
        process.kill()
        with pytest.raises(RuntimeError, match="does not answer any more"):
            given += iter(lambda: submitted(where), None)
        ended = [one.exception(30) for one in given]

    assert len(given) > 2
    assert {type(one) for one in ended} == {BrokenExecutor}


def submitted(where):
    """Work, given after a moment."""
    time.sleep(0.1)
    return where.submit(doing.own_id)


@pytest.fixture
def bare_worker(scheduler, tmp_path):
    """A worker on a machine where there is no Skymark."""
    _, address = scheduler
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['skymark'] = None\n")
    command = ("dask", "worker", address.replace(executors.DASK, "tcp://"), "--no-dashboard", "--no-nanny")
    bare = os.environ | {"PYTHONPATH": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-m", *command], cwd=tmp_path, env=bare, stderr=subprocess.PIPE, text=True
    ) as process:
        assert any("Registered to" in line for line in iter(process.stderr.readline, ""))
        yield process
        process.kill()


@pytest.mark.usefixtures("bare_worker")
def test_a_cluster_without_skymark_is_told_before_anybody_is_graded(scheduler):
    """Its workers would end at the first student, and nobody would come instead."""
    _, address = scheduler

    with pytest.raises(UsageError, match=r"no Skymark .* on 1 of 1 worker"), executor(address, 1, 1):
        pytest.fail("it was taken")


def test_what_is_cancelled_on_a_cluster_is_done(scheduler):
    """Whoever stops does not wait for workers that never come."""
    _, address = scheduler

    with executor(address, workers=1, at_once=1) as where:
        given = where.submit(doing.own_id)

        assert given.cancel()
        assert wait([given], 10).done == {given}


def test_what_is_raised_on_a_cluster_is_raised_here(cluster):
    """With its own type and words."""
    with executor(address_of(cluster), workers=2, at_once=4) as where, pytest.raises(ValueError, match="no"):
        where.submit(doing.refuse).result(30)

"""A class whose looks are made up, and a clock that is set by hand."""

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from skymark.board.board import Board, ClassInfo
from skymark.board.timelog import TimeLog
from skymark.cause import Cause
from skymark.cohort.task import Graded, Terms, Trouble
from skymark.evidence import Survey
from skymark.grading import grade
from skymark.roster.entry import Entry, RoleAccess
from skymark.rubric import Rubric, TimetableStep
from skymark.rubric_file import load_rubric
from skymark.survey_file import save

ROOT = Path(__file__).parents[2]
SOON_S = 15
NAMES = {"s1": "Ada Lovelace", "s2": "Grace Hopper", "s3": "Alan Turing", "s4": "<b>Mallory</b>"}
NOON = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
STEPS = (
    TimetableStep("Welcome", 5),
    TimetableStep("Bucket", 10, ("bucket.name",)),
    TimetableStep("Model", 15, ("training.completed", "endpoint.in_service")),
    TimetableStep("Delete", 5, ("teardown.instance", "teardown.endpoint")),
)


def minutes(number: float) -> dt.timedelta:
    """So many minutes."""
    return dt.timedelta(minutes=number)


class HandSetClock:
    """A clock that stands still until somebody sets it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_by(self, number: float) -> None:
        """Let so many minutes pass."""
        self.now += minutes(number)


@pytest.fixture
def clock() -> HandSetClock:
    """It is noon."""
    return HandSetClock()


@pytest.fixture(scope="package")
def rubric(lesson) -> Rubric:
    """The lesson's own rubric, with a short timetable."""
    return msgspec.structs.replace(load_rubric(lesson, "sagemaker-intro"), timetable=STEPS)


@pytest.fixture
def entries() -> tuple[Entry, ...]:
    """Three students, each in an account of their own; one's name is hostile."""
    return (
        Entry("s1", "Ada Lovelace", RoleAccess("arn:aws:iam::111111111111:role/Grader")),
        Entry("s2", "<script>alert(1)</script>", RoleAccess("arn:aws:iam::222222222222:role/Grader")),
        Entry("=s3", "Grace Hopper", RoleAccess("arn:aws:iam::333333333333:role/Grader")),
    )


@pytest.fixture
def info(rubric, entries, lesson) -> ClassInfo:
    """The class."""
    return ClassInfo(rubric, entries, Terms(lesson.root, predict=False), {}, "us-east-1", minutes(10))


@pytest.fixture
def file(tmp_path) -> Path:
    """Where the time log is going to be."""
    return tmp_path / "reports" / "board.csv"


@pytest.fixture
def make_board(info, file, clock) -> Callable[..., Board]:
    """A board, as a new process would make it."""

    def make(**changed: Any) -> Board:
        return Board(msgspec.structs.replace(info, **changed), TimeLog(file), clock)

    return make


@pytest.fixture
def board(make_board) -> Board:
    """A board before the lesson."""
    return make_board()


@pytest.fixture
def graded(lesson, rubric, clock) -> Callable[..., Graded]:
    """What a look at an account finds that is as this survey says."""

    def look(student: str, survey: Survey) -> Graded:
        found = msgspec.structs.replace(survey, surveyed_at=clock())
        return Graded(student, found, grade(found, rubric, lesson))

    return look


@pytest.fixture
def trouble(clock) -> Callable[..., Trouble]:
    """A look that saw nothing."""

    def look(student: str, cause: Cause = Cause.ACCESS) -> Trouble:
        return Trouble(student, "sagemaker-intro", cause, "The role cannot be assumed.", clock())

    return look


@pytest.fixture
def only_bucket(empty: Survey, good: Survey) -> Survey:
    """An account in which there is a bucket and nothing else."""
    return msgspec.structs.replace(empty, buckets=good.buckets)


@dataclass
class Served:
    """A board in a process of its own, and the files that are its students' accounts."""

    process: "subprocess.Popen[str]"
    address: str
    folder: Path
    log: Path

    def move(self, student: str, survey: Survey) -> None:
        """Let a student's account be as this survey says."""
        save(survey, self.folder / f"{student}.json")

    def end(self, number: int = signal.SIGINT) -> int:
        """Press Ctrl-C, or worse; the exit status."""
        self.process.send_signal(number)
        return self.process.wait(SOON_S)


@pytest.fixture
def serve(tmp_path, empty) -> Iterator[Callable[..., Served]]:
    """Serve a board of four students with empty accounts; a second time it is the same one, begun again."""
    folder, log = tmp_path / "class", tmp_path / "board.csv"
    folder.mkdir()
    for student, name in NAMES.items():
        save(empty, folder / f"{student}.json")
        (folder / f"{student}.txt").write_text(name)
    begun: list[Served] = []

    def begin(*options: str) -> Served:
        command = [sys.executable, str(Path(__file__).with_name("served.py")), str(folder), str(log), *options]
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=env)
        assert process.stdout
        begun.append(Served(process, process.stdout.readline().strip(), folder, log))
        return begun[-1]

    yield begin
    for one in begun:
        one.process.kill()
        one.process.communicate()

"""The practice cloud, a student's account in it, and the way from there to verdicts: over HTTP, as on AWS."""

import datetime as dt
import functools
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from moto.moto_api._internal import mock_random

from simulator.account import SimulatedAccount
from simulator.clock import clock
from simulator.server import Credentials, PracticeServer
from skymark.evidence import Survey
from skymark.judge import judge
from skymark.lesson import Lesson
from skymark.rubric import Rubric
from skymark.rubric_file import load_rubric
from skymark.samples import read_samples
from skymark.survey.connection import Connection, connect, identify
from skymark.survey.sweep import take_survey
from skymark.window import ALWAYS, Window

ROOT = Path(__file__).parents[2]
NUMBER = "123456789012"
REGIONS = ("eu-west-1", "us-east-1", "us-west-2")

# What cannot be, and why.
IMPOSSIBLE = {
    # Without a working account there is no survey: that is exit status 2.
    "account.access": {"failed", "pending", "blocked", "unverified"},
    # The first step hangs on nothing.
    "bucket.name": {"blocked"},
    "instance.name": {"blocked"},
    "training.completed": {"blocked"},
    # There, or not there and then blocked by what it hangs on: nothing in between to wait for.
    "bucket.region": {"pending"},
    "bucket.private": {"pending"},
    "role.trust": {"pending"},
    "role.scoped": {"pending"},
    "instance.type": {"pending"},
    "instance.accelerator": {"pending"},
    "instance.root_access": {"pending"},
    "instance.role": {"pending"},
    "training.output": {"pending"},
    # Advice is never a mistake, not even in the end.
    "teardown.tidy": {"failed"},
}


@pytest.fixture(scope="session")
def rubric() -> Callable[[str], Rubric]:
    """A rubric of this lesson by its name; each is read once."""
    return functools.cache(lambda name: load_rubric(Lesson(ROOT), name))


@pytest.fixture
def possible(rubric) -> dict[str, set[str]]:
    """The outcomes that each criterion can have; a teaching assistant's `waived` apart."""
    every = {"passed", "failed", "pending", "blocked", "unverified"}
    criteria = rubric("sagemaker-intro").criteria
    return {one.id: every - IMPOSSIBLE.get(one.id, set()) for one in criteria}


@pytest.fixture(scope="module")
def cloud() -> Iterator[PracticeServer]:
    """A running practice cloud."""
    with PracticeServer() as server:
        yield server


@pytest.fixture
def anew(cloud: PracticeServer) -> Iterator[Callable[[], SimulatedAccount]]:
    """Make an empty account in an empty cloud, whose clock stands: nothing is waited for.

    The student's keys are the same each time, so clients can be, too.
    """

    def make() -> SimulatedAccount:
        cloud.reset()
        mock_random.seed(1820)
        clock.stand(dt.datetime.now(dt.UTC) - dt.timedelta(minutes=30))
        return SimulatedAccount(cloud, NUMBER)

    yield make
    clock.run(math.inf)


@pytest.fixture
def account(anew: Callable[[], SimulatedAccount]) -> SimulatedAccount:
    """An empty account in an empty cloud."""
    return anew()


@pytest.fixture(scope="module")
def connected() -> Callable[[Credentials], Connection]:
    """Connect with keys that the environment holds; once for each."""
    return functools.cache(lambda _: connect())


@pytest.fixture
def survey(cloud, lesson, rubric, connected, monkeypatch) -> Callable[..., Survey]:
    """Survey the account as its student; three regions are enough for most."""

    def look(
        regions: tuple[str, ...] | None = REGIONS,
        predict: bool = True,
        credentials: Credentials | None = None,
        window: Window = ALWAYS,
        ends: bool = False,
    ) -> Survey:
        keys = credentials or cloud.credentials(NUMBER)
        for name, value in cloud.environment(keys).items():
            monkeypatch.setenv(name, value)
        plan = rubric("sagemaker-intro").survey
        samples = read_samples(lesson.root / plan.samples) if predict else None
        connection = connected(keys)
        return take_survey(connection, identify(connection), plan, samples, regions, window=window, ends=ends)

    return look


@pytest.fixture
def judged(lesson, rubric) -> Callable[..., dict[str, str]]:
    """Judge a survey; outcomes by criterion."""

    def run(found: Survey, *, final: bool = False, by: str = "sagemaker-intro") -> dict[str, str]:
        verdicts = judge(found, rubric(by), lesson, final=final).verdicts
        return {verdict.id: str(verdict.outcome) for verdict in verdicts}

    return run

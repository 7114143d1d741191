"""The practice cloud, a student's account in it, and the way from there to verdicts: over HTTP, as on AWS."""

from collections.abc import Callable, Iterator

import pytest

from simulator.account import SimulatedAccount
from simulator.server import PracticeServer
from skymark.evidence import Survey
from skymark.judge import judge
from skymark.rubric_file import load_rubric
from skymark.samples import read_samples
from skymark.survey import connect, identify, take_survey

NUMBER = "123456789012"
REGIONS = ("eu-west-1", "us-east-1", "us-west-2")


@pytest.fixture(scope="session")
def cloud() -> Iterator[PracticeServer]:
    """A running practice cloud."""
    with PracticeServer() as server:
        yield server


@pytest.fixture
def account(cloud: PracticeServer) -> SimulatedAccount:
    """An empty account in an empty cloud."""
    cloud.reset()
    return SimulatedAccount(cloud, NUMBER)


@pytest.fixture
def survey(cloud, lesson, monkeypatch) -> Callable[..., Survey]:
    """Survey the account as its student; three regions are enough for most."""

    def look(regions: tuple[str, ...] | None = REGIONS, predict: bool = True) -> Survey:
        for name, value in cloud.environment(cloud.credentials(NUMBER)).items():
            monkeypatch.setenv(name, value)
        plan = load_rubric(lesson, "sagemaker-intro").survey
        samples = read_samples(lesson.root / plan.samples) if predict else None
        connection = connect()
        return take_survey(connection, identify(connection), plan, samples, regions)

    return look


@pytest.fixture
def judged(lesson) -> Callable[..., dict[str, str]]:
    """Judge a survey; outcomes by criterion."""

    def run(found: Survey, *, final: bool = False) -> dict[str, str]:
        verdicts = judge(found, load_rubric(lesson, "sagemaker-intro"), lesson, final=final).verdicts
        return {verdict.id: str(verdict.outcome) for verdict in verdicts}

    return run

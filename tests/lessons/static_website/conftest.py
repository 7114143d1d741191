"""The lesson, a student's account in the practice cloud, and the way from there to verdicts: over HTTP, as on AWS."""

import datetime as dt
import functools
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.account import SimulatedAccount
from simulator.clock import clock
from simulator.pytest_fixtures import practice_cloud  # noqa: F401 - a fixture
from simulator.server import Credentials, PracticeServer
from skymark.evidence import Survey
from skymark.judge import judge
from skymark.lesson import Lesson
from skymark.outcome import Verdict
from skymark.rubric import Rubric
from skymark.rubric_file import load_rubric
from skymark.survey.connection import connect, identify
from skymark.survey.sweep import take_survey
from skymark.window import within

FOLDER = Path(__file__).parents[3] / "lessons" / "static-website"
NUMBER = "123456789012"
REGIONS = ("eu-west-1", "us-east-1")


@pytest.fixture(scope="session")
def lesson() -> Lesson:
    """The lesson's folder."""
    return Lesson(FOLDER)


@pytest.fixture(scope="session")
def rubric(lesson: Lesson) -> Rubric:
    """Its rubric."""
    return load_rubric(lesson, lesson.default_rubric)


@pytest.fixture
def account(practice_cloud: PracticeServer) -> Iterator[SimulatedAccount]:  # noqa: F811 - the fixture
    """An empty account in an empty cloud, whose clock stands half an hour ago: events tell by now what was done."""
    practice_cloud.reset()
    clock.stand(dt.datetime.now(dt.UTC) - dt.timedelta(minutes=30))
    yield SimulatedAccount(practice_cloud, NUMBER)
    clock.run(math.inf)


@pytest.fixture
def survey(account: SimulatedAccount, rubric: Rubric, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Survey]:
    """Survey the account, as its student or with other keys."""

    def look(keys: Credentials | None = None, **more: Any) -> Survey:
        cloud = account.server
        for name, value in cloud.environment(keys or cloud.credentials(NUMBER)).items():
            monkeypatch.setenv(name, value)
        connection = connect()
        return take_survey(connection, identify(connection), rubric.survey, None, REGIONS, **more)

    return look


@pytest.fixture
def verdicts(lesson: Lesson, rubric: Rubric) -> Callable[..., dict[str, Verdict]]:
    """Judge a survey; verdicts by criterion."""

    def judged(found: Survey, **more: Any) -> dict[str, Verdict]:
        window = more.get("window")
        seen = within(found, window) if window else found
        return {one.id: one for one in judge(seen, rubric, lesson, **more).verdicts}

    return judged


@pytest.fixture
def outcomes(verdicts: Callable[..., dict[str, Verdict]]) -> Callable[..., dict[str, str]]:
    """Judge a survey; outcomes by criterion."""

    @functools.wraps(verdicts)
    def judged(found: Survey, **more: Any) -> dict[str, str]:
        return {id: str(one.outcome) for id, one in verdicts(found, **more).items()}

    return judged

"""Checks of the good account and what comes after it, graded; and a gradebook in an empty folder."""

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from skymark.evidence import Event, Survey
from skymark.gradebook.book import Gradebook
from skymark.grading import grade
from skymark.result import Criterion, Result
from skymark.rubric import Rubric
from skymark.rubric_file import load_rubric

HOUR = dt.timedelta(hours=1)
NOON = dt.datetime(2025, 11, 24, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="package")
def rubric(lesson) -> Rubric:
    """The lesson's own rubric."""
    return load_rubric(lesson, "sagemaker-intro")


@pytest.fixture(scope="package")
def graded(lesson, rubric) -> Callable[..., Result]:
    """Grade a survey by itself, as of noon and some hours later. What was graded once is not graded again."""

    @functools.cache
    def run(survey: Survey, *, hours: int = 0, **options) -> Result:
        at = NOON + dt.timedelta(hours=hours)
        return grade(msgspec.structs.replace(survey, surveyed_at=at), rubric, lesson, **options)

    return run


@pytest.fixture
def file(tmp_path) -> Path:
    """Where the gradebook is, or is going to be."""
    return tmp_path / "data" / "gradebook.sqlite3"


@pytest.fixture
def book(file) -> Iterator[Gradebook]:
    """A new gradebook."""
    with Gradebook(file, begin=True) as opened:
        yield opened


@pytest.fixture
def criterion() -> Callable[[Result, str], Criterion]:
    """One criterion of a result."""
    return lambda result, id: next(one for one in result.criteria if one.id == id)


@pytest.fixture
def refused(good) -> Survey:
    """The good account before its training, which a quota refused."""
    words = "The account-level service limit 'ml.m4.xlarge for training job usage' is 0 Instances."
    event = Event(
        "CreateTrainingJob", good.surveyed_at - HOUR, "us-east-1", "mine", error="ResourceLimitExceeded", message=words
    )
    nothing = ("training_jobs", "endpoints", "models", "endpoint_configs", "invocations", "endpoint_logs")
    untrained = msgspec.structs.replace(good, **dict.fromkeys(nothing, ()))
    return msgspec.structs.replace(untrained, events=(*untrained.events, event))


@pytest.fixture
def of_student() -> Callable[..., Survey]:
    """The survey as that of another account."""

    def run(survey: Survey, account: str) -> Survey:
        text = msgspec.json.encode(survey).replace(survey.identity.account.encode(), account.encode())
        return msgspec.json.decode(text, type=Survey)

    return run

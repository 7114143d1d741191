"""A class of students, each another way to stand."""

import datetime as dt
from decimal import Decimal

import pytest
from msgspec.structs import replace

from skymark.cause import Cause
from skymark.export.row import ClassRow, Withheld
from skymark.gradebook.standing import Standing
from skymark.outcome import Outcome
from skymark.result import Criterion, RubricName
from skymark.score import score_of

NOON = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)


def criterion(id, outcome, points, possible, message="", **more):
    """One criterion; points None where nobody knows."""
    worth = None if points is None else Decimal(points)
    return Criterion(id, id, Outcome(outcome), worth, Decimal(possible), message, **more)


def standing(student, *criteria):
    """How a student stands who has these criteria."""
    return replace(EMPTY, student=student, criteria=criteria, score=score_of(criteria))


EMPTY = Standing(
    account="123456789012",
    student=None,
    rubric=RubricName("sagemaker-intro", "1", "Introduction to SageMaker"),
    surveyed_at=NOON,
    final=True,
    attempts=1,
    score=score_of(()),
    criteria=(),
    overrides=(),
)
NAME = criterion("bucket.name", "passed", 6, 6, "sagemaker-20190701-1820")
SCOPED = criterion("role.scoped", "waived", "2.5", 8, "=HYPERLINK was the role's description")
TRAINED = criterion("training.completed", "passed", 86, 86, "linear-learner-1")
THROTTLED = criterion(
    "training.completed", "unverified", None, 86, "AWS throttled ListTrainingJobs", cause=Cause.THROTTLED
)
STARTING = criterion("training.completed", "pending", 0, 86, "the job is InProgress", cause=Cause.AT_WORK)

SHARED = Withheld("works in one account with bob", "Say --pair, or --shared-account.")


@pytest.fixture
def ada():
    """Graded, 94.5 of 100."""
    return ClassRow("ada", "Lovelace, Ada", standing("ada", NAME, SCOPED, TRAINED))


@pytest.fixture
def grace():
    """Unverified: 86 points could not be checked."""
    return ClassRow("grace", "Hopper, Grace", standing("grace", NAME, SCOPED, THROTTLED))


@pytest.fixture
def alan():
    """Still at it."""
    return ClassRow("alan", "Turing, Alan", standing("alan", NAME, SCOPED, STARTING))


@pytest.fixture
def eve():
    """Graded, but nobody knows whose account it is."""
    return ClassRow("eve", "Eve", standing("eve", NAME, SCOPED, TRAINED), (SHARED,))


@pytest.fixture(name="criterion")
def criterion_fixture():
    """Make a criterion: id, outcome, points, possible, message."""
    return criterion


@pytest.fixture(name="standing")
def standing_fixture():
    """Make how a student stands: their id, then criteria."""
    return standing


@pytest.fixture
def rows(ada, grace, alan, eve):
    """All of them, and somebody who was never graded."""
    return (ada, grace, alan, eve, ClassRow("=1+1", "\ud800 Nobody"))

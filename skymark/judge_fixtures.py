"""The fixtures that every lesson's fixtures and checks can ask for."""

import datetime as dt

import pytest

from skymark.evidence import Survey
from skymark.outcome import Signal
from skymark.pytest_plugin import JUDGE, Gathered, Journal, check_id
from skymark.rubric import Rubric, RubricCriterion
from skymark.window import Window


@pytest.fixture(scope="session")
def survey(pytestconfig: pytest.Config) -> Survey:
    """What was seen in the account."""
    return pytestconfig.stash[JUDGE].case.survey


@pytest.fixture(scope="session")
def rubric(pytestconfig: pytest.Config) -> Rubric:
    """What is asked for."""
    return pytestconfig.stash[JUDGE].case.rubric


@pytest.fixture(scope="session")
def window(pytestconfig: pytest.Config) -> Window:
    """The time of the lesson; what is in the survey was made in it."""
    return pytestconfig.stash[JUDGE].case.window


@pytest.fixture(scope="session")
def due(pytestconfig: pytest.Config) -> dt.datetime | None:
    """When everything had to be torn down; None where no time was set, or it is still to come."""
    case = pytestconfig.stash[JUDGE].case
    return case.due if case.due and case.due < case.survey.surveyed_at else None


@pytest.fixture(scope="session")
def proved(pytestconfig: pytest.Config) -> frozenset[str]:
    """The criteria that an earlier check of this account saw passed."""
    return pytestconfig.stash[JUDGE].case.proved


@pytest.fixture(scope="session")
def journal(pytestconfig: pytest.Config) -> Journal:
    """Where fixtures write what the report says beside the verdicts."""
    return pytestconfig.stash[JUDGE].journal


@pytest.fixture
def criterion(request: pytest.FixtureRequest, rubric: Rubric) -> RubricCriterion:
    """The rubric's entry of the check that is running."""
    entry = rubric.criterion(check_id(request.node))
    assert entry is not None  # noqa: S101 - only checks that the rubric names are run
    return entry


@pytest.fixture(autouse=True)
def gather(request: pytest.FixtureRequest) -> None:
    """Ask every fixture of the check, and raise all their signals at once."""
    signals: list[Signal] = []
    for name in request.fixturenames:
        if name in ("gather", "request"):
            continue
        try:
            request.getfixturevalue(name)
        except Signal as signal:
            if signal not in signals:
                signals.append(signal)
    if signals:
        raise Gathered(tuple(signals))

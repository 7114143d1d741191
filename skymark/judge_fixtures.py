"""The fixtures that every lesson's fixtures and checks can ask for."""

import pytest

from skymark.evidence import Survey
from skymark.outcome import Signal
from skymark.pytest_plugin import JUDGE, Gathered, Journal, check_id
from skymark.rubric import Rubric, RubricCriterion


@pytest.fixture(scope="session")
def survey(pytestconfig: pytest.Config) -> Survey:
    """What was seen in the account."""
    return pytestconfig.stash[JUDGE].case.survey


@pytest.fixture(scope="session")
def rubric(pytestconfig: pytest.Config) -> Rubric:
    """What is asked for."""
    return pytestconfig.stash[JUDGE].case.rubric


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

"""The fixtures that every lesson's fixtures and checks can ask for."""

import datetime as dt

import pytest

from skymark.evidence import Survey
from skymark.outcome import Signal
from skymark.pytest_plugin import GATHER, JUDGE, REQUEST, Gathered, Journal, check_id
from skymark.rubric import Rubric, RubricCriterion
from skymark.window import Window


@pytest.fixture(scope="session")
def survey() -> Survey:
    """What was seen in the account."""
    return JUDGE.get().case.survey


@pytest.fixture(scope="session")
def rubric() -> Rubric:
    """What is asked for."""
    return JUDGE.get().case.rubric


@pytest.fixture(scope="session")
def window() -> Window:
    """The time of the lesson; what is in the survey was made in it."""
    return JUDGE.get().case.window


@pytest.fixture(scope="session")
def due() -> dt.datetime | None:
    """When everything had to be torn down; None where no time was set, or it is still to come."""
    case = JUDGE.get().case
    return case.due if case.due and case.due < case.survey.surveyed_at else None


@pytest.fixture(scope="session")
def proved() -> frozenset[str]:
    """The criteria that an earlier check of this account saw passed."""
    return JUDGE.get().case.proved


@pytest.fixture(scope="session")
def journal() -> Journal:
    """Where fixtures write what the report says beside the verdicts."""
    return JUDGE.get().journal


@pytest.fixture
def criterion(rubric: Rubric) -> RubricCriterion:
    """The rubric's entry of the check that is running."""
    entry = rubric.criterion(check_id(REQUEST.get().node))
    assert entry is not None  # noqa: S101 - only checks that the rubric names are run
    return entry


@pytest.fixture(autouse=True)
def gather() -> None:
    """Ask every fixture of the check, and raise all their signals at once."""
    request = REQUEST.get()
    signals: list[Signal] = []
    for name in request.fixturenames:
        if name in (GATHER, "request"):
            continue
        try:
            request.getfixturevalue(name)
        except Signal as signal:
            if signal not in signals:
                signals.append(signal)
    if signals:
        raise Gathered(tuple(signals))

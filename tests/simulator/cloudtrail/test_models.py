"""The backend: how often it may be asked, and since when it knows a session."""

import datetime as dt

import pytest

from simulator.cloudtrail import PracticeCloudTrailBackend
from simulator.cloudtrail.exceptions import ThrottlingException


@pytest.fixture
def backend() -> PracticeCloudTrailBackend:
    """CloudTrail of one account and region."""
    return PracticeCloudTrailBackend("us-east-1", "111122223333")


def test_no_limit_unless_it_is_switched_on(backend: PracticeCloudTrailBackend) -> None:
    """By default everybody may ask as often as they like."""
    for _ in range(10):
        backend.admit_lookup(100.0)


def test_two_lookups_a_second(backend: PracticeCloudTrailBackend) -> None:
    """The third within a second is refused, and does not count; a second after the first there is room for one."""
    backend.throttled = True
    backend.admit_lookup(100.0)
    backend.admit_lookup(100.9)

    with pytest.raises(ThrottlingException):
        backend.admit_lookup(100.95)
    backend.admit_lookup(101.0)
    with pytest.raises(ThrottlingException):
        backend.admit_lookup(101.5)


def test_the_limit_is_of_each_region(backend: PracticeCloudTrailBackend) -> None:
    """Another region's lookups do not count."""
    elsewhere = PracticeCloudTrailBackend("eu-west-1", "111122223333")
    backend.throttled = elsewhere.throttled = True
    for at in (100.0, 100.1):
        backend.admit_lookup(at)
        elsewhere.admit_lookup(at)


def test_a_session_is_as_old_as_its_first_mention(backend: PracticeCloudTrailBackend) -> None:
    """Later calls do not make it younger."""
    first = dt.datetime(2026, 7, 1, 18, 0, tzinfo=dt.UTC)

    assert backend.session_began("ASIAEXAMPLE", first) == first
    assert backend.session_began("ASIAEXAMPLE", first + dt.timedelta(hours=1)) == first


def test_a_reset_forgets_all(backend: PracticeCloudTrailBackend) -> None:
    """After moto's reset the history is empty, and the limit as it is by default."""
    backend.throttled = True
    before = backend.history
    backend.reset()

    assert backend.history is not before
    assert backend.throttled is False

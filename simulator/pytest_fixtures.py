"""The practice cloud as pytest fixtures: import them into a `conftest.py`.

from simulator.pytest_fixtures import practice_account, practice_clock, practice_cloud  # noqa: F401
"""

import datetime as dt
import itertools
import math
from collections.abc import Iterator

import pytest

from simulator.account import SimulatedAccount
from simulator.clock import Clock, clock
from simulator.server import PracticeServer

_NUMBERS = itertools.count(300_000_000_001)


@pytest.fixture(scope="session")
def practice_cloud() -> Iterator[PracticeServer]:
    """A running practice cloud, for all tests; nothing in it takes any time."""
    with PracticeServer() as server:
        yield server


@pytest.fixture
def practice_account(practice_cloud: PracticeServer) -> SimulatedAccount:
    """An empty account, new for each test; bucket names are one space for all of them."""
    return SimulatedAccount(practice_cloud, str(next(_NUMBERS)))


@pytest.fixture
def practice_clock(practice_cloud: PracticeServer) -> Iterator[Clock]:
    """The practice cloud's clock stands still, to be put forward by hand; afterwards it runs again, infinitely fast."""
    clock.stand(dt.datetime.now(dt.UTC).replace(microsecond=0))  # moto takes no log lines older than two weeks
    yield clock
    clock.run(math.inf)

"""One practice server for all tests of this folder; every test has an account of its own."""

import itertools
from collections.abc import Iterator

import pytest

from simulator.account import SimulatedAccount
from simulator.server import PracticeServer

_NUMBERS = itertools.count(300_000_000_001)


@pytest.fixture(scope="session")
def server() -> Iterator[PracticeServer]:
    """A running practice server."""
    with PracticeServer() as running:
        yield running


@pytest.fixture
def account(server: PracticeServer) -> SimulatedAccount:
    """An empty account, new for each test."""
    return SimulatedAccount(server, str(next(_NUMBERS)))


@pytest.fixture
def other_account(server: PracticeServer) -> SimulatedAccount:
    """Another empty account."""
    return SimulatedAccount(server, str(next(_NUMBERS)))


@pytest.fixture
def empty_cloud(server: PracticeServer) -> None:
    """No account and no bucket is there: bucket names are one space for all accounts."""
    server.reset()

"""One practice cloud for all tests of this folder; every test has an account of its own."""

import pytest

from simulator.pytest_fixtures import practice_account as account  # noqa: F401 - fixtures
from simulator.pytest_fixtures import practice_account as other_account  # noqa: F401
from simulator.pytest_fixtures import practice_clock as standing  # noqa: F401
from simulator.pytest_fixtures import practice_cloud  # noqa: F401
from simulator.server import PracticeServer


@pytest.fixture
def server(practice_cloud: PracticeServer) -> PracticeServer:  # noqa: F811 - the fixture
    """The running practice cloud."""
    return practice_cloud


@pytest.fixture
def empty_cloud(server: PracticeServer) -> None:
    """No account and no bucket is there: bucket names are one space for all accounts."""
    server.reset()

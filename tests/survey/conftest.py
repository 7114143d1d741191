"""AWS clients to stub, and the practice cloud over HTTP."""

import itertools
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from simulator.account import SimulatedAccount
from simulator.pytest_fixtures import practice_cloud  # noqa: F401 - a fixture
from simulator.server import PracticeServer
from skymark.survey.connection import Connection, connect

NUMBERS = itertools.count(500_000_000_001)


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    """One for all: each new one would read AWS's models again, which takes longer than the tests."""
    return boto3.Session(aws_access_key_id="AKIAEXAMPLE", aws_secret_access_key="secret")


@pytest.fixture
def client(session: boto3.Session) -> Callable[..., Any]:
    """A client that reaches nothing: its calls are to be stubbed."""

    def build(service: str, region: str = "us-east-1") -> Any:
        return session.client(service, region_name=region, endpoint_url="http://127.0.0.1:9")

    return build


@pytest.fixture
def account(practice_cloud: PracticeServer) -> SimulatedAccount:  # noqa: F811 - the fixture
    """An empty account, new for each test, in a cloud with no bucket."""
    practice_cloud.reset()
    return SimulatedAccount(practice_cloud, str(next(NUMBERS)))


@pytest.fixture
def connection(account: SimulatedAccount, monkeypatch: pytest.MonkeyPatch) -> Connection:
    """A connection with the student's own keys."""
    cloud = account.server
    for name, value in cloud.environment(cloud.credentials(account.number)).items():
        monkeypatch.setenv(name, value)
    return connect()

"""Callers to judge, and short ways to write policies down."""

import datetime as dt
import json
from typing import Any

import pytest

from simulator.account import SimulatedAccount
from simulator.authorization import Denied, authorize
from simulator.authorization.callers import Caller, caller_of
from simulator.call import Call
from simulator.server import Credentials

NOW = dt.datetime(2026, 7, 1, 18, 20, tzinfo=dt.UTC)


class Person:
    """Somebody in an account of the running practice cloud, with keys, whose calls can be judged."""

    now = NOW

    def __init__(self, account: SimulatedAccount, keys: Credentials) -> None:
        self.account = account
        self.keys = keys

    @property
    def caller(self) -> Caller:
        """Who that is to the practice cloud."""
        return caller_of(self.keys.key, self.keys.token)

    def asks(self, service: str, operation: str, region: str = "us-east-1", **params: Any) -> Denied | None:
        """What the practice cloud would say."""
        return authorize(Call(service, operation, region, self.keys.key, params), self.caller, NOW)


@pytest.fixture
def student(account: SimulatedAccount) -> Person:
    """The account's student, who may do everything."""
    return Person(account, account.server.credentials(account.number))


@pytest.fixture
def assistant(account: SimulatedAccount) -> Person:
    """A user `assistant` of the same account, who may do nothing yet."""
    account.iam.create_user(UserName="assistant")
    key = account.iam.create_access_key(UserName="assistant")["AccessKey"]
    return Person(account, Credentials(key["AccessKeyId"], key["SecretAccessKey"]))


@pytest.fixture
def stranger(other_account: SimulatedAccount) -> Person:
    """The student of another account, who may do everything there."""
    return Person(other_account, other_account.server.credentials(other_account.number))


@pytest.fixture
def grant(account: SimulatedAccount) -> Any:
    """Give the assistant an inline policy of these statements."""

    def give(*statements: dict[str, Any], user: str = "assistant") -> None:
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        account.iam.put_user_policy(UserName=user, PolicyName="given", PolicyDocument=document)

    return give

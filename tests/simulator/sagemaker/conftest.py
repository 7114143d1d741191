"""A bucket, a role and what is refused, for the tests of SageMaker."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.account import SimulatedAccount

_MINUTES = itertools.count(1000)


@pytest.fixture
def bucket(account: SimulatedAccount) -> str:
    """A bucket that nobody else has."""
    return account.make_bucket(f"sagemaker-20190701-{next(_MINUTES)}")


@pytest.fixture
def role(account: SimulatedAccount, bucket: str) -> str:
    """The wizard's role for that bucket."""
    return account.make_execution_role((bucket,))


Refused = Callable[[Callable[[], Any]], tuple[str, str]]


@pytest.fixture
def refused() -> Refused:
    """Make a call that AWS refuses; its code and message."""

    def call(what: Callable[[], Any]) -> tuple[str, str]:
        with pytest.raises(ClientError) as error:
            what()
        return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]

    return call

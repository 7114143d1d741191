"""Callers and calls for CloudTrail's tests, and the practice cloud with an event history."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from simulator.authorization.callers import Caller
from simulator.call import Call
from simulator.cloudtrail import Answered, Event, event_of, install

AT = dt.datetime(2026, 7, 1, 18, 22, 41, 654_321, dt.UTC)
BEGAN = dt.datetime(2026, 7, 1, 17, 55, 2, tzinfo=dt.UTC)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64)"
ACCOUNT = "111122223333"
ROLE = "AmazonSageMaker-ExecutionRole-20260701T182197"

# What came of calling this service's operation with these parameters.
Happened = Callable[..., Event | None]


@pytest.fixture(scope="session", autouse=True)
def event_history() -> None:
    """This CloudTrail stands in moto's place."""
    install()


@pytest.fixture
def at() -> dt.datetime:
    """When things happen: an afternoon in UTC, with a fraction of a second."""
    return AT


@pytest.fixture
def student() -> Caller:
    """A student in the console."""
    arn = f"arn:aws:iam::{ACCOUNT}:user/student"
    return Caller(ACCOUNT, arn, "IAMUser", "AIDAEXAMPLE", "student", None, "ASIAEXAMPLE")


@pytest.fixture
def notebook() -> Caller:
    """Code in the notebook instance."""
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{ROLE}/SageMaker"
    role = f"arn:aws:iam::{ACCOUNT}:role/service-role/{ROLE}"
    return Caller(ACCOUNT, arn, "AssumedRole", "AROAEXAMPLE:SageMaker", "SageMaker", role, "ASIANOTEBOOK")


@pytest.fixture
def happened(student: Caller) -> Happened:
    """The event of a call, in us-east-1 by the student in the console unless told otherwise."""

    def event(
        service: str,
        operation: str | None,
        params: Mapping[str, Any],
        response: Mapping[str, Any] | None = None,
        *,
        caller: Caller = student,
        region: str = "us-east-1",
        agent: str = BROWSER,
        status: int = 200,
        error: tuple[str, str] | None = None,
    ) -> Event | None:
        call = Call(service, operation, region, caller.access_key, params, agent, "127.0.0.1:5000")
        code, message = error or (None, None)
        answer = Answered(status, code, message, None if error else response or {}, "REQUEST")
        return event_of(call, caller, answer, AT, BEGAN)

    return event


@pytest.fixture
def recorded(happened: Happened) -> Callable[..., dict[str, Any]]:
    """The whole event of such a call, apart from its own id."""

    def record(*args: Any, **named: Any) -> dict[str, Any]:
        event = happened(*args, **named)
        assert event is not None
        whole: dict[str, Any] = json.loads(event.CloudTrailEvent)
        assert whole.pop("eventID") == event.EventId
        return whole

    return record

"""The package: in moto's place, and calls kept in the right account's and region's history."""

import datetime as dt
import itertools
import json
from typing import Any

import pytest
from moto.cloudtrail.models import cloudtrail_backends

from simulator.account import SimulatedAccount
from simulator.authorization.callers import Caller
from simulator.call import Call
from simulator.cloudtrail import Answered, Event, EventHistory, PracticeCloudTrailBackend, install, record

NUMBERS = itertools.count(600_000_000_001)


@pytest.fixture
def number() -> str:
    """An account of this test's own."""
    return str(next(NUMBERS))


@pytest.fixture
def user(number: str) -> Caller:
    """A student with temporary keys."""
    return Caller(number, f"arn:aws:iam::{number}:user/student", "IAMUser", "AIDA", "student", None, f"ASIA{number}")


def history(account: str, region: str = "us-east-1") -> EventHistory:
    """The event history of this account in this region."""
    backend = cloudtrail_backends[account][region]
    assert isinstance(backend, PracticeCloudTrailBackend)
    return backend.history


def keep(caller: Caller, at: dt.datetime, call: tuple[str, str], region: str, **answer: Any) -> Event | None:
    """Record a call of this service and operation."""
    params = answer.pop("params", {})
    answered = Answered(200, answer.get("error"), answer.get("error"), answer.get("response", {}), "REQUEST")
    return record(Call(*call, region, caller.access_key, params), caller, answered, at)


def test_installing_again_forgets_nothing(number: str) -> None:
    """A second server finds the first one's events."""
    before = history(number)
    install()

    assert history(number) is before


def test_motos_own_trails_still_work(account: SimulatedAccount) -> None:
    """All that moto knows of CloudTrail stays."""
    assert account.client("cloudtrail").list_trails()["Trails"] == []


def test_lateness_is_set_for_accounts_to_come(number: str) -> None:
    """Five minutes for every account from now on."""
    try:
        install(dt.timedelta(minutes=5), throttled=True)

        backend = PracticeCloudTrailBackend("us-east-1", number)
        assert (backend.history.lateness, backend.throttled) == (dt.timedelta(minutes=5), True)
    finally:
        install()


@pytest.mark.parametrize(
    ("call", "asked_in", "kept_in"),
    [
        (("sagemaker", "ListModels"), "eu-west-1", "eu-west-1"),
        (("iam", "ListRoles"), "eu-west-1", "us-east-1"),
    ],
)
def test_kept_in_the_events_own_region(
    user: Caller, at: dt.datetime, call: tuple[str, str], asked_in: str, kept_in: str
) -> None:
    """Looked up where AWS keeps it, and nowhere else."""
    event = keep(user, at, call, asked_in)

    found = {region: history(user.account, region).lookup(now=at).events for region in ("us-east-1", "eu-west-1")}
    assert found == {"us-east-1": (), "eu-west-1": ()} | {kept_in: (event,)}


def test_what_is_no_event_is_not_kept(user: Caller, at: dt.datetime) -> None:
    """A prediction leaves no trace."""
    assert keep(user, at, ("sagemaker-runtime", "InvokeEndpoint"), "us-east-1") is None
    assert history(user.account).lookup(now=at).events == ()


def test_a_region_that_there_is_not_keeps_nothing(user: Caller, at: dt.datetime) -> None:
    """Nobody could look it up there; the call itself fails or not as it does."""
    assert keep(user, at, ("sagemaker", "ListModels"), "mars-north-1") is not None
    assert history(user.account).lookup(now=at).events == ()


def test_a_session_is_as_old_as_its_keys(user: Caller, number: str, at: dt.datetime) -> None:
    """The role's session began when its keys were given out, long before its first call."""
    role, session = f"arn:aws:iam::{number}:role/Lab", f"arn:aws:sts::{number}:assumed-role/Lab/s"
    given = {"Credentials": {"AccessKeyId": f"ASIALAB{number}"}, "AssumedRoleUser": {"Arn": session}}
    params = {"RoleArn": role, "RoleSessionName": "s"}
    began = at - dt.timedelta(hours=1)
    keep(user, began, ("sts", "AssumeRole"), "us-east-1", params=params, response=given)
    lab = Caller(number, session, "AssumedRole", "AROA:s", "s", role, f"ASIALAB{number}")

    event = keep(lab, at, ("sagemaker", "ListModels"), "eu-west-1")
    assert event is not None
    attributes = json.loads(event.CloudTrailEvent)["userIdentity"]["sessionContext"]["attributes"]
    assert attributes == {"creationDate": "2026-07-01T17:22:41Z", "mfaAuthenticated": "false"}


def test_both_accounts_see_a_role_assumed_across_them(user: Caller, at: dt.datetime) -> None:
    """The caller's history and the role owner's have an event each."""
    owner = str(next(NUMBERS))
    params = {"RoleArn": f"arn:aws:iam::{owner}:role/Grader", "RoleSessionName": "grade"}
    keep(user, at, ("sts", "AssumeRole"), "us-east-1", params=params)

    kinds = [
        [json.loads(event.CloudTrailEvent)["userIdentity"]["type"] for event in history(number).lookup(now=at).events]
        for number in (user.account, owner)
    ]
    assert kinds == [["IAMUser"], ["AWSAccount"]]

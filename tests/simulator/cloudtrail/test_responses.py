"""`LookupEvents` over HTTP."""

import datetime as dt
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from moto.cloudtrail.models import cloudtrail_backends

from simulator.account import SimulatedAccount
from simulator.cloudtrail import Event, PracticeCloudTrailBackend

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
TARGET = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
KEY_AND_VALUE = {"AttributeKey": "EventName", "AttributeValue": "CreateBucket"}


def backend_of(account: SimulatedAccount, region: str = "us-east-1") -> PracticeCloudTrailBackend:
    """CloudTrail of this account."""
    backend = cloudtrail_backends[account.number][region]
    assert isinstance(backend, PracticeCloudTrailBackend)
    return backend


def event(number: int, **fields: Any) -> Event:
    """The so manieth of 120 events, one a minute, the last two minutes ago."""
    usual: dict[str, Any] = {
        "EventId": f"id-{number}",
        "EventName": "StopNotebookInstance",
        "ReadOnly": "false",
        "AccessKeyId": "ASIAEXAMPLE",
        "EventTime": NOW - dt.timedelta(minutes=121 - number),
        "EventSource": "sagemaker.amazonaws.com",
        "Username": "student",
        "Resources": (),
        "CloudTrailEvent": "{}",
    }
    return Event(**usual | fields)


@pytest.fixture
def ask(account: SimulatedAccount) -> Callable[[Any], tuple[int, dict[str, Any]]]:
    """Send this body, which boto3 might not: the status, and the answer without events of the practice cloud's own."""
    keys = account.server.credentials(account.number)
    scope = f"Credential={keys.key}/20260701/us-east-1/cloudtrail/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0",
        "X-Amz-Target": TARGET,
        "Content-Type": "application/x-amz-json-1.1",
    }

    def answer(body: Any) -> tuple[int, dict[str, Any]]:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(account.server.url, text, headers)  # noqa: S310 - always http
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    return answer


def test_an_event_as_boto3_shows_it(account: SimulatedAccount) -> None:
    """All fields arrive, times as aware datetimes."""
    made = event(120, EventName="CreateBucket", Resources=(("AWS::S3::Bucket", "b"),), CloudTrailEvent='{"a": 1}')
    backend_of(account).history.record(made)
    answer = account.client("cloudtrail").lookup_events(LookupAttributes=[KEY_AND_VALUE])

    [found] = answer["Events"]
    assert found | {"EventTime": found["EventTime"].astimezone(dt.UTC)} == {
        "EventId": "id-120",
        "EventName": "CreateBucket",
        "ReadOnly": "false",
        "AccessKeyId": "ASIAEXAMPLE",
        "EventTime": NOW - dt.timedelta(minutes=1),
        "EventSource": "sagemaker.amazonaws.com",
        "Username": "student",
        "Resources": [{"ResourceType": "AWS::S3::Bucket", "ResourceName": "b"}],
        "CloudTrailEvent": '{"a": 1}',
    }
    assert "NextToken" not in answer


def test_what_is_not_known_is_left_out(account: SimulatedAccount) -> None:
    """A service's call has no user and no key."""
    backend_of(account).history.record(event(1, EventName="CreateBucket", Username=None, AccessKeyId=None))
    [found] = account.client("cloudtrail").lookup_events(LookupAttributes=[KEY_AND_VALUE])["Events"]

    assert sorted(found) == [
        "CloudTrailEvent",
        "EventId",
        "EventName",
        "EventSource",
        "EventTime",
        "ReadOnly",
        "Resources",
    ]


def test_120_events_are_three_pages(account: SimulatedAccount) -> None:
    """boto3's paginator finds them all, fifty at a time, newest first."""
    for number in range(120):
        backend_of(account).history.record(event(number))
    pages = account.client("cloudtrail").get_paginator("lookup_events")
    named = [{"AttributeKey": "EventName", "AttributeValue": "StopNotebookInstance"}]
    found = [[one["EventId"] for one in page["Events"]] for page in pages.paginate(LookupAttributes=named)]

    assert [len(page) for page in found] == [50, 50, 20]
    assert [name for page in found for name in page] == [f"id-{number}" for number in range(119, -1, -1)]


def test_a_time_range_and_fewer_results(account: SimulatedAccount) -> None:
    """StartTime and EndTime bound, MaxResults shortens the page."""
    for number in range(120):
        backend_of(account).history.record(event(number))
    answer = account.client("cloudtrail").lookup_events(
        StartTime=NOW - dt.timedelta(minutes=11), EndTime=NOW - dt.timedelta(minutes=6), MaxResults=4
    )

    assert [one["EventId"] for one in answer["Events"]] == ["id-115", "id-114", "id-113", "id-112"]
    assert "NextToken" in answer


def test_accounts_and_regions_have_histories_of_their_own(
    account: SimulatedAccount, other_account: SimulatedAccount
) -> None:
    """Nobody sees another account's or region's events."""
    backend_of(account).history.record(event(1, EventName="CreateBucket"))

    clients = [
        account.client("cloudtrail"),
        account.client("cloudtrail", "eu-west-1"),
        other_account.client("cloudtrail"),
    ]
    found = [len(client.lookup_events(LookupAttributes=[KEY_AND_VALUE])["Events"]) for client in clients]
    assert found == [1, 0, 0]


def test_insights_are_none(account: SimulatedAccount) -> None:
    """Only a trail that is paid for has Insights events."""
    backend_of(account).history.record(event(1))
    answer = account.client("cloudtrail").lookup_events(EventCategory="insight")

    assert answer["Events"] == []


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (
            {"LookupAttributes": [KEY_AND_VALUE, KEY_AND_VALUE]},
            "InvalidLookupAttributesException",
            "You can specify only one lookup attribute.",
        ),
        (
            {"LookupAttributes": [{"AttributeKey": "Eventname", "AttributeValue": "x"}]},
            "InvalidLookupAttributesException",
            "Lookup attribute key is not valid.",
        ),
        (
            {"LookupAttributes": [{"AttributeKey": ["EventName"], "AttributeValue": "x"}]},
            "InvalidLookupAttributesException",
            "Lookup attribute key is not valid.",
        ),
        (
            {"LookupAttributes": [{"AttributeKey": "EventName"}]},
            "InvalidLookupAttributesException",
            "Lookup attribute value is not valid.",
        ),
        (
            {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": ""}]},
            "InvalidLookupAttributesException",
            "Lookup attribute value is not valid.",
        ),
        (
            {"LookupAttributes": [{"AttributeKey": "Username", "AttributeValue": "_" * 1001}]},
            "InvalidLookupAttributesException",
            "Lookup attribute value is not valid.",
        ),
        (
            {"MaxResults": 0},
            "InvalidMaxResultsException",
            "A max results value of 0 is invalid. Specify max results between 1 and 50.",
        ),
        (
            {"MaxResults": 51},
            "InvalidMaxResultsException",
            "A max results value of 51 is invalid. Specify max results between 1 and 50.",
        ),
        (
            {"StartTime": 1782930162, "EndTime": 1782930161},
            "InvalidTimeRangeException",
            "The timestamp values are not valid. The start time occurs after the end time.",
        ),
        (
            {"NextToken": "nonsense"},
            "InvalidNextTokenException",
            "The token is not valid, or was previously used in a request with different parameters.",
        ),
        (
            {"NextToken": 7},
            "InvalidNextTokenException",
            "The token is not valid, or was previously used in a request with different parameters.",
        ),
        (
            {"EventCategory": "Management"},
            "InvalidEventCategoryException",
            "The event category Management is not valid. Specify insight, or no event category.",
        ),
        (
            {"MaxResults": "ten"},
            "SerializationException",
            "The request's body cannot be read.",
        ),
        (
            {"StartTime": "yesterday"},
            "SerializationException",
            "The request's body cannot be read.",
        ),
        (
            {"EndTime": 1e30},
            "SerializationException",
            "The request's body cannot be read.",
        ),
        (
            {"LookupAttributes": "EventName"},
            "SerializationException",
            "The request's body cannot be read.",
        ),
        (
            [1],
            "SerializationException",
            "The request's body cannot be read.",
        ),
        (
            b"{",
            "SerializationException",
            "The request's body cannot be read.",
        ),
    ],
)
def test_bad_requests(ask: Callable[[Any], tuple[int, dict[str, Any]]], body: object, code: str, message: str) -> None:
    """Every bad request is refused in the JSON protocol's shape, with the exception that the API has for it."""
    assert ask(body) == (400, {"__type": code, "message": message})


def test_a_value_of_2000_characters_may_be_looked_for(ask: Callable[[Any], tuple[int, dict[str, Any]]]) -> None:
    """The longest value that is allowed finds nothing, and is no error."""
    asked = {"LookupAttributes": [{"AttributeKey": "Username", "AttributeValue": "x" * 2000}]}

    assert ask(asked) == (200, {"Events": []})


def test_a_token_of_another_request(account: SimulatedAccount) -> None:
    """The token goes only with the request that it was given for."""
    for number in range(3):
        backend_of(account).history.record(event(number))
    client = account.client("cloudtrail")
    token = client.lookup_events(MaxResults=1, EndTime=NOW - dt.timedelta(minutes=2))["NextToken"]

    with pytest.raises(client.exceptions.InvalidNextTokenException):
        client.lookup_events(MaxResults=1, NextToken=token)


def test_more_than_two_calls_a_second(account: SimulatedAccount) -> None:
    """With the limit switched on, a burst is throttled in AWS's words."""
    backend_of(account).throttled = True
    client = account.client("cloudtrail")

    def burst() -> None:
        for _ in range(50):
            client.lookup_events(MaxResults=1)

    with pytest.raises(client.exceptions.ClientError) as refused:
        burst()
    assert refused.value.response["Error"] == {"Code": "ThrottlingException", "Message": "Rate exceeded"}

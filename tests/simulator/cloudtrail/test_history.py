"""Events kept and looked up."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.cloudtrail import Event, EventHistory, Page
from simulator.cloudtrail.exceptions import InvalidNextTokenException

NOW = dt.datetime(2026, 7, 1, 19, 0, tzinfo=dt.UTC)


def event(number: int, ago: dt.timedelta = dt.timedelta(0), **fields: Any) -> Event:
    """An event of that long ago."""
    usual: dict[str, Any] = {
        "EventId": f"id-{number}",
        "EventName": "StopNotebookInstance",
        "ReadOnly": "false",
        "AccessKeyId": "ASIAEXAMPLE",
        "EventTime": NOW - ago,
        "EventSource": "sagemaker.amazonaws.com",
        "Username": "student",
        "Resources": (),
        "CloudTrailEvent": "{}",
    }
    return Event(**usual | fields)


def ids(page: Page) -> list[str]:
    """Which events the page shows."""
    return [found.EventId for found in page.events]


def test_newest_first_whatever_the_order_of_recording() -> None:
    """The time decides; within a second, what was recorded later is newer."""
    history = EventHistory()
    for number, minutes in enumerate((5, 30, 5, 0)):
        history.record(event(number, dt.timedelta(minutes=minutes)))

    assert ids(history.lookup(now=NOW)) == ["id-3", "id-2", "id-0", "id-1"]


def test_ninety_days_are_kept() -> None:
    """An event of 90 days ago is still there, a second later it is gone."""
    history = EventHistory()
    history.record(event(0, dt.timedelta(days=90)))

    assert ids(history.lookup(now=NOW)) == ["id-0"]
    assert ids(history.lookup(now=NOW + dt.timedelta(seconds=1))) == []


def test_an_event_shows_itself_late() -> None:
    """With a lateness of five minutes an event is there five minutes after its time, and not before."""
    history = EventHistory(dt.timedelta(minutes=5))
    history.record(event(0))

    assert ids(history.lookup(now=NOW + dt.timedelta(seconds=299))) == []
    assert ids(history.lookup(now=NOW + dt.timedelta(seconds=300))) == ["id-0"]


def test_both_ends_of_the_time_range_are_in_it() -> None:
    """From start to end, both included."""
    history = EventHistory()
    for number in range(5):
        history.record(event(number, dt.timedelta(minutes=number)))

    start, end = NOW - dt.timedelta(minutes=3), NOW - dt.timedelta(minutes=1)
    assert ids(history.lookup(None, start, end, now=NOW)) == ["id-1", "id-2", "id-3"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("EventId", "id-1"),
        ("EventName", "CreateBucket"),
        ("ReadOnly", "true"),
        ("Username", "root"),
        ("ResourceType", "AWS::S3::Bucket"),
        ("ResourceName", "sagemaker-20260701-1820"),
        ("EventSource", "s3.amazonaws.com"),
        ("AccessKeyId", "ASIAOTHER"),
    ],
)
def test_every_attribute_finds_its_event_and_only_that(key: str, value: str) -> None:
    """Eight attributes, each compared whole."""
    history = EventHistory()
    other = event(
        1,
        EventName="CreateBucket",
        ReadOnly="true",
        Username="root",
        Resources=(("AWS::IAM::Role", "r"), ("AWS::S3::Bucket", "sagemaker-20260701-1820")),
        EventSource="s3.amazonaws.com",
        AccessKeyId="ASIAOTHER",
    )
    history.record(event(0))
    history.record(other)

    assert history.lookup((key, value), now=NOW) == Page((other,), None)
    assert history.lookup((key, value[:-1]), now=NOW) == Page((), None)


def test_paging_goes_on_where_it_was() -> None:
    """What is recorded between two pages neither shifts them nor comes twice; the last page has no token."""
    history = EventHistory()
    for number in range(120):
        history.record(event(number, dt.timedelta(seconds=120 - number)))

    first = history.lookup(now=NOW)
    history.record(event(500))
    history.record(event(501, dt.timedelta(seconds=3)))
    second = history.lookup(token=first.next_token, now=NOW)
    third = history.lookup(token=second.next_token, now=NOW)

    assert [ids(page) for page in (first, second, third)] == [
        [f"id-{number}" for number in range(119, 69, -1)],
        [f"id-{number}" for number in range(69, 19, -1)],
        [f"id-{number}" for number in range(19, -1, -1)],
    ]
    assert third.next_token is None


def test_a_full_last_page_has_no_token() -> None:
    """Where nothing is left there is nothing to ask for."""
    history = EventHistory()
    for number in range(50):
        history.record(event(number))

    assert history.lookup(now=NOW).next_token is None


@pytest.mark.parametrize("changed", ["attribute", "start", "end", "max_results"])
def test_a_token_is_of_one_request(changed: str) -> None:
    """A token with other arguments than those it was given for is refused."""
    history = EventHistory()
    for number in range(3):
        history.record(event(number))
    usual: dict[str, Any] = {"attribute": ("Username", "student"), "start": NOW, "end": NOW, "max_results": 2}
    other = {"attribute": ("Username", "root"), "start": None, "end": None, "max_results": 1}
    token = history.lookup(**usual, now=NOW).next_token

    with pytest.raises(InvalidNextTokenException):
        history.lookup(**usual | {changed: other[changed]}, token=token, now=NOW)


@pytest.mark.parametrize("token", ["", "nonsense", "bm9uc2Vuc2U=", "WzEsMiwzXQ==", "e30=", "é"])
def test_nobodys_token_is_refused(token: str) -> None:
    """What is no token, or one of nobody's, is refused rather than taken for the beginning."""
    with pytest.raises(InvalidNextTokenException):
        EventHistory().lookup(token=token, now=NOW)


NAMES = st.sampled_from(["CreateEndpoint", "DeleteEndpoint", "StopNotebookInstance"])
MINUTES = st.integers(min_value=-10, max_value=91 * 24 * 60)


@given(
    happened=st.lists(st.tuples(MINUTES, NAMES), max_size=40),
    name=st.none() | NAMES,
    edges=st.tuples(st.none() | MINUTES, st.none() | MINUTES),
    most=st.integers(min_value=1, max_value=50),
    late=st.integers(min_value=0, max_value=15),
)
def test_looking_up_page_by_page_is_filtering_all_events(
    happened: list[tuple[int, str]],
    name: str | None,
    edges: tuple[int | None, int | None],
    most: int,
    late: int,
) -> None:
    """All pages together are all events that fit, each once, newest first; no page is too long."""
    history = EventHistory(dt.timedelta(minutes=late))
    events = [event(number, dt.timedelta(minutes=ago), EventName=kind) for number, (ago, kind) in enumerate(happened)]
    for one in events:
        history.record(one)
    start, end = (None if ago is None else NOW - dt.timedelta(minutes=ago) for ago in edges)

    pages, token = [], None
    while token is not None or not pages:
        page = history.lookup(None if name is None else ("EventName", name), start, end, most, token, now=NOW)
        pages.append(page.events)
        token = page.next_token

    fits = [
        one
        for one in events
        if (name is None or one.EventName == name)
        and (start is None or one.EventTime >= start)
        and (end is None or one.EventTime <= end)
        and NOW - dt.timedelta(days=90) <= one.EventTime <= NOW - dt.timedelta(minutes=late)
    ]
    newest_first = sorted(fits, key=lambda one: (one.EventTime, int(one.EventId.removeprefix("id-"))), reverse=True)
    assert [one for page in pages for one in page] == newest_first
    assert all(len(page) == most for page in pages[:-1])

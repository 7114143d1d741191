"""`LookupEvents`: reads the request, asks the history, writes the answer."""

import datetime as dt
import json
import time
from collections.abc import Mapping
from typing import Any

from moto.cloudtrail.responses import CloudTrailResponse

from simulator.clock import clock
from simulator.cloudtrail.events import Event
from simulator.cloudtrail.exceptions import (
    InvalidEventCategoryException,
    InvalidLookupAttributesException,
    InvalidMaxResultsException,
    InvalidNextTokenException,
    InvalidTimeRangeException,
    SerializationException,
)
from simulator.cloudtrail.history import MATCHES, MOST_RESULTS, Attribute
from simulator.cloudtrail.models import PracticeCloudTrailBackend

_LONGEST_VALUE = 2000
_COUNT_TWICE = "_ ,\n"


class PracticeCloudTrailResponse(CloudTrailResponse):
    """CloudTrail's requests and responses, with the event history's."""

    @property
    def cloudtrail_backend(self) -> PracticeCloudTrailBackend:
        """The backend of the caller's account, in the region asked."""
        backend = super().cloudtrail_backend
        if not isinstance(backend, PracticeCloudTrailBackend):
            raise TypeError("moto's own CloudTrail has no event history: call simulator.cloudtrail.install() first")
        return backend

    def lookup_events(self) -> str:
        """A page of the event history.

        Source: CloudTrail API reference, LookupEvents. The limit of two calls a second is of the real time, whatever
        the practice cloud's clock shows: who waits for it waits in real time.
        """
        backend = self.cloudtrail_backend
        backend.admit_lookup(time.monotonic())
        asked = _parameters(self.body)
        attribute, (start, end), most = _attribute(asked), _time_range(asked), _max_results(asked)
        token = _next_token(asked)
        if _wants_insights(asked):
            return json.dumps({"Events": []})  # only a trail that is paid for has such
        page = backend.history.lookup(attribute, start, end, most, token, now=clock.now())
        more = {} if page.next_token is None else {"NextToken": page.next_token}
        return json.dumps({"Events": [_shown(event) for event in page.events]} | more)


def _parameters(body: str) -> Mapping[str, Any]:
    try:
        asked = json.loads(body or "{}")
    except ValueError:
        raise SerializationException("The request") from None
    if not isinstance(asked, dict):
        raise SerializationException("The request")
    return asked


def _attribute(asked: Mapping[str, Any]) -> Attribute | None:
    given = asked.get("LookupAttributes") or []
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        raise SerializationException("LookupAttributes")
    if not given:
        return None
    if len(given) > 1:
        raise InvalidLookupAttributesException("You can specify only one lookup attribute.")
    key, value = given[0].get("AttributeKey"), given[0].get("AttributeValue")
    if not isinstance(key, str) or key not in MATCHES:
        raise InvalidLookupAttributesException("Lookup attribute key is not valid.")
    if not isinstance(value, str) or not 1 <= _length(value) <= _LONGEST_VALUE:
        raise InvalidLookupAttributesException("Lookup attribute value is not valid.")
    return key, value


def _length(value: str) -> int:
    return len(value) + sum(value.count(character) for character in _COUNT_TWICE)


def _time_range(asked: Mapping[str, Any]) -> tuple[dt.datetime | None, dt.datetime | None]:
    start, end = _time(asked, "StartTime"), _time(asked, "EndTime")
    if start and end and start > end:
        raise InvalidTimeRangeException
    return start, end


def _time(asked: Mapping[str, Any], name: str) -> dt.datetime | None:
    seconds = asked.get(name)
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise SerializationException(name)
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC)
    except (ValueError, OverflowError, OSError):
        raise SerializationException(name) from None


def _max_results(asked: Mapping[str, Any]) -> int:
    wanted = asked.get("MaxResults")
    if wanted is None:
        return MOST_RESULTS
    if isinstance(wanted, bool) or not isinstance(wanted, int):
        raise SerializationException("MaxResults")
    if not 1 <= wanted <= MOST_RESULTS:
        raise InvalidMaxResultsException(wanted)
    return wanted


def _next_token(asked: Mapping[str, Any]) -> str | None:
    token = asked.get("NextToken")
    if token is not None and not isinstance(token, str):
        raise InvalidNextTokenException
    return token


def _wants_insights(asked: Mapping[str, Any]) -> bool:
    category = asked.get("EventCategory")
    if category not in (None, "insight"):
        raise InvalidEventCategoryException(category)
    return category is not None


def _shown(event: Event) -> dict[str, Any]:
    """One event as the JSON protocol sends it: times in seconds since 1970, what is not known left out."""
    row = {
        "EventId": event.EventId,
        "EventName": event.EventName,
        "ReadOnly": event.ReadOnly,
        "AccessKeyId": event.AccessKeyId,
        "EventTime": event.EventTime.timestamp(),
        "EventSource": event.EventSource,
        "Username": event.Username,
        "Resources": [{"ResourceType": kind, "ResourceName": name} for kind, name in event.Resources],
        "CloudTrailEvent": event.CloudTrailEvent,
    }
    return {name: value for name, value in row.items() if value is not None}

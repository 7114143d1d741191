"""The event history of one account in one region."""

import base64
import bisect
import datetime as dt
import hashlib
import itertools
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from simulator.cloudtrail.events import Event
from simulator.cloudtrail.exceptions import InvalidNextTokenException

KEPT = dt.timedelta(days=90)
MOST_RESULTS = 50

Attribute = tuple[str, str]  # key and value
Position = tuple[dt.datetime, int]  # the event's time, and the how-manieth it was of all recorded

# Whether an event has this value of the attribute; which attributes there are.
MATCHES: dict[str, Callable[[Event, str], bool]] = {
    "EventId": lambda event, value: event.EventId == value,
    "EventName": lambda event, value: event.EventName == value,
    "ReadOnly": lambda event, value: event.ReadOnly == value,
    "Username": lambda event, value: event.Username == value,
    "ResourceType": lambda event, value: any(kind == value for kind, _ in event.Resources),
    "ResourceName": lambda event, value: any(name == value for _, name in event.Resources),
    "EventSource": lambda event, value: event.EventSource == value,
    "AccessKeyId": lambda event, value: event.AccessKeyId == value,
}


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, newest first; `next_token` is None when there are no more."""

    events: tuple[Event, ...]
    next_token: str | None


class EventHistory:
    """Events of the last 90 days; each shows itself `lateness` after its time (on AWS: about 5, at most 15 minutes)."""

    def __init__(self, lateness: dt.timedelta = dt.timedelta(0)):
        self.lateness = lateness
        self._events: list[tuple[Position, Event]] = []
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def record(self, event: Event) -> None:
        """Keep an event; of two of the same second the one that is recorded later counts as newer."""
        with self._lock:
            bisect.insort(self._events, ((event.EventTime, next(self._numbers)), event), key=lambda row: row[0])

    def lookup(
        self,
        attribute: Attribute | None = None,
        start: dt.datetime | None = None,
        end: dt.datetime | None = None,
        max_results: int = MOST_RESULTS,
        token: str | None = None,
        *,
        now: dt.datetime,
    ) -> Page:
        """A page of the events that have this attribute, from `start` to `end`, both included; None is no limit.

        Paging goes on where it was, whatever was recorded meanwhile.

        Raises:
            InvalidNextTokenException: no token of a lookup with these same arguments.
        """
        request = _digest(attribute, start, end, max_results)
        before = _position(token, request) if token is not None else None
        found = list(itertools.islice(self._found(attribute, start, end, before, now), max_results + 1))
        page = found[:max_results]
        rest = len(found) > max_results
        return Page(tuple(event for _, event in page), _token(page[-1][0], request) if rest else None)

    def _found(
        self,
        attribute: Attribute | None,
        start: dt.datetime | None,
        end: dt.datetime | None,
        before: Position | None,
        now: dt.datetime,
    ) -> Iterator[tuple[Position, Event]]:
        first = max(start, now - KEPT) if start else now - KEPT
        last = min(end, now - self.lateness) if end else now - self.lateness
        with self._lock:
            events = tuple(self._events)
        for position, event in reversed(events):
            if first <= event.EventTime <= last and (before is None or position < before) and _has(event, attribute):
                yield position, event


def _has(event: Event, attribute: Attribute | None) -> bool:
    return attribute is None or MATCHES[attribute[0]](event, attribute[1])


def _digest(*request: object) -> str:
    return hashlib.sha256(repr(request).encode()).hexdigest()


def _token(position: Position, request: str) -> str:
    at, number = position
    return base64.b64encode(json.dumps([at.isoformat(), number, request]).encode()).decode()


def _position(token: str, request: str) -> Position:
    try:
        at, number, digest = json.loads(base64.b64decode(token, validate=True))
        position = dt.datetime.fromisoformat(at).astimezone(dt.UTC), int(number)
    except (ValueError, TypeError):
        raise InvalidNextTokenException from None
    if digest != request:
        raise InvalidNextTokenException
    return position

"""Watching: a glimpse every few seconds, and a look as soon as it tells of a change."""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Protocol

from skymark.cause import Cause, cause_of_code
from skymark.errors import CredentialsError
from skymark.evidence import Gap, Struct
from skymark.fault import Fault
from skymark.result import Result
from skymark.survey.glimpse import Glimpse
from skymark.watch.pace import Pace, Turn
from skymark.watch.steps import Change, changes, is_at_work, is_done

HINDERS: Final = (Cause.THROTTLED, Cause.NETWORK)


class Watched(Protocol):
    """What is watched: an account, or what a test makes of one."""

    result: Result

    def glance(self) -> Glimpse:
        """What a few calls tell."""

    def identify(self) -> None:
        """Find out whether the credentials still work."""

    def look_near(self, *, predict: bool) -> None:
        """Look where the lesson is done."""

    def look_everywhere(self) -> None:
        """Look into all regions, and write that down."""


class Seen(Struct, frozen=True):
    """How the account stands, and what is new since the last time.

    `waiting` says since when AWS was seen at work on a criterion. `hindered` is why glimpses are rarer than usual.
    `is_looking`: all regions are being looked into, which takes some seconds.
    """

    result: Result
    at: dt.datetime
    waiting: Mapping[str, dt.datetime]
    changes: tuple[Change, ...] = ()
    hindered: Cause | None = None
    is_looking: bool = False
    is_done: bool = False


def watching(
    account: Watched,
    *,
    every_s: float,
    rest: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Seen]:
    """How the account stands, at first and after each poll, until everything is met: only all regions tell that.

    Raises:
        CredentialsError: the credentials are over.
    """
    now = _now()
    waiting = _waiting({}, account.result, now)
    yield Seen(account.result, now, waiting, changes(None, account.result), is_done=is_done(account.result))
    pace, last = Pace.begun(every_s, clock()), account.glance()
    everywhere = True
    while not (everywhere and is_done(account.result)):
        rest(pace.wait_s)
        glimpse, before = account.glance(), account.result
        _end_without_keys(account, glimpse.gaps)
        has_changed = glimpse.differs_from(last)
        turn = pace.turn(clock(), has_changed=has_changed)
        last = glimpse.after(last)
        hindered = _hindrance(glimpse.gaps)
        pace = pace.after_glimpse(is_hindered=hindered is not None)
        if turn is Turn.NEAR:
            account.look_near(predict=has_changed)
            pace = pace.after_near(clock(), has_news=bool(changes(before, account.result)))
        everywhere = turn is Turn.EVERYWHERE or (turn is Turn.NEAR and is_done(account.result))
        if everywhere:
            yield Seen(account.result, _now(), waiting, changes(before, account.result), is_looking=True)
            before = account.result
            account.look_everywhere()
            pace = pace.after_everywhere(clock())
        if turn is not Turn.GLIMPSE:
            _end_without_keys(account, account.result.gaps)
        now, done = _now(), everywhere and is_done(account.result)
        waiting = _waiting(waiting, account.result, now)
        yield Seen(account.result, now, waiting, changes(before, account.result), hindered, is_done=done)


def _waiting(before: Mapping[str, dt.datetime], result: Result, now: dt.datetime) -> Mapping[str, dt.datetime]:
    return {one.id: before.get(one.id, now) for one in result.criteria if is_at_work(one)}


def _end_without_keys(account: Watched, gaps: Iterable[Gap]) -> None:
    """Where a call lacked keys that work, STS decides. Where that cannot be reached, either, nobody knows yet.

    Raises:
        CredentialsError: the credentials are over.
    """
    if all(cause_of_code(gap.code) is not Cause.CREDENTIALS for gap in gaps):
        return
    try:
        account.identify()
    except CredentialsError as error:
        if error.fault is not Fault.UNREACHABLE:
            raise


def _hindrance(gaps: Iterable[Gap]) -> Cause | None:
    causes = {cause_of_code(gap.code) for gap in gaps}
    return next((cause for cause in HINDERS if cause in causes), None)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)

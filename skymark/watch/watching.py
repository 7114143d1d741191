"""Watching: a glimpse every few seconds, and a look as soon as it tells of a change."""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Protocol

from skymark.cause import THROTTLED, Cause, cause_of_code, cause_of_gaps
from skymark.evidence import Gap, Struct
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

    `waiting` says since when AWS was seen at work on a criterion. `hindered` is why less can be seen than usual.
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
        if _is_signed_out(glimpse):
            account.identify()
        has_changed = glimpse.differs_from(last)
        turn = pace.turn(clock(), has_changed=has_changed)
        last = glimpse.after(last)
        pace = pace.after_glimpse(is_hindered=_hindrance(glimpse.gaps) is not None)
        if turn is Turn.NEAR:
            account.look_near(predict=has_changed)
            pace = pace.after_near(clock(), has_news=bool(changes(before, account.result)))
        everywhere = turn is Turn.EVERYWHERE or (turn is Turn.NEAR and is_done(account.result))
        if everywhere:
            yield Seen(account.result, _now(), waiting, changes(before, account.result), is_looking=True)
            before = account.result
            account.look_everywhere()
            pace = pace.after_everywhere(clock())
        gaps = (*glimpse.gaps, *(() if turn is Turn.GLIMPSE else account.result.gaps))
        now, done = _now(), everywhere and is_done(account.result)
        waiting = _waiting(waiting, account.result, now)
        yield Seen(account.result, now, waiting, changes(before, account.result), _hindrance(gaps), is_done=done)


def _waiting(before: Mapping[str, dt.datetime], result: Result, now: dt.datetime) -> Mapping[str, dt.datetime]:
    return {one.id: before.get(one.id, now) for one in result.criteria if is_at_work(one)}


def _is_signed_out(glimpse: Glimpse) -> bool:
    """Whether nothing was answered for want of credentials."""
    return bool(glimpse.gaps) and not glimpse.told and cause_of_gaps(glimpse.gaps) is Cause.CREDENTIALS


def _hindrance(gaps: Iterable[Gap]) -> Cause | None:
    causes = {Cause.THROTTLED if gap.code in THROTTLED else cause_of_code(gap.code) for gap in gaps}
    return next((cause for cause in HINDERS if cause in causes), None)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)

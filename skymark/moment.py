"""A point in time as people write it: a date, a time, both, or how long ago; with or without a time zone."""

import datetime as dt
import re
import zoneinfo
from typing import Final

from skymark.errors import UsageError
from skymark.evidence import Struct

EXAMPLES: Final = '2026-11-24, 14:30, "2026-11-24 14:30", 2026-11-24T14:30+01:00, "14:30 Europe/Berlin", 3h, 2d, 1h30m'

A_DAY: Final = dt.timedelta(days=1)
YEARS: Final = range(2000, 2100)
_AGO: Final = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?:in)?)?", re.ASCII)
_WRITTEN: Final = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})?(?:(?:^|[T ]+)(?P<time>\d{1,2}:\d{2}(?::\d{2})?))?"
    r"\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2}|[A-Za-z]+(?:/[A-Za-z_+-]+)+)?",
    re.ASCII,
)
_OFFSET: Final = re.compile(r"([+-])(\d{2}):?(\d{2})", re.ASCII)


class Moment(Struct, frozen=True):
    """A point in time that may depend on when the account was looked at: `ago` before that, or a time of that day.

    Without a zone it is meant in this computer's.
    """

    text: str
    ago: dt.timedelta | None = None
    date: dt.date | None = None
    time: dt.time | None = None
    zone: dt.tzinfo | None = None

    def beginning(self, now: dt.datetime) -> dt.datetime:
        """When something that is counted from here on begins: of a date its first moment, of a time the last one.

        Raises:
            UsageError: there is no such time.
        """
        return self._at(now, dt.time.min, latest=now)

    def end(self, now: dt.datetime, after: dt.datetime | None = None) -> dt.datetime:
        """When something that is counted up to here ends: of a date its last moment, of a time the next one `after`.

        A time of day is that of today where nothing is given that it comes after.

        Raises:
            UsageError: there is no such time.
        """
        return self._at(after or now, dt.time.max, earliest=after) if self.ago is None else self._at(now, dt.time.max)

    @property
    def is_absolute(self) -> bool:
        """Whether it is the same time wherever and whenever somebody reads it."""
        return self.ago is not None or (self.date is not None and self.zone is not None)

    def _at(
        self,
        day: dt.datetime,
        otherwise: dt.time,
        *,
        earliest: dt.datetime | None = None,
        latest: dt.datetime | None = None,
    ) -> dt.datetime:
        try:
            at = self._on(day, otherwise)
            if self.ago is None and self.date is None:
                if latest and at > latest:
                    at = self._on(day - A_DAY, otherwise)
                if earliest and at < earliest:
                    at = self._on(day + A_DAY, otherwise)
            if at.year not in YEARS:
                raise ValueError
        except (OverflowError, ValueError, OSError) as error:
            raise UsageError(f"{self.text} is a time before or after all lessons. Write such as {EXAMPLES}.") from error
        return at

    def _on(self, day: dt.datetime, otherwise: dt.time) -> dt.datetime:
        if self.ago is not None:
            return day - self.ago
        date = self.date or day.astimezone(self.zone).date()
        return self._aware(dt.datetime.combine(date, self.time or otherwise)).astimezone(dt.UTC)

    def _aware(self, wall: dt.datetime) -> dt.datetime:
        return wall.astimezone() if self.zone is None else wall.replace(tzinfo=self.zone)


def moment(text: str) -> Moment:
    """Read a point in time.

    Raises:
        UsageError: it is none, or its time zone is not known.
    """
    words = text.strip()
    ago = _ago(words.lower())
    if ago is not None:
        return Moment(words, ago=ago)
    match = _WRITTEN.fullmatch(words)
    if match is None or not (match["date"] or match["time"]):
        raise UsageError(f'"{text}" is no point in time. Write such as {EXAMPLES}.')
    try:
        date = dt.date.fromisoformat(match["date"]) if match["date"] else None
        time = dt.time.fromisoformat(match["time"].rjust(5, "0")) if match["time"] else None
        return Moment(words, date=date, time=time, zone=_zone(match["zone"]))
    except ValueError as error:
        raise UsageError(f'"{text}" is no point in time ({error}). Write such as {EXAMPLES}.') from error


def _ago(words: str) -> dt.timedelta | None:
    match = _AGO.fullmatch(words) if words else None
    if match is None:
        return None
    weeks, days, hours, minutes = (int(number or 0) for number in match.groups())
    try:
        return dt.timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)
    except OverflowError as error:
        raise UsageError(f"{words} is longer than there has been time. Write such as {EXAMPLES}.") from error


def _zone(name: str | None) -> dt.tzinfo | None:
    if name is None:
        return None
    if name in ("Z", "UTC"):
        return dt.UTC
    if offset := _OFFSET.fullmatch(name):
        sign, hours, minutes = offset.groups()
        return dt.timezone((1 if sign == "+" else -1) * dt.timedelta(hours=int(hours), minutes=int(minutes)))
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"no time zone is called {name}") from error

"""Points in time as people write them."""

import datetime as dt
import time
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skymark.errors import UsageError
from skymark.moment import moment

EARLIEST, LATEST = dt.datetime(2000, 1, 2), dt.datetime(2099, 1, 1)  # noqa: DTZ001 - hypothesis gives them zones
NOW = dt.datetime(2026, 11, 24, 15, 0, tzinfo=dt.UTC)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "beginning", "end"),
    [
        ("3h", "2026-11-24 12:00", "2026-11-24 12:00"),
        ("1h30m", "2026-11-24 13:30", "2026-11-24 13:30"),
        ("0h", "2026-11-24 15:00", "2026-11-24 15:00"),
        ("90min", "2026-11-24 13:30", "2026-11-24 13:30"),
        ("1w2d", "2026-11-15 15:00", "2026-11-15 15:00"),
        ("2026-11-24 UTC", "2026-11-24 00:00", "2026-11-24 23:59:59.999999"),
        ("2026-11-24T10:00Z", "2026-11-24 10:00", "2026-11-24 10:00"),
        ("2026-11-24 9:05 +01:00", "2026-11-24 08:05", "2026-11-24 08:05"),
        ("2026-11-24T10:00-0500", "2026-11-24 15:00", "2026-11-24 15:00"),
        ("2026-07-01 10:00 Europe/Berlin", "2026-07-01 08:00", "2026-07-01 08:00"),  # summer time
        ("2026-11-24 Europe/Berlin", "2026-11-23 23:00", "2026-11-24 22:59:59.999999"),
        ("14:30 UTC", "2026-11-24 14:30", "2026-11-24 14:30"),
        ("16:30 UTC", "2026-11-23 16:30", "2026-11-24 16:30"),  # since: the last one that was; until: that day's
        ("23:30 America/Argentina/Buenos_Aires", "2026-11-24 02:30", "2026-11-25 02:30"),
    ],
)
def test_what_a_text_means(text: str, beginning: str, end: str) -> None:
    """As seen from the moment at which the account was looked at."""
    written = moment(text)

    assert written.beginning(NOW) == utc(beginning)
    assert written.end(NOW) == utc(end)


@pytest.mark.parametrize(("until", "end"), [("14:30 UTC", "2026-11-23 14:30"), ("09:00 UTC", "2026-11-24 09:00")])
def test_a_time_of_day_that_ends_something_is_the_next_one_after_its_beginning(until: str, end: str) -> None:
    """Looked at the morning after: since 13:00 until 14:30 was yesterday."""
    assert moment(until).end(utc("2026-11-24 10:00"), after=utc("2026-11-23 13:00")) == utc(end)


def test_without_a_zone_it_is_meant_in_this_computers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever types a time means their own clock."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert moment("2026-11-24 09:00").beginning(NOW) == utc("2026-11-24 00:00")
        assert moment("2026-11-24").beginning(NOW) == utc("2026-11-23 15:00")
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "x", "10", "m", "3 h", "3h ago", "-3h", "٣h", "99999999999w"),
        *("25:00", "10:61", "2026-13-01", "2026-02-30", "24.11.2026"),
        *("10:00 Nowhere/City", "2026-11-24T10:00+99:00", "2026-11-24 10:00 CET", "2026-11-24 10:00 ../etc/passwd"),
    ],
)
def test_what_is_no_point_in_time_is_refused_in_words(text: str) -> None:
    """With an example of what is one."""
    with pytest.raises(UsageError, match="such as 2026-11-24"):
        moment(text)


@pytest.mark.parametrize(
    "text", ["0001-01-01 +14:00", "9999-12-31 -14:00", "150000w", "0001-01-01T00:00Z", "1999-12-31 UTC"]
)
def test_what_cannot_be_reckoned_with_is_refused_in_words(text: str) -> None:
    """No traceback for a slip of the finger."""
    with pytest.raises(UsageError):
        _ = (moment(text).beginning(NOW), moment(text).end(NOW))


@given(st.text(max_size=40) | st.from_regex(r"[0-9:TZ +/a-z-]{1,25}", fullmatch=True))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    """Nothing else comes of it."""
    try:
        written = moment(text)
        assert written.beginning(NOW).tzinfo is dt.UTC or written.ago is not None
    except UsageError:
        pass


@given(
    st.datetimes(EARLIEST, LATEST, timezones=st.timezones()).filter(
        lambda at: isinstance(at.tzinfo, zoneinfo.ZoneInfo) and "/" in str(at.tzinfo) and str(at.tzinfo).isascii()
    )
)
def test_a_whole_time_in_a_zone_comes_back(at: dt.datetime) -> None:
    """Whatever the zone: the same instant."""
    at = at.replace(microsecond=0, fold=0)
    text = f"{at:%Y-%m-%d %H:%M:%S} {at.tzinfo}"
    try:
        written = moment(text)
    except UsageError:
        assert any(letter.isdigit() for letter in str(at.tzinfo))  # Etc/GMT+5: an offset says it better
        return

    assert written.is_absolute
    assert written.beginning(NOW) == written.end(NOW) == at.astimezone(dt.UTC)

"""The times of a lesson in words: what counted, by when it was due, and when each step was done."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from skymark.result import Result
from skymark.window import Outsider

KIND: Final = {"instance": "notebook instance", "job": "training job"}


def terms(result: Result) -> Iterator[str]:
    """What counted, and as of when teardown was judged; nothing for a lesson without times."""
    since, until, due = result.window.since, result.window.until, result.due
    if since and until:
        yield f"Only what was made from {moment(since)} to {moment(until)} counts."
    elif since:
        yield f"Only what was made since {moment(since)} counts."
    elif until:
        yield f"Only what was made until {moment(until)} counts."
    if due:
        is_to_come = " That is still to come." if due >= result.surveyed_at else ""
        yield f"Everything had to be deleted by {moment(due)}.{is_to_come}"


def steps(result: Result) -> list[tuple[str, str, bool]]:
    """When each step was done, what it was, and whether it was too late."""
    return [(moment(one.at), one.what, one.late) for one in result.steps]


def outsider(one: Outsider) -> str:
    """A thing that counts for and against nobody, in one line."""
    region = f" in {one.region}" if one.region else ""
    made = f", {moment(one.made_at)}" if one.made_at else ""
    return f"{KIND.get(one.kind, one.kind)} {one.id}{region}: {one.why}{made}"


def moment(at: dt.datetime) -> str:
    """`2026-11-24 09:05 UTC`."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")

"""The timeline in words: what happened, on which day, and when, in UTC."""

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from skymark.evidence import Struct
from skymark.result import Result
from skymark.timeline import STEP, Happened, What

NOUN: Final = {"instance": "notebook instance", "job": "training job"}
"""What a kind of thing is called, where that is another word."""
TOLD: Final = {
    What.MADE: "was made",
    What.MADE_OR_CHANGED: "was made, or its settings last changed",
    What.STARTED: "was started again",
    What.CHANGED: "was changed",
    What.ANSWERING: "wrote the first line of its log",
    What.ENDED: "ended",
    What.STOPPED: "was stopped",
    What.DELETED: "was deleted",
}
IN_JUPYTER: Final = {
    What.OPENED: "was opened",
    What.CREATED: "a new notebook was made",
    What.RUN: "code was run",
    What.UPLOADED: "a notebook was uploaded",
}
JUPYTER: Final = "Jupyter"
JOB_MADE: Final = "was started"
DUE: Final = "Everything had to be deleted by now"
LOOKED: Final = "Skymark looked at the account"


class Row(Struct, frozen=True):
    """One line: `clock` is the time of day, `thing` what it is about, `name` what that is called, "" where it has none.

    `more` is a file or a status, "" where there is none. `kind` is that of the thing, or `due` or `looked`.
    """

    at: dt.datetime
    clock: str
    kind: str
    thing: str
    name: str
    text: str
    more: str = ""
    late: bool = False


class Day(Struct, frozen=True):
    """One day of it."""

    date: str
    rows: tuple[Row, ...]


def days(result: Result) -> tuple[Day, ...]:
    """What happened, a line each, by days; empty where nothing is known.

    Seconds are shown where two lines would have the same minute. A result that was recorded before there were
    timelines has steps alone.
    """
    rows = list(_rows(result))
    if not rows:
        return ()
    rows = sorted((*rows, *_marks(result)), key=lambda one: one.at)
    minutes = [f"{one.at:%Y-%m-%d %H:%M}" for one in rows]
    clock = "%H:%M" if len(set(minutes)) == len(minutes) else "%H:%M:%S"
    timed = [
        Row(one.at, f"{one.at:{clock}}", one.kind, one.thing, one.name, one.text, one.more, one.late) for one in rows
    ]
    return tuple(Day(date, tuple(of_day)) for date, of_day in groupby(timed, key=lambda one: f"{one.at:%Y-%m-%d}"))


def _rows(result: Result) -> Iterator[Row]:
    if result.timeline:
        yield from map(_row, result.timeline)
        return
    for step in result.steps:
        yield Row(_utc(step.at), "", STEP, "", "", step.what, late=step.late)


def _row(one: Happened) -> Row:
    if text := IN_JUPYTER.get(one.what):
        return Row(_utc(one.at), "", "notebook", JUPYTER, "", text, one.detail or "")
    if one.what is What.STEP:
        return Row(_utc(one.at), "", STEP, "", "", one.detail or "", late=one.late)
    text = JOB_MADE if one.kind == "job" and one.what is What.MADE else TOLD[one.what]
    thing = _sentence(NOUN.get(one.kind, one.kind))
    return Row(_utc(one.at), "", one.kind, thing, one.name, text, one.detail or "", one.late)


def _marks(result: Result) -> Iterator[Row]:
    """What else belongs to the times: when all had to be gone, if that is past, and when the account was looked at."""
    if result.due and result.due <= result.surveyed_at:
        yield Row(_utc(result.due), "", "due", "", "", DUE)
    yield Row(_utc(result.surveyed_at), "", "looked", "", "", LOOKED)


def _utc(at: dt.datetime) -> dt.datetime:
    return at.astimezone(dt.UTC).replace(microsecond=0)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]

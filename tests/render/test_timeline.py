"""The timeline in words."""

import datetime as dt

from msgspec.structs import replace

from skymark.outcome import Source, Step
from skymark.render.timeline import days
from skymark.result import Result
from skymark.timeline import Happened, What

from .conftest import at


def told(result: Result) -> list[tuple[str, list[str]]]:
    """Each day with its lines as they are read."""
    return [
        (
            day.date,
            [" ".join(filter(None, (r.clock, r.thing, r.name, r.text, r.more, "late" * r.late))) for r in day.rows],
        )
        for day in days(result)
    ]


def test_each_line_says_when_what_and_what_happened(result: Result) -> None:
    """And when the account was looked at, with which it ends."""
    assert told(result) == [
        (
            "2026-11-24",
            [
                "09:00 Bucket sagemaker-20190701-1820 was made, or its settings last changed",
                "09:04 Notebook instance sm-test was made",
                "09:20 Jupyter a notebook was uploaded planner.ipynb",
                "10:00 Skymark looked at the account",
            ],
        )
    ]


def test_every_thing_that_can_happen_has_words(result: Result) -> None:
    """For each kind; a training job is started, not made."""
    happened = tuple(Happened(at(9, number), "job", "j", what, Source.LIVE) for number, what in enumerate(What))

    lines = told(replace(result, timeline=happened))[0][1]

    assert len(lines) == len(What) + 1
    assert lines[0] == "09:00 Training job j was started"


def test_seconds_are_shown_where_a_minute_has_two_lines(result: Result) -> None:
    """On all lines, so that they stand below each other."""
    first, second, third = result.timeline
    close = replace(result, timeline=(first, replace(second, at=at(9, 0, 30)), third))

    assert [line.split()[0] for line in told(close)[0][1]] == ["09:00:00", "09:00:30", "09:20:00", "10:00:00"]


def test_each_day_stands_by_itself_in_utc(result: Result) -> None:
    """Whatever time zone a time was written in."""
    berlin = dt.timezone(dt.timedelta(hours=1))
    early = replace(result.timeline[0], at=dt.datetime(2026, 11, 24, 0, 30, tzinfo=berlin))

    found = told(replace(result, timeline=(early, *result.timeline[1:])))

    assert [(day, lines[0][:5]) for day, lines in found] == [("2026-11-23", "23:30"), ("2026-11-24", "09:04")]


def test_when_everything_had_to_be_gone_stands_in_its_place(result: Result) -> None:
    """And what was deleted later is called late; a time that is still to come is not told."""
    late = Happened(at(9, 40), "instance", "sm-test", What.DELETED, Source.TRACE, late=True)
    graded = replace(result, timeline=(*result.timeline, late), due=at(9, 30))

    assert told(graded)[0][1][3:5] == [
        "09:30 Everything had to be deleted by now",
        "09:40 Notebook instance sm-test was deleted late",
    ]
    assert len(told(replace(graded, due=at(11, 0)))[0][1]) == 5


def test_what_only_the_lesson_knows_is_told_as_it_tells_it(finished: Result) -> None:
    """Also where a result was recorded before there were timelines."""
    step = Step(at(9, 0), "the website was opened", Source.TRACE)
    happened = Happened(step.at, "step", "", What.STEP, step.source, step.what)
    wanted = [("2026-11-24", ["09:00 the website was opened", "10:00 Skymark looked at the account"])]

    assert told(replace(finished, timeline=(happened,), steps=(step,))) == wanted
    assert told(replace(finished, steps=(step,))) == wanted


def test_nothing_known_is_no_timeline(finished: Result) -> None:
    """That the account was looked at is no news by itself."""
    assert days(finished) == ()

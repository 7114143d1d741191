"""What a check takes over from earlier ones, and what it writes down."""

import datetime as dt
import functools

import pytest
from msgspec.structs import replace

from skymark.evidence import Gap
from skymark.gradebook.book import Gradebook
from skymark.gradebook.recording import recorded
from skymark.grading import grade
from skymark.window import ALWAYS, Window

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def check(lesson, rubric, file):
    """Grade and record a survey as `grade.py check` does; the result, and its outcomes by criterion."""

    def run(survey, window=ALWAYS, *, final=False):
        graded = functools.partial(grade, rubric=rubric, lesson=lesson, final=final, window=window)
        warnings = []
        result = recorded(graded, survey, rubric, window, file, warn=warnings.append)
        assert warnings == []
        return result, {one.id: str(one.outcome) for one in result.criteria}

    return run


@pytest.fixture
def traceless(empty, good):
    """The account after the teardown, seen by keys that may not read the event history."""
    gap = Gap("cloudtrail", "LookupEvents", "us-east-1", "AccessDeniedException", "Grant it.", "CreateNotebookInstance")
    return replace(empty, gaps=(gap,), history=(), surveyed_at=good.surveyed_at + HOUR)


def test_what_was_there_in_an_earlier_check_was_torn_down(check, good, traceless) -> None:
    """Where nothing else tells that it ever was, the earlier check does."""
    check(good)

    _, outcomes = check(traceless, final=True)

    assert outcomes["teardown.instance"] == "passed"
    assert outcomes["teardown.endpoint"] == "passed"
    assert outcomes["teardown.everywhere"] == "passed"


def test_nothing_is_torn_down_where_nothing_ever_was(check, traceless) -> None:
    """An empty account passes nothing."""
    _, outcomes = check(traceless)

    assert {outcomes[id] for id in outcomes if id.startswith("teardown.")} == {"blocked"}


def test_an_earlier_check_proves_only_what_was_made_in_the_window(check, good, empty) -> None:
    """It had no window of its own: an old lesson passed in it, which is not this one."""
    check(good)
    window = Window(since=good.surveyed_at - dt.timedelta(minutes=1))

    result, outcomes = check(replace(empty, surveyed_at=good.surveyed_at + HOUR), window)

    assert "earlier" not in {one.source for one in result.criteria}
    assert outcomes["bucket.name"] == "pending"


def test_an_earlier_check_within_the_window_proves_what_it_saw(check, good, empty) -> None:
    """Although it had none itself."""
    check(good)
    window = Window(since=good.buckets[0].created_at - dt.timedelta(days=1))

    _, outcomes = check(replace(empty, surveyed_at=good.surveyed_at + HOUR), window)

    assert outcomes["bucket.name"] == "passed"
    assert outcomes["training.completed"] == "passed"


def test_what_a_check_found_by_itself_is_written_down(check, good, empty, file) -> None:
    """Not what it took over: each attempt stands for itself."""
    check(good)
    check(replace(empty, surveyed_at=good.surveyed_at + HOUR))

    with Gradebook(file) as book:
        first, second = book.attempts()

    assert first.result.criteria[1].outcome == "passed"
    assert second.result.criteria[1].outcome == "pending"

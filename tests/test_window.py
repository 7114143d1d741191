"""The time of a lesson."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from skymark.errors import UsageError
from skymark.evidence import App, Event, Resource, Survey
from skymark.window import ALWAYS, Window, outsiders, within, written_times

NOON = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
MOMENTS = st.integers(0, 400).map(lambda hours: NOON + dt.timedelta(hours=hours - 200))
HOUR = dt.timedelta(hours=1)


def test_without_bounds_everything_counts(good: Survey) -> None:
    """Also what nobody knows the age of."""
    assert within(good, ALWAYS) is good
    assert ALWAYS.holds(None)
    assert outsiders(good, ALWAYS) == ()


def test_with_bounds_what_nobody_knows_the_age_of_counts_for_nobody() -> None:
    """It may have been there for years."""
    assert Window(since=NOON).why_not(None) == "when it was made is not known"


@pytest.mark.parametrize(
    ("made_at", "why"),
    [
        (NOON - HOUR, "made before the lesson"),
        (NOON, None),
        (NOON + HOUR, None),
        (NOON + 2 * HOUR, "made after the lesson"),
    ],
)
def test_why_something_is_not_the_lessons(made_at: dt.datetime, why: str | None) -> None:
    """Both bounds are in."""
    assert Window(NOON, NOON + HOUR).why_not(made_at) == why


@given(st.none() | MOMENTS, st.none() | MOMENTS, MOMENTS)
def test_nothing_is_both_in_and_out(since: dt.datetime | None, until: dt.datetime | None, made: dt.datetime) -> None:
    """Each thing is in the survey, or among the outsiders."""
    window = Window(since, until)

    assert window.holds(made) == (window.why_not(made) is None)


def test_things_are_parted_by_when_they_were_made(good: Survey) -> None:
    """Each stands in exactly one of the two."""
    (instance,), (job,), (endpoint,) = good.notebook_instances, good.training_jobs, good.endpoints
    old = replace(instance, name="old", created_at=instance.created_at - dt.timedelta(days=30))
    app = App("d-1", "JupyterLab", "default", "us-east-1", "InService", created_at=old.created_at)
    cluster = Resource("sagemaker", "cluster", "c", "us-east-1", "InService", old.created_at)
    survey = replace(good, notebook_instances=(old, instance), apps=(app,), resources=(cluster,))
    window = Window(since=instance.created_at - HOUR)

    found = within(survey, window)

    assert found.notebook_instances == (instance,)
    assert (found.training_jobs, found.endpoints) == ((job,), (endpoint,))
    assert (found.apps, found.resources) == ((), ())
    assert found.roles == good.roles
    assert [(one.kind, one.id) for one in outsiders(survey, window)] == [("instance", "old")]


def test_events_stay_that_are_about_something_of_the_lesson(good: Survey) -> None:
    """A deletion after the lesson tells of something of it; that of an older thing does not."""

    def event(name: str, at: dt.datetime, resource: str) -> Event:
        return Event(name, at, "us-east-1", resource)

    told = (
        event("CreateNotebookInstance", NOON - 2 * HOUR, "old"),
        event("CreateRole", NOON - 2 * HOUR, "role"),
        event("CreateNotebookInstance", NOON, "ours"),
        event("DeleteNotebookInstance", NOON + HOUR, "older-than-history"),
        event("DeleteNotebookInstance", NOON + 3 * HOUR, "old"),
        event("DeleteNotebookInstance", NOON + 3 * HOUR, "ours"),
    )
    survey = replace(good, notebook_instances=(), events=told)

    found = within(survey, Window(NOON, NOON + 2 * HOUR))

    assert [(one.name, one.resource) for one in found.events] == [
        ("CreateRole", "role"),
        ("CreateNotebookInstance", "ours"),
        ("DeleteNotebookInstance", "ours"),
    ]


def test_jupyters_log_is_cut_to_the_lesson(good: Survey) -> None:
    """What was done in Jupyter at other times counts for nobody."""
    (log,), (instance,) = good.jupyter_logs, good.notebook_instances
    assert log.lines

    (cut,) = within(good, Window(instance.created_at, log.lines[0].at)).jupyter_logs

    assert cut.lines == log.lines[:1]


def test_the_log_of_an_older_instance_is_not_the_lessons(good: Survey) -> None:
    """Although it goes on being used in the lesson."""
    (log,), (instance,) = good.jupyter_logs, good.notebook_instances
    window = Window(since=instance.created_at + dt.timedelta(seconds=1))

    assert log.ended_at > window.since
    assert within(good, window).jupyter_logs == ()


def test_a_log_that_is_all_there_is_tells_when_its_instance_was_made(good: Survey) -> None:
    """Approximately: Jupyter starts with it."""
    (log,) = good.jupyter_logs
    gone = replace(good, notebook_instances=())

    assert len(within(gone, Window(since=log.began_at)).jupyter_logs) == 1
    assert within(gone, Window(since=log.began_at + HOUR)).jupyter_logs == ()


def test_an_older_bucket_that_the_lesson_used_is_the_lessons(good: Survey) -> None:
    """Made a minute before the lesson began, say."""
    (bucket,) = good.buckets
    other = replace(bucket, name="sagemaker-20190101-0900")
    window = Window(since=bucket.created_at + dt.timedelta(seconds=1))

    survey = replace(good, buckets=(bucket, other))

    assert within(survey, window).buckets == (bucket,)
    assert [one.id for one in outsiders(survey, window) if one.kind == "bucket"] == [other.name]


def test_what_nobody_knows_the_age_of_is_kept(good: Survey) -> None:
    """The checks can say so."""
    address = Resource("ec2", "address", "eipalloc-1", "us-east-1")

    assert within(replace(good, resources=(address,)), Window(since=NOON)).resources == (address,)


def test_the_command_line_wins_over_the_rubric() -> None:
    """Bound by bound."""
    typed, rubric = written_times("2h", None, None), written_times("2026-01-01 UTC", "2026-12-31 UTC", None)

    window, due = (typed | rubric).at(NOON)

    assert window == Window(NOON - 2 * HOUR, dt.datetime(2026, 12, 31, 23, 59, 59, 999_999, dt.UTC))
    assert due is None


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2026-11-24 10:00 UTC", "2026-11-24 09:00 UTC", "Nothing can lie between"),
        ("2026-11-25 UTC", None, "still to come"),
    ],
)
def test_a_window_in_which_nothing_can_lie_is_refused(since: str, until: str | None, words: str) -> None:
    """Otherwise everybody would have done nothing."""
    with pytest.raises(UsageError, match=words):
        written_times(since, until, None).at(NOON)

"""What became of each thing, by the events and by what is there."""

import datetime as dt

import pytest
from msgspec.structs import replace

from skymark.evidence import App, Event, Survey
from skymark.lives import ABOUT, MADE_BY, Life, lives, of

MADE = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


def event(verb: str, minutes: int, name: str = "sm-test", **more: str) -> Event:
    at = MADE + dt.timedelta(minutes=minutes)
    return Event(f"{verb}NotebookInstance", at, more.pop("region", "us-east-1"), name, **more)


def of_instances(survey: Survey) -> list[Life]:
    return list(of(lives(survey), "CreateNotebookInstance"))


def test_each_making_begins_a_life_and_each_deletion_ends_one(good: Survey) -> None:
    """Names come back: the same name may be two instances, one after the other."""
    told = (event("Create", 0), event("Stop", 10), event("Delete", 20), event("Create", 30), event("Delete", 40))

    first, second = of_instances(replace(good, notebook_instances=(), events=told))

    assert (first.made_at, first.stopped_at, first.deleted_at) == (told[0].at, told[1].at, told[2].at)
    assert (second.made_at, second.stopped_at, second.deleted_at) == (told[3].at, None, told[4].at)
    assert not first.is_there
    assert not second.is_there


def test_what_was_refused_did_not_happen(good: Survey) -> None:
    """An instance that is in service cannot be deleted."""
    told = (event("Create", 0), event("Delete", 5, error="ValidationException"), event("Stop", 10))

    (life,) = of_instances(replace(good, notebook_instances=(), events=told))

    assert life.deleted_at is None
    assert life.refused == told[1:2]


def test_a_refusal_alone_tells_of_no_life(good: Survey) -> None:
    """Neither a making that was refused nor a deletion of what is gone already."""
    told = (event("Create", 0, error="ResourceLimitExceeded"), event("Delete", 5, error="ValidationException"))

    assert of_instances(replace(good, notebook_instances=(), events=told)) == []


def test_a_refusal_belongs_to_what_was_there_even_if_its_making_is_not_told(good: Survey) -> None:
    """It is older than the event history."""
    told = (event("Delete", 0, error="ValidationException"), event("Delete", 5), event("Delete", 6, error="x"))

    (life,) = of_instances(replace(good, notebook_instances=(), events=told))

    assert (life.events, life.refused) == (told[1:2], told[:1])


def test_the_next_of_a_name_tells_that_the_one_before_is_gone(good: Survey) -> None:
    """No deletion need be told."""
    told = (event("Create", 0), event("Create", 30))

    first, second = of_instances(replace(good, notebook_instances=(), events=told))

    assert (first.followed_at, second.followed_at) == (told[1].at, None)


def test_a_cluster_is_one_by_its_name_and_by_its_arn(good: Survey) -> None:
    """Its ARN ends in an id that AWS chose, which only the answer to its making tells."""
    arn = "arn:aws:sagemaker:us-east-1:123456789012:cluster/abcdefghijkl"
    told = (
        Event("CreateCluster", MADE, "us-east-1", "hyperpod", refers_to=(arn,)),
        Event("DeleteCluster", MADE + dt.timedelta(hours=1), "us-east-1", arn),
    )

    (life,) = of(lives(replace(good, events=told)), "CreateCluster")

    assert (life.name, life.deleted_at) == ("hyperpod", told[1].at)


@pytest.mark.parametrize(("status", "is_there"), [("Deleted", False), ("Deleting", True), ("Failed", True)])
def test_an_app_that_was_deleted_is_not_there(status: str, is_there: bool, good: Survey) -> None:
    """It is listed for a day."""
    app = App("d-1", "JupyterLab", "default", "us-east-1", status, space="s", created_at=MADE)
    made = Event("CreateApp", MADE, "us-east-1", app.path)

    (life,) = of(lives(replace(good, apps=(app,), events=(made,))), "CreateApp")

    assert life.is_there == is_there


def test_regions_and_names_are_told_apart(good: Survey) -> None:
    """A name is taken once in a region only."""
    told = (event("Create", 0), event("Create", 1, region="eu-west-1"), event("Create", 2, name="other"))

    found = of_instances(replace(good, notebook_instances=(), events=told))

    assert len(found) == 3


def test_what_is_there_is_the_one_that_its_events_are_about(good: Survey) -> None:
    """Its own date and that of the event differ by a moment."""
    there = replace(good.notebook_instances[0], created_at=MADE + dt.timedelta(seconds=1, microseconds=5))

    (life,) = of_instances(replace(good, notebook_instances=(there,), events=(event("Create", 0), event("Stop", 9))))

    assert life.is_there
    assert life.made_at == there.created_at
    assert life.stopped_at is not None


def test_what_was_made_again_is_another_one(good: Survey) -> None:
    """The event of its making may be late."""
    there = replace(good.notebook_instances[0], created_at=MADE + dt.timedelta(hours=2))

    old, new = of_instances(
        replace(good, notebook_instances=(there,), events=(event("Create", 0), event("Delete", 60)))
    )

    assert (old.is_there, new.is_there) == (False, True)
    assert new.events == ()


def test_a_life_whose_making_is_not_told_has_no_beginning(good: Survey) -> None:
    """It is older than the event history."""
    (life,) = of_instances(replace(good, notebook_instances=(), events=(event("Stop", 0), event("Delete", 5))))

    assert life.made_at is None
    assert life.deleted_at is not None


def test_every_call_is_about_what_one_call_makes() -> None:
    """No name stands twice."""
    assert len(MADE_BY) == sum(1 + len(about) for about in ABOUT.values())

"""What is left alone: whatever may be somebody's other work."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from skymark.apart import beginning, lessons_own, not_surely_ours
from skymark.cost import load_prices, untidy
from skymark.evidence import Resource, Survey
from skymark.outcome import ChainLink, Source, Step
from skymark.window import Window

DAY = dt.timedelta(days=1)
NOON = dt.datetime(2019, 7, 1, 12, tzinfo=dt.UTC)
CHAIN = (ChainLink("instance", "sm-test", "us-east-1", "exact name"),)


def steps(*days: float, ends: bool = False) -> tuple[Step, ...]:
    """A step on each of these days after the lesson's."""
    return tuple(Step(NOON + day * DAY, "something was made", Source.LIVE, ends) for day in days)


@pytest.fixture
def whys(torn_down: Survey) -> Callable[..., dict[str, str | None]]:
    """Why each thing that could be tidied away is left alone, by its type."""

    def look(survey: Survey, bucket: str | None = torn_down.buckets[0].name) -> dict[str, str | None]:
        rest = untidy(survey, load_prices(), bucket=torn_down.buckets[0].name, role=torn_down.roles[0].name)
        found = not_surely_ours(rest, survey, CHAIN, Window(NOON, NOON + DAY), bucket)
        assert not any(one.cleanup for one in found if one.apart)
        return {one.type: one.apart for one in found}

    return look


@pytest.mark.parametrize(
    ("days", "began"),
    [
        ((0,), 0),
        ((0, 2, 9), 0),
        ((0, 14), 0),
        ((-900, 0), 0),
        ((-900, -20, 0, 7, 7.5), 0),
        ((-900, -899, 0), 0),
    ],
)
def test_the_lesson_begins_where_its_steps_follow_on_one_another(days: tuple[float, ...], began: int) -> None:
    """A bucket or a role that was there years before is used in it; that is no beginning."""
    assert beginning(steps(*days), NOON + 30 * DAY) == NOON + (began - 1) * DAY


def test_tearing_down_is_no_beginning() -> None:
    """It comes at any time later."""
    assert beginning((*steps(0, 1), *steps(60, ends=True)), NOON + 61 * DAY) == NOON - DAY


def test_of_a_lesson_that_left_nothing_only_what_is_new_can_be() -> None:
    """Somebody may have taken another account's keys."""
    assert beginning((), NOON) == NOON - DAY


def test_dates_that_cannot_be_are_no_mistake_of_skymarks() -> None:
    """A survey that was handed in can hold any."""
    assert beginning(steps(-737240), NOON) < NOON


@pytest.mark.parametrize(
    ("window", "due", "own"),
    [
        ((None, None), None, (-1, None)),
        ((-5, 5), None, (-1, 5)),
        ((0, 5), 3, (0, 3)),
        ((None, 2), 3, (-1, 2)),
        ((None, None), 20, (-1, None)),
    ],
)
def test_what_is_the_lessons_own_was_made_in_all_its_times(
    torn_down: Survey, window: tuple[int | None, int | None], due: int | None, own: tuple[int | None, int | None]
) -> None:
    """Its window, its steps, and before everything had to be gone, if that is past."""

    def at(day: int | None) -> dt.datetime | None:
        return None if day is None else NOON + day * DAY

    survey = msgspec.structs.replace(torn_down, surveyed_at=NOON + 10 * DAY)

    found = lessons_own(steps(0, 1), survey, Window(*map(at, window)), at(due))

    assert found == Window(*map(at, own))


def test_what_is_the_lessons_may_go(torn_down: Survey, whys: Callable[..., Any]) -> None:
    """Nothing else is there."""
    assert whys(torn_down) == dict.fromkeys(("endpoint-config", "model", "bucket", "role"))


@pytest.mark.parametrize(
    ("kind", "type"),
    [("models", "model"), ("endpoint_configs", "endpoint-config"), ("buckets", "bucket"), ("roles", "role")],
)
def test_what_is_older_than_the_lesson_stays(
    torn_down: Survey, changed: Any, whys: Callable[..., Any], kind: str, type: str
) -> None:
    """Without a window, too."""
    found = whys(changed(torn_down, kind, created_at=NOON - DAY))

    assert found[type] == "older than the lesson"


def test_of_other_things_the_older_ones_stay(torn_down: Survey, whys: Callable[..., Any]) -> None:
    """Of whatever kind; what has no date was not made before that anybody knows of."""
    things = (
        Resource("sagemaker", "feature-group", "x", "us-east-1", "Created", NOON - DAY),
        Resource("sagemaker", "image", "x", "us-east-1", "CREATED", NOON + DAY),
        Resource("sagemaker", "code-repository", "x", "us-east-1"),
    )

    found = whys(msgspec.structs.replace(torn_down, resources=things))

    assert [found[one.type] for one in things] == ["older than the lesson", None, None]


def test_in_a_bucket_that_is_not_surely_the_lessons_nothing_is_touched(
    torn_down: Survey, whys: Callable[..., Any]
) -> None:
    """An upload that somebody is at may lie in it."""
    upload = Resource("s3", "multipart-upload", "u", "us-east-1", within=(torn_down.buckets[0].name, "a/b"))
    survey = msgspec.structs.replace(torn_down, resources=(upload,))

    named, unnamed = whys(survey), whys(survey, bucket=None)

    assert (named["bucket"], named["multipart-upload"]) == (None, None)
    assert (unnamed["bucket"], unnamed["multipart-upload"]) == ("may hold other work", "may hold other work")


@pytest.mark.parametrize(
    ("kind", "fields", "is_used"),
    [
        ("notebook_instances", {"name": "thesis", "status": "Stopped"}, True),
        ("notebook_instances", {"region": "eu-west-1"}, True),
        ("notebook_instances", {"name": "thesis", "role_arn": None}, True),
        ("notebook_instances", {"name": "thesis", "role_arn": "arn:aws:iam::123456789012:role/another"}, False),
        ("notebook_instances", {}, False),
        ("notebook_instances", {"created_at": NOON + 2 * DAY}, True),
        ("training_jobs", {}, False),
        ("training_jobs", {"created_at": NOON - DAY}, True),
        ("models", {"created_at": NOON - DAY}, True),
        ("models", {"created_at": NOON - DAY, "role_arn": None}, False),
    ],
)
def test_a_role_that_other_work_has_stays(
    torn_down: Survey,
    good: Survey,
    changed: Any,
    whys: Callable[..., Any],
    kind: str,
    fields: dict[str, Any],
    is_used: bool,
) -> None:
    """An instance that was not judged, and whatever else is not the lesson's own."""
    survey = msgspec.structs.replace(torn_down, **{kind: getattr(good, kind)})

    found = whys(changed(survey, kind, **fields))

    assert found["role"] == ("something else uses it, too" if is_used else None)

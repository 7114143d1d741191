"""The result as Classroom 50's result.json."""

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skymark.outcome import Outcome
from skymark.render.classroom50 import render
from skymark.result import Criterion, Result
from skymark.score import score_of
from skymark.submission import Submission

SCHEMA = json.loads((Path(__file__).parents[1] / "schemas" / "classroom50-result-v1.schema.json").read_text("utf-8"))
GRADED_AT = dt.datetime(2026, 11, 24, 10, 1, 12, 999, tzinfo=dt.UTC)
REPOSITORY = "https://github.com/cloud-org/cloud-101-sagemaker-intro-ada"
SUBMISSION = Submission(
    classroom="cloud-101",
    assignment="sagemaker-intro",
    assignment_type="individual",
    owner="ada",
    submission="submit/2026-11-24T10-00-00Z-a1b2c3d",
    commit=f"{REPOSITORY}/commit/a1b2c3d",
    release=f"{REPOSITORY}/releases/tag/submit%2F2026-11-24T10-00-00Z-a1b2c3d",
    review=f"{REPOSITORY}/commit/a1b2c3d",
    committed_at=dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.timezone(dt.timedelta(hours=1))),
)


def numbers(value: Any) -> Iterator[Any]:
    """Every number in it; True and False are none."""
    match value:
        case dict():
            yield from (number for part in value.values() for number in numbers(part))
        case list():
            yield from (number for part in value for number in numbers(part))
        case bool() | str() | None:
            return
        case _:
            yield value


def written(result: Result, submission: Submission = SUBMISSION) -> dict[str, Any]:
    """The file as the collector reads it: valid, whole numbers, and sums that are right."""
    text = render(result, submission, GRADED_AT)
    assert text is not None
    said: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(said)
    assert {type(number) for number in numbers(said)} == {int}
    assert all(one["score"] <= one["max-score"] for one in said["tests"])
    assert said["score"] == sum(one["score"] for one in said["tests"])
    assert said["max-score"] == sum(one["max-score"] for one in said["tests"])
    return said


def with_criteria(result: Result, *criteria: Criterion) -> Result:
    """The result with other criteria, and the score that follows."""
    return msgspec.structs.replace(result, criteria=criteria, score=score_of(criteria))


@pytest.fixture
def complete(result: Result) -> Result:
    """The result without what is unverified."""
    return with_criteria(result, *(one for one in result.criteria if one.outcome is not Outcome.UNVERIFIED))


def test_what_the_runner_says_is_copied(complete: Result) -> None:
    """And nothing else stands at the top."""
    said = written(complete)

    assert {name: part for name, part in said.items() if name != "tests"} == {
        "schema": "classroom50/result/v1",
        "classroom": "cloud-101",
        "assignment": "sagemaker-intro",
        "assignment_type": "individual",
        "owner": "ada",
        "submission": "submit/2026-11-24T10-00-00Z-a1b2c3d",
        "commit": f"{REPOSITORY}/commit/a1b2c3d",
        "release": f"{REPOSITORY}/releases/tag/submit%2F2026-11-24T10-00-00Z-a1b2c3d",
        "review": f"{REPOSITORY}/commit/a1b2c3d",
        "datetime": "2026-11-24T10:00:00Z",
        "graded_at": "2026-11-24T10:01:12Z",
        "score": 9,
        "max-score": 32,
    }
    assert written(complete, msgspec.structs.replace(SUBMISSION, username="ada"))["submitted_by"] == {"username": "ada"}


def test_each_criterion_is_a_test(complete: Result) -> None:
    """In rubric order; a waived one passes only with all of its points."""
    assert [
        (one["test-name"], one["passed"], one["score"], one["max-score"], one["outcome"])
        for one in written(complete)["tests"]
    ] == [
        ("bucket.name", True, 6, 6, "passed"),
        ("bucket.region", False, 0, 4, "failed"),
        ("role.scoped", False, 3, 8, "waived"),
        ("endpoint.in_service", False, 0, 6, "pending"),
        ("endpoint.prediction", False, 0, 8, "blocked"),
        ("teardown.tidy", False, 0, 0, "pending"),
    ]


def test_what_did_not_pass_says_why(complete: Result) -> None:
    """And by what it is blocked."""
    tests = {one["test-name"]: one for one in written(complete)["tests"]}

    assert "message" not in tests["bucket.name"]
    assert (
        tests["bucket.region"]["message"].splitlines()[0].startswith("bucket sagemaker-20190701-1820 is in us-west-2")
    )
    assert tests["endpoint.prediction"]["blocked-by"] == "endpoint.in_service"
    assert tests["endpoint.prediction"]["message"].startswith("blocked: waits for the endpoint")


def test_an_incomplete_score_is_no_file(result: Result) -> None:
    """The run fails then, and staff run it again: 0 of 0 is never a mark."""
    assert render(result, SUBMISSION, GRADED_AT) is None


def test_maxima_are_rounded_by_largest_remainder(complete: Result) -> None:
    """So they still add up; who has all has all of the rounded ones, who has none has none."""
    third = Decimal(100) / 3
    passed, failed = complete.criteria[0], complete.criteria[1]
    criteria = [
        msgspec.structs.replace(passed, id="a.a", points=third, possible=third),
        msgspec.structs.replace(failed, id="a.b", points=Decimal(0), possible=third),
        msgspec.structs.replace(passed, id="a.c", points=Decimal(100) - 2 * third, possible=Decimal(100) - 2 * third),
    ]

    said = written(with_criteria(complete, *criteria))

    assert [(one["score"], one["max-score"]) for one in said["tests"]] == [(33, 33), (0, 33), (34, 34)]
    assert (said["score"], said["max-score"]) == (67, 100)


POINTS = st.decimals(0, 50, places=2)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(POINTS, st.fractions(0, 1, max_denominator=7)), min_size=1, max_size=8))
def test_any_points_keep_their_total_and_their_order(complete: Result, worth: list[tuple[Decimal, Any]]) -> None:
    """The maxima do not hang on the student, and no rounded score is above its maximum."""
    criteria = tuple(
        msgspec.structs.replace(
            complete.criteria[2],
            id=f"a.n{place}",
            points=possible * share.numerator / share.denominator,
            possible=possible,
        )
        for place, (possible, share) in enumerate(worth)
    )
    everything = tuple(msgspec.structs.replace(one, points=one.possible) for one in criteria)

    mine, best = written(with_criteria(complete, *criteria)), written(with_criteria(complete, *everything))

    assert [one["max-score"] for one in mine["tests"]] == [one["max-score"] for one in best["tests"]]
    assert best["score"] == best["max-score"]
    assert abs(best["max-score"] - sum(possible for possible, _ in worth)) <= Decimal("0.5")


def test_hostile_text_stays_text(hostile: Result) -> None:
    """Far below the 10 MiB that Classroom 50 takes."""
    verified = with_criteria(hostile, *(one for one in hostile.criteria if one.outcome is not Outcome.UNVERIFIED))

    said = written(verified)

    assert len(json.dumps(said)) < 100_000
    assert not set("".join(one.get("message", "") for one in said["tests"])) & set("\x1b\u202e\ud800\r")

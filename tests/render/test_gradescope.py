"""The result as Gradescope's results.json."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skymark.outcome import Outcome
from skymark.render.gradescope import final, interim, render
from skymark.result import Criterion, Result
from skymark.score import score_of

SCHEMA = json.loads((Path(__file__).parents[1] / "schemas" / "gradescope-results.schema.json").read_text("utf-8"))
NUMBERS = ("score", "max_score", "status")


def written(text: str | None) -> dict[str, Any]:
    """The file as Gradescope reads it, valid."""
    assert text is not None
    said: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(said)
    return said


def with_criteria(result: Result, *criteria: Criterion) -> Result:
    """The result with other criteria, and the score that follows."""
    return msgspec.structs.replace(result, criteria=criteria, score=score_of(criteria))


def verified(result: Result) -> Result:
    """The result without what is unverified."""
    return with_criteria(result, *(one for one in result.criteria if one.outcome is not Outcome.UNVERIFIED))


def test_each_outcome_has_its_points_and_its_colour(result: Result) -> None:
    """In rubric order; what is unverified and open advice have neither."""
    tests = written(interim(result))["tests"]

    assert [(one["number"], one["name"], *(one.get(name) for name in NUMBERS)) for one in tests] == [
        ("1", "bucket.name", 6, 6, "passed"),
        ("2", "bucket.region", 0, 4, "failed"),
        ("3", "role.scoped", 2.5, 8, "passed"),
        ("4", "training.completed", None, None, None),
        ("5", "endpoint.in_service", 0, 6, "failed"),
        ("6", "endpoint.prediction", 0, 8, "failed"),
        ("7", "teardown.tidy", None, None, None),
    ]
    assert [one["tags"] for one in tests] == [[str(one.outcome)] for one in result.criteria]


def test_each_output_says_why(result: Result) -> None:
    """With what to do."""
    assert [one["output"].splitlines()[0] for one in written(interim(result))["tests"]] == [
        "sagemaker-20190701-1820",
        "bucket sagemaker-20190701-1820 is in us-west-2, instance sm-test in us-east-1",
        "WAIVED: 2.5 of 8. 2.5 of 8: the policy was right, one of another lab was left",
        "UNVERIFIED: AWS throttled ListTrainingJobs in us-east-1",
        "PENDING: endpoint linear-learner-2019-07-01-18-46-30-001 is Creating",
        "BLOCKED by endpoint.in_service: waits for the endpoint",
        "PENDING: left behind: model linear-learner-2019-07-01-18-46-30-001",
    ]


def test_an_incomplete_score_says_so_first(result: Result) -> None:
    """The student sees it, and scripts can."""
    said = written(interim(result))

    assert said["output"] == "INCOMPLETE – needs regrade: 8 of 40 points could not be checked (training.completed)."  # noqa: RUF001
    assert said["extra_data"] == {
        "schema": "skymark/result/v1",
        "rubric": "sagemaker-intro",
        "needs_regrade": True,
        "unverified_points": 8,
    }
    assert "score" not in said


def test_tests_add_up_to_the_score(result: Result) -> None:
    """No maximum is left out but what nobody knows yet: Gradescope's own total does not shrink."""
    tests = written(interim(result))["tests"]

    assert sum(Decimal(str(one.get("score", 0))) for one in tests) == result.score.earned
    assert sum(one.get("max_score", 0) for one in tests) == result.score.possible - result.score.unverified


def test_a_final_mark_is_given_only_when_it_is_complete(result: Result) -> None:
    """Without a file Gradescope gives no score."""
    complete = verified(result)

    assert final(result) is None
    assert written(final(complete))["output"] == "8.5 of 32 points."
    assert render(msgspec.structs.replace(result, final=True)) is None
    assert render(result) == interim(result)


def test_somebody_of_whom_nothing_could_be_verified_gets_no_file(result: Result) -> None:
    """Gradescope wants a number, and 0 would be a mark."""
    nothing = [one for one in result.criteria if one.outcome is Outcome.UNVERIFIED or not one.possible]

    assert interim(with_criteria(result, *nothing)) is None


def test_a_rubric_of_advice_alone_is_worth_nothing(result: Result) -> None:
    """It is complete with no points; Gradescope needs a number all the same."""
    assert written(final(with_criteria(result, result.criteria[-1])))["score"] == 0


def test_a_failure_with_some_points_has_no_colour(result: Result) -> None:
    """Gradescope shows it by its points."""
    partial = msgspec.structs.replace(result.criteria[1], points=Decimal("1.5"))

    (one,) = written(final(with_criteria(result, partial)))["tests"]

    assert [one.get(name) for name in NUMBERS] == [1.5, 4, None]


def test_hostile_text_stays_text(hostile: Result) -> None:
    """No control character, none that turns the writing, and nothing endless."""
    text = interim(hostile)
    said = written(text)

    assert text is not None
    assert text.isascii()
    assert len(text) < 100_000
    shown = "".join(one["output"] for one in said["tests"])
    assert not set(shown) & set("\x1b\u202e\ud800\r")
    assert "<script>alert(1)</script>" in shown
    assert said["test_output_format"] == said["output_format"] == said["test_name_format"] == "text"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=st.text(st.characters()), hint=st.text(st.characters()), outcome=st.sampled_from(Outcome))
def test_any_text_of_any_outcome_is_valid(result: Result, message: str, hint: str, outcome: Outcome) -> None:
    """Whatever somebody wrote."""
    first, second, *_ = result.criteria
    spoiled = msgspec.structs.replace(second, message=message, hint=hint, outcome=outcome)
    text = interim(with_criteria(result, first, spoiled))

    assert [one["name"] for one in written(text)["tests"]] == ["bucket.name", "bucket.region"]


@pytest.mark.parametrize("points", ["0.1", "33.33", "1E+1", "7"])
def test_points_are_short_numbers(result: Result, points: str) -> None:
    """No exponent, no tail."""
    one = msgspec.structs.replace(result.criteria[0], points=Decimal(points), possible=Decimal(points))

    text = final(with_criteria(result, one))

    assert f'"score": {Decimal(points):f},' in str(text)

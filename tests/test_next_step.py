"""What follows from the criteria of a result."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from skymark.evidence import Identity
from skymark.grading import grade
from skymark.next_step import completed
from skymark.outcome import Outcome
from skymark.result import Score
from skymark.rubric_file import load_rubric


@pytest.fixture(scope="module")
def rubric(lesson):
    """The lesson's own rubric."""
    return load_rubric(lesson, "sagemaker-intro")


@pytest.mark.parametrize("account", ["good", "empty", "torn_down"])
@pytest.mark.parametrize("final", [False, True])
def test_a_result_tells_all_that_follows_from_it(account, final, request, lesson, rubric):
    """Score, next step and warnings need nothing but the criteria and what stands beside them."""
    survey = replace(
        request.getfixturevalue(account), identity=Identity("123456789012", "arn:aws:iam::123456789012:root")
    )
    result = grade(survey, rubric, lesson, final=final)

    blank = replace(result, score=Score(Decimal(0), Decimal(0), Decimal(0), True), next=None, warnings=())
    assert blank != result
    assert completed(blank, rubric) == result


def test_what_is_done_is_not_what_comes_next(good, lesson, rubric):
    """Another criterion is, with its own command."""
    result = grade(good, rubric, lesson)
    done = tuple(
        replace(one, outcome=Outcome.WAIVED, points=one.possible) if one.id == result.next.criterion else one
        for one in result.criteria
    )

    after = completed(replace(result, criteria=done), rubric)

    assert (result.next.criterion, after.next.criterion) == ("teardown.instance", "teardown.endpoint")
    assert after.next.command == (
        "aws sagemaker delete-endpoint --endpoint-name linear-learner-2019-07-01-18-46-30-001 --region us-east-1"
    )
    assert after.score.earned == result.score.earned + 6


NEVER_TRAINED = ("training_jobs", "endpoints", "endpoint_configs", "models", "endpoint_logs", "invocations")


def test_before_jupyter_wrote_a_log_opening_it_comes_next(good, lesson, rubric):
    """Nobody can see yet whether it was opened: that is unverified, and still what is to be done first."""
    just_made = replace(good, jupyter_logs=(), **dict.fromkeys(NEVER_TRAINED, ()))

    result = grade(just_made, rubric, lesson)

    assert result.next.criterion == "notebook.created"
    assert result.next.text.startswith("If you have not been in Jupyter yet, open it now")


def test_whoever_trained_already_is_not_sent_back_to_jupyter(good, lesson, rubric):
    """Its log may never come."""
    result = grade(replace(good, jupyter_logs=()), rubric, lesson)

    assert result.next.criterion == "teardown.instance"

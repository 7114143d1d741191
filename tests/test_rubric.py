"""What a rubric tells of itself."""

from decimal import Decimal

import pytest

from skymark.errors import UsageError
from skymark.rubric import Rubric, RubricCriterion, SurveyPlan

BUCKET, ADVICE = (
    RubricCriterion(id, "T", "stage", Decimal(points), "Do it.")
    for id, points in (("bucket.name", "0.5"), ("teardown.tidy", "0"))
)
RUBRIC = Rubric("r", "1", "R", (BUCKET, ADVICE))


def test_what_is_worth_nothing_is_advice():
    """Half a point is something."""
    assert (BUCKET.is_advice, ADVICE.is_advice) == (False, True)


def test_a_criterion_is_found_by_its_id():
    """Or is not in the rubric."""
    assert RUBRIC.criterion("teardown.tidy") is ADVICE
    assert RUBRIC.criterion("role.trust") is None


def test_a_lesson_is_about_the_services_of_its_plan():
    """SageMaker, where nothing else is said."""
    assert [SurveyPlan().is_about(one) for one in ("sagemaker", "s3")] == [True, False]
    assert [SurveyPlan(about=("s3",)).is_about(one) for one in ("sagemaker", "s3")] == [False, True]


def test_each_criterion_that_the_rubric_lacks_is_named_with_the_nearest_that_it_has():
    """With all of them where none is near; those that it has are no mistake."""
    with pytest.raises(UsageError) as caught:
        RUBRIC.refuse_unknown(["bucket.nam", "bucket.name", "x"])

    assert str(caught.value) == (
        'No criterion is called "bucket.nam". Did you mean "bucket.name"?\n'
        'No criterion is called "x". There are: bucket.name, teardown.tidy.'
    )
    RUBRIC.refuse_unknown(["bucket.name"])

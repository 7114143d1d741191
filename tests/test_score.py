"""Points, sums and the exit status."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from skymark.grading import grade
from skymark.outcome import Outcome
from skymark.result import Criterion
from skymark.rubric_file import load_rubric
from skymark.score import exit_status, points_of, score_of, status_of

POINTS = st.decimals(0, 20, places=2)
CRITERIA = st.lists(
    st.tuples(st.sampled_from([one for one in Outcome if one is not Outcome.WAIVED]), POINTS), max_size=30
)


def criteria(pairs):
    return [
        Criterion(f"a.c{number}", "C", outcome, points_of(outcome, possible), possible, "found")
        for number, (outcome, possible) in enumerate(pairs)
    ]


@given(CRITERIA)
def test_the_maximum_never_shrinks_and_unverified_is_neither_earned_nor_lost(pairs):
    """Earned and unverified never exceed what is possible."""
    score = score_of(criteria(pairs))

    assert score.possible == sum((possible for _, possible in pairs), Decimal(0))
    assert score.unverified == sum((p for outcome, p in pairs if outcome == "unverified"), Decimal(0))
    assert score.earned == sum((p for outcome, p in pairs if outcome == "passed"), Decimal(0))
    assert score.earned + score.unverified <= score.possible
    assert score.complete == (score.unverified == 0)


def test_an_unverified_criterion_has_no_points_at_all():
    """None is not 0."""
    assert points_of(Outcome.UNVERIFIED, Decimal(5)) is None
    assert points_of(Outcome.FAILED, Decimal(5)) == 0


def test_no_criteria_at_all_are_decimals_too():
    """A sum is an amount of points, whatever it is of."""
    score = score_of([])

    assert (score.earned, score.possible, score.unverified, score.complete) == (0, 0, 0, True)
    assert {type(one) for one in (score.earned, score.possible, score.unverified)} == {Decimal}


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ([], 0),
        (["passed"], 0),
        (["passed", "waived"], 0),
        (["passed", "failed"], 1),
        (["pending"], 1),
        (["blocked", "waived"], 1),
        (["passed", "unverified"], 3),
        (["failed", "unverified"], 3),
    ],
)
@pytest.mark.parametrize("possible", ["0.5", "4"])
def test_the_exit_status_says_whether_all_passed_and_whether_all_was_seen(outcomes, status, possible):
    """Unverified wins over failed; half a point counts, and advice does not."""
    judged = criteria([(Outcome(one), Decimal(possible)) for one in outcomes])
    advice = criteria([(Outcome.UNVERIFIED, Decimal(0)), (Outcome.FAILED, Decimal(0))])

    assert status_of([*judged, *advice]) == status


def test_the_exit_status_of_a_result_is_that_of_its_criteria(good, lesson):
    """A lesson before its teardown has not all passed yet."""
    result = grade(good, load_rubric(lesson, "sagemaker-intro"), lesson)

    assert exit_status(result) == 1
    assert exit_status(replace(result, criteria=criteria([(Outcome.UNVERIFIED, Decimal(1))]))) == 3

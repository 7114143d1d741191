"""Points, sums and the exit status."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from skymark.outcome import Outcome
from skymark.result import Criterion
from skymark.score import points_of, score_of

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

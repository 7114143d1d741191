"""How scores are spread: only whole ones count, and each of them counts once."""

import statistics
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from skymark.cohort.distribution import BINS, distribution
from tests.cohort.members import criterion, member, view

POINTS = st.integers(0, 40).map(lambda quarters: Decimal(quarters) / 4)


def scored(student, points, possible=10):
    """Somebody with so many points."""
    return member(student, criterion(outcome="waived", points=points, possible=possible))


def class_of(points):
    """A class with these points of ten."""
    return view(*(scored(f"s{number}", one) for number, one in enumerate(points)))


def test_a_class_that_nobody_has_looked_at_has_no_distribution():
    """There is nothing to show, rather than zeros."""
    assert distribution(view()) is None
    assert distribution(view(member("ana"), member("bo", criterion(outcome="unverified")))) is None


def test_mean_quartiles_ends_and_bins_of_a_class():
    """A full score is in the last bin; a quartile between two is between them."""
    found = distribution(class_of([0, 4, 5, 9, 10]))

    assert (found.students, found.left_out, found.possible) == (5, 0, 10)
    assert (found.mean, found.quartiles) == (Decimal("5.6"), (4, 5, 9))
    assert (found.lowest, found.highest) == (0, 10)
    assert found.bins == (1, 0, 0, 0, 1, 1, 0, 0, 0, 2)
    assert not found.so_far


def test_who_has_no_whole_mark_is_left_out_and_said():
    """What is unverified is no zero, and neither is what is withheld or was never looked at."""
    found = distribution(
        view(
            scored("ana", 8),
            member("bo", criterion(outcome="unverified")),
            member("cy", criterion(), withheld="two in one account"),
            member("di"),
        )
    )

    assert (found.students, found.left_out, found.mean) == (1, 3, 8)
    assert found.quartiles == (8, 8, 8)


def test_who_is_still_at_it_counts_so_far():
    """What is pending may still come."""
    found = distribution(view(scored("ana", 8), member("bo", criterion(outcome="pending"))))

    assert (found.students, found.mean, found.so_far) == (2, 4, True)


def test_of_rubrics_worth_different_points_percent_are_compared():
    """Half of twenty is half of ten."""
    found = distribution(view(scored("ana", 5, possible=10), scored("bo", 10, possible=20)))

    assert (found.possible, found.mean, found.lowest, found.highest) == (None, 50, 50, 50)
    assert found.bins[5] == 2


def test_a_rubric_of_advice_alone_has_no_scores():
    """Nothing can be divided by its points."""
    assert distribution(view(member("ana", criterion(possible=0)))) is None


@given(st.lists(POINTS, min_size=1, max_size=30))
def test_numbers_are_those_of_the_scores(points):
    """Whatever they are, in whichever order the students stand."""
    found = distribution(class_of(points))

    assert found == distribution(class_of(sorted(points)))
    assert found.mean == statistics.mean(points)
    assert found.quartiles[1] == statistics.median(points)
    assert (found.lowest, found.highest) == (min(points), max(points))
    assert found.lowest <= found.quartiles[0] <= found.quartiles[1] <= found.quartiles[2] <= found.highest
    assert sum(found.bins) == found.students == len(points)
    assert found.bins == tuple(sum(min(int(one), BINS - 1) == number for one in points) for number in range(BINS))

"""How far two names are apart."""

import pytest

from skymark.policy.distance import edit_distance


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "", 3),
        ("bucket", "bucket", 0),
        ("bucket", "buckets", 1),
        ("buckets", "bucket", 1),
        ("abucket", "bucket", 1),
        ("bucket", "backet", 1),
        ("1802", "1820", 2),
        ("kitten", "sitting", 3),
        ("flaw", "lawn", 2),
        ("saturday", "sunday", 3),
        ("ab", "xyz", 3),
    ],
)
def test_letters_that_are_put_in_taken_out_or_changed_are_counted(one: str, other: str, distance: int) -> None:
    """Whichever of the two comes first."""
    assert edit_distance(one, other) == edit_distance(other, one) == distance

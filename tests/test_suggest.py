"""“Did you mean …?”"""

import pytest

from skymark.suggest import did_you_mean

REGIONS = ("eu-west-1", "us-east-1", "us-east-2", "us-west-1")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("us-esat-1", 'Did you mean "us-east-1"?'),
        ("us-wset-1", 'Did you mean "us-west-1"?'),
        ("us-east-l", 'Did you mean "us-east-2"?'),
        ("mars", ""),
    ],
)
def test_the_nearest_word_is_named_and_first_of_all_one_of_the_same_letters(typed, said):
    """`us-west-1` is as near to `us-esat-1` by its letters, and was not meant."""
    assert did_you_mean(typed, REGIONS) == said

"""The digits as pictures."""

import pytest

from skymark.digits import Digits
from skymark.render.digits import groups
from skymark.samples import Samples

DIGITS = Digits("e", "us-east-1", "01020", "00-0-")
WHITE, BLACK = ",".join(["0"] * 784), ",".join(["1"] * 784)
SAMPLES = Samples((0, 1, 0, 2, 0), (WHITE, BLACK, WHITE, BLACK, WHITE))


def test_zeros_and_others_stand_apart_with_mistakes_first() -> None:
    """As the lesson judges them."""
    found = [
        (one.title, one.summary, [(each.label, each.verdict) for each in one.pictures])
        for one in groups(DIGITS, SAMPLES)
    ]

    assert found == [
        ("3 zeros", "1 right, 2 wrong", [("0", "wrong"), ("0", "wrong"), ("0", "right")]),
        ("2 other digits", "0 right, 2 wrong", [("1", "wrong"), ("2", "wrong")]),
    ]


def test_a_picture_has_words_for_whoever_cannot_see_it() -> None:
    """What it is, what was said of it; and whether that is right, by a sign, too."""
    zeros, others = groups(DIGITS, SAMPLES)

    assert zeros.pictures[0].alternative == "A handwritten 0. The endpoint said: not a zero."
    assert others.pictures[0].alternative == "A handwritten 1. The endpoint said: a zero."
    assert (zeros.pictures[0].sign, zeros.pictures[2].sign) == ("✗", "✓")


def test_each_picture_is_that_of_its_digit() -> None:
    """Though they are put into another order."""
    zeros, others = groups(DIGITS, SAMPLES)

    assert len({one.address for one in zeros.pictures}) == len({one.address for one in others.pictures}) == 1
    assert zeros.pictures[0].address != others.pictures[0].address


@pytest.mark.parametrize("samples", [None, Samples((0, 1, 0, 2, 7), (WHITE,) * 5), Samples((0,), (WHITE,))])
def test_there_is_no_picture_of_what_was_not_sent(samples: Samples | None) -> None:
    """The lesson's digits may have changed since; what was said is told all the same."""
    found = groups(DIGITS, samples)

    assert [len(one.pictures) for one in found] == [3, 2]
    assert {each.address for one in found for each in one.pictures} == {None}


def test_where_no_endpoint_was_asked_there_is_nothing() -> None:
    """And no empty group."""
    assert groups(None, SAMPLES) == ()
    assert [one.title for one in groups(Digits("e", "r", "0", "0"), None)] == ["1 zero"]

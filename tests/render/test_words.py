"""Words, numbers and the cleaning of names."""

import sys
import unicodedata
from decimal import Decimal

import pytest

from skymark.outcome import Outcome, Source
from skymark.render import words
from skymark.result import Score


@pytest.mark.parametrize("table", [words.SYMBOL, words.ASCII_SYMBOL, words.WORD, words.MEANING])
def test_every_outcome_has_its_own_sign_word_and_sentence(table: dict[Outcome, str]) -> None:
    """The six are never mixed up."""
    assert set(table) == set(Outcome)
    assert len(set(table.values())) == 6


def test_every_source_has_its_words() -> None:
    """A report names where a verdict comes from."""
    assert set(words.SOURCE) == set(Source)


@pytest.mark.parametrize(
    ("points", "text"),
    [
        ("6", "6"), ("6.00", "6"), ("2.5", "2.5"), ("2.345", "2.35"), ("1E+2", "100"), ("0", "0"), ("-0.001", "0"),
        ("0.07", "0.07"), ("1E+30", "1" + "0" * 30),
    ],
)  # fmt: skip
def test_points_are_short_and_never_have_an_exponent(points: str, text: str) -> None:
    """`5`, not `5.0`; at most two decimals."""
    assert words.points_text(Decimal(points)) == text


def test_points_that_nobody_knows_are_a_dash() -> None:
    """They are not 0."""
    assert words.points_text(None) == words.UNKNOWN


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0.23", "$0.23"), ("0.0464", "$0.0464"), ("0.1", "$0.10"), ("2", "$2.00"), ("0", "$0.00"), ("1E+3", "$1000.00")],
)
def test_money_has_two_to_four_decimals(amount: str, text: str) -> None:
    """Prices by the hour are small."""
    assert words.usd(Decimal(amount)) == text


def test_a_price_that_is_not_known_is_no_number() -> None:
    """It is not $0."""
    assert words.usd(None) == "price not known"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sagemaker-20190701-1820", "sagemaker-20190701-1820"),
        ("two\nlines\tand more\r", "two lines and more "),
        ("\x1b[31mred\x1b[0m\x07\x00\x9b", "�[31mred�[0m���"),
        ("abc\u202egnp.exe \u2066x\u2069 \u200e", "abc�gnp.exe �x� �"),
        ("lone \ud800 half", "lone � half"),
        ("<b> & [bold] ::error:: Zoë 東京 👩\u200d🔬", "<b> & [bold] ::error:: Zoë 東京 👩\u200d🔬"),
    ],
)
def test_names_are_cleaned_of_what_can_fool_a_reader(text: str, shown: str) -> None:
    """Control characters, turned writing and lone surrogates are replaced; everything readable stays."""
    assert words.clean(text) == shown
    assert words.clean(shown) == shown


def test_no_printable_character_needs_cleaning() -> None:
    """A text of nothing else is shown as it is."""
    printable = filter(str.isprintable, map(chr, range(sys.maxunicode + 1)))
    assert [char for char in printable if char in words.BREAKS or unicodedata.category(char) in words.UNSAFE] == []


@pytest.mark.parametrize(
    ("score", "line"),
    [
        (Score(Decimal(62), Decimal(100), Decimal(0), complete=True), "62 of 100 points"),
        (
            Score(Decimal("8.5"), Decimal(40), Decimal(8), complete=False),
            "8.5 of 40 points, incomplete: 8 points could not be verified",
        ),
        (
            Score(Decimal(0), Decimal(1), Decimal(1), complete=False),
            "0 of 1 point, incomplete: 1 point could not be verified",
        ),
    ],
)
def test_a_score_that_is_not_complete_says_so(score: Score, line: str) -> None:
    """What could not be verified is no loss of points."""
    assert words.headline(score) == line


def test_long_lists_and_texts_are_cut_and_say_so() -> None:
    """Seventeen regions are not read by anybody."""
    assert words.listed(["a", "b", "c"]) == "a, b, c"
    assert words.listed([str(number) for number in range(17)]) == "0, 1, 2 and 14 more"
    assert words.shortened("x" * 1_000_000, 10) == "xxxxxxxx …"
    assert words.shortened("short", 10) == "short"

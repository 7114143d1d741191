"""Cells that people open in a spreadsheet."""

import csv
import io
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skymark.export.cells import points, sheet, words

BEGINS_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r\n]")  # noqa: RUF001


@given(st.text() | st.from_regex(BEGINS_FORMULA))
def test_no_text_at_all_is_run_by_a_spreadsheet(text):
    """Whatever somebody calls themselves."""
    assert not BEGINS_FORMULA.match(words(text))
    assert "\n" not in words(text)


@given(st.lists(st.text(), min_size=2, max_size=2))
def test_a_file_comes_apart_as_it_was_put_together(cells):
    """And can be written as UTF-8."""
    text = sheet(("a", "b"), [map(words, cells)])

    read = list(csv.reader(io.StringIO(text.encode().decode("utf-8-sig"), newline="")))
    assert read == [["a", "b"], [words(cell) for cell in cells]]
    assert text.endswith("\r\n")


@pytest.mark.parametrize(
    ("number", "cell"),
    [(None, ""), ("0", "0"), ("5.0", "5"), ("2.50", "2.5"), ("0.125", "0.13"), ("1E+2", "100")],
)
def test_points_are_numbers_and_blank_where_nobody_knows(number, cell):
    """Blank is not 0."""
    assert points(None if number is None else Decimal(number)) == cell

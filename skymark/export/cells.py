"""Cells of CSV files that people open in a spreadsheet: nothing in them is run."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from skymark.render.marked import LONGEST
from skymark.render.words import CENT, clean, number_text, shortened

FORMULA: Final = re.compile(r"\s*[=+\-@＝＋－＠]")  # noqa: RUF001 - spreadsheets run the full-width ones, too
EXCELS_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By which Excel knows UTF-8."""


def words(text: str) -> str:
    """A cell of text; what a spreadsheet would run as a formula gets an apostrophe, which it does not show."""
    line = clean(shortened(text, LONGEST))
    return f"'{line}" if FORMULA.match(line) else line


def points(number: Decimal | None) -> str:
    """A cell of points, which a spreadsheet takes for a number; blank, not 0, where they are not known."""
    return "" if number is None else number_text(number, CENT)


def sheet(head: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """The whole file for people: UTF-8 with Excel's mark, comma, CRLF. The cells are ready, those of `head` too."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows(rows)
    return EXCELS_MARK + text.getvalue()

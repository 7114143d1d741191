"""The columns of a roster, under the names that people give them."""

import difflib
import re
from collections.abc import Mapping
from typing import Final

from skymark.errors import RosterError
from skymark.evidence import Struct
from skymark.render.words import clean, shortened
from skymark.roster.entry import Mistake
from skymark.roster.table import Row, Table
from skymark.suggest import did_you_mean, one_of

STUDENT, NAME, ROLE, EXTERNAL_ID, PROFILE, SURVEY, NOTEBOOK, RUBRIC, DUE, REGION, PAIR, CALLER = COLUMNS = (
    *("student", "name", "role arn", "external id", "profile", "survey", "notebook", "rubric", "due", "region"),
    *("pair", "caller"),
)
WAYS_IN: Final = (ROLE, PROFILE, SURVEY)

_ALIASES: Final = {"id": STUDENT, "student id": STUDENT, "group": PAIR, "team": PAIR}
_MEANT: Final = {"role": ROLE, "arn": ROLE, "external": EXTERNAL_ID, "due date": DUE, "deadline": DUE}
"""What is no name of a column, and looks much like one to people, less so to a computer."""

_NEAR: Final = 0.75
"""Nearer than `section` to `region`: columns of other things are welcome."""


def _letters(header: str) -> str:
    """A header without capitals, spaces, underscores and dashes."""
    return re.sub(r"[\W_]+", "", header.casefold())


_KNOWN: Final = {
    _letters(name): column for name, column in {**dict(zip(COLUMNS, COLUMNS, strict=True)), **_ALIASES}.items()
}
_MISNAMED: Final = {_letters(name): column for name, column in _MEANT.items()}


class Columns(Struct, frozen=True):
    """Where each column of the roster stands, its header as written, and what is wrong with the headers."""

    at: Mapping[str, int]
    headers: Mapping[str, str]
    mistakes: tuple[Mistake, ...] = ()


def find_columns(table: Table) -> Columns:
    """The columns that a table has; others are left alone, unless they look like one that is missing.

    Raises:
        RosterError: nothing tells who the students are.
    """
    at: dict[str, int] = {}
    headers = {number: header(table.header, number) for number in range(len(table.header.cells))}
    mistakes: list[Mistake] = []
    for number, written in headers.items():
        column = _KNOWN.get(_letters(written))
        if column and at.setdefault(column, number) != number:
            text = f'is the column "{headers[at[column]]}" once more, and left out. Take one of the two away.'
            mistakes.append(Mistake(table.header.line, written, text))
    missing = {number: meant for number, written in headers.items() if (meant := _meant(written)) and meant not in at}
    for number, meant in missing.items():
        text = f"is no column of a roster, and left out. {did_you_mean(meant, [meant])}"
        mistakes.append(Mistake(table.header.line, headers[number], text))
    if STUDENT not in at:
        names = clean(shortened(one_of(headers.values())))
        raise RosterError(
            f'{table.file}: has no column "student". It has: {names}. Name the one that holds the ids so.'
        )
    return Columns(at, {column: headers[number] for column, number in at.items()}, tuple(mistakes))


def header(row: Row, at: int) -> str:
    """A header as it is written, without what stands around it; the column's number where it is blank or missing."""
    return row.value(at).strip() or f"column {at + 1}"


def _meant(written: str) -> str | None:
    """The column that a header is not, and may be meant to be."""
    letters = _letters(written)
    if letters in _KNOWN or letters in _MISNAMED:
        return _MISNAMED.get(letters)
    near = difflib.get_close_matches(letters, _KNOWN, n=1, cutoff=_NEAR)
    return _KNOWN[near[0]] if near else None

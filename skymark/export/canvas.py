"""Marks as Canvas imports them: its own gradebook export with one column changed, and everything else as it was.

Source: canvas-lms, `lib/gradebook_importer.rb`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from skymark.errors import UsageError
from skymark.evidence import Struct
from skymark.export.cells import points
from skymark.export.row import ClassRow, has_mark
from skymark.render.words import CENT, listed, rounded
from skymark.roster.canvas import CanvasExport, CanvasLine
from skymark.suggest import did_you_mean

DROPPED: Final = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
"""Canvas passes over a column whose header contains one of these, and says nothing."""

WITH_ID: Final = re.compile(r"(?P<title>.*\S)\s*\((?P<id>[0-9]+)\)\s*", re.DOTALL)
NO_SCORE: Final = ("", "-")
EXCUSED: Final = "EX"
READ_ONLY: Final = "read only"


class Column(Struct, frozen=True):
    """The one column that is written: its header as it is to stand in the file; `at` is None where it is new."""

    header: str
    at: int | None


class ForCanvas(Struct, frozen=True):
    """What is to be imported, in the encoding of the export.

    `excused` are students with a mark whom somebody excused in Canvas: they are left so.
    """

    content: bytes
    excused: tuple[str, ...] = ()


def to_canvas(
    export: CanvasExport,
    rows: Sequence[ClassRow],
    title: str,
    *,
    new_column: bool = False,
    with_pending: bool = False,
    only_marks: bool = False,
) -> ForCanvas:
    """The export with the points of everybody who has a mark, in the column of this title, with or without its id.

    Whoever has no mark keeps the cell that the export held, and is left out where that was blank: a blank, or 0, would
    change a grade. With `only_marks` all of them are left out: since the export somebody may have been given a mark.
    Nobody is added. Only the columns that say who it is are written besides, to the byte.

    Raises:
        UsageError: there is no such column, Canvas would drop it, it takes no imports, or it is out of other points;
            or nobody has a mark.
        RosterError: the title of a new column cannot be written in the export's encoding.
    """
    marks = {row.student: _points(row) for row in rows if has_mark(row, with_pending=with_pending)}
    possible = _possible(rows, set(marks))
    column = _column(export, title, new_column)
    if column.at is not None:
        _refuse_other_points(export, column, column.at, possible)
    _, *others = export.lines
    wanted = (line for line in others if not only_marks or not line.is_person or line.student in marks)
    cells = ((line, _cell(line, column, marks, possible)) for line in wanted if not _is_torn(line, export))
    lines = [_written(export, line, cell) for line, cell in cells if cell is not None]
    text = _written(export, export.header, column.header) + "".join(lines)
    excused = (line.student for line in others if line.student in marks and _is_excused(line, column))
    return ForCanvas(export.encode(text), tuple(one for one in excused if one))


def _points(row: ClassRow) -> Decimal:
    assert row.standing is not None  # noqa: S101 - whoever has a mark was graded
    return row.standing.score.earned


def _possible(rows: Sequence[ClassRow], marked: set[str]) -> Decimal:
    """What everybody's points are out of.

    Raises:
        UsageError: nobody has a mark, or they are out of different numbers: one column cannot hold them.
    """
    found: dict[Decimal, list[str]] = {}
    for row in rows:
        if row.standing and row.student in marked:
            found.setdefault(rounded(row.standing.score.possible, CENT), []).append(row.student)
    if not found:
        raise UsageError("Nobody has a mark yet, so there is nothing to import. needs-regrade.csv says why.")
    if len(found) > 1:
        kinds = "; ".join(f"{points(possible)}: {listed(who)}" for possible, who in found.items())
        raise UsageError(f"Marks are out of different points ({kinds}): export one rubric at a time, with --rubric.")
    return next(iter(found))


def _column(export: CanvasExport, title: str, new_column: bool) -> Column:
    wanted = title.strip()
    head = export.header
    headers = {at: head.value(at) for at in range(export.identity, len(head.cells))}
    found = [at for at, header in headers.items() if wanted in (header.strip(), _title(header))]
    if DROPPED.search(wanted) or any(DROPPED.search(headers[at]) for at in found):
        raise UsageError(f'"{wanted}": Canvas drops such a column without a word. Give the assignment another name.')
    if len(found) > 1:
        names = ", ".join(f'"{headers[at]}"' for at in found)
        raise UsageError(f'"{wanted}": there are several: {names}. Give the whole header, with its id.')
    if found:
        header = headers[found[0]]
        if not WITH_ID.fullmatch(header) and not new_column:
            raise UsageError(f'"{header}" has no id, so Canvas may make a new assignment of it. Add --new-column.')
        return Column(head.raw(found[0]), found[0])
    return Column(_new_header(export, wanted, new_column, tuple(headers.values())), None)


def _new_header(export: CanvasExport, wanted: str, new_column: bool, known: Sequence[str]) -> str:
    titles = [_title(header) for header in known if not DROPPED.search(header)]
    near = did_you_mean(wanted, titles) or f"There are: {listed(titles, most=10) or 'none'}."
    if WITH_ID.fullmatch(wanted):
        raise UsageError(f'"{wanted}": the export has no column of this id. {near}')
    if not wanted or not wanted.isprintable():
        raise UsageError("A column's title is one line of text.")
    if not new_column:
        raise UsageError(f'"{wanted}": the export has no such column. {near} To make a new assignment: --new-column.')
    is_plain = not any(char in wanted for char in ('"', export.delimiter, ",", ";"))
    return wanted if is_plain else '"{}"'.format(wanted.replace('"', '""'))


def _title(header: str) -> str:
    """The title that people see, without Canvas's id."""
    with_id = WITH_ID.fullmatch(header)
    return with_id["title"].strip() if with_id else header.strip()


def _refuse_other_points(export: CanvasExport, column: Column, at: int, possible: Decimal) -> None:
    held = export.points_possible.value(at).strip() if export.points_possible else ""
    if READ_ONLY in held:
        raise UsageError(f"{column.header}: Canvas calls this column read only, and would not import it.")
    if _number(held) != possible:
        raise UsageError(
            f"{column.header}: is out of {held or 'nothing'} in Canvas, and the rubric out of {points(possible)}. "
            "Give the assignment in Canvas as many points, and export its gradebook again."
        )


def _cell(line: CanvasLine, column: Column, marks: Mapping[str, Decimal], possible: Decimal) -> str | None:
    """The one cell that is written beside who it is; None where the row is left out."""
    held = "" if column.at is None else line.raw(column.at)
    if not line.is_person:
        return points(possible) if column.at is None and line.is_points_possible else held
    mark = marks.get(line.student or "")
    if mark is not None and not _is_excused(line, column):
        return held if _number(_value(line, column)) == rounded(mark, CENT) else points(mark)
    return None if _value(line, column) in NO_SCORE else held


def _is_torn(line: CanvasLine, export: CanvasExport) -> bool:
    """Whether its cells may stand under the wrong header: a quote that does not close, or a comma outside of quotes."""
    beyond = line.cells[len(export.header.cells) :]
    return any(cell.strip() for cell in beyond) or any(line.is_broken(at) for at in range(len(line.cells)))


def _value(line: CanvasLine, column: Column) -> str:
    return "" if column.at is None else line.value(column.at).strip()


def _is_excused(line: CanvasLine, column: Column) -> bool:
    return _value(line, column).upper() == EXCUSED


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _written(export: CanvasExport, line: CanvasLine, cell: str) -> str:
    who: Iterator[str] = (line.raw(at) for at in range(export.identity))
    return export.delimiter.join((*who, cell)) + line.end

"""What is written for one student, in the roster and in the file beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from skymark.render.words import clean, shortened
from skymark.roster.canvas import CanvasExport
from skymark.roster.columns import EXTERNAL_ID, NAME, STUDENT, WAYS_IN, Columns, header
from skymark.roster.entry import Mistake
from skymark.roster.table import Row, Table


@dataclass
class Source:
    """A file that students are read from, and the mistakes that were found in it.

    `headers` are those of its columns as they stand there; `is_beside` is the file that fills in a roster.
    """

    file: Path
    headers: Mapping[str, str]
    is_beside: bool = False
    mistakes: list[Mistake] = field(default_factory=list)

    def note(self, line: int, column: str, text: str) -> None:
        """Write down what is wrong, safe to be shown; of the file beside, its name is said."""
        told = f"in {self.file.name}: {text}" if self.is_beside else text
        self.mistakes.append(Mistake(line, clean(column), clean(shortened(told))))


@dataclass(frozen=True)
class Cell:
    """What stands in a column, not blank, and where."""

    text: str
    line: int
    column: str
    source: Source

    @property
    def header(self) -> str:
        """The column as its file calls it."""
        return self.source.headers.get(self.column, self.column)


@dataclass
class Written:
    """One student: their cells by column, and the ids that they are known by.

    `is_torn` if cells may stand under the wrong header, so that nothing more can be said of them; `is_bad` once there
    is any mistake.
    """

    line: int
    source: Source
    cells: dict[str, Cell]
    ids: frozenset[str] = frozenset()
    is_torn: bool = False
    is_bad: bool = False

    @property
    def student(self) -> str:
        """The id, `""` where there is none."""
        return self.text(STUDENT)

    def text(self, column: str) -> str:
        """What stands in a column, `""` where nothing does."""
        return self.cells[column].text if column in self.cells else ""

    def set_name(self, name: str) -> None:
        """Call them so."""
        self.cells[NAME] = Cell(name, self.line, NAME, self.source)

    def refuse(self, column: str, text: str) -> None:
        """Write down what is wrong with a cell, where it stands; of a blank one, where it should."""
        self.is_bad = True
        cell = self.cells.get(column) or Cell("", self.line, column, self.source)
        cell.source.note(cell.line, cell.header, text)

    def fill_in(self, other: "Written") -> None:
        """Take over what is missing here; two ways into one account that are not the same are a mistake."""
        self.is_torn = self.is_torn or other.is_torn
        self.is_bad = self.is_bad or other.is_bad
        for cell in other.cells.values():
            if here := self._other_than(cell):
                other.refuse(
                    cell.column, f'the roster has "{here.text}" as {here.header} for {self.student}. Keep one.'
                )
                self.is_bad = True
        self.cells = other.cells | self.cells

    def _other_than(self, cell: Cell) -> Cell | None:
        """What stands here and cannot be meant together with this cell."""
        rivals = WAYS_IN if cell.column in WAYS_IN else (EXTERNAL_ID,) if cell.column == EXTERNAL_ID else ()
        here = (self.cells[one] for one in rivals if one in self.cells)
        return next((one for one in here if (one.column, one.text) != (cell.column, cell.text)), None)


def written_rows(table: Table, columns: Columns, source: Source) -> Iterator[Written]:
    """The rows of a table that are not blank; those that are not whole are bad."""
    rows = [row for row in table.rows if not row.is_blank]
    width = _width(table.header, rows)
    for row in rows:
        texts = {column: row.value(at).strip() for column, at in columns.at.items()}
        cells = {column: Cell(text, row.line, column, source) for column, text in texts.items() if text}
        yield Written(row.line, source, cells, is_torn=_is_torn(row, table.header, width, source))


def canvas_people(export: CanvasExport, source: Source) -> Iterator[Written]:
    """The students of a Canvas export. Of one whose id is another's, too, the later is kept, to be refused."""
    called_by, width = export.called_by, _width(export.header, export.people)
    for line in export.people:
        ids = export.ids(line)
        student = ids.get(called_by, "")
        if not export.is_test_student(line):
            texts = {STUDENT: student, NAME: export.name(line) or student}
            cells = {column: Cell(text, line.line, column, source) for column, text in texts.items() if text}
            is_torn = _is_torn(line, export.header, width, source)
            yield Written(line.line, source, cells, frozenset(ids.values()), is_torn)


def _width(head: Row, rows: Sequence[Row]) -> int:
    """How many cells a row has: a delimiter too many at the end of each of them says nothing."""
    return max(len(head.cells), min((len(row.cells) for row in rows), default=0))


def _is_torn(row: Row, head: Row, width: int, source: Source) -> bool:
    """Whether what stands in a row may belong elsewhere: quotes that do not close, or more cells than columns."""
    broken = [at for at in range(len(row.cells)) if row.is_broken(at)]
    for at in broken:
        text = 'begins with a quote (") and has no other at its end. Write a quote within a cell twice.'
        source.note(row.line, header(head, at), text)
    columns = len(head.cells)
    is_wide = len(row.cells) > width or any(cell.strip() for cell in row.cells[columns:])
    if is_wide and not broken:
        text = f"there are only {columns} columns. Put a text that has the delimiter in it between quotes."
        source.note(row.line, header(head, columns), text)
    return is_wide or bool(broken)

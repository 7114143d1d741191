"""A gradebook export of Canvas as a roster, kept so that it can be written back to the byte.

Source: canvas-lms, `lib/gradebook_exporter.rb` and `lib/gradebook_importer.rb`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from skymark.errors import RosterError
from skymark.evidence import Struct
from skymark.roster.table import Dialect, Row, Table, read_table

POINTS_POSSIBLE: Final = "Points Possible"
TEST_STUDENTS: Final = ("Student, Test", "Test Student")
"""What Canvas calls the student that a teacher looks through; it has no SIS user id."""

ID, USER_ID, LOGIN_ID = "ID", "SIS User ID", "SIS Login ID"
IDS: Final = (LOGIN_ID, USER_ID, ID)
"""By which of them students are called: the first that everybody has, and nobody with another."""

_NAMES: Final = (("Student",), ("LastName", "FirstName"))
_BEFORE_SECTION: Final = re.compile(r"SIS\s+User\s+ID|SIS\s+Login\s+ID|Integration\s+ID|Root\s+Account")
_HIDDEN: Final = re.compile(r"(?:Muted|Manual Posting.*)?", re.IGNORECASE | re.DOTALL)


class CanvasLine(Row, frozen=True):
    """One row of the export, its cells as they stand there, quotes included.

    `student` is the roster's id. It is None in the header, in the rows about assignments, and for whoever is not of
    the class, such as Canvas's test student; `is_person` tells them apart.
    """

    is_person: bool = False
    student: str | None = None

    @property
    def is_points_possible(self) -> bool:
        """Whether this row says what each assignment is out of."""
        return _is_points_possible(self)


class CanvasExport(Struct, frozen=True):
    """A gradebook export. The first line is its header; the first `identity` columns say who somebody is.

    Each line is its cells joined by the delimiter, then its `end`; all lines joined are `text`. What is written in
    their place goes through `encode`, which gives it the encoding and byte-order mark that the export has.
    """

    dialect: Dialect
    identity: int
    lines: tuple[CanvasLine, ...]

    @property
    def delimiter(self) -> str:
        """What stands between two cells."""
        return self.dialect.delimiter

    @property
    def header(self) -> CanvasLine:
        """The line that names the columns."""
        return self.lines[0]

    @property
    def points_possible(self) -> CanvasLine | None:
        """The line that says what each assignment is out of, None if there is none."""
        return next((line for line in self.lines if line.is_points_possible), None)

    @property
    def people(self) -> tuple[CanvasLine, ...]:
        """The lines of students, the test student's among them."""
        return tuple(line for line in self.lines if line.is_person)

    @property
    def text(self) -> str:
        """The whole export."""
        return "".join(self.delimiter.join(line.cells) + line.end for line in self.lines)

    def encode(self, text: str) -> bytes:
        """Text as a file like this one; `encode(text)` of its own text is the file.

        Raises:
            RosterError: its encoding has no such character.
        """
        return self.dialect.encode(text)

    def name(self, line: CanvasLine) -> str:
        """What somebody is called there."""
        return _name(line, _names(self.header))

    def ids(self, line: CanvasLine) -> Mapping[str, str]:
        """By which ids Canvas knows somebody: those of `IDS` that are not blank."""
        return {name: text for name, at in _id_columns(self.header, self.identity).items() if (text := _text(line, at))}

    def is_test_student(self, line: CanvasLine) -> bool:
        """Whether this is the student that a teacher looks through."""
        return _is_test_student(line, self.header, self.identity)

    @property
    def called_by(self) -> str:
        """Which of `IDS` the students' ids are."""
        students = [line for line in self.people if not self.is_test_student(line)]
        return _called_by(students, _id_columns(self.header, self.identity))


def read_canvas(file: Path) -> CanvasExport:
    """Read a gradebook export.

    Raises:
        RosterError: the file cannot be read, or is none.
    """
    table = read_table(file)
    if not is_canvas(table.header):
        raise RosterError(
            f"{file}: is no gradebook export of Canvas. In Canvas: Grades, Export, Export Entire Gradebook."
        )
    return canvas_export(table)


def is_canvas(header: Row) -> bool:
    """Whether a header is that of a gradebook export: names, `ID`, and among what follows `Section`."""
    return _identity(header) > 0


def canvas_export(table: Table) -> CanvasExport:
    """A table whose header is that of an export."""
    header, identity = table.header, _identity(table.header)
    columns = _id_columns(header, identity)
    people = {row.line: row for row in table.rows if _is_person(row)}
    students = [row for row in people.values() if not _is_test_student(row, header, identity)]
    ids = _students(students, columns[_called_by(students, columns)])
    lines = (CanvasLine(row.cells, row.end, row.line, row.line in people, ids.get(row.line)) for row in table.rows)
    return CanvasExport(table.dialect, identity, (CanvasLine(header.cells, header.end, header.line), *lines))


def _students(rows: Iterable[Row], at: int) -> Mapping[int, str]:
    """Ids by line; of two rows with the same id the later one has none, so that no mark is written twice."""
    lines: dict[str, int] = {}
    for row in rows:
        if student := _text(row, at):
            lines.setdefault(student, row.line)
    return {line: student for student, line in lines.items()}


def _names(header: Row) -> int:
    """How many columns are names, 0 if this is no export."""
    written = tuple(_text(header, at) for at in range(2))
    return next((len(names) for names in _NAMES if written[: len(names)] == names), 0)


def _identity(header: Row) -> int:
    names = _names(header)
    if not names or _text(header, names) != ID:
        return 0
    at = names + 1
    while _BEFORE_SECTION.search(header.value(at)):
        at += 1
    return at + 1 if "Section" in header.value(at) else 0


def _id_columns(header: Row, identity: int) -> Mapping[str, int]:
    found = {" ".join(header.value(at).split()): at for at in range(identity)}
    return {name: found[name] for name in IDS if name in found}


def _called_by(rows: Sequence[Row], columns: Mapping[str, int]) -> str:
    for name, at in columns.items():
        texts = [_text(row, at) for row in rows]
        if all(texts) and len(set(texts)) == len(texts):
            return name
    return ID


def _is_person(row: Row) -> bool:
    is_hidden = all(_HIDDEN.fullmatch(_text(row, at)) for at in range(len(row.cells)))
    return not is_hidden and not _is_points_possible(row)


def _is_points_possible(row: Row) -> bool:
    return POINTS_POSSIBLE in row.value(0)


def _is_test_student(row: Row, header: Row, identity: int) -> bool:
    names = _names(header)
    written = ", ".join(_text(row, at) for at in range(names))
    user_id = _id_columns(header, identity).get(USER_ID)
    return written in TEST_STUDENTS and (user_id is None or not _text(row, user_id))


def _name(row: Row, names: int) -> str:
    """As it stands; of a last and a first name the first one first, as Canvas itself puts them together."""
    return " ".join(_text(row, at) for at in reversed(range(names))).strip()


def _text(row: Row, at: int) -> str:
    return row.value(at).strip()

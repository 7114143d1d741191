"""`access.csv`: each student's external id, and their role's ARN once it is known. An id that stands there stays."""

import csv
import io
import re
import secrets
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from skymark.errors import UsageError
from skymark.files import write_whole
from skymark.granting.grant import EXTERNAL_ID as GOOD_ID
from skymark.roster.columns import EXTERNAL_ID, NAME, ROLE, STUDENT, Columns, find_columns, header
from skymark.roster.table import Row as Line
from skymark.roster.table import Table, read_table

WRITTEN: Final = (STUDENT, NAME, ROLE, EXTERNAL_ID)
LETTERS: Final = string.ascii_letters + string.digits
LENGTH: Final = 40
FORMULA: Final = re.compile(r"\s*[=+\-@]")


@dataclass(frozen=True)
class Row:
    """One student's access; `more` are columns that somebody added."""

    student: str
    name: str
    role_arn: str
    external_id: str
    more: Mapping[str, str] = field(default_factory=dict)


def new_external_id() -> str:
    """An id that nobody can guess: 40 letters and digits, 238 bits.

    Without punctuation, so that no shell, spreadsheet or link makes anything else of it.
    """
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def read_access(file: Path) -> dict[str, Row]:
    """The rows by student, in the file's order; none where there is no file. A student may have no id yet.

    Raises:
        RosterError: it is no table, or has no column of students.
        UsageError: it has no column of ids, a student or an id twice, or an id that AWS would not take. All mistakes
            are told at once; going on would give somebody a second id.
    """
    if not file.exists():
        return {}
    table = read_table(file)
    columns = find_columns(table)
    if EXTERNAL_ID not in columns.at:
        raise UsageError(f'{file}:{table.header.line}: has no column "{EXTERNAL_ID}". It holds the ids: mend it.')
    rows = [(one.line, _row(one, table, columns)) for one in table.rows if not one.is_blank]
    if mistakes := [*_torn(table), *_mistakes(file, rows)]:
        raise UsageError("\n".join(mistakes))
    return {row.student: row for _, row in rows}


def write_access(file: Path, rows: Iterable[Row]) -> None:
    """Write the rows, for their owner's eyes only (mode 0600).

    Ids stand as they are, so that they are found again; a name that a spreadsheet would run gets an apostrophe.

    Raises:
        UsageError: the file cannot be written.
    """
    kept = list(rows)
    text = io.StringIO()
    columns = [*WRITTEN, *dict.fromkeys(key for one in kept for key in one.more)]
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for one in kept:
        name = f"'{one.name}" if FORMULA.match(one.name) else one.name
        writer.writerow(
            {STUDENT: one.student, NAME: name, ROLE: one.role_arn, EXTERNAL_ID: one.external_id, **one.more}
        )
    write_whole(file, text.getvalue(), private=True)


def _row(line: Line, table: Table, columns: Columns) -> Row:
    known = {column: line.value(at).strip() for column, at in columns.at.items()}
    more = {
        header(table.header, at): line.value(at)
        for at in range(len(table.header.cells))
        if at not in {columns.at.get(column) for column in WRITTEN}
    }
    student, name, role_arn, external_id = (known.get(column, "") for column in WRITTEN)
    return Row(student, name, role_arn, external_id, more)


def _torn(table: Table) -> Iterator[str]:
    """Rows whose cells may stand in another column than they are meant for."""
    width = len(table.header.cells)
    for row in table.rows:
        if any(row.is_broken(at) for at in range(len(row.cells))) or any(cell.strip() for cell in row.cells[width:]):
            yield f"{table.file}:{row.line}: is torn by a quote or a delimiter too many. Put back what was there."


def _mistakes(file: Path, rows: Iterable[tuple[int, Row]]) -> Iterator[str]:
    students: dict[str, int] = {}
    ids: dict[str, int] = {}
    for line, row in rows:
        if not row.student:
            yield f"{file}:{line}: has no student. Say whose id it is, or take the line out."
        elif (before := students.setdefault(row.student, line)) != line:
            yield f"{file}:{line}: {row.student} is in line {before} already. Take one of the lines out."
        if not row.external_id:
            continue
        if not re.fullmatch(GOOD_ID, row.external_id):
            yield f'{file}:{line}: "{row.external_id}" is no external id. Put back what was there, or leave it blank.'
        elif (before := ids.setdefault(row.external_id, line)) != line:
            yield f"{file}:{line}: has the external id of line {before}. Each student needs one of their own."

"""Reading a class: a roster or a gradebook export of Canvas, and a file beside it with the ways into the accounts."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from skymark.errors import RosterError
from skymark.roster.canvas import canvas_export, is_canvas
from skymark.roster.columns import NAME, STUDENT, Columns, find_columns
from skymark.roster.entering import entry
from skymark.roster.entry import Roster
from skymark.roster.table import read_table
from skymark.roster.written import Source, Written, canvas_people, written_rows
from skymark.suggest import did_you_mean


def read_roster(file: Path, *, access: Path | None = None) -> Roster:
    """Read a class, and what the file beside it says of those who are in it.

    A row with a mistake is left out, and the rest goes on. Mistakes are in order of line: the roster's, then those of
    the file beside it, which name that file.

    Raises:
        RosterError: a file cannot be read, or does not tell who the students are.
    """
    students, source, of_canvas = _students(file)
    beside = _fill_in(students, access) if access else None
    entries = [made for one in students if (made := entry(one))]
    mistakes = [one for each in (source, beside) if each for one in sorted(each.mistakes, key=lambda one: one.line)]
    return Roster(file, tuple(entries), tuple(mistakes), of_canvas, access)


def refuse_mistakes(roster: Roster) -> None:
    """Refuse a roster that is not all right.

    Raises:
        RosterError: it has mistakes; all of them are told.
    """
    if roster.mistakes:
        raise RosterError(*(f"{roster.file}: {mistake}" for mistake in roster.mistakes))


def _students(file: Path) -> tuple[list[Written], Source, bool]:
    table = read_table(file)
    of_canvas = is_canvas(table.header)
    if of_canvas:
        export = canvas_export(table)
        source = Source(file, {STUDENT: export.called_by, NAME: export.header.value(0)})
        students = list(canvas_people(export, source))
    else:
        columns = find_columns(table)
        source = _source(file, columns)
        students = list(written_rows(table, columns, source))
    _refuse_second(students)
    return students, source, of_canvas


def _fill_in(students: Iterable[Written], file: Path) -> Source:
    """Give the students of a roster what stands in the file beside it."""
    table = read_table(file)
    columns = find_columns(table)
    source = _source(file, columns, is_beside=True)
    by_id = _by_id(students)
    folded = {name.casefold(): name for name in by_id}
    filled: dict[int, int] = {}
    for row in written_rows(table, columns, source):
        found = by_id.get(row.student, ())
        if len(found) != 1:
            row.refuse(STUDENT, _not_one(row.student, found, folded.get(row.student.casefold())))
        elif (before := filled.setdefault(found[0].line, row.line)) != row.line:
            row.refuse(STUDENT, f"{row.student} is in line {before} already. Take one of the lines out.")
        else:
            found[0].fill_in(row)
    return source


def _source(file: Path, columns: Columns, *, is_beside: bool = False) -> Source:
    source = Source(file, columns.headers, is_beside)
    for mistake in columns.mistakes:
        source.note(mistake.line, mistake.column, mistake.text)
    return source


def _refuse_second(students: Iterable[Written]) -> None:
    """Of two rows of a student it is not known which is meant; the first is graded, so that they are not left out."""
    lines: dict[str, int] = {}
    for one in students:
        if one.student and (before := lines.setdefault(one.student, one.line)) != one.line:
            one.refuse(STUDENT, f"{one.student} is in line {before} already. Take one of the lines out.")


def _by_id(students: Iterable[Written]) -> Mapping[str, tuple[Written, ...]]:
    """Students by the id that they are called by; where nobody is called so, by any other that Canvas has of them."""
    called: dict[str, tuple[Written, ...]] = {}
    known: dict[str, tuple[Written, ...]] = {}
    for one in students:
        if one.student:
            called.setdefault(one.student, (one,))
        for name in one.ids:
            known[name] = (*known.get(name, ()), one)
    return known | called


def _not_one(student: str, found: Sequence[Written], other_case: str | None) -> str:
    if not student:
        return "is blank. Say whose row it is, or take it out."
    if found:
        return f"{student} is an id of several students, in line {' and '.join(str(one.line) for one in found)}."
    near = did_you_mean(other_case, [other_case]) if other_case else "Add them there, or take the line out."
    return f"{student} is not in the roster. {near}"

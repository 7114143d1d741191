"""Several assistants' gradebooks become one. Theirs are only read, from a copy: a byte of them never changes."""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from skymark.errors import GradebookError
from skymark.evidence import Struct
from skymark.gradebook.book import Gradebook, in_force, read_result
from skymark.gradebook.merge import Override
from skymark.gradebook.opening import COMPANIONS, connected, damage_of, refuse_strangers, told
from skymark.gradebook.schema import migrate, version_of
from skymark.gradebook.standing import records

TRIES: Final = 5
"""How often a book is copied that somebody writes to meanwhile."""
TABLES: Final = {"attempt": "regrades", "decision": "undoes", "trouble": None, "exported": None}
"""What is taken over, and the column that names another row of the same table."""


class Conflict(Struct, frozen=True):
    """Two assistants gave different points for the same, neither knowing of the other: `counts` is in force now."""

    who: str
    criterion: str
    ours: Override
    theirs: Override
    counts: Override


class Joined(Struct, frozen=True):
    """What was new in another book, by table. `again` are undos of what was undone here, which are left out."""

    file: Path
    new: Mapping[str, int]
    again: int = 0
    conflicts: tuple[Conflict, ...] = ()


def join(book: Gradebook, file: Path, *, keep: bool = True) -> Joined:
    """Take everything over that is in another book and not yet in this one: all of it, or nothing.

    The same row is never there twice, so that doing it again changes nothing. Of two decisions about the same the later
    one counts. Without `keep` nothing is written down.

    Raises:
        GradebookError: the other file is this book, damaged, no gradebook, or of a newer Skymark; or this one cannot be
            read or written.
    """
    if file.exists() and book.file.exists() and file.samefile(book.file):
        raise GradebookError(f"{file}: is this gradebook itself. Name another one.")
    with _copied(file) as theirs, book.writing(keep=keep):
        before = frozenset(one.id for one in book.decisions())
        try:
            return _joined(book, file, theirs, before)
        except (ValueError, ArithmeticError, KeyError) as error:
            why = f"holds something that cannot be read ({error}). Nothing of it is taken."
            raise GradebookError(f"{file}: {why}") from error


def _joined(book: Gradebook, file: Path, theirs: sqlite3.Connection, before: frozenset[int]) -> Joined:
    new = dict.fromkeys(TABLES, 0)
    undone = {one.undoes for one in book.decisions()}
    again = 0
    ids: dict[str, dict[int, int]] = {table: {} for table in TABLES}
    for table, refers in TABLES.items():
        for id, row in _rows(theirs, table):
            if refers and row[refers] is not None:
                row[refers] = ids[table][row[refers]]
            if table == "attempt":
                read_result(row["result"])
            if table == "decision" and row["undoes"] is not None and row["undoes"] in undone:
                again += not book.has(table, row)
                continue
            ids[table][id], is_new = book.take(table, row)
            new[table] += is_new
    return Joined(file, new, again, tuple(_conflicts(book, before, frozenset(ids["decision"].values()))))


def _rows(theirs: sqlite3.Connection, table: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of one table in the order in which they were written, without their ids, which are another book's."""
    found = theirs.execute(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608 - the names are those above
    names = [column[0] for column in found.description]
    for values in found:
        row = dict(zip(names, values, strict=True))
        yield row.pop("id"), row


def _conflicts(book: Gradebook, ours: frozenset[int], theirs: frozenset[int]) -> Iterator[Conflict]:
    """Everything is read for it, so that nothing is taken that cannot be."""
    book.troubles()
    for record in records(book.attempts(), book.decisions(), book.students()):
        here, there, now = (
            {one.criterion: one for one in in_force(each for each in record.decisions if each.id in known)}
            for known in (ours, theirs, ours | theirs)
        )
        for criterion in here.keys() & there.keys() & now.keys():
            mine, other = here[criterion], there[criterion]
            knew = mine.id in theirs or other.id in ours
            if not knew and mine.points != other.points:
                yield Conflict(record.who, criterion, mine, other, now[criterion])


@contextlib.contextmanager
def _copied(file: Path) -> Iterator[sqlite3.Connection]:
    """A copy of another book, brought up to date, for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder, told(file):
        if not file.is_file():
            raise GradebookError(f"{file}: there is no such file.")
        refuse_strangers(file)
        copy = Path(folder) / "copy.sqlite3"
        _copy(file, copy)
        with contextlib.closing(connected(copy, "rw")) as connection:
            if damage := damage_of(connection, file):
                raise GradebookError(f"{file}: is damaged ({damage}). Nothing of it is taken.")
            if version_of(connection) == 0:
                raise GradebookError(f"{file}: is no gradebook, or one in which nothing was ever written.")
            migrate(connection)
            yield connection


def _copy(file: Path, to: Path) -> None:
    """Copy a book with its journal; once more where somebody wrote to it meanwhile."""
    for _ in range(TRIES):
        before = _state(file)
        for suffix in ("", COMPANIONS[0]):
            source, target = file.with_name(file.name + suffix), to.with_name(to.name + suffix)
            target.unlink(missing_ok=True)
            if source.exists():
                shutil.copyfile(source, target)
        if _state(file) == before:
            return
    raise GradebookError(f"{file}: is being written to all the time. Try again later.")


def _state(file: Path) -> tuple[tuple[int, int] | None, ...]:
    files = (file.with_name(file.name + suffix) for suffix in ("", COMPANIONS[0]))
    found = (one.stat() if one.exists() else None for one in files)
    return tuple(one and (one.st_mtime_ns, one.st_size) for one in found)

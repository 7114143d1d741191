"""Where the gradebook is, and how it is opened: begun, brought up to date, or kept aside where it is damaged.

Only what was a gradebook is ever kept aside, and only by who begins gradebooks; anything else is refused, untouched.
"""

import contextlib
import datetime as dt
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from skymark.errors import GradebookError
from skymark.files import begin_beside
from skymark.gradebook.schema import APPLICATION_ID, VERSION, is_foreign, migrate, version_of

BUSY_S = 30
"""How long one waits for others to finish writing, in seconds."""
HEAD = b"SQLite format 3\0"
OURS_AT = 68
"""Where the file says whose it is, four bytes. Source: SQLite, "Database File Format", 1.3."""
COMPANIONS = ("-wal", "-shm")
ELSEWHERE = "Name another file with --gradebook"
WHAT_TO_DO = (
    "The next `grade.py check` keeps it aside and begins a new one; `sqlite3 FILE .recover` may save what is in it."
)
DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
WORDS = {
    sqlite3.SQLITE_READONLY: f"may not be written. {ELSEWHERE}.",
    sqlite3.SQLITE_PERM: f"may not be written. {ELSEWHERE}.",
    sqlite3.SQLITE_CANTOPEN: f"cannot be opened or written in its folder. {ELSEWHERE}.",
    sqlite3.SQLITE_FULL: f"cannot be written: the disk is full. Make room, or {ELSEWHERE[0].lower()}{ELSEWHERE[1:]}.",
    sqlite3.SQLITE_IOERR: f"cannot be read or written: the disk is full or fails. {ELSEWHERE}.",
    sqlite3.SQLITE_BUSY: f"is kept busy by another program for over {BUSY_S} seconds. Try again later.",
    sqlite3.SQLITE_CORRUPT: f"is damaged. {WHAT_TO_DO}",
}


class _Damaged(Exception):
    """The file is one of ours, but not a whole one."""


def usual_place() -> Path:
    """The gradebook in the user's data directory; nothing is made there."""
    import platformdirs

    return platformdirs.user_data_path("skymark", appauthor=False) / "gradebook.sqlite3"


def open_book(file: Path, *, begin: bool) -> tuple[sqlite3.Connection, str | None]:
    """Open a gradebook for reading and writing; the second value says what was found damaged, and where it is kept.

    `begin` makes it where there is none, in a folder of the user's own, and renames a damaged one. A book of an older
    Skymark is brought up to date. Only one process at a time does any of this.

    Raises:
        GradebookError: there is none, or it is damaged, and none is begun; it belongs to a newer Skymark or is no
            gradebook; or it cannot be read and written there.
    """
    with told(file):
        file = file.resolve()
        _refuse_unfit(file, begin)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if connection := _ready(file):
            return connection, None
        with _alone(file):
            return _mended(file, begin)


@contextlib.contextmanager
def told(file: Path) -> Iterator[None]:
    """Errors of SQLite and of the file system become words about the gradebook.

    Raises:
        GradebookError: in place of those.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise GradebookError(f"{file}: {WORDS.get(_code(error), f'cannot be used ({error}). {ELSEWHERE}.')}") from error
    except OSError as error:
        raise GradebookError(f"{file}: cannot be read or written ({error.strerror}). {ELSEWHERE}.") from error


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; errors of Python's own module have none."""
    return int(getattr(error, "sqlite_errorcode", None) or sqlite3.SQLITE_ERROR) & 0xFF


def _refuse_unfit(file: Path, begin: bool) -> None:
    if file.exists() and not file.is_file():
        raise GradebookError(f"{file}: is no file. {ELSEWHERE}.")
    if not begin and not file.exists():
        raise GradebookError(f"{file}: there is no gradebook yet. `grade.py check` begins one.")


def _ready(file: Path) -> sqlite3.Connection | None:
    """The book, if nothing has to be done to it; it is only looked at."""
    if not _has_content(file):
        return None
    try:
        connection = _sound(file)
    except _Damaged:
        return None
    with _closed_on_error(connection):
        if _is_current(connection):
            return connection
    connection.close()
    return None


def _mended(file: Path, begin: bool) -> tuple[sqlite3.Connection, str | None]:
    """The book after whatever has to be done to it. What others did while this one waited is seen."""
    note = None
    if not _has_content(file):
        _begin(file)
    try:
        connection = _sound(file)
    except _Damaged as error:
        if not (begin and _was_ours(file)):
            raise GradebookError(f"{file}: is damaged ({error}). Nothing was changed. {WHAT_TO_DO}") from error
        aside = _set_aside(file)
        note = f"{file}: was damaged ({error}). It is kept as {aside.name} beside it, and a new gradebook was begun."
        _begin(file)
        connection = _sound(file)
    with _closed_on_error(connection):
        if not _is_current(connection):
            connection.execute("PRAGMA journal_mode = WAL")
            migrate(connection)
    return connection, note


def _has_content(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0


def _is_current(connection: sqlite3.Connection) -> bool:
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    return version_of(connection) == VERSION and mode == "wal"


def _sound(file: Path) -> sqlite3.Connection:
    """A connection to a book that is whole, and ours.

    The head is looked at first: SQLite deletes the journal of a file that it takes for an empty one.
    """
    refuse_strangers(file)
    is_whole = _is_whole(file)
    connection = connected(file, "rw")
    with _closed_on_error(connection):
        if not is_whole and (damage := damage_of(connection, file)):
            raise _Damaged(damage)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # a purge that is killed in the middle leaves nothing either
    return connection


def connected(file: Path, mode: str) -> sqlite3.Connection:
    """A connection to a database that is there; `mode` is `ro` or `rw`."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode={mode}", uri=True, timeout=BUSY_S, isolation_level=None)


def _is_whole(file: Path) -> bool:
    """Whether a book is whole, by a connection that writes nothing: SQLite writes the journal into the book otherwise.

    False where such a connection cannot be made, as in some folders that may not be written.
    """
    with contextlib.closing(connected(file, "ro")) as connection:
        try:
            damage = damage_of(connection, file)
        except sqlite3.OperationalError:
            return False
    if damage:
        raise _Damaged(damage)
    return True


def refuse_strangers(file: Path) -> None:
    """Make sure that a file says of itself that it is a gradebook; it is only looked at.

    Raises:
        GradebookError: it is no database, or one of another program.
    """
    head = _head(file)
    if not head.startswith(HEAD):
        raise GradebookError(f"{file}: is no gradebook, nor any database. Nothing was changed. {ELSEWHERE}.")
    if int.from_bytes(head[OURS_AT:], "big") not in (APPLICATION_ID, 0):  # 0: nothing is in it yet, or in its journal
        raise GradebookError(f"{file}: is a database of another program. {ELSEWHERE}.")


def _was_ours(file: Path) -> bool:
    return int.from_bytes(_head(file)[OURS_AT:], "big") == APPLICATION_ID


def _head(file: Path) -> bytes:
    with file.open("rb") as content:
        return content.read(OURS_AT + 4)


def damage_of(connection: sqlite3.Connection, file: Path) -> str | None:
    """What is wrong with a book, None if it is whole.

    Raises:
        GradebookError: it belongs to a newer Skymark or to another program.
    """
    try:
        _refuse_others(connection, file)
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if _code(error) in DAMAGE:
            return str(error)
        raise
    return None if found == "ok" else " ".join(str(found).split())


@contextlib.contextmanager
def _closed_on_error(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _refuse_others(connection: sqlite3.Connection, file: Path) -> None:
    if is_foreign(connection):
        raise GradebookError(f"{file}: is a database of another program. {ELSEWHERE}.")
    version = version_of(connection)
    if version > VERSION:
        raise GradebookError(
            f"{file}: was written by a newer Skymark (version {version} of the gradebook; this one reads up to "
            f"{VERSION}). Update Skymark. Nothing was changed."
        )


def _begin(file: Path) -> None:
    """Make an empty book beside its place, and put it there whole.

    A journal without a book is of one that was deleted: SQLite would write it into the new one.
    """
    _rename_companions(file, _aside(file, "orphaned"))
    handle, beside = begin_beside(file)
    os.close(handle)
    try:
        _fill(beside)
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _fill(beside: Path) -> None:
    """Make an empty file an empty book, all of it in that one file.

    A journal beside it, of either kind, is not needed for a file that nobody has yet. It would be written back when the
    connection is closed, and where the disk is full by then, SQLite does not say that it was not.
    """
    with contextlib.closing(sqlite3.connect(beside, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = MEMORY")
        migrate(connection)
        connection.execute("PRAGMA journal_mode = WAL")  # the last statement: only the next one would begin a journal


def _set_aside(file: Path) -> Path:
    """Rename a damaged book. The file itself comes last: if this is interrupted, it is still found damaged."""
    aside = _aside(file, "damaged")
    _rename_companions(file, aside)
    return file.rename(aside)


def _rename_companions(file: Path, aside: Path) -> None:
    """Rename the journal, and drop its index, which SQLite makes again."""
    journal, index = (file.with_name(file.name + suffix) for suffix in COMPANIONS)
    index.unlink(missing_ok=True)
    if journal.exists() and journal.stat().st_size == 0:
        journal.unlink()
    elif journal.exists():
        journal.rename(aside.with_name(f"{aside.name}{COMPANIONS[0]}"))


def _aside(file: Path, why: str) -> Path:
    stamp = f"{file.name}.{why}-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}Z"
    names = (stamp if number == 1 else f"{stamp}-{number}" for number in range(1, 1000))
    candidates = (file.with_name(name) for name in names)
    return next(one for one in candidates if not one.exists())


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[None]:
    """One process at a time. A lock of SQLite's own: it works everywhere, and ends with whoever holds it."""
    lock = file.with_name(f"{file.name}.lock")
    os.close(os.open(lock, os.O_CREAT | os.O_RDWR, 0o600))
    with contextlib.closing(sqlite3.connect(lock, timeout=BUSY_S, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")  # nothing is ever written, and no kill leaves a journal
        connection.execute("BEGIN EXCLUSIVE")
        yield

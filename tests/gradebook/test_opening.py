"""Finding, beginning and mending the file."""

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from skymark.errors import GradebookError
from skymark.gradebook import opening
from skymark.gradebook.book import Gradebook
from skymark.gradebook.schema import APPLICATION_ID, MIGRATIONS, VERSION, migrate, version_of

ROOT = Path(__file__).parents[2]


def mode(file: Path) -> int:
    """Who may read and write it."""
    return stat.S_IMODE(file.stat().st_mode)


def beside(file: Path) -> list[str]:
    """What lies in its folder; the journals of an open book and the lock apart."""
    passing = ("-wal", "-shm", ".lock")
    return sorted(one.name for one in file.parent.iterdir() if one.name == file.name or not one.name.endswith(passing))


def pragma(file: Path, name: str) -> object:
    """What SQLite says of a file."""
    connection = sqlite3.connect(file)
    try:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]
    finally:
        connection.close()


def run(code: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run Python in a process of its own."""
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_the_users_own_is_in_their_data_directory(monkeypatch, tmp_path):
    """Where the operating system wants it; looking makes nothing."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    assert opening.usual_place() == tmp_path / "skymark" / "gradebook.sqlite3"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="permissions are another thing there")
def test_nobody_else_can_read_it(file, book, good, graded):
    """Neither the file, nor its journals, nor the folder that was made for it."""
    book.record(graded(good), good)

    assert mode(file.parent) == 0o700
    files = [one for one in file.parent.iterdir() if one.is_file()]
    assert {one.name for one in files} >= {file.name, f"{file.name}-wal"}
    assert {mode(one) for one in files} == {0o600}


def test_a_folder_that_is_there_keeps_its_permissions(tmp_path):
    """It is somebody's own affair."""
    tmp_path.chmod(0o755)

    Gradebook(tmp_path / "book.sqlite3", begin=True).__exit__()

    assert mode(tmp_path) == 0o755


def test_it_waits_for_others_and_loses_nothing_at_a_power_cut(file, book):
    """WAL, every commit on the disk, foreign keys, thirty seconds of patience."""
    connection = book._connection

    found = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "application_id", "user_version")
    }

    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
        "application_id": APPLICATION_ID,
        "user_version": VERSION,
    }


def test_asking_begins_no_gradebook(file):
    """A mistyped name is told, and leaves nothing."""
    with pytest.raises(GradebookError, match="there is no gradebook yet"):
        Gradebook(file)

    assert not file.parent.exists()


def test_an_empty_file_becomes_a_gradebook(tmp_path):
    """Such as `mktemp` makes."""
    file = tmp_path / "book"
    file.touch()

    with Gradebook(file) as book:
        assert (book.note, book.attempts()) == (None, ())


def test_a_link_leads_to_the_book(tmp_path, file, book, good, graded):
    """And stays one."""
    link = tmp_path / "link"
    link.symlink_to(file)
    book.record(graded(good), good)

    with Gradebook(link) as linked:
        assert len(linked.attempts()) == 1
    assert link.is_symlink()


def test_a_folder_is_no_gradebook(tmp_path):
    """Nor is a device."""
    for odd in (tmp_path, Path(os.devnull)):
        with pytest.raises(GradebookError, match="is no file"):
            Gradebook(odd, begin=True)


def test_a_place_below_a_file_is_told(tmp_path):
    """In words, with what to do."""
    (tmp_path / "taken").touch()

    with pytest.raises(GradebookError, match=r"cannot be read or written .*--gradebook"):
        Gradebook(tmp_path / "taken" / "book.sqlite3", begin=True)


AS_SOMEBODY_ELSE = """
    import os, sys
    from pathlib import Path
    from skymark.errors import GradebookError
    from skymark.gradebook.book import Gradebook
    if os.geteuid() == 0:
        os.setegid(65534), os.seteuid(65534)
    try:
        with Gradebook(Path(sys.argv[1]), begin=True) as book, book.writing():
            book._connection.execute("DELETE FROM attempt")
    except GradebookError as error:
        print(error)
"""


@pytest.fixture
def public():
    """A folder that everybody can look into; pytest's own are private."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


@pytest.mark.usefixtures("unmeasured")
@pytest.mark.skipif(os.name == "nt", reason="permissions are another thing there")
def test_a_folder_that_may_not_be_written_is_told(public):
    """Where there is no book yet."""
    public.chmod(0o555)

    ended = run(AS_SOMEBODY_ELSE, public / "book.sqlite3")

    assert "Permission denied" in ended.stdout
    assert ended.stdout.startswith(str(public / "book.sqlite3"))
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.usefixtures("unmeasured")
@pytest.mark.skipif(os.name == "nt", reason="permissions are another thing there")
def test_a_book_that_may_not_be_written_is_told(public):
    """And is as it was."""
    file = public / "book.sqlite3"
    Gradebook(file, begin=True).__exit__()
    before = file.read_bytes()
    public.chmod(0o777)
    file.chmod(0o444)

    ended = run(AS_SOMEBODY_ELSE, file)

    assert "may not be written. Name another file with --gradebook." in ended.stdout
    assert (ended.returncode, ended.stderr) == (0, "")
    assert file.read_bytes() == before


@pytest.mark.usefixtures("unmeasured")
@pytest.mark.skipif(os.name == "nt", reason="limits are another thing there")
def test_a_full_disk_is_told_and_the_book_stays_whole(file, book):
    """What was recorded before is there afterwards; nothing half-written is."""
    code = """
        import resource, sys
        from pathlib import Path
        from skymark.errors import GradebookError
        from skymark.gradebook.book import Gradebook
        with Gradebook(Path(sys.argv[1])) as book:
            resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))
            try:
                with book.writing():
                    for _ in range(200):
                        book._connection.execute("CREATE TABLE IF NOT EXISTS big (text)")
                        book._connection.execute("INSERT INTO big VALUES (zeroblob(10000))")
            except GradebookError as error:
                print(error)
    """

    ended = run(code, file)

    assert ended.stderr == ""
    assert "disk is full" in ended.stdout
    assert book._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert book._connection.execute("SELECT name FROM sqlite_master WHERE name = 'big'").fetchone() is None


def test_a_book_of_a_newer_skymark_is_refused_and_left_alone(file, book):
    """Its tables may mean something else."""
    book._connection.execute(f"PRAGMA user_version = {VERSION + 1}")

    with pytest.raises(GradebookError, match=rf"newer Skymark \(version {VERSION + 1} .* up to {VERSION}\).*Update"):
        Gradebook(file, begin=True)

    assert beside(file) == ["gradebook.sqlite3"]
    assert pragma(file, "user_version") == VERSION + 1


def test_another_programs_database_is_refused_and_left_alone(tmp_path):
    """Whoever names the wrong file does not lose it."""
    file = tmp_path / "photos.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE photo (name)")
    connection.close()
    before = file.read_bytes()

    with pytest.raises(GradebookError, match="a database of another program"):
        Gradebook(file, begin=True)

    assert file.read_bytes() == before


def cut(file: Path) -> None:
    """The second half is lost."""
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def scribble(file: Path) -> None:
    """Something was written over the pages behind the first."""
    content = bytearray(file.read_bytes())
    content[4096:12_000] = b"\xff" * (12_000 - 4096)
    file.write_bytes(content)


@pytest.mark.parametrize("damage", [cut, scribble])
def test_a_damaged_book_is_kept_aside_and_a_new_one_begun(file, good, graded, damage):
    """Not a byte of it is lost, and it is told where it is."""
    with Gradebook(file, begin=True) as book:
        for _ in range(3):
            book.record(graded(good), good)
    damage(file)
    damaged = file.read_bytes()

    with Gradebook(file, begin=True) as book:
        note, number = book.note, book.record(graded(good), good)

    aside = next(one for one in file.parent.iterdir() if ".damaged-" in one.name)
    assert number == 1
    assert aside.read_bytes() == damaged
    assert note is not None
    assert note.startswith(f"{file}: was damaged (")
    assert f"It is kept as {aside.name} beside it, and a new gradebook was begun." in note
    assert beside(file) == ["gradebook.sqlite3", aside.name]


@pytest.mark.parametrize("damage", [cut, scribble])
def test_a_damaged_book_is_kept_aside_only_by_who_begins_one(file, good, graded, damage):
    """Whoever asks is told, and it stays as it is."""
    with Gradebook(file, begin=True) as book:
        book.record(graded(good), good)
    damage(file)
    damaged = file.read_bytes()

    with pytest.raises(GradebookError, match=r"is damaged \(.*Nothing was changed\..*`grade.py check` keeps it aside"):
        Gradebook(file)

    assert file.read_bytes() == damaged
    assert beside(file) == ["gradebook.sqlite3"]


def text(file: Path) -> None:
    """A text of somebody's."""
    file.write_text("once upon a time, and long ago, in a land far away" * 100)


def headless(file: Path) -> None:
    """Nothing says any more that it is a database."""
    Gradebook(file, begin=True).__exit__()
    file.write_bytes(b"\0" * 100 + file.read_bytes()[100:])


def damaged_stranger(file: Path) -> None:
    """Another program's database, and not whole."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE photo (name)")
        connection.executemany("INSERT INTO photo VALUES (?)", [("x" * 900,)] * 50)
        connection.commit()
    scribble(file)


@pytest.mark.parametrize("make", [text, headless, damaged_stranger])
@pytest.mark.parametrize("begin", [False, True])
def test_what_does_not_say_that_it_is_a_gradebook_is_refused_and_left_alone(tmp_path, make, begin):
    """Whoever names the wrong file does not find it renamed."""
    file = tmp_path / "thesis.txt"
    make(file)
    before = file.read_bytes()

    with pytest.raises(GradebookError, match=r"is no gradebook|is damaged \(|of another program"):
        Gradebook(file, begin=begin)

    assert file.read_bytes() == before
    assert beside(file) == ["thesis.txt"]


def test_a_damaged_books_journal_goes_with_it(file, good, graded):
    """The last checks may be in it; the new book does not get them by mistake."""
    with Gradebook(file, begin=True) as book:
        book.record(graded(good), good)
        journal = file.with_name(f"{file.name}-wal").read_bytes()
    cut(file)
    file.with_name(f"{file.name}-wal").write_bytes(journal)

    with Gradebook(file, begin=True) as book:
        assert book.attempts() == ()

    names = {one.name.partition("Z")[2]: one for one in file.parent.iterdir() if ".damaged-" in one.name}
    assert sorted(names) == ["", "-wal"]
    assert names["-wal"].read_bytes() == journal


def test_the_journal_of_a_deleted_book_is_not_written_into_the_next(file, good, graded):
    """SQLite would take it for this one's."""
    with Gradebook(file, begin=True) as book:
        book.record(graded(good), good)
        journal = file.with_name(f"{file.name}-wal").read_bytes()
    file.unlink()
    file.with_name(f"{file.name}-wal").write_bytes(journal)

    with Gradebook(file, begin=True) as book:
        assert book.attempts() == ()
    assert [one.read_bytes() for one in file.parent.iterdir() if ".orphaned-" in one.name] == [journal]


def test_two_damaged_books_of_one_second_are_both_kept(file):
    """Neither overwrites the other."""
    damaged = set()
    for mark in (b"one", b"two"):
        Gradebook(file, begin=True).__exit__()
        scribble(file)
        file.write_bytes(file.read_bytes() + mark)
        damaged.add(file.read_bytes())
    Gradebook(file, begin=True).__exit__()

    assert {one.read_bytes() for one in file.parent.iterdir() if ".damaged-" in one.name} == damaged


def test_a_damage_that_shows_only_in_use_is_told(file, good, graded):
    """In words; the next command finds it and keeps it aside."""
    with Gradebook(file, begin=True) as book:
        for _ in range(20):
            book.record(graded(good), good)
        book._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        book._connection.execute("PRAGMA cache_size = 1")
        content = file.read_bytes()
        file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))

        with pytest.raises(GradebookError, match=r"is damaged. The next `grade.py check` keeps it aside"):
            book.attempts()


def test_an_older_book_is_brought_up_to_date_once(file, monkeypatch):
    """Step by step, with what is in it."""
    file.parent.mkdir()
    connection = sqlite3.connect(file, isolation_level=None)
    migrate(connection, MIGRATIONS[:1])
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    newer = (*MIGRATIONS, ("CREATE TABLE note (text)", "INSERT INTO note VALUES ('once')"))
    monkeypatch.setattr(opening, "VERSION", len(newer))
    monkeypatch.setattr(opening, "migrate", lambda connection: migrate(connection, newer))

    for _ in range(2):
        with Gradebook(file) as book:
            notes = book._connection.execute("SELECT text FROM note").fetchall()
            version = version_of(book._connection)

    assert (notes, version) == ([("once",)], len(newer))


def test_a_migration_that_fails_changes_nothing(file, book):
    """All steps or none: the book can still be used by the Skymark that wrote it."""
    broken = (*MIGRATIONS, ("CREATE TABLE note (text)", "INSERT INTO nowhere VALUES (1)"))

    with pytest.raises(sqlite3.OperationalError):
        migrate(book._connection, broken)

    assert version_of(book._connection) == VERSION
    assert book._connection.execute("SELECT name FROM sqlite_master WHERE name = 'note'").fetchone() is None
    assert not book._connection.in_transaction

"""Commands that are killed at each of their writes, or meet a full disk there: nothing that was recorded is lost."""

import collections
import contextlib
import itertools
import math
import os
import re
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from skymark.evidence import Survey
from skymark.gradebook.asking import everyone
from skymark.gradebook.book import Gradebook
from skymark.gradebook.export import writer
from skymark.survey_file import save
from tests.end_to_end.interrupting import ROOT, Ended, How, Interrupter, is_possible

pytestmark = pytest.mark.skipif(not is_possible(), reason="only Linux on x86-64 can be asked about each write")

BOOK = ("--gradebook", "book.sqlite3")
CLASS = ("class", "class.csv", *BOOK, "--quiet")
EXPORT = ("gradebook", "export", *BOOK)
OF_CLASS = (*EXPORT, "--with-pending", "--roster", "class.csv", "--format")
TO_CANVAS = ("--format", "canvas", "--canvas-column", "Intro (4711)")
REPORTS = (
    *("--json", "result.json", "--html", "report.html", "--junit", "junit.xml"),
    *("--gradescope", "results.json", "--save-survey", "kept.json"),
)
TABLES = {
    "attempt": "account, rubric, rubric_version, student, final, surveyed_at, survey, result, regrades IS NULL",
    "decision": "account, rubric, criterion, points, reason, decided_by, replaced_outcome, replaced_points, student",
    "trouble": "student, rubric, cause, reason",
    "exported": "target, student, rubric, digest",
}
"""What the gradebook holds, without the times of writing, which differ from one run to the next."""
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Intro (4711)\n"
    "    Points Possible,,,,,100\n"
    "Ana,1001,S-1001,ana,Cloud 101,\n"
    "Bo,1002,S-1002,bo,Cloud 101,\n"
)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(Z|\+00:00)")
WRITTEN = re.compile(r"written to (\S+)|The report: (\S+)")
LEFT_OVER = re.compile(r"\.(.+)\.[a-z0-9_]{8}\.skymark(-wal|-shm|-journal)?")
NEIGHBOURS = frozenset(f"book.sqlite3{suffix}" for suffix in ("", "-wal", "-shm", ".lock"))
LONG_AGO_S = 7200
AT_ONCE = 2
TOLD = r"(The report: .*\n)?.+: (cannot be (made|opened|read|written)|may not be written).*\n"
"""One line of what went wrong; the report may be there before it does."""
NOT_WRITTEN = r"(\w+(, \w+)*: Not written down\. .+\n)+"

Rows = collections.Counter[tuple[object, ...]]


class Command(NamedTuple):
    """A command, and what may be found of it where it was cut short.

    `in_steps`: the book may hold any part of what it adds; otherwise all or nothing. `once`: done again, there is
    nothing left to do, which it says with status 2. `begins`: there is no gradebook yet. `forgets`: what cannot be
    read out of the book any more.
    """

    words: tuple[str, ...]
    in_steps: bool = False
    once: bool = False
    begins: bool = False
    forgets: str = "nothing like this"


COMMANDS = {
    "the first class": Command((*CLASS, "--report", "report"), in_steps=True, begins=True),
    "a class goes on": Command((*CLASS, "--report", "report"), in_steps=True),
    "an anonymous report": Command((*CLASS, "--report", "nameless", "--anonymous"), in_steps=True),
    "the first anonymous report": Command((*CLASS, "--report", "new", "--anonymous"), in_steps=True, begins=True),
    "export, everything": Command((*EXPORT, "all.json", "--format", "json")),
    "export, canvas": Command(
        (*EXPORT, "--with-pending", "--roster", "canvas.csv", *TO_CANVAS, "marks.canvas.csv"),
    ),
    "export, csv": Command((*OF_CLASS, "csv", "marks.csv")),
    "export, criteria": Command((*OF_CLASS, "criteria", "criteria.csv")),
    "export, gradescope": Command((*OF_CLASS, "gradescope", "gradescope")),
    "export, junit": Command((*OF_CLASS, "junit", "junit")),
    "check": Command(("check", "--quiet", "--survey", "ana.json", "--final", *REPORTS)),
    "override": Command(("gradebook", "override", "ana", "bucket.name", "--points", "2", "--reason", "x", *BOOK)),
    "undo": Command(("gradebook", "undo", "bo", "bucket.name", "--reason", "x", *BOOK), once=True),
    "waive": Command(("gradebook", "waive", "teardown.*", "--everybody", "--reason", "x", *BOOK)),
    "merge": Command(("gradebook", "merge", "theirs.sqlite3", *BOOK)),
    "regrade": Command(("gradebook", "regrade", "--rubric", "mine.yaml", "--write", *BOOK)),
    "purge": Command(("gradebook", "purge", "bo", "--yes", *BOOK), once=True, forgets="100000000001"),
}
OLDER = (
    (*CLASS, "--report", "report"),
    COMMANDS["an anonymous report"].words,
    *(one.words for name, one in COMMANDS.items() if name.startswith(("export", "check"))),
    ("gradebook", "override", "bo", "bucket.name", "--points", "3", "--reason", "mistyped", *BOOK),
)
"""What was done before: so there is an older version of each file."""


@pytest.fixture(scope="module")
def runs() -> Iterator[tuple[Interrupter, ...]]:
    """Each runs commands, beside the others; each command has been run already where they come from."""
    with contextlib.ExitStack() as stack:
        yield tuple(stack.enter_context(Interrupter()) for _ in range(AT_ONCE))


class Folder(NamedTuple):
    """A class in a folder, as it is at some time: its files by name, and the rows of its gradebook."""

    path: Path
    files: dict[str, bytes]
    rows: Rows


@pytest.fixture(scope="module")
def before(runs, tmp_path_factory) -> Callable[[bool], Folder]:
    """A class that has handed in surveys; with a gradebook, reports and exports of earlier, or without any."""
    from tests.conftest import GOOD

    made = {begins: tmp_path_factory.mktemp("before") / "class" for begins in (True, False)}
    for folder in made.values():
        _hand_in(folder, GOOD)
    folder = made[False]
    for words in OLDER:
        assert runs[0](words, folder).status in (0, 1, 3), words
    runs[0](("class", "theirs.csv", "--gradebook", "theirs.sqlite3", "--quiet"), folder)
    for name in ("theirs.sqlite3.lock", "needs-regrade.csv"):
        (folder / name).unlink(missing_ok=True)
    _hand_in(folder, msgspec.structs.replace(GOOD, buckets=(), surveyed_at=GOOD.surveyed_at.replace(hour=20)), "ana")
    (folder / "class.csv").write_text("student,name,survey\nana,Ana,ana.json\nbo,Bo,bo.json\ncy,Cy,cy.json\n")
    warm = [(run, folder, tmp_path_factory.mktemp("warm")) for run in runs]
    with ThreadPoolExecutor(len(runs)) as pool:
        list(pool.map(lambda one: _warm_up(*one), warm))
    return lambda begins: Folder(made[begins], _files(made[begins]), _rows(made[begins] / "book.sqlite3"))


def _warm_up(run: Interrupter, folder: Path, warm: Path) -> None:
    for words in (OLDER[0], *(COMMANDS[name].words for name in ("check", "merge", "regrade"))):
        shutil.rmtree(warm)
        shutil.copytree(folder, warm)
        run.warm_up(words, warm)


def _hand_in(folder: Path, good: Survey, *students: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "class.csv").write_text("student,name,survey\nana,Ana,ana.json\nbo,Bo,bo.json\n")
    (folder / "theirs.csv").write_text("student,name,survey\ncy,Cy,cy.json\n")
    (folder / "canvas.csv").write_text(CANVAS)
    rubric = (ROOT / "rubrics" / "sagemaker-intro.yaml").read_text()
    (folder / "mine.yaml").write_text(rubric.replace("[ml.t2.medium, ml.t3.medium]", "[ml.t9.huge]"))
    for number, student in enumerate(("ana", "bo", "cy")):
        text = msgspec.json.encode(good).decode().replace("123456789012", str(100_000_000_000 + number))
        if student in (students or ("ana", "bo", "cy")):
            save(msgspec.json.decode(text, type=Survey), folder / f"{student}.json")


def _files(folder: Path) -> dict[str, bytes]:
    """What is in a folder, but for the gradebook; without what tells the time of writing."""
    found = {str(one.relative_to(folder)): one for one in sorted(folder.rglob("*")) if one.is_file()}
    return {
        name: MOMENT.sub("a time", file.read_bytes().decode("latin-1")).encode("latin-1")
        for name, file in found.items()
        if name not in NEIGHBOURS
    }


def _rows(book: Path) -> Rows:
    """All that a gradebook holds, as anybody may read it beside who writes; nothing where nobody can."""
    found: Rows = collections.Counter()
    if not book.exists():
        return found
    reader = sqlite3.connect(f"{book.as_uri()}?mode=ro", uri=True, timeout=0.1)
    with contextlib.closing(reader), contextlib.suppress(sqlite3.OperationalError):
        reader.execute("BEGIN")
        for table, columns in TABLES.items():
            found.update((table, *row) for row in reader.execute(f"SELECT {columns} FROM {table}"))  # noqa: S608
    return found


def _seen(book: Path, call: str) -> Rows:
    """What others can read while a call waits; where it makes the journal's index, they wait for that for 10 seconds.

    Source: SQLite, wal.c, walTryBeginRead(); no busy timeout shortens it.
    """
    return collections.Counter() if call.endswith("-shm") else _rows(book)


def _counts(book: Path) -> str:
    """What counts by a gradebook; it is opened as Skymark opens it, and is whole."""
    with Gradebook(book) as opened:
        assert opened.note is None
        assert opened._connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return writer("csv")(everyone(opened, None)) if opened.attempts() else ""


class Undisturbed(NamedTuple):
    """What a command does where nothing disturbs it."""

    command: Command
    before: Folder
    ended: Ended
    after: Folder
    counts: str


@pytest.fixture(params=sorted(COMMANDS))
def undisturbed(request, runs, before, tmp_path) -> Undisturbed:
    """Each command."""
    return _undisturbed(runs[0], COMMANDS[request.param], before, tmp_path)


def _undisturbed(run: Interrupter, command: Command, before: Callable[[bool], Folder], tmp_path: Path) -> Undisturbed:
    begun = before(command.begins)
    folder = tmp_path / "undisturbed" / "class"
    shutil.copytree(begun.path, folder)
    ended = run(command.words, folder)
    assert ended.status in (0, 1, 3), ended
    after = Folder(folder, _files(folder), _rows(folder / "book.sqlite3"))
    return Undisturbed(command, begun, ended, after, _counts(folder / "book.sqlite3"))


def _interrupted(run: Interrupter, known: Undisturbed, at: int, how: How, folder: Path) -> None:
    """Disturb the command at one of its writes, see what is there, and do it again."""
    shutil.copytree(known.before.path, folder)
    book = folder / "book.sqlite3"
    seen: Rows = collections.Counter()

    ended = run(known.command.words, folder, at, how, lambda call: seen.update(_seen(book, call)))

    where = f"{how} at {at}, {ended.calls[at - 1]}: {ended[:3]}"
    if how is How.FULL:
        is_told = re.fullmatch({2: TOLD, 3: NOT_WRITTEN}.get(ended.status, "never"), ended.err)
        assert is_told or ended.status == known.ended.status, where
    else:
        assert ended.is_killed, where
    _refuse_lost(known, folder, seen, ended, where)
    _refuse_cut(known, folder, where)
    _age_what_is_left(folder)
    again = run(known.command.words, folder)
    is_done = known.command.once and again.status == 2
    assert is_done or again.status == known.ended.status, (where, again)
    assert is_done or _files(folder) == known.after.files, where
    assert _rows(book) == known.after.rows or not known.command.in_steps, where
    assert _counts(book) == known.counts, where
    assert known.command.forgets.encode() not in book.read_bytes(), where


def _refuse_lost(known: Undisturbed, folder: Path, seen: Rows, ended: Ended, where: str) -> None:
    """What was recorded before, and what anybody has seen, is there; of what belongs together all or nothing."""
    book = folder / "book.sqlite3"
    if not book.exists():
        assert known.command.begins, where
        assert not seen, where
        return
    _counts(book)
    rows = _rows(book)
    if known.command.in_steps:
        assert known.before.rows | seen <= rows <= known.after.rows, where
    else:
        assert rows in (known.before.rows, known.after.rows), where
        assert rows == known.after.rows or seen != known.after.rows, where
    if ended.out and not ended.status:
        assert rows == known.after.rows, where
    is_noted = any(row[0] == "exported" for row in rows - known.before.rows)
    if is_noted or WRITTEN.search(ended.out + ended.err):
        assert _files(folder).items() >= known.after.files.items(), where


def _refuse_cut(known: Undisturbed, folder: Path, where: str) -> None:
    """Each file is as it was, or as it was to be; whatever else there is, is called so, and only its owner's."""
    for name, content in _files(folder).items():
        if begun := LEFT_OVER.fullmatch(Path(name).name):
            meant = Path(name).with_name(begun[1])
            assert _mode(folder / name) in (0o600, _mode(known.after.path / meant)), (name, where)
        else:
            assert content in (known.before.files.get(name), known.after.files.get(name)), (name, where)


def _mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def _age_what_is_left(folder: Path) -> None:
    for one in folder.rglob(".*"):
        os.utime(one, (time.time() - LONG_AGO_S,) * 2)


def _each(
    runs: tuple[Interrupter, ...], known: Undisturbed, tmp_path: Path, hows: tuple[How, ...], places: list[int]
) -> None:
    """Disturb the command at each of these places: each of `runs` takes its share of them."""

    def take(share: int) -> None:
        for at in places[share :: len(runs)]:
            folder = tmp_path / str(at) / "class"
            _interrupted(runs[share], known, at, hows[at % len(hows)], folder)
            shutil.rmtree(folder.parent)

    with ThreadPoolExecutor(len(runs)) as pool:
        list(pool.map(take, range(len(runs))))


def _places(known: Undisturbed) -> list[int]:
    """Each write; of many that follow each other into one file, page by page, the first two, one between, the last."""
    runs = [list(run) for _, run in itertools.groupby(enumerate(known.ended.calls, 1), lambda one: one[1])]
    places = [[at for at, _ in run] for run in runs]
    return sorted({at for run in places for at in (*run[:2], run[len(run) // 2], run[-1])})


def _few(places: list[int], count: int) -> list[int]:
    """At most so many of them, far apart, the last one among them."""
    return places[:: -math.ceil(len(places) / count)]


def test_killed_at_some_of_its_writes_nothing_is_lost(undisturbed, runs, tmp_path):
    """Three places of each command, among them the last."""
    _each(runs, undisturbed, tmp_path, (How.KILL, How.CUT), _few(_places(undisturbed), 3))


@pytest.mark.long
def test_killed_at_any_of_its_writes_nothing_is_lost(undisturbed, runs, tmp_path):
    """Before it, or when half of it is done: what was recorded is there, files are whole; done again, all is well."""
    _each(runs, undisturbed, tmp_path, (How.KILL, How.CUT), _places(undisturbed))


def test_a_full_disk_is_told_and_nothing_is_lost(undisturbed, runs, tmp_path):
    """In one line, with status 2, and what was there stays as it is."""
    _each(runs, undisturbed, tmp_path, (How.FULL,), _few(_places(undisturbed), 2))


@pytest.mark.long
def test_a_disk_that_is_full_from_any_write_on_is_told_and_nothing_is_lost(undisturbed, runs, tmp_path):
    """At every second write."""
    _each(runs, undisturbed, tmp_path, (How.FULL,), _places(undisturbed)[::2])


def test_a_gradebook_that_cannot_be_begun_is_begun_by_the_next_who_tries(runs, before, tmp_path):
    """Wherever the disk is full before the gradebook is in its place, and at the first of what is written then."""
    known = _undisturbed(runs[0], Command(CLASS, in_steps=True, begins=True), before, tmp_path)
    placed = next(at for at, call in enumerate(known.ended.calls, 1) if call.startswith("rename .book.sqlite3."))

    _each(runs, known, tmp_path, (How.FULL,), [at for at in _places(known) if at <= placed + 5])

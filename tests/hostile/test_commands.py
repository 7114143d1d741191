"""Every command that prints or writes something of a hostile class: from a roster and surveys that were handed in."""

import csv
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from skymark import survey_file
from skymark.evidence import Survey
from tests.conftest import GOOD

from . import parsed
from .everywhere import JSON, put, ways
from .texts import HOSTILE, SHELLS, no_halves
from .whole import whole

ROOT = Path(__file__).parents[2]
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
IDS = tuple(dict.fromkeys(CONTROL.sub("", no_halves(text)).strip() for text in HOSTILE))
NAMES = tuple(no_halves(text).replace("\0", "") for text in HOSTILE)
MOST = 24
KEPT = ("region", "arn", "role_arn", "account")


class Folder:
    """A folder with a class in it, and the program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.students: list[str] = []

    def run(self, *words: str, github: bool = False) -> "subprocess.CompletedProcess[str]":
        """Run a command; it never ends with a traceback, and prints nothing but text."""
        more = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md")} if github else {}
        ended = subprocess.run(
            [sys.executable, str(ROOT / "grade.py"), *words],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "120", "PYTHONUTF8": "1"} | more,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in ended.stderr, ended.stderr
        assert ended.returncode in (0, 1, 2, 3)
        return ended


def hostile(account: str, text: str) -> Survey:
    """A survey with the text behind everything that a student calls something."""
    survey = whole(GOOD)
    for way in ways(survey, Survey):
        if way[-1] not in KEPT and JSON not in way and way[0] not in ("schema", "regions", "history", "calls"):
            survey = put(survey, way, lambda old: f"{old or ''}{text}")
    return replace(survey, identity=replace(survey.identity, account=account))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    """A class that was graded: a student for each text."""
    made = Folder(tmp_path_factory.mktemp("class"))
    texts = [text for text in IDS if text and len(text) < 200]
    step = max(len(texts) // MOST, 1)
    with (made.folder / "class.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("student", "name", "survey"))
        for at, text in enumerate(texts[::step]):
            saved = f"s{at}.json"
            survey_file.save(hostile(f"{800_000_000_000 + at}", no_halves(text)), made.folder / saved)
            rows.writerow((f"{text}~{at}", NAMES[at * step % len(NAMES)] or "x", saved))
            made.students.append(f"{text}~{at}")
    survey_file.save(replace(hostile("800000000004", "::error::x"), endpoints=()), made.folder / "other.json")
    before = {one.name for one in made.folder.iterdir()} | {one.name for one in made.folder.parent.iterdir()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(made.folder / "data"))
        made.graded = made.run("class", "class.csv", "--gradebook", "book.sqlite3", github=True)
        yield made
    after = {one.name for one in made.folder.iterdir()} | {one.name for one in made.folder.parent.iterdir()}
    assert "owned" not in after - before


def test_a_class_is_graded_and_told(folder: Folder) -> None:
    """Everybody, whatever they are called; on GitHub's runner no line is a command."""
    said = folder.graded.stdout + folder.graded.stderr

    assert len(folder.students) >= MOST
    assert f"{len(folder.students)} students: " in said, said
    assert "Skymark itself" not in said
    parsed.assert_terminal(folder.graded.stdout)
    assert_unheard(folder.graded.stdout)
    assert_unheard(folder.graded.stderr)


COMMANDS = (
    ("check", "--survey", "s1.json", "--no-gradebook"),
    ("check", "--survey", "s1.json", "--no-gradebook", "--quiet"),
    ("check", "--survey", "s2.json", "--no-gradebook", "--json", "-"),
    ("report", "s3.json"),
    ("report", "s4.json", "--handed-in", "other.json"),
    ("cleanup", "--survey", "s6.json", "--all"),
    ("cleanup", "--survey", "s7.json"),
    ("class", "class.csv", "--gradebook", "book.sqlite3", "--dry-run"),
    ("class", "class.csv", "--gradebook", "book.sqlite3", "--only", "bucket.name", "--students", "*"),
    ("gradebook", "show", "--gradebook", "book.sqlite3"),
    ("gradebook", "show", "800000000001", "--gradebook", "book.sqlite3"),
    ("gradebook", "history", "800000000001", "--gradebook", "book.sqlite3"),
    ("gradebook", "unverified", "--gradebook", "book.sqlite3"),
    ("gradebook", "export", "--gradebook", "book.sqlite3"),
    ("gradebook", "export", "--gradebook", "book.sqlite3", "--format", "json"),
    ("gradebook", "regrade", "--gradebook", "book.sqlite3"),
    ("gradebook", "dispute", "800000000001", "bucket.name", "--gradebook", "book.sqlite3"),
)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:3]))
def test_what_a_command_prints_is_text(folder: Folder, words: tuple[str, ...]) -> None:
    """On GitHub's runner, where it is what it is in a terminal, and between the runner's own words."""
    ended = folder.run(*words, github=True)

    assert ended.stdout
    for text in (ended.stdout.removeprefix("\ufeff"), ended.stderr):
        parsed.assert_terminal(text)
    if words[0] in ("check", "report", "class"):
        assert_unheard(ended.stdout)
        assert_unheard(ended.stderr)


def assert_unheard(text: str) -> None:
    """Outside of what the runner was told not to hear, no line is a command but Skymark's annotations."""
    token = None
    for line in text.splitlines():
        begun = re.fullmatch(r"::stop-commands::([0-9a-f]{32})", line.strip())
        if token is None and begun:
            token = begun[1]
        elif token is not None and line == f"::{token}::":
            token = None
        elif token is None and re.match(r"\s*(::|##\[)", line):
            assert parsed.COMMAND.fullmatch(line), line


def test_every_export_of_a_class_is_text(folder: Folder, tmp_path: Path) -> None:
    """Tables that a spreadsheet opens, and a file for each student, none of them anywhere else."""
    for kind in ("csv", "criteria", "gradescope", "junit"):
        to = tmp_path / kind / ("out" if kind in ("gradescope", "junit") else "out.csv")
        to.parent.mkdir()
        ended = folder.run(
            *("gradebook", "export", "--roster", "class.csv", "--gradebook", "book.sqlite3"),
            *("--format", kind, "--with-pending", str(to)),
        )
        assert ended.returncode in (0, 1, 3), ended.stderr
        made = [one for one in to.parent.rglob("*") if one.is_file()]
        assert made, ended.stderr
        for file in made:
            assert re.fullmatch(r"[a-z0-9_-]+\.(csv|json|xml)", file.name), file.name
            text = file.read_text(encoding="utf-8")
            match file.suffix:
                case ".csv":
                    parsed.assert_sheet(text)
                case ".json":
                    parsed.assert_texts(parsed.assert_json(text))
                case ".xml":
                    parsed.assert_junit(text, re.findall(r'<testcase [^>]*? name="([^"]*)"', text))


def test_the_files_of_a_class_report_are_text(folder: Folder, tmp_path: Path) -> None:
    """Messages, comments and tables; the pages are opened in tests/hostile/test_in_browser.py."""
    to = tmp_path / "report"
    ended = folder.run("class", "class.csv", "--gradebook", "book.sqlite3", "--report", str(to))

    assert sorted(one.name for one in to.iterdir() if not one.name.startswith(".")) == [
        *("class.html", "comments.csv", "messages", "messages.csv", "students"),
    ], ended.stderr
    for name in ("comments.csv", "messages.csv"):
        assert_lines_of_sheet((to / name).read_text(encoding="utf-8"), len(folder.students))
    for file in (*(to / "students").iterdir(), *(to / "messages").iterdir()):
        assert re.fullmatch(r"[a-z0-9_-]+\.(html|txt)", file.name)
        parsed.assert_shown(file.read_text(encoding="utf-8"))


def assert_lines_of_sheet(text: str, most: int) -> None:
    """As any other table; in these, cells have lines."""
    head, *rows = csv.reader(text.removeprefix("\ufeff").splitlines(keepends=True), strict=True)
    assert 0 < len(rows) <= most
    for cell in (*head, *(cell for row in rows for cell in row)):
        assert not parsed.FORMULA.match(cell.lstrip()), cell
        parsed.assert_shown(cell)


def test_a_script_for_the_hostile_runs_nothing_else(folder: Folder, tmp_path: Path) -> None:
    """As the command prints it, with the names of things as the student wrote them."""
    called = []
    for at in range(0, len(folder.students), 4):
        script = folder.run("cleanup", "--survey", f"s{at}.json", "--all").stdout
        called += parsed.assert_script(script, tmp_path / str(at))

    words = {word for call in called for word in call}
    assert any(text in word for word in words for text in SHELLS if text.isprintable())

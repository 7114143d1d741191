"""Marks of a recorded class as files: what is whole is written, what is not is kept back."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from skymark.gradebook.book import Gradebook
from skymark.grading import grade

ROOT = Path(__file__).parents[2]
HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,Introduction to SageMaker (4711)\r\n"
POINTS = "    Points Possible,,,,,100\r\n"
CANVAS = (
    f'\ufeff{HEAD}{POINTS}"Lovelace, Ada",1001,S-1,ada,Cloud 101,12\r\n"Hopper, Grace",1002,S-2,grace,Cloud 101,\r\n'
    '"Turing, Alan",1003,S-3,alan,Cloud 101,7\r\n'
)
TO_CANVAS = ("--format", "canvas", "--canvas-column", "Introduction to SageMaker")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """Canvas's export: Ada has an old grade, Grace none, and Alan one."""
    file = tmp_path / "canvas.csv"
    file.write_bytes(CANVAS.encode())
    return file


@pytest.fixture
def recorded(book_file, numbered, rubric, lesson) -> Path:
    """Ada is graded, of Grace something is unverified, Alan was never looked at."""
    with Gradebook(book_file, begin=True) as book:
        for number, student in enumerate(("ada", "grace")):
            survey = numbered(number)
            if student == "grace":
                survey = msgspec.structs.replace(survey, jupyter_logs=())
            book.record(grade(survey, rubric, lesson, final=True), survey, student=student)
    return book_file


@pytest.fixture
def run(tmp_path: Path, recorded: Path, roster: Path) -> Run:
    """Run `grade.py gradebook`, with this book."""

    def ran(command: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
        words = [sys.executable, str(ROOT / "grade.py"), "gradebook", command, *map(str, arguments)]
        return subprocess.run(
            [*words, "--gradebook", str(recorded)],
            check=False,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            env={"PATH": "", "HOME": str(tmp_path), "COLUMNS": "200"},
        )

    return ran


def rows(file: Path) -> list[dict[str, str]]:
    """A file for a spreadsheet."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def test_canvas_gets_its_own_export_back_with_whole_marks_alone(run, roster, tmp_path):
    """Grace, whose cell was blank, is left out; Alan's old grade stays as it is; both are told why."""
    out = tmp_path / "import.csv"

    ended = run("export", out, "--roster", roster, *TO_CANVAS)

    mark, same = rows(out)[1:]
    expected = CANVAS.replace("101,12", f"101,{mark['Introduction to SageMaker (4711)']}").replace(
        '"Hopper, Grace",1002,S-2,grace,Cloud 101,\r\n', ""
    )
    assert out.read_bytes() == expected.encode()
    assert (ended.returncode, same["Introduction to SageMaker (4711)"]) == (3, "7")
    assert float(mark["Introduction to SageMaker (4711)"]) > 50
    held = {row["student"]: row["reason"] for row in rows(tmp_path / "needs-regrade.csv")}
    assert set(held) == {"grace", "alan"}
    assert held["alan"] == "has not been graded yet"
    assert "2 marks kept back" in ended.stderr


def test_a_second_export_of_what_changed_writes_only_that(run, roster, tmp_path):
    """Of a class that nothing happened to, nothing is written; of whom an assistant decided about, their row alone is.

    Another's row would take back what somebody wrote into Canvas since it was exported.
    """
    run("export", tmp_path / "all.csv", "--roster", roster, *TO_CANVAS)
    again = run("export", tmp_path / "again.csv", "--roster", roster, *TO_CANVAS, "--changed")
    decided = run("override", "ada", "bucket.name", "--points", "1", "--reason", "a test", "--by", "me")
    after = run("export", tmp_path / "after.csv", "--roster", roster, *TO_CANVAS, "--changed")

    assert "Nothing changed." in again.stdout
    assert not (tmp_path / "again.csv").exists()
    assert (decided.returncode, after.returncode) == (0, 3)
    (_, before, _), (_, now) = (rows(tmp_path / name) for name in ("all.csv", "after.csv"))
    key = "Introduction to SageMaker (4711)"
    assert float(before[key]) - float(now[key]) == 5
    assert "1 of 3 students" in after.stdout


def test_a_spreadsheet_has_everybody_and_no_score_that_is_not_whole(run, roster, tmp_path):
    """Blank is not 0."""
    ended = run("export", tmp_path / "class.csv", "--roster", roster, "--format", "csv")

    found = {row["student"]: (row["state"], bool(row["score"])) for row in rows(tmp_path / "class.csv")}
    assert found == {"ada": ("complete", True), "grace": ("incomplete", False), "alan": ("not graded", False)}
    assert ended.returncode == 3
    assert (tmp_path / "class.csv").stat().st_mode & 0o077 == 0


def test_gradescope_gets_a_file_for_each_whole_mark_and_none_that_is_older(run, roster, tmp_path):
    """A file of an earlier export would be taken for the mark."""
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "grace.json").write_text("older")

    run("export", folder, "--roster", roster, "--format", "gradescope")

    assert sorted(file.name for file in folder.iterdir()) == ["ada.json", "needs-regrade.csv"]
    assert json.loads((folder / "ada.json").read_text("utf-8"))["extra_data"]["needs_regrade"] is False


def test_a_mark_that_was_kept_back_meanwhile_is_written_again(run, roster, tmp_path):
    """Its file is gone, so the same mark as before is news."""
    of_one = ("export", tmp_path / "results", "--roster", roster, "--format", "gradescope", "--changed")
    run(*of_one)
    own = roster.read_bytes()
    twice = tmp_path / "twice.csv"
    twice.write_text("student,role arn\nada,arn:aws:iam::100000000000:role/a\ngrace,arn:aws:iam::100000000000:role/b\n")
    run("export", tmp_path / "results", "--roster", twice, "--format", "gradescope", "--changed")
    between = (tmp_path / "results" / "ada.json").exists()
    again = run(*of_one)

    assert not between
    assert (tmp_path / "results" / "ada.json").exists()
    assert "1 of 3 students" in again.stdout
    assert roster.read_bytes() == own


def test_who_works_in_pairs_may_be_said_beside_the_roster(run, roster, recorded, numbered, rubric, lesson, tmp_path):
    """Canvas knows none: without it two in one account have no mark."""
    survey = numbered(0)
    with Gradebook(recorded, begin=True) as book:
        book.record(grade(survey, rubric, lesson, final=True), survey, student="alan")
    access = tmp_path / "access.csv"
    access.write_text("student,pair\nada,p1\nalan,p1\n")

    run("export", tmp_path / "alone.csv", "--roster", roster, "--format", "csv")
    run("export", tmp_path / "pairs.csv", "--roster", roster, "--access", access, "--format", "csv")

    alone, pairs = (
        {row["student"]: bool(row["score"]) for row in rows(tmp_path / f"{name}.csv")} for name in ("alone", "pairs")
    )
    assert alone == {"ada": False, "grace": False, "alan": False}
    assert pairs == {"ada": True, "grace": False, "alan": True}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("canvas.csv", "--format", "csv"), "is the roster"),
        (("needs-regrade.csv", "--format", "csv"), "Give the export a name of its own"),
        (("out.csv", "--format", "csv", "--rubric", "nothing"), "nothing"),
        (("out.csv", "--format", "canvas"), "--canvas-column"),
        (("out.csv", "--format", "xlsx"), "canvas, csv, criteria"),
        (("--format", "csv"), "Where to?"),
        (("out.csv", "--format", "csv", "--new-column"), "belong to --format canvas"),
        (
            ("out.csv", "--format", "canvas", "--canvas-column", "Introduction to Sagemaker"),
            "Introduction to SageMaker",
        ),
    ],
)
def test_what_cannot_be_written_is_said_and_nothing_is(run, roster, tmp_path, arguments, words):
    """Each in words, with 2."""
    ended = run("export", *arguments, "--roster", roster)

    assert roster.read_bytes() == CANVAS.encode()
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False)
    assert words in ended.stderr
    assert not (tmp_path / "out.csv").exists()


def test_a_verdict_in_dispute_is_told_with_the_command_that_looks_again(run, roster, tmp_path):
    """What it rests on, and when; a criterion that is not there has the nearest name."""
    ended = run("dispute", "ada", "bucket.name", "--roster", roster)
    other = run("dispute", "ada", "bucket.nam")
    beside = run("dispute", "ada", "bucket.name", "--roster", roster, "--access", roster.with_name("my access.csv"))
    alone = run("dispute", "ada", "bucket.name", "--access", "access.csv")

    assert ended.stdout.startswith("bucket.name: ")
    assert "The account was looked at 2019-07-01 19:00 UTC, as final." in ended.stdout
    assert f"grade.py class {roster} --students ada --only bucket.name --final" in ended.stdout
    assert f"{roster} --access '{tmp_path}/my access.csv' --students ada" in beside.stdout
    assert (alone.returncode, "--access belongs to --roster" in alone.stderr) == (2, True)
    assert (ended.returncode, other.returncode) == (0, 2)
    assert 'Did you mean "bucket.name"?' in other.stderr

"""`grade.py gradebook waive`, `unverified`, `merge` and `regrade`, as people run them."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from skymark.cause import Cause
from skymark.gradebook.asking import everyone
from skymark.gradebook.book import Gradebook, Met
from skymark.window import Window

from .conftest import HOUR, NOON

ROOT = Path(__file__).parents[2]
ADA, BOB, EVE = "111111111111", "222222222222", "333333333333"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def filled(file, good, refused, of_student, graded) -> Path:
    """Ada and Bob, whom a quota refused the training, and Eve, who has no log of Jupyter."""
    unlogged = msgspec.structs.replace(good, jupyter_logs=())
    with Gradebook(file, begin=True) as book:
        for student, account, survey in (("ada", ADA, refused), ("bob", BOB, refused), ("eve", EVE, unlogged)):
            theirs = msgspec.structs.replace(of_student(survey, account), surveyed_at=NOON)
            book.record(graded(theirs), theirs, student=student, at=NOON)
    return file


@pytest.fixture
def run(filled, tmp_path) -> Run:
    """Run `grade.py gradebook` on this gradebook."""

    def ran(*arguments: object) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, str(ROOT / "grade.py"), "gradebook", *map(str, arguments), "--gradebook", filled]
        return subprocess.run(
            command,
            check=False,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            env={"PATH": "", "HOME": str(tmp_path), "COLUMNS": "200"},
        )

    return ran


def lines(ended: "subprocess.CompletedProcess[str]") -> list[str]:
    """What it printed, without the columns' spaces."""
    assert (ended.returncode, ended.stderr) == (0, "")
    return [" ".join(line.split()) for line in ended.stdout.splitlines()]


def earned(file: Path) -> dict[str, int]:
    """Everybody's points."""
    with Gradebook(file) as book:
        return {one.student: one.score.earned for one in everyone(book)}


def test_many_are_waived_and_taken_back(run, filled):
    """It says who gains what, and how to take it back."""
    before = earned(filled)
    of = ("waive", "training.*", "--cause", "quota", "--reason", "no quota", "--by", "grace")

    dry = lines(run(*of, "--dry-run"))
    assert earned(filled) == before
    said = lines(run(*of))

    assert (
        said[:5]
        == dry[:5]
        == [
            "student criterion until now now gain",
            "ada training.completed pending 0/8 waived 8/8 +8",
            "ada training.output blocked 0/3 waived 3/3 +3",
            "bob training.completed pending 0/8 waived 8/8 +8",
            "bob training.output blocked 0/3 waived 3/3 +3",
        ]
    )
    assert dry[6] == "4 decisions about 2 students: +22 points; nothing was written"
    assert said[6] == "4 decisions about 2 students: +22 points"
    assert said[7].startswith("Unverified now, since they hang on these: ada endpoint.in_service,")
    assert said[-1] == (
        f"To take it back: grade.py gradebook undo '*' 'training.*' --decided 'no quota' --reason TEXT "
        f"--gradebook {filled}"
    )
    assert earned(filled) == before | {who: before[who] + 11 for who in ("ada", "bob")}

    undone = lines(run("undo", "*", "training.*", "--decided", "no quota", "--reason", "there was", "--by", "grace"))
    assert undone[-1] == "4 decisions about 2 students: -22 points"
    assert earned(filled) == before


def test_a_class_whose_logs_never_arrived_is_waived(run, filled):
    """And nobody whose did."""
    said = lines(run("waive", "notebook.*", "--cause", "records", "--reason", "no logs", "--by", "grace"))

    assert {line.split()[0] for line in said[1:4]} == {"eve"}
    assert said[5] == "3 decisions about 1 student: +16 points"


def test_where_nobody_is_meant_nothing_is_decided(run):
    """It is no mistake."""
    said = run("waive", "bucket.*", "--outcome", "failed,unverified", "--reason", "x", "--by", "grace")

    assert lines(said) == ["Nothing to decide: nobody is open there."]


def test_what_settles_it_names_the_lesson_that_is_meant(run, filled):
    """Whose rubric nobody finds without it."""
    with Gradebook(filled) as book:
        book.meet(Met("zoe", "sagemaker-intro", Cause.CREDENTIALS, "The keys are over.", NOON))
    site = ROOT / "lessons" / "static-website"

    said = lines(run("unverified", "--lesson", site))

    assert f"→ grade.py class --lesson {site} ROSTER --only-unverified --gradebook {filled}" in said
    assert run("unverified", "--lesson", filled.parent).returncode == 2


def test_what_is_unverified_is_listed_with_what_settles_it(run, filled):
    """In lines that are not broken, however long."""
    with Gradebook(filled) as book:
        book.meet(Met("zoe", "sagemaker-intro", Cause.ACCESS, "The role cannot be [bold] assumed.", NOON))

    said = lines(run("unverified"))

    assert said[:5] == [
        "quota: 2 students, 58 points - a quota of the account refused it",
        "who: ada, bob",
        "what: training.completed, training.output, endpoint.in_service, endpoint.prediction, teardown.endpoint",
        "→ grade.py gradebook waive training.completed training.output endpoint.in_service endpoint.prediction "
        f"teardown.endpoint --cause quota --reason 'a quota of the account refused it' --gradebook {filled}",
        "",
    ]
    assert said[5] == (
        "records: 1 student, 16 points - AWS's records do not show it: a log that never arrived, or nothing left to "
        "judge by"
    )
    assert said[10:13] == [
        "access: 1 student - nobody could look into the account, or read what was handed in",
        "who: zoe",
        "not graded: zoe: The role cannot be [bold] assumed.",
    ]


def test_other_books_are_merged_and_bad_ones_refused_by_name(run, filled, tmp_path, good, of_student, graded):
    """The others still go in; it ends with 2, so that nobody overlooks it."""
    theirs = of_student(good, "444444444444")
    with Gradebook(tmp_path / "dan.sqlite3", begin=True) as book:
        book.record(graded(theirs), theirs, student="dan")
    (tmp_path / "thesis.txt").write_text("once upon a time")
    shutil.copy(tmp_path / "dan.sqlite3", tmp_path / "again.sqlite3")

    dry = run("merge", "dan.sqlite3", "--dry-run")
    assert lines(dry) == ["dan.sqlite3: would be taken: 1 check"]
    assert "dan" not in earned(filled)
    ended = run("merge", "thesis.txt", "dan.sqlite3", "again.sqlite3")

    assert ended.returncode == 2
    assert ended.stdout.splitlines() == ["dan.sqlite3: taken: 1 check", "again.sqlite3: nothing new"]
    assert ended.stderr.startswith("thesis.txt: is no gradebook")
    assert earned(filled)["dan"] == 90
    assert (tmp_path / "thesis.txt").read_text() == "once upon a time"


def test_a_changed_rubric_is_tried_before_anything_is_written(run, filled, tmp_path):
    """Who gains, who loses, and why; then it is written."""
    text = (ROOT / "rubrics" / "sagemaker-intro.yaml").read_text()
    stricter = text.replace("[ml.t2.medium, ml.t3.medium]", "[ml.t9.huge]").replace('version: "1"', 'version: "2"')
    (tmp_path / "strict.yaml").write_text(stricter)
    before = earned(filled)

    dry = lines(run("regrade", "--rubric", "strict.yaml", "--students", "e*"))

    assert dry[1].startswith("eve 74/100, 16 unverified → 70/100, 16 unverified instance.type passed 4/4 failed 0/4 ")
    assert dry[-3:] == [
        "1 student: 0 gain, 1 lose, 0 have as many points",
        "All together: 74 → 70 points (-4)",
        "Nothing was written. With --write 1 check would be.",
    ]
    assert earned(filled) == before
    lines(run("regrade", "--rubric", "strict.yaml", "--write"))
    assert earned(filled) == {who: points - 4 for who, points in before.items()}
    assert "graded again" in "".join(lines(run("history", "eve")))


def test_history_shows_the_times_that_a_check_had(run, filled, good, graded):
    """Where it had some."""
    window = Window(good.surveyed_at - HOUR, good.surveyed_at + HOUR)
    with Gradebook(filled) as book:
        book.record(graded(good, window=window, due=good.surveyed_at, final=True), good, student="gil")

    (told,) = lines(run("history", "gil"))[3:]

    assert told.endswith(
        "version 1, final, since 2019-07-01 18:00 UTC, until 2019-07-01 20:00 UTC, due 2019-07-01 19:00 UTC"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("unverified", "--rubric", "sagemaker"), 'Did you mean "sagemaker-intro"?'),
        (("waive", "training.*", "--reason", "x"), "Say whom you mean"),
        (("waive", "training.*", "--outcome", "passed", "--reason", "x"), "not decided in bulk"),
        (("waive", "training.*", "--students", "adda", "--reason", "x"), 'Did you mean "ada"?'),
        (("waive", "training.*", "--cause", "quota", "--reason", " "), "--reason must say something"),
        (("waive", "training.*", "--cause", "quota", "--points", "4", "--reason", "x"), "is worth 3"),
        (("undo", "*", "training.*", "--reason", "x"), "add --decided REASON"),
        (("undo", "*", "*", "--decided", "y", "--reason", "x"), "no override in force has this reason"),
        (("regrade", "--rubric", "learner-lab"), "There are: sagemaker-intro"),
        (("regrade", "--students", "adda"), 'Did you mean "ada"?'),
        (("merge", "none.sqlite3"), "there is no such file"),
    ],
)
def test_what_makes_no_sense_is_told_and_changes_nothing(run, filled, arguments, words):
    """On standard error, exit 2."""
    before = earned(filled)

    ended = run(*arguments)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert words in ended.stderr
    assert earned(filled) == before

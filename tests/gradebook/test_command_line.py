"""`grade.py check` with a gradebook, and `grade.py gradebook …`, as people run them."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from simulator.pytest_fixtures import practice_account, practice_cloud  # noqa: F401
from simulator.students.steps import follow, tear_down
from skymark.gradebook.book import Gradebook
from skymark.survey_file import save

ROOT = Path(__file__).parents[2]
ACCOUNT = "123456789012"
GONE = ("instance.type", "instance.accelerator", "instance.root_access", "endpoint.in_service")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path) -> Run:
    """Run `grade.py` in an empty folder, with nobody's home."""
    home = {"HOME": str(tmp_path), "COLUMNS": "200"}

    def ran(*arguments: object, **changed: object) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, str(ROOT / "grade.py"), *map(str, arguments)]
        usual = {"env": os.environ | home, "cwd": tmp_path, "capture_output": True, "text": True, "timeout": 120}
        return subprocess.run(command, check=False, **(usual | changed))

    return ran


@pytest.fixture
def check(run, practice_account, one_region) -> Run:  # noqa: F811 - pytest's way to ask for a fixture
    """Run `grade.py check` in the account of the practice cloud, in one region: a look is quicker."""
    cloud = practice_account.server

    def ran(*arguments: object, **changed: object) -> "subprocess.CompletedProcess[str]":
        env = cloud.environment(cloud.credentials(practice_account.number))
        return run("check", "--quiet", "--rubric", one_region, *arguments, env=env, **changed)

    return ran


@pytest.fixture
def filled(file, good, torn_down, graded) -> Path:
    """A gradebook with two checks of one account: before and after the teardown."""
    with Gradebook(file, begin=True) as book:
        book.record(graded(good), good, student="Ada")
        book.record(graded(torn_down, hours=2), torn_down)
    return file


def refused(ended: "subprocess.CompletedProcess[str]", *words: str) -> bool:
    """Whether it could not start, and said why on standard error alone, in one or two lines."""
    is_clean = ended.returncode == 2 and ended.stdout == "" and "Traceback" not in ended.stderr
    return is_clean and len(ended.stderr.splitlines()) <= 2 and all(word in ended.stderr for word in words)


def nearly_full() -> None:
    """No file may grow over 8 kB any more; run inside a new process."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))


def lines(ended: "subprocess.CompletedProcess[str]") -> list[str]:
    """What it printed."""
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.splitlines()


def outcomes(file: Path) -> dict[str, tuple[str, str | None]]:
    """Outcome and source by criterion, of a result as JSON."""
    return {one["id"]: (one["outcome"], one["source"]) for one in json.loads(file.read_text())["criteria"]}


def test_a_lesson_that_was_checked_before_its_teardown_keeps_its_marks(practice_account, check, run, tmp_path):  # noqa: F811
    """The real lesson in the practice cloud: checked, torn down, checked again in the end."""
    follow(practice_account)
    first = check("--json", "first.json")
    tear_down(practice_account)
    alone = check("--final", "--no-gradebook", "--json", "alone.json")
    second = check("--final", "--json", "second.json")

    assert (first.returncode, first.stderr, alone.stderr, second.stderr) == (1, "", "", "")
    before, by_itself, after = (outcomes(tmp_path / f"{name}.json") for name in ("first", "alone", "second"))
    lost = {id for id, (outcome, _) in by_itself.items() if outcome != "passed" and before[id][0] == "passed"}
    assert {id for id, (_, source) in after.items() if source == "earlier"} == lost
    assert {after[id][0] for id in after if not id.startswith("teardown.")} == {"passed"}
    assert {id: after[id] for id in after if id.startswith("teardown.")} == {
        id: by_itself[id] for id in by_itself if id.startswith("teardown.")
    }
    schema = json.loads((ROOT / "skymark" / "result.schema.json").read_text())
    jsonschema.validate(json.loads((tmp_path / "second.json").read_text()), schema)
    place = Path(os.environ["XDG_DATA_HOME"]) / "skymark" / "gradebook.sqlite3"
    with Gradebook(place) as book:
        assert [one.result.final for one in book.attempts(practice_account.number)] == [False, True]
    assert practice_account.number in run("gradebook", "show").stdout


@pytest.mark.usefixtures("unmeasured")
@pytest.mark.skipif(os.name == "nt", reason="limits are another thing there")
def test_a_grade_is_not_lost_with_the_gradebook(check, tmp_path):
    """Whatever is wrong with it: one line of warning, and everything else as ever."""
    (tmp_path / "taken").touch()
    well = check("--no-gradebook")

    unwritable = check("--gradebook", tmp_path / "taken" / "book.sqlite3", "--json", "result.json")
    full = check("--gradebook", tmp_path / "book.sqlite3", preexec_fn=nearly_full)

    for ended in (unwritable, full):
        assert (ended.returncode, ended.stdout) == (well.returncode, well.stdout)
        assert ended.stderr.startswith("This check was not recorded, and earlier checks are not considered. ")
        assert len(ended.stderr.splitlines()) == 1
    assert json.loads((tmp_path / "result.json").read_text())["schema"] == "skymark/result/v1"
    assert [one.name for one in tmp_path.iterdir() if "book" in one.name] == ["book.sqlite3.lock"]


def test_a_damaged_gradebook_is_told_and_the_check_recorded_in_a_new_one(check, tmp_path):
    """The warning says where it is kept."""
    file = tmp_path / "book.sqlite3"
    Gradebook(file, begin=True).__exit__()
    file.write_bytes(file.read_bytes()[:9000])

    ended = check("--gradebook", file)

    assert ended.returncode == 1
    assert f"{file}: was damaged (database disk image is malformed). It is kept as book.sqlite3.d" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    with Gradebook(file) as book:
        assert len(book.attempts()) == 1


def test_a_part_is_no_check_of_the_account(check, tmp_path):
    """`--only` records nothing, nor does `--no-gradebook`; and a gradebook is not named in vain."""
    check("--only", "account.access")
    check("--no-gradebook")

    assert not Path(os.environ["XDG_DATA_HOME"]).exists()
    assert refused(check("--only", "account.access", "--gradebook", "b"), "--only", "leave --gradebook out")
    assert refused(check("--no-gradebook", "--gradebook", "b"), "--no-gradebook")
    assert refused(check("--json", "b", "--gradebook", "b"), "named twice")
    assert not (tmp_path / "b").exists()


def test_a_saved_survey_neither_reads_nor_writes_a_gradebook(run, torn_down, filled, tmp_path):
    """It is graded as of its own time, whoever has it."""
    save(torn_down, tmp_path / "survey.json")
    place = Path(os.environ["XDG_DATA_HOME"]) / "skymark"
    place.mkdir(parents=True)
    (place / "gradebook.sqlite3").write_bytes(filled.read_bytes())

    ended = run("check", "--survey", "survey.json", "--json", "result.json", "--quiet")
    run("report", "survey.json", "--quiet")

    assert "earlier" not in {source for _, source in outcomes(tmp_path / "result.json").values()}
    assert (ended.returncode, ended.stderr) == (3, "")
    with Gradebook(place / "gradebook.sqlite3") as book:
        assert len(book.attempts()) == 2
    assert refused(run("check", "--survey", "survey.json", "--gradebook", filled), "--survey")


def test_accounts_are_shown_as_they_stand(run, filled):
    """The best of all checks."""
    assert [line.split() for line in lines(run("gradebook", "show", "--gradebook", filled))] == [
        ["account", "student", "rubric", "score", "checks", "last", "check"],
        [ACCOUNT, "Ada", "sagemaker-intro", "100/100", "2", "2025-11-24", "14:00", "UTC"],
        [],
        ["1", "account"],
    ]


def test_an_account_is_shown_with_what_counts(run, filled):
    """Outcome, points, source and override of each criterion."""
    run(
        *("gradebook", "override", ACCOUNT, "bucket.name", "--points", "2.5", "--by", "ada", "--gradebook", filled),
        *("--reason", "[bold] two buckets"),
    )

    shown = lines(run("gradebook", "show", ACCOUNT, "--gradebook", filled))

    assert shown[:3] == [
        f"account {ACCOUNT}, Ada: sagemaker-intro, version 1",
        "2 checks, last check 2025-11-24 14:00 UTC",
        "96.5 of 100 points",
    ]
    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in shown[5:] if line and not line.startswith(" ")}
    assert rows["bucket.name"].startswith("waived 2.5/6 2.5 of 6 points, decided by ada, ")
    assert rows["bucket.name"].endswith(": [bold] two buckets")
    assert rows["instance.type"] == "passed 4/4 sm-test, seen 2025-11-24 12:00 UTC (proved in an earlier check)"
    assert rows["teardown.instance"].startswith("passed 6/6 no notebook instance in 3 regions")


def test_history_tells_checks_and_decisions_in_time(run, filled):
    """Of the whole, and of one criterion; what was undone stays, and is said to be."""
    decide = (ACCOUNT, "instance.type", "--by", "ada", "--gradebook", filled, "--reason")
    run("gradebook", "override", *decide, "shown in class", "--points", "1")
    run("gradebook", "undo", *decide, "the wrong student")

    whole = lines(run("gradebook", "history", ACCOUNT, "--gradebook", filled))
    one = lines(run("gradebook", "history", ACCOUNT, "instance.type", "--gradebook", filled))

    told = [" ".join(line.split()[3:]) for line in whole[3:]]
    assert told == [
        "check 1 90/100 version 1",
        "check 2 78/100, 22 unverified version 1",
        "override 1, undone waived 1 instance.type, by ada: shown in class (until then passed 4)",
        "undo of 1 instance.type, by ada: the wrong student (until then waived 1)",
    ]
    assert [" ".join(line.split()[3:6]) for line in one[3:]] == [
        "check 1 passed",
        "check 2 unverified",
        "override 1, undone",
        "undo of 1",
    ]


def test_decisions_say_what_they_did(run, filled):
    """And an undo brings the mark of before back."""
    decide = (ACCOUNT, "bucket.region", "--by", "ada", "--gradebook", filled, "--reason")

    given = run("gradebook", "override", *decide, "a quota", "--outcome", "waived")
    taken = run("gradebook", "undo", *decide, "none")

    assert lines(given) == [f"{ACCOUNT} bucket.region: passed with 4 until now, now waived with 4: a quota (ada)"]
    assert lines(taken) == [f"{ACCOUNT} bucket.region: waived with 4 until now, passed with 4 again: none (ada)"]


def test_an_override_counts_in_the_next_check(practice_account, check, run, tmp_path):  # noqa: F811
    """With its reason, until it is undone."""
    check("--gradebook", "b")
    of = (practice_account.number, "bucket.name", "--gradebook", "b", "--by", "ada")
    lines(run("gradebook", "override", *of, "--points", "6", "--reason", "by hand"))
    check("--gradebook", "b", "--json", "waived.json")
    lines(run("gradebook", "undo", *of, "--reason", "no"))
    check("--gradebook", "b", "--json", "undone.json")

    assert outcomes(tmp_path / "waived.json")["bucket.name"] == ("waived", None)
    assert json.loads((tmp_path / "waived.json").read_text())["score"]["earned"] == 7
    assert outcomes(tmp_path / "undone.json")["bucket.name"] == ("pending", None)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "123456789021"), 'Did you mean "123456789012"?'),
        (("show", "--rubric", "sagemaker"), 'Did you mean "sagemaker-intro"?'),
        (("history", ACCOUNT, "bucket.nam"), 'Did you mean "bucket.name"?'),
        (("override", ACCOUNT, "bucket.nam", "--points", "1", "--reason", "x"), 'Did you mean "bucket.name"?'),
        (("override", ACCOUNT, "bucket.name", "--points", "7", "--reason", "x"), "Give a number from 0 to 6"),
        (("override", ACCOUNT, "bucket.name", "--points", "1", "--reason", " "), "--reason must say something"),
        (("override", ACCOUNT, "bucket.name", "--reason", "x"), "--points N, or --outcome waived"),
        (("override", ACCOUNT, "bucket.name", "--outcome", "passed", "--reason", "x"), "an override waives"),
        (("undo", ACCOUNT, "bucket.name", "--reason", "x"), "no override to take back"),
        (("export", "--format", "xlsx"), "there are csv and json"),
    ],
)
def test_what_makes_no_sense_is_told_and_changes_nothing(run, filled, arguments, words):
    """One or two lines on standard error, exit 2."""
    assert refused(run("gradebook", *arguments, "--gradebook", filled), words)

    with Gradebook(filled) as book:
        assert (len(book.attempts()), book.decisions()) == (2, ())


@pytest.mark.parametrize(
    "command", [("override", ACCOUNT, "bucket.name", "--points", "1"), ("undo", ACCOUNT, "bucket.name")]
)
def test_nothing_is_decided_without_a_reason(run, filled, command):
    """The option cannot be left out."""
    ended = run("gradebook", *command, "--gradebook", filled)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "--reason" in ended.stderr


@pytest.mark.parametrize("command", [("show",), ("history", ACCOUNT), ("export", "out.csv")])
def test_without_a_gradebook_there_is_nothing_to_ask(run, tmp_path, command):
    """None is begun; another file is left alone, and no export overwritten by an empty one."""
    (tmp_path / "out.csv").write_text("kept")
    assert refused(run("gradebook", *command, "--gradebook", "none.sqlite3"), "there is no gradebook yet")
    assert not (tmp_path / "none.sqlite3").exists()
    assert refused(run("gradebook", *command, "--gradebook", tmp_path), "is no file")

    (tmp_path / "thesis.txt").write_text("once upon a time")
    assert refused(run("gradebook", *command, "--gradebook", "thesis.txt"), "is no gradebook")
    assert (tmp_path / "thesis.txt").read_text() == "once upon a time"
    assert (tmp_path / "out.csv").read_text() == "kept"


def test_marks_are_exported_to_standard_output_or_a_file_of_ones_own(run, filled, tmp_path):
    """The same bytes; others cannot read the file."""
    command = ("gradebook", "export", "--gradebook", filled)
    printed = run(*command, text=False).stdout
    lines(run(*command, "new/marks.csv"))
    lines(run(*command, "--format", "json", "marks.json"))

    assert (tmp_path / "new" / "marks.csv").read_bytes() == printed
    assert (tmp_path / "marks.json").stat().st_mode & 0o777 == 0o600
    row = next(csv.DictReader(printed.decode("utf-8-sig").splitlines()))
    assert (row["account"], row["earned"], row["complete"], row["instance.type"]) == (ACCOUNT, "100", "yes", "4")
    assert json.loads((tmp_path / "marks.json").read_text())["accounts"][0]["score"]["earned"] == 100

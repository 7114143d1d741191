"""`grade.py` as people run it: what it prints where, what it writes, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

import grade
from skymark import survey_file
from skymark.evidence import Survey
from tests.signals import hears_ctrl_c

ROOT = Path(__file__).parents[1]
SLOW = ("boto3", "botocore", "pytest", "jinja2", "jsonschema", "yaml", "msgspec", "nbformat", "moto")
WEEK = """\
schema: skymark/rubric/v1
id: week
version: "1"
title: A [bold]week[/bold]
criteria:
  - {id: bucket.name, title: The name, stage: Storage, points: 6.50, hint: "Name it [week]."}
  - {id: bucket.region, title: The region, stage: Elsewhere, points: 4, hint: Choose it.}
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


class Aws(ThreadingHTTPServer):
    """Stands where AWS would be: counts who asks, and lets them wait until it is told to end."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Silent)
        self.asked = threading.Event()
        self.over = threading.Event()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


class _Silent(BaseHTTPRequestHandler):
    def do_POST(self) -> None:  # the name is http.server's
        """Answer nothing."""
        assert isinstance(self.server, Aws)
        self.server.asked.set()
        self.server.over.wait(30)

    do_GET = do_POST


@pytest.fixture
def aws() -> Iterator[Aws]:
    """An AWS that never answers."""
    server = Aws()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def environment(tmp_path: Path, aws: Aws) -> dict[str, str]:
    """Made-up keys, nobody's home, and nothing but this machine to ask."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
    return kept | {
        "HOME": str(tmp_path),
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@pytest.fixture
def run(tmp_path: Path, environment: dict[str, str]) -> Run:
    """Run `grade.py` in an empty folder."""

    def ran(*arguments: str | Path, **changed: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "grade.py"), *map(str, arguments)]
        return subprocess.run(
            command, cwd=tmp_path, env=environment | changed, capture_output=True, text=True, timeout=60, check=False
        )

    return ran


@pytest.fixture
def week(tmp_path: Path) -> Path:
    """A small lesson with two checks and one rubric."""
    root = tmp_path / "lesson"
    for name in ("checks", "rubrics"):
        (root / name).mkdir(parents=True)
    (root / "checks" / "bucket.py").write_text("def check_name(): ...\ndef check_region(): ...\n")
    (root / "rubrics" / "week.yaml").write_text(WEEK)
    return root


def notebook(kernel: str) -> str:
    """A notebook with one cell, which was run."""
    code = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": "1"}
    named = {"kernelspec": {"name": kernel, "display_name": kernel}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": named, "cells": [code]})


@pytest.fixture
def saved(good: Survey, tmp_path: Path) -> Path:
    """The survey of the lesson done well, as `--save-survey` keeps it."""
    file = tmp_path / "survey.json"
    survey_file.save(good, file)
    return file


def refused(ended: subprocess.CompletedProcess[str], *words: str) -> bool:
    """Whether it could not start, and said why on standard error alone, without a traceback."""
    is_clean = ended.returncode == 2 and ended.stdout == "" and "Traceback" not in ended.stderr
    return is_clean and all(word in ended.stderr for word in words)


def test_help_imports_nothing_slow() -> None:
    """`--help` answers at once: whatever takes time is imported by the command that needs it."""
    code = "import sys, grade; grade.app(['check', '--help'], standalone_mode=False); print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert "--expect-account" in ended.stdout
    assert set(SLOW) & set(ended.stdout.split()) == set()


def test_every_option_of_check_is_the_contracts(run: Run) -> None:
    """The names that other people's scripts rely on, and no other."""
    shown = {word for word in run("check", "--help").stdout.split() if word.startswith("--")}

    files = {"--rubric", "--lesson", "--notebook", "--save-survey", "--survey", "--json", "--html", "--junit"}
    files |= {"--handed-in", "--accept-handed-in", "--prices", "--gradescope", "--classroom50", "--github"}
    times = {"--since", "--until", "--due"}
    account = {"--expect-account", "--profile", "--region", "--no-predict", "--gradebook", "--no-gradebook"}
    assert shown == files | account | times | {"--final", "--only", "--open", "--no-open", "--quiet", "--help"}


def test_version(run: Run) -> None:
    """One line."""
    assert run("--version").stdout == "skymark 0.1.0\n"


@pytest.mark.parametrize(
    "arguments", [["chekc"], ["check", "--finl"], ["check", "extra"], ["report"], ["rubric", "validate"]]
)
def test_a_wrong_command_line_could_not_start(run: Run, arguments: list[str]) -> None:
    """Usage is exit 2, as the contract says."""
    assert refused(run(*arguments), "Usage:")


def test_valid_rubrics_are_said_to_be(run: Run, week: Path) -> None:
    """By name and by file, with what they add up to."""
    ended = run("rubric", "validate", "week", week / "rubrics" / "week.yaml", "--lesson", week)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "week: valid, 2 criteria, 10.5 points\n" * 2


def test_invalid_rubrics_name_file_and_line(run: Run, week: Path) -> None:
    """The path as seen from here, all mistakes of all files, exit 2."""
    (week / "rubrics" / "bad.yaml").write_text(WEEK.replace("6.50", "six").replace("bucket.region", "bucket.regoin"))

    ended = run("rubric", "validate", "bad", "week", "nobody", "--lesson", week)

    assert refused(ended)
    assert ended.stderr.splitlines() == [
        'lesson/rubrics/bad.yaml:6: points is "six". '
        "Points are a number from 0 to 1000 with at most two decimals, such as 6 or 2.5; 0 is advice.",
        'lesson/rubrics/bad.yaml:7: no check is called "bucket.regoin". Did you mean "bucket.region"?',
        'No rubric is called "nobody". The lesson\'s rubrics: bad, week.',
    ]


def test_a_rubric_is_shown_by_stage(run: Run, week: Path) -> None:
    """Id, points and title of each criterion, under its stage; texts are shown as they are written."""
    ended = run("rubric", "show", "--lesson", week)

    assert [line.rstrip() for line in ended.stdout.splitlines()] == [
        "A [bold]week[/bold] (week, version 1)",
        "",
        "criterion        points  title",
        "Storage",
        "  bucket.name       6.5  The name",
        "Elsewhere",
        "  bucket.region       4  The region",
        "",
        "2 criteria, 10.5 points",
    ]
    assert "Name it [week]." in run("rubric", "show", "--full", "--lesson", week).stdout


def test_a_rubric_in_full_tells_what_each_criterion_needs(run: Run) -> None:
    """By IAM's names, which are not always the calls'."""
    shown = " ".join(run("rubric", "show", "--full").stdout.split())

    assert "Needs cloudtrail:LookupEvents, s3:ListAllMyBuckets" in shown
    assert shown.count("Needs ") == 23


@pytest.mark.parametrize("name", ["sagemaker-intro", "learner-lab"])
def test_our_own_rubrics_add_up_to_a_hundred(run: Run, name: str) -> None:
    """So that points are percent."""
    ended = run("rubric", "validate", name)

    assert ended.stdout.endswith(", 100 points\n")
    assert ended.stderr == ""


def test_errors_of_the_lesson_come_before_aws_is_asked(run: Run, week: Path, aws: Aws) -> None:
    """A wrong rubric, criterion or notebook costs nobody the wait for a survey."""
    broken = week / "broken.ipynb"
    broken.write_text("{")

    assert refused(run("check", "--lesson", week / "checks"), "not a lesson")
    assert refused(run("check", "--lesson", week, "--rubric", "weak"), 'Did you mean "week"?')
    assert refused(run("check", "--lesson", week, "--only", "bucket.nam"), 'Did you mean "bucket.name"?')
    assert refused(run("check", "--lesson", week, "--notebook", broken), "broken.ipynb")
    assert not aws.asked.is_set()


@pytest.mark.parametrize("option", ["--json", "--html", "--junit", "--gradescope", "--save-survey"])
def test_an_unwritable_output_is_found_before_aws_is_asked(run: Run, week: Path, aws: Aws, option: str) -> None:
    """Nothing is asked, nothing is written, and the place is named."""
    file = week / "file"
    file.write_text("kept")
    before = sorted(week.rglob("*"))

    assert refused(run("check", "--lesson", week, option, file / "out"), f"{file / 'out'}: cannot be written")
    assert refused(run("check", "--lesson", week, option, week), f"{week}: is a folder")
    assert (sorted(week.rglob("*")), file.read_text()) == (before, "kept")
    assert not aws.asked.is_set()


def test_two_outputs_in_one_file_are_refused(run: Run, week: Path, saved: Path) -> None:
    """Nor is an input ever overwritten."""
    assert refused(run("check", "--lesson", week, "--json", "a", "--html", "./a"), "named twice")
    assert refused(run("report", saved, "--lesson", week, "--json", saved), "named twice")


@pytest.mark.parametrize("content", [None, "", "{", '{"schema": "skymark/survey/v9"}', "[]", "\0"])
def test_a_survey_that_is_none_is_said_to_be(run: Run, week: Path, content: str | None) -> None:
    """Missing, truncated, of another version: one or two lines, exit 2."""
    file = week / "survey.json"
    if content is not None:
        file.write_text(content)

    for ended in (run("check", "--survey", file, "--lesson", week), run("report", file, "--lesson", week)):
        assert refused(ended, "survey.json")
        assert len(ended.stderr.splitlines()) <= 2


def test_a_saved_survey_asks_nothing_of_aws(run: Run, saved: Path, aws: Aws) -> None:
    """Neither a profile nor a region has a meaning then."""
    ended = run("check", "--survey", saved, "--quiet")

    assert (ended.returncode, ended.stderr) == (1, "")
    assert len(ended.stdout.splitlines()) == 1
    assert not aws.asked.is_set()
    assert refused(run("check", "--survey", saved, "--profile", "me"), "--profile")


def test_the_account_that_is_meant_is_checked_in_a_saved_survey_too(run: Run, saved: Path) -> None:
    """Another account's survey is not graded by mistake; dashes in the id are as good as none."""
    assert refused(run("check", "--survey", saved, "--expect-account", "999999999999"), "123456789012", "999999999999")
    assert run("check", "--survey", saved, "--expect-account", "1234-5678-9012", "--quiet").returncode == 1


def test_json_on_standard_output_is_alone_there(run: Run, saved: Path) -> None:
    """People's text goes to standard error; the same result comes from `report`, and in a file."""
    ended = run("check", "--survey", saved, "--json", "-")
    again = run("report", saved, "--json", "out/result.json", "--quiet")

    result = json.loads(ended.stdout)
    assert result["schema"] == "skymark/result/v1"
    assert "bucket.name" in ended.stderr or "sagemaker-20190701-1820" in ended.stderr
    assert again.returncode == ended.returncode == 1
    assert json.loads((saved.parent / "out" / "result.json").read_text("utf-8")) == result


def test_every_report_that_is_asked_for_is_written(run: Run, saved: Path, tmp_path: Path) -> None:
    """Whole, in folders that are made for them."""
    run("report", saved, "--html", "new/report.html", "--junit", "new/report.xml", "--json", "new/report.json")

    assert sorted(file.name for file in (tmp_path / "new").iterdir()) == ["report.html", "report.json", "report.xml"]
    assert all(file.stat().st_size > 100 for file in (tmp_path / "new").iterdir())


def test_a_mark_for_gradescope_replaces_an_older_one(run: Run, saved: Path, tmp_path: Path) -> None:
    """And where the run cannot be graded, the older one is gone all the same: it is not this run's."""
    mark = tmp_path / "results.json"
    mark.write_text("an older mark")

    graded = run("report", saved, "--gradescope", mark, "--quiet")
    tests = json.loads(mark.read_text("utf-8"))["tests"]
    ended = run("report", saved, "--gradescope", mark, "--prices", tmp_path / "none.json")

    assert (graded.returncode, graded.stderr) == (1, "")
    assert 0 < sum(one.get("score", 0) for one in tests) < 100
    assert ended.returncode == 2
    assert not mark.exists()


def test_classroom_50s_mark_is_only_given_where_classroom_50_asks(run: Run, saved: Path, tmp_path: Path) -> None:
    """Its runner says whose it is; without that nothing is graded, and it is said what is missing."""
    ended = run("report", saved, "--classroom50", tmp_path / "result.json")

    assert refused(ended, "SUBMISSION_TAG", "must be set")
    assert not (tmp_path / "result.json").exists()


def test_github_gets_annotations_and_a_summary_and_obeys_nothing_else(run: Run, saved: Path, tmp_path: Path) -> None:
    """The report's own text, which students can word, stands between tokens that stop commands."""
    summary = tmp_path / "summary.md"
    ended = run("report", saved, "--github", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))

    said = ended.stdout.splitlines()
    stop = next(number for number, line in enumerate(said) if line.startswith("::stop-commands::"))
    token = said[stop].removeprefix("::stop-commands::")
    assert said[0].startswith("::notice title=Skymark::")
    assert said[-1] == f"::{token}::"
    assert not any(line.startswith("::") for line in said[stop + 1 : -1])
    assert summary.read_text("utf-8").startswith("## Introduction to AWS SageMaker")


def test_only_what_is_named_is_graded(run: Run, saved: Path) -> None:
    """Out of the points of just those, and the exit status is theirs."""
    ended = run("report", saved, "--only", "bucket.name", "--only", "bucket.region", "--json", "-")

    assert ended.returncode == 0
    assert [one["id"] for one in json.loads(ended.stdout)["criteria"]] == ["bucket.name", "bucket.region"]


def test_a_survey_is_kept_with_the_notebook_that_was_handed_in(run: Run, saved: Path, tmp_path: Path) -> None:
    """What was graded can be graded again."""
    (tmp_path / "mine.ipynb").write_text(notebook("conda_python3"))

    ended = run("check", "--survey", saved, "--notebook", "mine.ipynb", "--save-survey", "kept.json", "--quiet")

    assert ended.stderr == ""
    kept = survey_file.load(tmp_path / "kept.json")
    assert [(one.file, one.kernel, one.executed_cells) for one in kept.notebooks] == [
        ("mine.ipynb", "conda_python3", 1)
    ]
    assert msgspec.structs.replace(kept, notebooks=()) == survey_file.load(saved)


def test_several_notebooks_are_all_kept_each_once(run: Run, saved: Path, tmp_path: Path) -> None:
    """In the order in which they are given; what the survey had stays."""
    for name in ("one", "two"):
        (tmp_path / f"{name}.ipynb").write_text(notebook(name))

    run("check", "--survey", saved, "--notebook", "two.ipynb", "--save-survey", "first.json", "--quiet")
    names = [f"--notebook={name}.ipynb" for name in ("one", "./two", "one")]
    ended = run("check", "--survey", "first.json", *names, "--save-survey", "kept.json", "--quiet")

    assert ended.stderr == ""
    assert [one.file for one in survey_file.load(tmp_path / "kept.json").notebooks] == ["two.ipynb", "one.ipynb"]


@pytest.fixture
def torn(empty: Survey, tmp_path: Path) -> Path:
    """The survey of an account in which nothing is left, not even a trace."""
    file = tmp_path / "torn.json"
    survey_file.save(empty, file)
    return file


def test_a_survey_that_was_handed_in_counts_only_where_it_is_accepted(run: Run, saved: Path, torn: Path) -> None:
    """Without, one line says what it would show; the score, the rest of the report and the status are the same."""
    alone = run("report", torn, "--json", "-", "--quiet")
    told = run("report", torn, "--handed-in", saved, "--json", "-", "--quiet")
    accepted = run("check", "--survey", torn, "--handed-in", saved, "--accept-handed-in", "--json", "-")

    without, offered, counted = (json.loads(one.stdout) for one in (alone, told, accepted))
    (warning,) = [text for text in offered["warnings"] if text not in without["warnings"]]
    assert warning.startswith("survey.json, surveyed 2019-07-01 19:00 UTC, would show: bucket.name, ")
    assert "(87 points). It is self-reported and can be forged: it counts only with --accept-handed-in." in warning
    assert offered | {"warnings": without["warnings"]} == without
    assert (alone.returncode, told.returncode, accepted.returncode) == (1, 1, 0)
    assert (without["score"]["earned"], counted["score"]["earned"]) == (1, 100)
    assert "self-reported, from what was handed in" in accepted.stderr


def test_accepting_without_anything_to_accept_is_refused(run: Run, saved: Path) -> None:
    """Somebody forgot something, so nothing is graded."""
    assert refused(run("report", saved, "--accept-handed-in"), "--handed-in SURVEY")


def test_a_hand_in_that_cannot_be_used_is_one_kind_line(run: Run, good: Survey, saved: Path, tmp_path: Path) -> None:
    """Of another account, of the future, of another kind, or none at all: exit 2."""
    bob = msgspec.structs.replace(good.identity, account="999999999999")
    survey_file.save(msgspec.structs.replace(good, identity=bob), tmp_path / "bob.json")
    tomorrow = good.surveyed_at.replace(day=2)
    survey_file.save(msgspec.structs.replace(good, surveyed_at=tomorrow), tmp_path / "tomorrow.json")
    (tmp_path / "mine.ipynb").write_text(notebook("conda_python3"))
    (tmp_path / "broken.json").write_text("{")
    with (tmp_path / "large.json").open("wb") as large:
        large.truncate(100 * 2**20)

    for arguments, words in {
        ("--handed-in", "bob.json"): ("bob.json", "999999999999", "123456789012"),
        ("--handed-in", "tomorrow.json"): ("tomorrow.json", "2019-07-02"),
        ("--handed-in", "mine.ipynb"): ("mine.ipynb", "--notebook"),
        ("--notebook", saved.name): (saved.name, "--handed-in"),
        ("--handed-in", "broken.json"): ("broken.json", "no JSON"),
        ("--handed-in", "large.json"): ("large.json", "50 MiB"),
        ("--notebook", "large.json"): ("large.json", "50 MiB"),
        ("--handed-in", "."): (".", "directory"),
        ("--handed-in", "missing.json"): ("missing.json", "No such file"),
    }.items():
        ended = run("report", saved, *arguments)
        assert refused(ended, *words), (arguments, ended)
        assert len(ended.stderr.splitlines()) == 1


def test_a_hand_in_writes_nothing_but_words_into_the_terminal(
    run: Run, good: Survey, saved: Path, tmp_path: Path
) -> None:
    """Whoever made it may have written anything for an account's number."""
    evil = msgspec.structs.replace(good.identity, account="\x1b]0;owned\x07\x1b[2J\u202e")
    survey_file.save(msgspec.structs.replace(good, identity=evil), tmp_path / "evil.json")

    ended = run("report", saved, "--handed-in", "evil.json")

    assert refused(ended, "evil.json: is of account \ufffd]0;owned")
    assert not set("\x1b\x07\u202e") & set(ended.stderr)


def test_a_hand_in_is_never_overwritten(run: Run, saved: Path, torn: Path) -> None:
    """Nor read before that is known."""
    assert refused(run("report", torn, "--handed-in", saved, "--json", saved), "named twice")


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    """A price table in which the lesson's endpoint costs a dollar an hour, and nothing else has a price."""
    table = {"source": "x", "date": "x", "currency": "USD", "region": "us-east-1", "note": ""}
    file = tmp_path / "prices.json"
    file.write_text(json.dumps({**table, "notebook": {}, "hosting": {"ml.m4.xlarge": 1}, "training": {}, "studio": {}}))
    return file


def test_other_prices_change_what_it_costs_and_no_verdict(run: Run, saved: Path, prices: Path) -> None:
    """They replace Skymark's own wholly: what they don't have is not known."""
    usual, other = (
        json.loads(run("report", saved, *more, "--json", "-").stdout) for more in ((), ("--prices", prices))
    )

    assert (other["hourly_usd"], other["unpriced"]) == (1, 1)
    assert (usual["criteria"], usual["score"]) == (other["criteria"], other["score"])


@pytest.mark.parametrize("command", ["check", "cleanup"])
def test_prices_that_are_none_are_found_before_aws_is_asked(run: Run, aws: Aws, prices: Path, command: str) -> None:
    """In words, with the file's name."""
    prices.write_text('{"source": "x"}')

    assert refused(run(command, "--prices", prices), "prices.json", "no price table")
    assert refused(run(command, "--prices", "nowhere.json"), "nowhere.json", "cannot be read")
    assert not aws.asked.is_set()


def test_prices_are_never_overwritten(run: Run, saved: Path, prices: Path) -> None:
    """An input like any other."""
    assert refused(run("report", saved, "--prices", prices, "--json", prices), "named twice")


def test_cleanup_prints_a_script_and_asks_nothing_of_aws(run: Run, saved: Path, aws: Aws, prices: Path) -> None:
    """By a saved survey; its status says nothing about a grade."""
    ended = run("cleanup", "--survey", saved)
    whole = run("cleanup", "--survey", saved, "--all", "--prices", prices)

    assert (ended.returncode, ended.stderr, whole.returncode, whole.stderr) == (0, "", 0, "")
    assert ended.stdout.startswith("#!/bin/sh\n")
    assert "aws sagemaker delete-endpoint" in ended.stdout
    assert "aws sagemaker delete-model " not in ended.stdout
    assert "aws sagemaker delete-model " in whole.stdout
    assert "aws s3 rb s3://sagemaker-20190701-1820 --force" in whole.stdout
    assert "$1.00 per hour" in whole.stdout
    assert not aws.asked.is_set()


def test_cleanup_of_an_empty_account_says_so(run: Run, torn: Path) -> None:
    """In a script that can be run."""
    ended = run("cleanup", "--survey", torn, "--all")

    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "echo 'Nothing to remove was seen in 3 regions.'")


def test_cleanup_could_not_start(run: Run, saved: Path, aws: Aws) -> None:
    """The same mistakes as for check, in the same words."""
    assert refused(run("cleanup", "--survey", saved, "--region", "us-east-1"), "--profile")
    assert refused(run("cleanup", "--rubric", "nobody"), "nobody")
    assert refused(run("cleanup", "--survey", "nowhere.json"), "nowhere.json")
    assert refused(run("cleanup", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY=""))
    assert not aws.asked.is_set()


def test_open_shows_the_page(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `--html` it is put into `reports/`."""
    shown: list[str] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("skymark.desktop.show", lambda url: not shown.append(url))

    CliRunner().invoke(grade.app, ["report", str(saved), "--open", "--quiet"])

    page = tmp_path / "reports" / "report.html"
    assert shown == [page.as_uri()]
    assert page.is_file()


def test_the_policy_is_json(run: Run) -> None:
    """Ready to be pasted; without the prediction nothing is invoked."""
    whole, careful = run("policy"), run("policy", "--no-predict")

    assert json.loads(whole.stdout)["Version"] == "2012-10-17"
    assert "sagemaker:InvokeEndpoint" in whole.stdout
    assert "sagemaker:InvokeEndpoint" not in careful.stdout


def test_the_demo_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Students have no practice cloud."""
    monkeypatch.setattr("skymark.command_line.find_spec", lambda name: None)

    ended = CliRunner().invoke(grade.app, ["demo"])

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "pip install '.[lab]'" in ended.stderr


def test_no_credentials_could_not_start(run: Run, aws: Aws) -> None:
    """One or two lines say what to do, and nothing is asked."""
    ended = run("check", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")

    assert refused(ended)
    assert 1 <= len(ended.stderr.splitlines()) <= 3
    assert not aws.asked.is_set()


def test_nobody_reading_on_is_no_grade(environment: dict[str, str]) -> None:
    """`grade.py … | head` ends quietly, with a status that says nothing about a student."""
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as closed:
        ended = subprocess.run(
            [sys.executable, str(ROOT / "grade.py"), "rubric", "show"],
            env=environment,
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )

    assert (ended.returncode, ended.stderr) == (141, "")


def test_nor_is_what_went_wrong_and_nobody_reads(environment: dict[str, str]) -> None:
    """Both streams lead into a pipe that is closed, as with `2>&1 | head`."""
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as closed:
        ended = subprocess.run(
            [sys.executable, str(ROOT / "grade.py"), "rubric", "show", "nothing-of-this-name"],
            env=environment,
            stdout=closed,
            stderr=closed,
            timeout=60,
            check=False,
        )

    assert ended.returncode == 141


BREAK = """\
import sys
import skymark.rubric_file

def broken(*_, **__):
    raise LookupError("of our own making")

skymark.rubric_file.load_rubric = broken
sys.argv = ["grade.py", "rubric", "show"]
from skymark.command_line import main
main()
"""


def test_a_mistake_of_skymark_s_own_is_no_grade(environment: dict[str, str], tmp_path: Path) -> None:
    """Python's own 1 would read as one. A line says so, and the details are in the log, for its owner only."""
    ended = subprocess.run(
        [sys.executable, "-c", BREAK],
        env=environment | {"PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    log = tmp_path / "reports" / "skymark.log"
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines() == [
        "Skymark itself went wrong, and gives no grade. What happened is in reports/skymark.log: please report it."
    ]
    assert "LookupError: of our own making" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="signals are another thing there")
def test_ctrl_c_ends_it_quietly(environment: dict[str, str], aws: Aws, tmp_path: Path) -> None:
    """At once, in the middle of a call to AWS, with nothing said and nothing written."""
    command = [sys.executable, str(ROOT / "grade.py"), "check", "--html", "out.html"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hears_ctrl_c,
    ) as running:
        assert aws.asked.wait(30)
        running.send_signal(signal.SIGINT)
        stdout, stderr = running.communicate(timeout=20)

    assert (running.returncode, stdout, stderr) == (130, "", "")
    assert not (tmp_path / "out.html").exists()

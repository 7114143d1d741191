"""The lesson by `grade.py … --lesson`, as it is typed: a check, its policy, its cleanup, and a class."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.account import SimulatedAccount
from skymark.callers_apart import of_caller
from skymark.permissions import read_only_policy
from tests.lessons.static_website.conftest import FOLDER, NUMBER
from tests.lessons.static_website.doing import NAME, Doing
from tests.lessons.static_website.students import WELL

ROOT = Path(__file__).parents[3]
LESSON = ("--lesson", str(FOLDER))


@pytest.fixture
def typed(account, tmp_path):
    """Type a command with the student's keys, or others of the environment; it ends with status, output and errors."""

    def run(*arguments, environment=None):
        command = [sys.executable, str(ROOT / "grade.py"), *arguments]
        keys = environment or account.server.environment(account.server.credentials(NUMBER))
        more = {"XDG_DATA_HOME": str(tmp_path / "data"), "COLUMNS": "200"}
        done = subprocess.run(command, cwd=tmp_path, env=keys | more, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    return run


def test_a_student_gets_to_a_hundred_points(account, typed):
    """Seen before the teardown and after it: what left no trace was proved by the earlier check."""
    Doing()(account)
    status, out, _ = typed("check", *LESSON, "--json", "-")
    before = json.loads(out)

    Doing().tear_down(account)
    last, out, _ = typed("check", *LESSON, "--final", "--json", "-")
    after = json.loads(out)

    assert (status, before["score"]["earned"], before["next"]["command"]) == (1, 92, f"aws s3 rb s3://{NAME} --force")
    assert before["warnings"] == []
    assert (last, after["score"]["earned"]) == (0, 100)
    assert {one["source"] for one in after["criteria"] if one["id"].startswith("page.")} == {"earlier"}
    assert [(link["kind"], link["id"]) for link in after["chain"]] == [("bucket", NAME)]


def test_its_policy_is_printed_for_it(typed, rubric):
    """Alone, and in what lets a grader in."""
    status, out, _ = typed("policy", *LESSON)
    grant = ("--grader", "210987654321", "--external-id", "an-id")
    _, commands, _ = typed("policy", *LESSON, "--format", "cli", *grant)
    _, template, _ = typed("policy", *LESSON, "--format", "cloudformation", *grant)

    assert (status, json.loads(out)) == (0, read_only_policy(rubric.survey, predict=False))
    for text in (commands, template):
        assert "s3:GetBucketWebsite" in text
        assert "arn:aws:s3:::*/index.html" in text
        assert "InvokeEndpoint" not in text


def test_its_bucket_can_be_cleaned_up_by_script(account, typed):
    """Where it surely is the lesson's."""
    Doing()(account)

    _, named, _ = typed("cleanup", *LESSON, "--all")
    account.empty_and_delete_bucket(NAME)
    Doing(name="my-first-website")(account)
    _, misnamed, _ = typed("cleanup", *LESSON, "--all")

    assert f"\naws s3 rb s3://{NAME} --force" in named
    assert "\naws s3 rb" not in misnamed


def test_a_class_is_graded_by_it(account, typed, tmp_path):
    """Each in an account of their own, by their own keys."""
    other = SimulatedAccount(account.server, "123456789013")
    Doing()(account)
    Doing(name="website-20261124-beaver", has_policy=False)(other)
    profiles = {"ada": account, "bo": other}
    keys = {name: one.server.credentials(one.number) for name, one in profiles.items()}
    (tmp_path / "credentials").write_text(
        "".join(
            f"[{name}]\naws_access_key_id = {one.key}\naws_secret_access_key = {one.secret}\n"
            for name, one in keys.items()
        )
    )
    (tmp_path / "roster.csv").write_text("student,name,profile\nada,Ada,ada\nbo,Bo,bo\n")
    environment = account.server.environment(account.server.credentials(NUMBER))
    environment["AWS_SHARED_CREDENTIALS_FILE"] = str(tmp_path / "credentials")

    status, out, err = typed("class", "roster.csv", *LESSON, "--report", "report", environment=environment)

    assert status == 1, err
    marks = {line.split()[0]: line for line in out.splitlines() if line.startswith(("ada", "bo"))}
    assert "92" in marks["ada"]
    assert "70" in marks["bo"]
    assert "A static website in S3" in (tmp_path / "report" / "class.html").read_text("utf-8")


def test_students_of_one_account_are_told_apart(account, survey, outcomes):
    """By who made which bucket."""
    Doing()(account)

    found = survey(callers=True)

    assert outcomes(of_caller(found, "student")) == WELL
    assert set(outcomes(of_caller(found, "somebody-else"), final=True).values()) == {"unverified"}

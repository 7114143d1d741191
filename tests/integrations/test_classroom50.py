"""The Classroom 50 autograder, run as its runner runs it: in the student's checkout."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from skymark import survey_file

ROOT = Path(__file__).parents[2]
COMMIT = "https://github.com/o/r/commit/a1b2c3d"
SAID = {
    "CLASSROOM": "cloud-101",
    "ASSIGNMENT": "sagemaker-intro",
    "ASSIGNMENT_TYPE": "individual",
    "OWNER": "ada",
    "SUBMISSION_TAG": "submit/2026-11-24T10-00-00Z-a1b2c3d",
    "COMMIT_URL": COMMIT,
    "RELEASE_URL": "https://github.com/o/r/releases/tag/x",
    "REVIEW_URL": "",
    "GITHUB_ACTIONS": "true",
}


@pytest.fixture
def bundle(tmp_path):
    """The instructor's files."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    shutil.copy(ROOT / "integrations" / "classroom50" / "autograder.py", folder)
    (folder / "skymark").symlink_to(ROOT)
    return folder


@pytest.fixture
def checkout(tmp_path):
    """A student's repository with one commit, and a result that somebody left there."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "result.json").write_text('{"score": 100}')
    own = {"GIT_COMMITTER_DATE": "2026-11-24T10:00:00Z", "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    who = ["-c", "user.name=ada", "-c", "user.email=a@b"]
    subprocess.run(["git", "init", "-q", folder], check=True)
    subprocess.run(["git", "-C", folder, *who, "commit", "-qm", "x", "--allow-empty"], check=True, env=os.environ | own)
    return folder


@pytest.fixture
def run(bundle, checkout):
    """Run the autograder: its status, and what it printed."""

    def runs(**said):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "GITHUB_"))}
        done = subprocess.run(
            [sys.executable, bundle / "autograder.py"],
            cwd=checkout,
            env=environment | {"PYTHONPATH": str(ROOT)} | SAID | said,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return runs


def test_a_survey_is_graded_and_the_run_is_green_whatever_the_mark(run, checkout, good):
    """The result is the runner's own names, and the commit's time."""
    survey_file.save(good, checkout / "survey.json")

    status, _ = run()

    said = json.loads((checkout / "result.json").read_text("utf-8"))
    assert status == 0
    assert (said["owner"], said["commit"], said["review"]) == ("ada", COMMIT, COMMIT)
    assert (said["datetime"], said["max-score"]) == ("2026-11-24T10:00:00Z", 100)
    assert 0 < said["score"] < 100


def test_what_is_incomplete_is_an_infrastructure_error(run, bundle, checkout, denied, good):
    """No result, and 3: 0 of 0 is never a mark."""
    blind = denied(replace(good, training_jobs=()), "sagemaker", "ListTrainingJobs", "us-east-1")
    survey_file.save(blind, checkout / "survey.json")
    (bundle / "settings.json").write_text('{"final": true, "retry_after_s": 0}')

    status, said = run()

    assert (status, (checkout / "result.json").exists()) == (3, False)
    assert "could not be checked" in said


@pytest.mark.parametrize("said", [{}, {"OWNER": ""}, {"SUBMISSION_TAG": "v1"}])
def test_what_cannot_be_graded_ends_with_2_and_leaves_no_result(run, checkout, said):
    """Nothing was handed in, or it is not known whose it is."""
    assert run(**said)[0] == 2
    assert not (checkout / "result.json").exists()


def test_modules_of_the_student_are_not_run(run, checkout, good):
    """Nor what would be imported by name."""
    survey_file.save(good, checkout / "survey.json")
    for name in ("skymark", "json", "msgspec", "conftest"):
        (checkout / f"{name}.py").write_text("raise SystemExit(99)")

    assert run()[0] == 0


def test_what_is_printed_gives_github_no_command(run, checkout):
    """A name of the student's could hold one."""
    (checkout / "a::error::x.ipynb").write_text("{}")

    _, said = run()

    first, *_, last = said.strip().splitlines()
    assert first.startswith("::stop-commands::")
    assert last == f"::{first.removeprefix('::stop-commands::')}::"

"""The Gradescope autograder, run as Gradescope runs it: in a folder of its own, by its own script."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest

from skymark import survey_file

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "integrations" / "gradescope"
METADATA = {
    "id": 1,
    "created_at": "2026-11-24T10:00:00.000000-08:00",
    "assignment": {"title": "SageMaker", "total_points": "100.0"},
    "users": [{"email": "ada@example.edu", "id": 7, "name": "Ada Lovelace", "sid": "S-1"}],
    "previous_submissions": [],
}
NOTEBOOK = {
    "cells": [{"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": "1"}],
    "metadata": {"kernelspec": {"name": "conda_python3", "display_name": "conda_python3"}},
    "nbformat": 4,
    "nbformat_minor": 4,
}


class Container:
    """Gradescope's /autograder, elsewhere."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("source", "submission", "results", "venv/bin"):
            (root / name).mkdir(parents=True)
        shutil.copy(SCRIPTS / "run_autograder", root / "run_autograder")
        (root / "source" / "skymark").symlink_to(ROOT)
        python = root / "venv" / "bin" / "python"
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
        (root / "submission_metadata.json").write_text(json.dumps(METADATA))
        self.results = root / "results" / "results.json"

    def settings(self, **settings: object) -> None:
        """What the instructor chose."""
        (self.root / "source" / "settings.json").write_text(json.dumps(settings))

    def hand_in(self, name: str, text: str) -> None:
        """What the student handed in."""
        file = self.root / "submission" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def run(self) -> tuple[int, str]:
        """Run the autograder: its status, and what instructors read."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        own = {"AUTOGRADER_ROOT": str(self.root), "PYTHONPATH": str(ROOT), "AWS_EC2_METADATA_DISABLED": "true"}
        done = subprocess.run(
            [self.root / "run_autograder"],
            cwd=self.root,
            env=environment | own,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def written(self) -> dict[str, object]:
        """What Gradescope reads."""
        said: dict[str, object] = json.loads(self.results.read_text("utf-8"))
        return said


@pytest.fixture
def container(tmp_path):
    """One container."""
    return Container(tmp_path / "autograder")


@pytest.fixture
def survey(tmp_path, good):
    """A survey as a student saves it before the teardown: complete, and not all passed."""
    survey_file.save(good, tmp_path / "survey.json")
    return (tmp_path / "survey.json").read_text()


def test_a_survey_is_graded_and_the_run_is_green_whatever_the_mark(container, survey):
    """A failing student is no failing autograder."""
    container.hand_in("deep/ada.json", survey)

    status, said = container.run()

    assert (status, "points" in said) == (0, True)
    tests = {one["name"]: one for one in container.written()["tests"]}
    assert tests["bucket.name"]["status"] == "passed"
    assert container.written()["extra_data"]["needs_regrade"] is False


def test_an_incomplete_final_grading_leaves_no_file_and_ends_with_3(container, denied, good, tmp_path):
    """So Gradescope gives no score; one of an earlier run is gone."""
    blind = denied(msgspec.structs.replace(good, training_jobs=()), "sagemaker", "ListTrainingJobs", "us-east-1")
    survey_file.save(blind, tmp_path / "blind.json")
    container.hand_in("ada.json", (tmp_path / "blind.json").read_text())
    container.settings(final=True, retry_after_s=0)
    container.results.write_text('{"score": 100}')

    status, said = container.run()

    assert (status, container.results.exists()) == (3, False)
    assert "could not be checked" in said


def test_an_interim_grading_shows_what_counts_so_far(container):
    """A notebook alone shows that it was made and run; nobody looked into the account."""
    container.hand_in("mine.ipynb", json.dumps(NOTEBOOK))

    status, _ = container.run()

    assert status == 3
    said = container.written()
    scores = {one["name"]: one["score"] for one in said["tests"] if "score" in one}
    assert scores == {"notebook.created": 5, "notebook.executed": 6}
    assert said["output"].startswith("INCOMPLETE – needs regrade: ")  # noqa: RUF001


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "Nothing to grade was handed in"),
        ({"readme.txt": "x", ".hidden/a.ipynb": "{}"}, "Nothing to grade was handed in"),
        ({"role.txt": "my role"}, "holds no role's ARN"),
        ({"role.txt": "arn:aws:iam::123456789012:role/skymark"}, "external-ids.csv is missing"),
    ],
)
def test_what_cannot_be_graded_ends_with_2_and_leaves_no_file(container, files, words):
    """With words for the instructor; never a mark of 0."""
    container.results.write_text('{"score": 100}')
    for name, text in files.items():
        container.hand_in(name, text)

    status, said = container.run()

    assert (status, container.results.exists()) == (2, False)
    assert words in said
    assert "Traceback" not in said


def test_two_surveys_are_one_too_many(container, survey):
    """Nobody guesses which counts."""
    container.hand_in("a.json", survey)
    container.hand_in("b.json", survey)

    status, said = container.run()

    assert status == 2
    assert "Several ways to grade were handed in (a.json, b.json)" in said


def test_a_link_that_was_handed_in_is_not_followed(container, survey, tmp_path):
    """It could lead to somebody else's file."""
    (container.root / "submission" / "ada.json").symlink_to(tmp_path / "survey.json")

    assert container.run()[0] == 2


def test_a_role_is_entered_only_with_the_external_id_of_whoever_handed_in(container):
    """A student who names another's role has not the other's external id; who has none is not graded at all."""
    container.hand_in("role.txt", "arn:aws:iam::123456789012:role/skymark\n")
    (container.root / "source" / "external-ids.csv").write_text("student,external_id\nbob@example.edu,of-bob\n")

    status, said = container.run()

    assert status == 2
    assert "external-ids.csv has no external id for ada@example.edu" in said


def test_a_role_that_cannot_be_entered_says_nothing_about_the_student(container):
    """Without an identity in the container there is no way in: 3, and no file."""
    container.hand_in("role.txt", "arn:aws:iam::123456789012:role/skymark\n")
    (container.root / "source" / "external-ids.csv").write_text("student,external_id\nADA@example.edu,of-ada\n")
    container.settings(retry_after_s=0)

    status, said = container.run()

    assert (status, container.results.exists()) == (3, False)
    assert "says nothing about the student" in said


def test_a_grader_that_breaks_down_is_not_green(container, survey):
    """Python ends with 1 then, as for a mark that is not full."""
    container.hand_in("ada.json", survey)
    (container.root / "venv" / "bin" / "python").write_text("#!/bin/sh\nexit 1\n")

    assert container.run()[0] == 2


def test_a_misspelt_setting_is_refused(container, survey):
    """Rather than passed over: it might have said --final."""
    container.hand_in("ada.json", survey)
    container.settings(finally_=True)

    status, said = container.run()

    assert status == 2
    assert "settings.json" in said


def test_the_zip_has_both_scripts_at_its_root_and_nobodys_key(tmp_path):
    """Executable, with LF line ends; and the lesson beside them."""
    (tmp_path / "settings.json").write_text('{"final": true}')
    made = tmp_path / "autograder.zip"

    subprocess.run(["bash", SCRIPTS / "make_zip.sh", made, tmp_path / "settings.json"], check=True, capture_output=True)

    with zipfile.ZipFile(made) as file:
        names = file.namelist()
        modes = {name: file.getinfo(name).external_attr >> 16 for name in ("setup.sh", "run_autograder")}
        texts = [file.read(name) for name in modes]
    assert {"setup.sh", "run_autograder", "settings.json", "skymark/grade.py"} <= set(names)
    assert {"skymark/rubrics/sagemaker-intro.yaml", "skymark/constraints.txt", "skymark/skymark/score.py"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or ".git" in name or name.endswith(".sqlite3")]
    assert {oct(mode & 0o777) for mode in modes.values()} == {"0o755"}
    assert all(text.startswith(b"#!") and b"\r" not in text for text in texts)


def test_nothing_but_settings_and_external_ids_goes_into_the_zip(tmp_path):
    """Somebody's credentials would be in the image for good."""
    (tmp_path / "credentials").write_text("[default]")
    command = ["bash", SCRIPTS / "make_zip.sh", tmp_path / "a.zip", tmp_path / "credentials"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, (tmp_path / "a.zip").exists()) == (2, False)
    assert "only settings.json and external-ids.csv" in done.stderr

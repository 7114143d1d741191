"""`pytest checks --survey FILE`: the checks as plain pytest tests."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from skymark.survey_file import save

ROOT = Path(__file__).parents[1]


@pytest.fixture
def run(tmp_path, good):
    """Run pytest over the checks in a process of its own."""
    save(good, tmp_path / "survey.json")

    def start(*arguments):
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    return start


def test_pytest_says_the_outcomes_own_words(run, tmp_path):
    """20 passed and 3 pending, in rubric order."""
    done = run("checks", "--survey", str(tmp_path / "survey.json"))

    assert done.returncode == 0, done.stdout
    assert re.search(r"20 passed, 3 pending", done.stdout)


def test_under_final_a_failure_fails_the_run(run, tmp_path):
    """With the message of the check."""
    done = run("checks", "--final", "--survey", str(tmp_path / "survey.json"))

    assert done.returncode == 1
    assert "notebook instance sm-test in us-east-1 is InService: stop it, then delete it" in done.stdout


def test_pytest_html_has_columns_for_criterion_points_and_outcome(run, tmp_path):
    """One row for each criterion."""
    page = tmp_path / "report.html"

    run("checks", "--survey", str(tmp_path / "survey.json"), f"--html={page}", "--self-contained-html")

    text = page.read_text()
    assert all(column in text for column in ("Criterion", "Points", "Outcome"))
    assert "bucket.name" in text
    assert "6 of 6" in text


def test_the_checks_of_another_lesson_are_judged_by_its_own_rubric(run, tmp_path):
    """Whichever lesson's folder is named."""
    done = run("lessons/static-website/checks", "--survey", str(tmp_path / "survey.json"))

    assert done.returncode == 0, done.stdout
    assert re.search(r"1 pending, 11 blocked", done.stdout)


@pytest.mark.parametrize("folder", ["checks", "lessons/static-website/checks"])
def test_without_a_survey_there_is_nothing_to_judge(run, folder):
    """One clear line."""
    done = run(folder)

    assert done.returncode == 4
    assert "add --survey FILE" in done.stderr


def test_a_file_that_is_no_survey_is_one_clear_line(run, tmp_path):
    """No traceback."""
    (tmp_path / "survey.json").write_text("{}")

    done = run("checks", "--survey", str(tmp_path / "survey.json"))

    assert done.returncode == 4
    assert "no survey" in done.stderr
    assert "Traceback" not in done.stderr

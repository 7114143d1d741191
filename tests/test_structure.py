"""Imports point one way, and only the survey and the practice cloud know boto3."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
AWS = {"boto3", "botocore"}
LESSONS_CHECKS = [str(folder.relative_to(ROOT)) for folder in sorted((ROOT / "lessons").glob("*/checks"))]
CLOCK_FILES_ENVIRONMENT = {"os", "time", "pathlib", "socket", "subprocess"}
CLOCK = re.compile(r"\.(now|today|utcnow)\(")


def imported(file: Path) -> set[str]:
    """Every module that a file imports, anywhere in it, by its full name."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return names


def python_files(*folders: str) -> list[Path]:
    """The Python files of these folders or files."""
    return sorted(
        file
        for folder in folders
        for file in ([ROOT / folder] if folder.endswith(".py") else (ROOT / folder).rglob("*.py"))
    )


def roots(names: set[str]) -> set[str]:
    """Top-level names."""
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize(
    "file", python_files("skymark", "checks", "fixtures", "lessons", "grade.py", "conftest.py"), ids=str
)
def test_only_the_survey_knows_boto3(file):
    """Checks never see a client."""
    if (ROOT / "skymark" / "survey") not in file.parents:
        assert not roots(imported(file)) & AWS


@pytest.mark.parametrize("file", python_files("checks", *LESSONS_CHECKS), ids=str)
def test_checks_import_nothing_of_skymark(file):
    """They ask fixtures and assert."""
    assert not roots(imported(file)) & {"skymark", "simulator", "pytest"}


@pytest.mark.parametrize("file", python_files("skymark"), ids=str)
def test_the_engine_knows_no_lesson_and_no_simulator(file):
    """Lessons come to it; it goes to none. Only the command line, which is no engine, starts the practice cloud."""
    outside = {"fixtures", "checks", "simulator", "rubrics"}
    if file == ROOT / "skymark" / "command_line.py":
        outside.remove("simulator")
    assert not roots(imported(file)) & outside


@pytest.mark.parametrize("file", python_files("skymark/score.py", "skymark/verdict.py", "skymark/policy"), ids=str)
def test_scoring_and_policies_read_no_clock_file_or_environment(file):
    """The same in gives the same out."""
    assert not roots(imported(file)) & CLOCK_FILES_ENVIRONMENT
    assert not CLOCK.search(file.read_text())


BACKWARDS = {
    "skymark/evidence.py": {"skymark.survey", "skymark.outcome", "skymark.rubric", "skymark.render"},
    "skymark/outcome.py": {"skymark.survey", "skymark.result", "skymark.render", "skymark.score"},
    "skymark/score.py": {"skymark.survey", "skymark.judge", "skymark.render"},
    "skymark/grading.py": {"skymark.survey", "skymark.render"},
    "skymark/judge.py": {"skymark.survey", "skymark.score", "skymark.render", "skymark.result"},
}


@pytest.mark.parametrize(("file", "later"), BACKWARDS.items())
def test_no_module_looks_backwards(file, later):
    """Survey, evidence, checks, outcomes, score, report: in this order."""
    found = imported(ROOT / file)

    assert not {name for name in found for other in later if name == other or name.startswith(f"{other}.")}


def test_every_rubric_entry_has_a_check_and_every_check_an_entry(lesson):
    """Neither is left over."""
    from skymark.rubric_file import load_rubric

    assert {one.id for one in load_rubric(lesson, "sagemaker-intro").criteria} == set(lesson.checks)


@pytest.mark.parametrize("name", ["sagemaker-intro", "learner-lab"])
def test_the_points_of_a_rubric_add_up_to_a_hundred(name, lesson):
    """And every hint is a sentence."""
    from skymark.rubric_file import load_rubric

    rubric = load_rubric(lesson, name)

    assert sum(one.points for one in rubric.criteria) == 100
    assert all(one.hint.rstrip().endswith((".", '."', "FILE.ipynb")) for one in rubric.criteria)

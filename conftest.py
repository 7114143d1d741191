"""Hands a saved survey and a rubric to pytest: `pytest checks --survey FILE [--rubric NAME|FILE] [--final]`.

The checks may be those of any lesson: `pytest lessons/static-website/checks --survey FILE`.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest

from skymark import judge_fixtures
from skymark.errors import SkymarkError
from skymark.lesson import Lesson
from skymark.pytest_plugin import JUDGE, Case, Hearing, Judge, LessonFixtures, columns
from skymark.rubric_file import load_rubric
from skymark.survey_file import load
from skymark.window import within


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of a grading."""
    group = parser.getgroup("skymark", "grading a saved survey")
    group.addoption("--survey", metavar="FILE", help="the saved survey to judge (grade.py check --save-survey FILE)")
    group.addoption("--rubric", metavar="NAME|FILE", help="the rubric to judge it by; otherwise the lesson's own")
    group.addoption("--final", action="store_true", help="judge as after the lesson: what is not there is a failure")


def pytest_configure(config: pytest.Config) -> None:
    """With a survey, pytest judges it."""
    config.addinivalue_line("markers", "criterion(id): the criterion that a test of Skymark itself is about")
    file = config.getoption("--survey")
    named = _lesson_of(config.args)
    if file is None:
        if named:
            raise pytest.UsageError(
                "checks judge a saved survey: add --survey FILE (grade.py check --save-survey FILE)"
            )
        return
    lesson = named or Lesson(Path(__file__).parent)
    try:
        survey = load(Path(file))
        rubric = load_rubric(lesson, config.getoption("--rubric") or lesson.default_rubric)
        window, _ = rubric.times.at(survey.surveyed_at)
        case = Case(within(survey, window), rubric, lesson.root, config.getoption("--final"), window=window)
    except SkymarkError as error:
        raise pytest.UsageError(str(error)) from error
    config.pluginmanager.register(LessonFixtures(lesson.root), "skymark-lesson")
    JUDGE.set(Judge(case))
    config.pluginmanager.register(Hearing(), "skymark-judge")
    config.pluginmanager.register(judge_fixtures, "skymark-fixtures")


def _lesson_of(arguments: Iterable[str]) -> Lesson | None:
    """The lesson whose checks are to be run, None where none are named."""
    for argument in arguments:
        path = Path(argument.partition("::")[0]).resolve()
        for folder in (path, *path.parents):
            if folder.name == "checks" and (folder.parent / "rubrics").is_dir():
                return Lesson(folder.parent)
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what is judged."""
    if config.pluginmanager.has_plugin("skymark-judge"):
        wanted = JUDGE.get().chosen(items)
        config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
        items[:] = wanted


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test of Skymark itself says in the report which criterion it is about."""
    if marker := item.get_closest_marker("criterion"):
        item.user_properties.append(("criterion", marker.args[0]))


@pytest.hookimpl(optionalhook=True)
def pytest_html_results_table_header(cells: list[str]) -> None:
    """Three more columns in pytest-html's report."""
    cells[2:2] = ["<th>Criterion</th>", "<th>Points</th>", "<th>Outcome</th>"]


@pytest.hookimpl(optionalhook=True)
def pytest_html_results_table_row(report: pytest.TestReport, cells: list[str]) -> None:
    """What stands in them."""
    cells[2:2] = [f"<td>{text}</td>" for text in columns(report)]

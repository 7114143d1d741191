"""Every lesson that is shipped beside the first: its rubric, its checks and its words."""

from pathlib import Path

import pytest

from skymark.lesson import Lesson
from skymark.rubric_file import load_rubric

FOLDERS = sorted((Path(__file__).parents[2] / "lessons").iterdir())


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def lesson(request):
    """One of them."""
    return Lesson.at(request.param)


@pytest.fixture
def rubric(lesson):
    """Its own rubric."""
    return load_rubric(lesson, lesson.default_rubric)


def test_every_rubric_entry_has_a_check_and_every_check_an_entry(lesson, rubric):
    """Neither is left over."""
    assert {one.id for one in rubric.criteria} == set(lesson.checks)


def test_the_points_add_up_to_a_hundred_and_every_hint_is_a_sentence(rubric):
    """As in the first lesson."""
    assert sum(one.points for one in rubric.criteria) == 100
    assert all(one.hint.rstrip().endswith(".") for one in rubric.criteria)


def test_every_criterion_says_what_is_expected_and_why_with_a_page_and_a_command(rubric):
    """Nobody is left with a bare verdict."""
    assert [one.id for one in rubric.criteria if not (one.expected and one.why and one.links and one.command)] == []


def test_every_check_is_one_sentence_and_one_assertion(lesson):
    """What is true when it passes."""
    assert all(one.docstring.endswith(".") and "\n" not in one.docstring for one in lesson.checks.values())
    for file in {one.file for one in lesson.checks.values()}:
        checks = file.read_text().count("def check_")
        assert file.read_text().count("    assert ") == checks


def test_a_lesson_has_a_page_for_its_students(lesson):
    """What to do, by hand and by command."""
    assert "aws " in (lesson.root / "README.md").read_text("utf-8")

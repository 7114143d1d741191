"""A class whose students handed in surveys, and tasks that do what a test wants."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from skymark import survey_file
from skymark.cohort.selection import Candidate, Why
from skymark.cohort.task import Task, Terms
from skymark.evidence import Survey
from skymark.gradebook.book import Gradebook
from skymark.lesson import Lesson
from skymark.roster.entry import Entry, SurveyAccess
from skymark.rubric import Rubric
from skymark.rubric_file import load_rubric

FIRST = 100_000_000_000


@pytest.fixture(scope="package")
def rubric(lesson: Lesson) -> Rubric:
    """The lesson's own."""
    return load_rubric(lesson, "sagemaker-intro")


@pytest.fixture
def terms(lesson: Lesson) -> Terms:
    """As a class is graded without any option."""
    return Terms(lesson.root)


@pytest.fixture
def book_file(tmp_path: Path) -> Path:
    """Where the gradebook of a test is."""
    return tmp_path / "book.sqlite3"


@pytest.fixture
def book(book_file: Path):
    """A new gradebook."""
    with Gradebook(book_file, begin=True) as opened:
        yield opened


@pytest.fixture
def numbered(good: Survey) -> Callable[[int], Survey]:
    """The good account under another number: everything else is the same."""

    def make(number: int) -> Survey:
        text = msgspec.json.encode(good).decode().replace("123456789012", str(FIRST + number))
        return msgspec.json.decode(text, type=Survey)

    return make


@pytest.fixture
def students(tmp_path: Path, numbered: Callable[[int], Survey]) -> Callable[[int], tuple[Entry, ...]]:
    """So many students who handed in the survey of an account of their own."""

    def make(many: int) -> tuple[Entry, ...]:
        return tuple(_entry(number) for number in range(many))

    def _entry(number: int) -> Entry:
        file = tmp_path / f"s{number:03}.json"
        survey_file.save(numbered(number), file)
        return Entry(f"s{number:03}", f"Student {number}", SurveyAccess(file))

    return make


@pytest.fixture
def task(rubric: Rubric, terms: Terms) -> Callable[[Entry], Task]:
    """One student's task."""
    return lambda entry: Task(entry, rubric, terms)


@pytest.fixture
def new(rubric: Rubric) -> Callable[[tuple[Entry, ...]], tuple[Candidate, ...]]:
    """Students who were never graded."""
    return lambda entries: tuple(Candidate(one, rubric, Why.NEW) for one in entries)


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """A notebook in which one of two cells was run."""
    cells = [
        {"cell_type": "code", "execution_count": count, "metadata": {}, "outputs": [], "source": "1"}
        for count in (1, None)
    ]
    kernel = {"name": "conda_python3", "display_name": "conda_python3", "language": "python"}
    file = tmp_path / "mine.ipynb"
    whole = {"nbformat": 4, "nbformat_minor": 4, "metadata": {"kernelspec": kernel}, "cells": cells}
    file.write_text(json.dumps(whole))
    return file

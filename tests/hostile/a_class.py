"""A class of students each of whom has written one hostile text wherever a student can write."""

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from skymark.grading import grade
from skymark.lesson import Lesson
from skymark.result import Result
from skymark.roster.entry import Mistake
from skymark.rubric_file import load_rubric
from tests.conftest import GOOD
from tests.render.classes import ROOT, Book, Kind, Student

from .everywhere import put, ways
from .texts import no_halves

RUBRICS = (
    "title",
    "stage",
    "hint",
    "expected",
    "command",
    "url",
    "cleanup",
    "outcome",
    "cause",
    "source",
    "blocked_by",
)
"""What of a result a student has no hand in."""


def hostile(result: Result, text: str) -> Result:
    """The result with the text behind whatever a student, or AWS, has put there."""
    for way in ways(result, Result):
        theirs = way[0] in (
            "criteria",
            "leftovers",
            "tidy",
            "chain",
            "steps",
            "timeline",
            "outsiders",
            "warnings",
            "gaps",
        )
        if theirs and way[-1] not in RUBRICS and (way[0], way[-1]) != ("criteria", "id"):
            result = put(result, way, lambda old: f"{old or ''}{text}")
    return result


def book_of(file: Path, texts: Sequence[str]) -> Book:
    """A gradebook with a student for each text, of that name, with that in their id and in all that was found."""
    rubric = load_rubric(Lesson(ROOT), "sagemaker-intro")
    running = replace(GOOD, buckets=(replace(GOOD.buckets[0], region="eu-west-1"),))
    graded = {"failed": grade(running, rubric, Lesson(ROOT)), "passed": grade(GOOD, rubric, Lesson(ROOT))}
    students, kinds = [], {}
    for at, text in enumerate(map(no_halves, texts)):
        kind, (_, result) = f"{at}", sorted(graded.items())[at % 2]
        kinds[kind] = Kind(GOOD, hostile(result, text))
        trouble = f"the role cannot be assumed: {text}" if at % 3 == 0 else None
        students.append(Student(f"{text}{at}", text or "?", kind, f"{700_000_000_000 + at}", f"b{at}{text}", trouble))
    nobody = Student("nobody-yet", texts[0], None, "799999999999", "b", f"not seen: {texts[0]}")
    book = Book(file, kinds)
    book.enter((*students, nobody), mistakes=tuple(Mistake(at, text, text) for at, text in enumerate(texts, 2)))
    return book

"""A class in a gradebook on disk, whose students' results are real ones under names and accounts of their own."""

import datetime as dt
import functools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from skymark.cause import Cause
from skymark.cohort.recorded import Recorded, recorded_class
from skymark.evidence import CallMade, Gap, Survey
from skymark.gradebook.book import Gradebook, Met
from skymark.grading import grade
from skymark.lesson import Lesson
from skymark.result import Result
from skymark.roster.entry import Entry, Mistake, Roster
from skymark.rubric import Rubric
from skymark.rubric_file import load_rubric

ROOT = Path(__file__).parents[2]
ACCOUNT, BUCKET = "123456789012", "sagemaker-20190701-1820"
JOB = "linear-learner-2019"
"""How the names of jobs and endpoints begin."""
OFTEN = ("sagemaker", "ListNotebookInstances")


class Kind(msgspec.Struct, frozen=True):
    """One way to stand: what was found, and what it says."""

    survey: Survey
    result: Result


class Student(msgspec.Struct, frozen=True):
    """One student: how they stand (None: nobody looked), where, and what was met since.

    Their jobs and endpoints have their account in their names.
    """

    id: str
    name: str
    kind: str | None
    account: str
    bucket: str
    trouble: str | None = None


@functools.cache
def _rubric() -> Rubric:
    return load_rubric(Lesson(ROOT), "sagemaker-intro")


@functools.cache
def kinds(good: Survey, empty: Survey, torn_down: Survey) -> dict[str, Kind]:
    """Surveys, each another way to stand, with the calls that they were made by; and their results."""
    lesson, rubric = Lesson(ROOT), _rubric()
    moved = replace(good, buckets=(replace(good.buckets[0], region="eu-west-1"),))
    small = replace(good, notebook_instances=(replace(good.notebook_instances[0], instance_type="ml.t3.large"),))
    refused = Gap(*OFTEN, "us-east-1", "AccessDeniedException", "Grant sagemaker:ListNotebookInstances.")
    found = {
        "good": good,
        "done": torn_down,
        "nothing": empty,
        "bucket": replace(empty, buckets=good.buckets),
        "moved": moved,
        "large": small,
        "refused": replace(good, notebook_instances=(), gaps=(refused,)),
    }
    with_calls = {name: replace(survey, calls=_calls(survey)) for name, survey in found.items()}
    finals = {"done", "nothing", "moved"}
    return {name: Kind(one, grade(one, rubric, lesson, final=name in finals)) for name, one in with_calls.items()}


def _calls(survey: Survey) -> tuple[CallMade, ...]:
    refused = {(one.service, one.call, one.region): one.code for one in survey.gaps}
    asked = (("s3", "ListBuckets", None), *((*OFTEN, region) for region in survey.regions.answered))
    return tuple(
        CallMade(*one, survey.surveyed_at + dt.timedelta(seconds=number), 40 + number, refused.get(one))
        for number, one in enumerate(asked)
    )


class Book:
    """A gradebook with a class in it; a context manager."""

    def __init__(self, file: Path, kinds: dict[str, Kind]) -> None:
        self.roster = Roster(Path("class.csv"), ())
        self._book = Gradebook(file, begin=True)
        self.rubrics = {"sagemaker-intro": _rubric()}
        self._kinds = kinds

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *error: object) -> None:
        self._book.__exit__(*error)

    def enter(self, students: Sequence[Student], mistakes: tuple[Mistake, ...] = ()) -> None:
        """Let the roster be these students, and write down what was found of them."""
        entries = tuple(Entry(one.id, one.name) for one in students)
        self.roster = Roster(Path("class.csv"), entries, mistakes)
        with self._book.writing():
            for one in students:
                self._write(one)

    @property
    def recorded(self) -> Recorded:
        """How the class stands."""
        return recorded_class(self._book, self.roster, self.rubrics)

    def survey(self, student: str) -> Survey | None:
        """What the last check found."""
        return self.recorded.survey(student, self._book)

    def _write(self, one: Student) -> None:
        if one.kind is not None:
            kind = self._kinds[one.kind]
            result = _theirs(kind.result, one, Result)
            subject = replace(result.subject, student=one.id)
            self._book.record(replace(result, subject=subject), _theirs(kind.survey, one, Survey), student=one.id)
        if one.trouble is not None:
            at = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
            self._book.meet(Met(one.id, "sagemaker-intro", Cause.ACCESS, one.trouble, at))


def _theirs(thing: Any, one: Student, type: type[Any]) -> Any:
    text = msgspec.json.encode(thing).decode()
    for usual, own in ((ACCOUNT, one.account), (BUCKET, one.bucket), (JOB, f"linear-learner-{one.account}-2019")):
        text = text.replace(usual, json.dumps(own)[1:-1])
    return msgspec.json.decode(text, type=type)


def six() -> tuple[Student, ...]:
    """Everything that is theirs has a word of their own in it."""
    return (
        _own("alpha", 1, "done"),
        _own("beta", 2, "good"),
        _own("gamma", 3, "moved"),
        _own("delta", 4, "refused"),
        _own("epsilon", 5, None, "role/canary-epsilon cannot be assumed"),
        _own("zeta", 6, "large", "the keys of canary-zeta are over"),
    )


def shared() -> tuple[Student, ...]:
    """Two students in one account, which nobody has decided about."""
    first, second = _own("eta", 7, "good"), _own("theta", 8, "good")
    return first, replace(second, account=first.account, bucket=first.bucket)


def crowd() -> tuple[Student, ...]:
    """As many as it takes for a commonest value that tells of nobody."""
    return tuple(_own(word, number, "moved") for number, word in enumerate(("iota", "kappa", "lambda", "mu"), start=9))


def words_of(one: Student) -> set[str]:
    """What tells who it is."""
    return {one.id, one.name, one.account, one.bucket, f"canary-{one.bucket.removeprefix('canary-bucket-')}"}


def _own(word: str, number: int, kind: str | None, trouble: str | None = None) -> Student:
    account = str(700_000_000_000 + number)
    return Student(f"canary-id-{word}", f"Canary {word.title()}", kind, account, f"canary-bucket-{word}", trouble)

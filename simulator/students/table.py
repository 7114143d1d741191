"""The catalogue of students as a table for people."""

import re
from collections.abc import Mapping

from simulator.students.catalogue import CATALOGUE
from simulator.students.student import Student
from simulator.students.verdicts import WELL, WELL_IN_THE_END

BEGIN, END = "<!-- students: made by `python -m simulator.students` -->", "<!-- students: end -->"
_HEAD = "| student | kind | story | what differs | what differs in the end |\n| --- | --- | --- | --- | --- |\n"
_EVERYTHING = len(WELL) // 2


def table() -> str:
    """Markdown: every student, with the outcomes that are not those of the lesson done well."""
    return _HEAD + "".join(_row(student) for student in CATALOGUE)


def put_into(text: str) -> str:
    """The document with the table of today between its two markers.

    Raises:
        ValueError: the document has no such markers.
    """
    return put_between(text, BEGIN, END, table())


def put_between(text: str, begin: str, end: str, rows: str) -> str:
    """The text with these rows between two markers, each on a line of its own.

    Raises:
        ValueError: the text has no such markers.
    """
    found = re.search(f"{re.escape(begin)}\n.*?{re.escape(end)}", text, re.DOTALL)
    if found is None:
        raise ValueError(f"the document has no place for the table: wanted are {begin} and {end}")
    return f"{text[: found.start()]}{begin}\n{rows}{end}{text[found.end() :]}"


def _row(student: Student) -> str:
    before = _differences(student.expected(), WELL)
    after = _differences(student.expected(final=True), WELL_IN_THE_END)
    told = "the same" if after == before else after
    name = f"{student.name} ({student.rubric})" if student.rubric != "sagemaker-intro" else student.name
    return f"| {name} | {student.kind} | {student.story} | {before} | {told} |\n"


def _differences(found: Mapping[str, str], usual: Mapping[str, str]) -> str:
    """By outcome, the criteria that have it and usually have not."""
    by_outcome: dict[str, list[str]] = {}
    for id, outcome in found.items():
        if outcome != usual[id]:
            by_outcome.setdefault(outcome, []).append(f"`{id}`")
    words = (f"{outcome}: {_named(ids)}" for outcome, ids in sorted(by_outcome.items()))
    return "; ".join(words) or "nothing"


def _named(ids: list[str]) -> str:
    return ", ".join(ids) if len(ids) < _EVERYTHING else f"all the other {len(ids)}"

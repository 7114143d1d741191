"""What differs after the teardown, as tables for people."""

from collections.abc import Mapping

from simulator.students.after_teardown import AFTER_TEARDOWN, LOSSES, Changes
from simulator.students.catalogue import student
from simulator.students.table import put_between
from simulator.students.verdicts import WELL_IN_THE_END

_MADE = "made by `python -m simulator.students`"
_MISTAKES = (f"<!-- mistakes: {_MADE} -->", "<!-- mistakes: end -->")
_LOSSES = (f"<!-- losses: {_MADE} -->", "<!-- losses: end -->")


def mistakes() -> str:
    """Markdown: every student whose verdicts differ, the criteria, the outcome before and after, and why."""
    head = "| student | story | criterion | before | after | why |\n| --- | --- | --- | --- | --- | --- |\n"
    return head + "".join(
        f"| {name} | {student(name).story} {row}"
        for name, changes in AFTER_TEARDOWN.items()
        for row in _rows(changes, student(name).expected(final=True))
    )


def losses() -> str:
    """Markdown: what else can be deleted, the criteria, the outcome before and after, and why."""
    head = "| deleted also | criterion | before | after | why |\n| --- | --- | --- | --- | --- |\n"
    nothing = ["| none | | | The other traces tell the same. |\n"]
    return head + "".join(
        f"| {loss.what} {row}" for loss in LOSSES for row in _rows(loss.changes, WELL_IN_THE_END) or nothing
    )


def put_into(text: str) -> str:
    """The document with the tables of today between their markers.

    Raises:
        ValueError: the document has no such markers.
    """
    return put_between(put_between(text, *_MISTAKES, mistakes()), *_LOSSES, losses())


def _rows(changes: Changes, before: Mapping[str, str]) -> list[str]:
    """One row for the criteria that change in the same way for the same reason."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for id, change in changes.items():
        alike.setdefault((before[id], change.outcome, change.reason), []).append(f"`{id}`")
    return [f"| {', '.join(ids)} | {was} | {now} | {why} |\n" for (was, now, why), ids in alike.items()]

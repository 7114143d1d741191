"""What changed since the last export to the same place."""

import datetime as dt
from collections.abc import Mapping

from skymark.gradebook.book import Exported, Gradebook


def changed(book: Gradebook, target: str, rubric: str, digests: Mapping[str, str]) -> tuple[str, ...]:
    """The students of whom something else is said than in the last export to `target`, in the order given.

    `digests` stand for what is to be said, by student. Whoever was never exported there has changed, too.

    Raises:
        GradebookError: the book cannot be read.
    """
    last = {one.student: one.digest for one in book.exported(target, rubric)}
    return tuple(student for student, digest in digests.items() if last.get(student) != digest)


def note(
    book: Gradebook, target: str, rubric: str, digests: Mapping[str, str], *, at: dt.datetime | None = None
) -> None:
    """Write down what was said of students in an export that succeeded; `at` otherwise now.

    Raises:
        GradebookError: the book cannot be written.
    """
    now = at or dt.datetime.now(dt.UTC)
    with book.writing():
        new = changed(book, target, rubric, digests)
        book.note_exported(Exported(target, student, rubric, digests[student], now) for student in new)

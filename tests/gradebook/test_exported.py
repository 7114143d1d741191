"""What changed since the last export."""

from skymark.gradebook.book import Exported
from skymark.gradebook.exported import changed, note

from .conftest import HOUR, NOON

CANVAS, CSV = "canvas:SageMaker", "csv:marks"


def test_at_first_everybody_has_changed(book):
    """In the order given."""
    assert changed(book, CANVAS, "r", {"bob": "1", "ada": "2"}) == ("bob", "ada")


def test_whoever_is_said_the_same_of_has_not(book):
    """By the last export to the same place by the same rubric."""
    note(book, CANVAS, "r", {"ada": "1", "bob": "1"}, at=NOON)
    note(book, CANVAS, "r", {"ada": "2"}, at=NOON + HOUR)

    now = {"ada": "1", "bob": "1", "eve": "1"}
    assert changed(book, CANVAS, "r", now) == ("ada", "eve")
    assert changed(book, CSV, "r", now) == ("ada", "bob", "eve")
    assert changed(book, CANVAS, "other", now) == ("ada", "bob", "eve")


def test_only_what_changed_is_written_down(book):
    """An export of a class a hundred times does not make the book a hundred times as large."""
    for hours in range(3):
        note(book, CANVAS, "r", {"ada": "1", "bob": "1"}, at=NOON + hours * HOUR)

    assert book.exported(CANVAS) == tuple(Exported(CANVAS, who, "r", "1", NOON) for who in ("ada", "bob"))

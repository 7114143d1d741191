"""What differs after the teardown, as data and as a document."""

from pathlib import Path

import pytest

from simulator.students import CATALOGUE, student
from simulator.students.after_table import losses, mistakes, put_into
from simulator.students.after_teardown import AFTER_TEARDOWN, LOSSES
from simulator.students.verdicts import WELL_IN_THE_END

DOCUMENT = Path(__file__).parents[2] / "docs" / "after-teardown.md"


def test_the_document_is_up_to_date() -> None:
    """docs/after-teardown.md shows what differs today; `python -m simulator.students` writes it anew."""
    text = DOCUMENT.read_text("utf-8")

    assert put_into(text) == text


def test_only_mistakes_are_judged_otherwise_and_each_differs() -> None:
    """Of a student in the catalogue; and a row that changes nothing would be wrong."""
    known = {one.name for one in CATALOGUE if one.kind == "mistake"}
    same = [
        (name, id)
        for name, changes in AFTER_TEARDOWN.items()
        for id, change in changes.items()
        if student(name).expected(final=True)[id] == change.outcome
    ]

    assert AFTER_TEARDOWN.keys() <= known
    assert same == []


def test_nothing_fails_only_because_it_is_gone() -> None:
    """What is judged otherwise is unverified, or passes by a trace."""
    outcomes = {change.outcome for changes in AFTER_TEARDOWN.values() for change in changes.values()}
    lost = {change.outcome for loss in LOSSES for change in loss.changes.values()}

    assert outcomes == {"unverified", "passed"}
    assert lost == {"unverified"}


def test_a_mistake_becomes_a_success_only_by_the_contract() -> None:
    """What an endpoint answers is judged by the student's own invocations once it is gone."""
    hidden = {
        id
        for name, changes in AFTER_TEARDOWN.items()
        for id, change in changes.items()
        if change.outcome == "passed" and student(name).expected(final=True)[id] == "failed"
    }

    assert hidden == {"endpoint.prediction"}


def test_every_row_says_which_and_why() -> None:
    """Whole sentences, each in one row of a table."""
    reasons = [change.reason for changes in AFTER_TEARDOWN.values() for change in changes.values()]
    reasons += [change.reason for loss in LOSSES for change in loss.changes.values()]

    assert all(reason.endswith(".") and "\n" not in reason and "|" not in reason for reason in reasons)
    assert {len(row.split("|")) for row in mistakes().splitlines()} == {8}
    assert {len(row.split("|")) for row in losses().splitlines()} == {7}
    assert set(WELL_IN_THE_END) >= {id for loss in LOSSES for id in loss.changes}


def test_a_document_without_a_place_for_the_tables_is_told() -> None:
    """It is not overwritten."""
    with pytest.raises(ValueError, match="the document has no place for the table"):
        put_into("# After the teardown\n")

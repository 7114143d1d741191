"""Comments for a learning management system: right, missing, unverified; a score only where there is a mark."""

import csv
import io
from decimal import Decimal

import pytest
from msgspec.structs import replace

from skymark.cohort.standing_of_class import Member
from skymark.export.row import ClassRow
from skymark.outcome import Outcome
from skymark.render.comments import comment, to_comments

from .classes import Book, kinds, shared, six


@pytest.fixture
def members(tmp_path, good, empty, torn_down) -> dict[str, Member]:
    """Six students and two in one account, by the word that is theirs."""
    with Book(tmp_path / "book.sqlite3", kinds(good, empty, torn_down)) as book:
        book.enter((*six(), *shared()))
        return {one.student.rpartition("-")[2]: one for one in book.recorded.view.members}


def test_what_is_missing_comes_with_what_to_do(members):
    """After the score and what is right, in short."""
    lines = comment(members["gamma"]).splitlines()

    assert lines[0] == "86 of 100 points."
    assert lines[1].startswith("Right (19 of 22): The account answers; ")
    assert lines[2] == "Still missing:"
    assert lines[3].startswith(
        "- The bucket is in the notebook instance's region: bucket canary-bucket-gamma is in eu-west-1,"
    )
    assert " What to do: " in lines[3]
    assert len(lines) == 6


def test_what_is_still_going_on_has_a_score_so_far(members):
    """It may rise."""
    assert comment(members["beta"]).splitlines()[0] == "90 of 100 points so far."


def test_what_is_unverified_has_no_score_and_costs_nothing(members):
    """And says so."""
    text = comment(members["delta"])

    assert text.splitlines()[0] == "No score yet: 14 points could not be verified."
    assert "Could not be verified, which costs you no points:\n- It is an ml.t2.medium: " in text
    assert "82" not in text


@pytest.mark.parametrize(
    ("word", "said"), [("eta", "nobody can say yet whose work"), ("epsilon", "says nothing about what")]
)
def test_nothing_is_said_of_whom_nothing_is_known(members, word, said):
    """Neither points nor what was found."""
    text = comment(members[word])

    assert said in text
    assert "canary" not in text
    assert "of 100" not in text


def test_somebody_who_was_never_looked_at_is_told_that(members):
    """Without any word of blame."""
    assert comment(Member(ClassRow("s", "S"))).startswith("Your work has not been looked at yet.")


def test_what_is_blocked_says_by_what_and_a_waiver_how_much(members):
    """By the title, not by the id."""
    standing = members["beta"].row.standing
    first, second, *rest = standing.criteria
    blocked = replace(first, outcome=Outcome.BLOCKED, points=Decimal(0), blocked_by=second.id, message="waits")
    waived = replace(second, outcome=Outcome.WAIVED, points=Decimal("0.5"))
    row = replace(members["beta"].row, standing=replace(standing, criteria=(blocked, waived, *rest)))
    text = comment(replace(members["beta"], row=row))

    assert f'- {first.title}: first comes "{second.title}".' in text
    assert f"{second.title} (0.5 of {second.possible})" in text


def test_advice_is_left_out(members):
    """It is worth nothing, and is no mistake."""
    assert "Nothing is left behind" not in comment(members["gamma"])


def test_the_file_has_a_row_for_everybody_and_runs_nothing(members):
    """Lines stay lines; whatever begins as a formula does is text."""
    standing = replace(members["gamma"].row.standing, criteria=())
    odd = replace(members["gamma"], row=ClassRow("=1+1", "@SUM(1)", standing))
    rows = list(csv.DictReader(io.StringIO(to_comments([*members.values(), odd]).removeprefix("\ufeff"), newline="")))

    assert [row["student"] for row in rows] == [*(one.student for one in members.values()), "'=1+1"]
    assert rows[-1]["name"] == "'@SUM(1)"
    assert rows[2]["comment"] == comment(members["gamma"])
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())

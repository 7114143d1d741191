"""A class as CSV for people."""

import csv
import io

import pytest

from skymark.export.tables import to_class, to_criteria, to_needs_regrade


def read(text):
    """A CSV file as a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(text.encode().decode("utf-8-sig"), newline="")))


def test_each_student_has_a_row(rows):
    """With the state in a word; a score only where nothing is unverified and nobody holds it back."""
    text = to_class(rows)

    assert text.startswith("\ufeffstudent,name,account,rubric,state,score,possible,verified,unverified,surveyed_at,")
    assert [(row["student"], row["state"], row["score"], row["verified"], row["unverified"]) for row in read(text)] == [
        ("ada", "complete", "94.5", "94.5", "0"),
        ("grace", "incomplete", "", "8.5", "86"),
        ("alan", "pending", "8.5", "8.5", "0"),
        ("eve", "withheld", "", "", ""),
        ("'=1+1", "not graded", "", "", ""),
    ]
    assert [row["training.completed"] for row in read(text)] == ["86", "", "0", "", ""]
    assert [row["bucket.name"] for row in read(text)] == ["6", "6", "6", "", ""]


def test_each_criterion_of_each_student_has_a_row(rows):
    """As long rows, blank points where it is unverified; formulas are defused."""
    text = to_criteria(rows)

    assert text.splitlines()[:8] == [
        "\ufeffstudent,criterion,points,possible,outcome,message",
        "ada,bucket.name,6,6,passed,sagemaker-20190701-1820",
        "ada,role.scoped,2.5,8,waived,'=HYPERLINK was the role's description",
        "ada,training.completed,86,86,passed,linear-learner-1",
        "grace,bucket.name,6,6,passed,sagemaker-20190701-1820",
        "grace,role.scoped,2.5,8,waived,'=HYPERLINK was the role's description",
        "grace,training.completed,,86,unverified,AWS throttled ListTrainingJobs; needs regrade",
        "alan,bucket.name,6,6,passed,sagemaker-20190701-1820",
    ]


def test_nothing_is_said_of_somebody_whose_mark_is_held_back(rows):
    """Neither points nor what was found."""
    found = [row for row in read(to_criteria(rows)) if row["student"] == "eve"]

    assert {(row["points"], row["outcome"], row["message"]) for row in found} == {
        ("", "unverified", "no mark yet: works in one account with bob")
    }


def test_whatever_holds_a_mark_back_is_listed_with_what_settles_it(rows):
    """One row for each criterion; without one it is the whole mark."""
    assert [tuple(row.values()) for row in read(to_needs_regrade(rows))] == [
        (
            "grace",
            "Hopper, Grace",
            "training.completed",
            "86",
            "throttled",
            "AWS throttled ListTrainingJobs",
            "Grade again, with fewer students at once.",
        ),
        (
            "alan",
            "Turing, Alan",
            "training.completed",
            "86",
            "at-work",
            "the job is InProgress (the lesson is not over for this student)",
            "Grade with --final, or export with --with-pending.",
        ),
        ("eve", "Eve", "", "100", "", "works in one account with bob", "Say --pair, or --shared-account."),
        ("'=1+1", "\ufffd Nobody", "", "", "", "has not been graded yet", "Grade the class."),
    ]


def test_who_wants_the_pending_ones_marked_has_them_left_out_of_the_list(rows):
    """Only when it is asked for."""
    assert "alan" not in to_needs_regrade(rows, with_pending=True)


@pytest.mark.parametrize("write", [to_class, to_criteria, to_needs_regrade])
def test_a_class_of_nobody_is_a_head_alone(write):
    """A file all the same."""
    assert len(write(()).splitlines()) == 1

"""What is to be done for one student: by which times, and whether of an account that others share."""

import pytest
from msgspec.structs import replace

from skymark.cohort.task import Task
from skymark.moment import moment
from skymark.roster.entry import Entry
from skymark.window import Times

OWN, OF_CLASS, OF_RUBRIC = (moment(f"2026-11-2{day}") for day in (1, 2, 3))


@pytest.mark.parametrize(
    ("own", "of_class", "of_rubric", "due"),
    [
        (OWN, OF_CLASS, OF_RUBRIC, OWN),
        (None, OF_CLASS, OF_RUBRIC, OF_CLASS),
        (None, None, OF_RUBRIC, OF_RUBRIC),
        (None, None, None, None),
    ],
)
def test_a_due_time_is_the_student_s_before_the_class_s_before_the_rubric_s(
    rubric, terms, own, of_class, of_rubric, due
):
    """Whichever there is."""
    task = Task(
        Entry("ana", "Ana", due=own),
        replace(rubric, times=Times(due=of_rubric)),
        replace(terms, times=Times(due=of_class)),
    )

    assert task.times.due == due


def test_an_extension_leaves_the_window_as_it_is(rubric, terms):
    """It is about when everything had to be deleted, and nothing else."""
    class_times = Times(since=OF_CLASS, until=OF_RUBRIC, due=OF_RUBRIC)

    times = Task(Entry("ana", "Ana", due=OWN), rubric, replace(terms, times=class_times)).times

    assert (times.since, times.until, times.due) == (OF_CLASS, OF_RUBRIC, OWN)

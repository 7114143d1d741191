"""Who is graded: only what is missing or unverified, unless more is asked for."""

import datetime as dt
import os

import pytest
from hypothesis import given, strategies
from msgspec.structs import replace

from skymark.cause import Cause
from skymark.cohort.selection import Asked, Known, Records, Selection, Why, candidate, chosen, why
from skymark.cohort.task import Trouble
from skymark.cohort.work import grade_one
from skymark.errors import UsageError
from skymark.gradebook.book import Met
from skymark.moment import moment
from skymark.roster.entry import Entry, RoleAccess
from skymark.window import Times

NOW = dt.datetime(2019, 7, 1, 20, 0, tzinfo=dt.UTC)
AN_HOUR = dt.timedelta(hours=1)


@pytest.fixture
def known(students, task, book):
    """What a gradebook has of a student who was graded once."""
    found = grade_one(task(students(1)[0]))
    book.record(found.result, found.survey, student="s000")
    return Records(book).known("s000", "sagemaker-intro")


@pytest.fixture
def incomplete(known):
    """The same of whom something is unverified."""
    score = replace(known.standing.score, complete=False)
    return replace(known, standing=replace(known.standing, score=score))


GRADED = Asked("1", Times())


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (GRADED, Why.DONE),
        (replace(GRADED, rubric_version="2"), Why.OTHER_RUBRIC),
        (replace(GRADED, final=True), Why.OTHER_TERMS),
        (replace(GRADED, times=Times(due=moment("2019-07-01T18:00Z"))), Why.OTHER_TERMS),
        (replace(GRADED, times=Times(since=moment("2h"))), Why.OTHER_TERMS),
        (replace(GRADED, told_apart=True), Why.OTHER_TERMS),
        (replace(GRADED, account="100000000000"), Why.DONE),
        (replace(GRADED, account="100000000001"), Why.OTHER_ACCOUNT),
        (replace(GRADED, max_age=AN_HOUR), Why.DONE),
        (replace(GRADED, max_age=AN_HOUR / 2), Why.OLD),
        (replace(GRADED, max_age=AN_HOUR / 2, is_saved=True), Why.DONE),
        (replace(GRADED, files_at=NOW), Why.DONE),
        (replace(GRADED, files_at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC)), Why.OTHER_FILE),
    ],
)
def test_whoever_is_graded_as_asked_is_left_alone(known, asked, expected):
    """Anything else that is asked for is another grading."""
    asked = replace(asked, rubric_version="2" if asked.rubric_version == "2" else known.last.rubric.version)

    assert why(known, asked, NOW) is expected


def test_who_was_never_graded_is_new_or_was_in_trouble_and_who_is_incomplete_is_unverified(incomplete):
    """Whatever else is asked for."""
    asked = replace(GRADED, final=True, max_age=dt.timedelta())

    assert why(Known(), asked, NOW) is Why.NEW
    assert why(Known(trouble="throttled"), asked, NOW) is Why.TROUBLE
    assert why(incomplete, asked, NOW) is Why.UNVERIFIED


@pytest.mark.parametrize(
    ("selection", "taken"),
    [
        (Selection(), set(Why) - {Why.DONE}),
        (Selection(only_unverified=True), {Why.UNVERIFIED, Why.TROUBLE}),
    ],
)
def test_only_unverified_leaves_out_who_was_never_looked_at(selection, taken):
    """It is what settles what a list of the unverified shows."""
    assert {one for one in Why if selection.takes(one)} == taken


def test_relative_times_are_the_same_times_as_long_as_they_are_seen_from_the_look(students, terms, task, book, rubric):
    """ "Since three hours" is never over: a class that was graded so is not graded again."""
    (ana,) = students(1)
    asked = replace(terms, times=Times(since=moment("3h")))
    found = grade_one(replace(task(ana), terms=asked))
    book.record(found.result, found.survey, student=ana.student)

    known = Records(book).known(ana.student, rubric.id)

    assert candidate(ana, rubric, asked, Selection(), known, NOW).why is Why.DONE
    assert candidate(ana, rubric, terms, Selection(), known, NOW).why is Why.OTHER_TERMS


def test_a_survey_that_was_saved_again_is_graded_again(students, terms, task, book, rubric):
    """The file's own time tells."""
    (ana,) = students(1)
    found = grade_one(task(ana))
    book.record(found.result, found.survey, student=ana.student)
    known = Records(book).known(ana.student, rubric.id)
    before = candidate(ana, rubric, terms, Selection(), known, NOW).why

    later = dt.datetime.now().timestamp() + 60  # noqa: DTZ005 - as a file system counts
    os.utime(ana.access.file, (later, later))

    assert before is Why.DONE
    assert candidate(ana, rubric, terms, Selection(), known, NOW).why is Why.OTHER_FILE


def test_trouble_counts_until_the_student_is_graded(students, task, book, rubric):
    """A later trouble stands beside the mark; an earlier one is over."""
    met = Met("s000", rubric.id, Cause.NETWORK, "no line", NOW)
    book.meet(met)
    before = Records(book).known("s000", rubric.id)
    found = grade_one(task(students(1)[0]))
    assert not isinstance(found, Trouble)
    book.record(found.result, found.survey, student="s000")
    after = Records(book).known("s000", rubric.id)
    book.meet(replace(met, at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC)))

    assert (before.last, before.trouble) == (None, "no line")
    assert (after.standing.score.complete, after.trouble) == (True, None)
    assert Records(book).known("s000", rubric.id).trouble == "no line"


def test_the_account_is_the_roster_s_before_that_of_the_last_look(known, terms, rubric):
    """Whoever was graded in another one is graded again."""
    moved = Entry("s000", "Ana", RoleAccess("arn:aws:iam::222222222222:role/Skymark"))

    found = candidate(moved, rubric, terms, Selection(), known, NOW)

    assert (found.why, found.account) == (Why.OTHER_ACCOUNT, "222222222222")


def test_students_are_named_by_id_or_by_pattern():
    """In the roster's order, each once; an id that looks like a pattern is still an id."""
    class_ = tuple(Entry(id, id) for id in ("b1", "a1", "a2", "[x]"))

    def ids(*names):
        return [one.student for one in chosen(class_, names)]

    assert ids() == ["b1", "a1", "a2", "[x]"]
    assert ids("a*", "a1") == ["a1", "a2"]
    assert ids("[x]") == ["[x]"]


def test_a_name_that_fits_nobody_is_refused_with_the_nearest():
    """A typo must not leave somebody out in silence."""
    with pytest.raises(UsageError, match=r'nobody in the class is called "anna".*Did you mean "ana"'):
        chosen((Entry("ana", "Ana"),), ["anna"])


@given(strategies.lists(strategies.text(min_size=1), unique=True))
def test_every_id_names_its_student(ids):
    """Whatever stands in it."""
    class_ = tuple(Entry(id, id) for id in ids)

    assert all(id in [one.student for one in chosen(class_, [id])] for id in ids)

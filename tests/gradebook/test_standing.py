"""Whose a check is: students, their accounts, and accounts of several."""

import pytest

from skymark.errors import UsageError
from skymark.gradebook.asking import everyone, look_up, override
from skymark.rubric_file import load_rubric

OLD, NEW = "111111111111", "222222222222"


@pytest.fixture
def check(book, graded, of_student):
    """Record a survey as that of an account, and of a student, if one is named."""

    def run(survey, account, student=None, hours=0):
        theirs = of_student(survey, account)
        return book.record(graded(theirs, hours=hours), theirs, student=student)

    return run


def scores(book):
    """Who has how many points."""
    return {(one.student, one.account): one.score.earned for one in everyone(book)}


def test_students_in_one_account_stand_each_for_themselves(book, check, good, empty):
    """What one did is not the other's."""
    check(good, OLD, "ada")
    check(empty, OLD, "bob", hours=1)

    assert scores(book) == {("ada", OLD): 90, ("bob", OLD): 1}
    with pytest.raises(UsageError, match=r"is the account of ada, bob. Name one of them"):
        look_up(book, OLD)


def test_a_check_without_a_student_is_that_of_the_accounts_only_one(book, check, good, empty):
    """A student who checks for themselves, and then is graded with the class."""
    check(good, OLD)
    check(empty, OLD, "ada", hours=1)

    standing = look_up(book, "ada").standing
    assert (standing.attempts, str(standing.criterion("bucket.name").outcome)) == (2, "passed")
    assert scores(book) == {("ada", OLD): standing.score.earned}
    assert "bucket.name" in {one.criterion for one in book.known(OLD, "sagemaker-intro", student="ada").proofs}


def test_a_check_without_a_student_is_nobodys_where_there_are_several(book, check, good, empty):
    """Nobody gets a mark for what another one may have done."""
    check(good, OLD)
    for student in ("ada", "bob"):
        check(empty, OLD, student, hours=1)

    assert scores(book) == {("ada", OLD): 1, ("bob", OLD): 1}
    proofs = book.known(OLD, "sagemaker-intro", student="ada").proofs
    assert {one.criterion for one in proofs} == {"account.access"}


def test_a_student_of_another_rubric_is_one_of_several_too(book, check, good, empty, lesson, of_student):
    """It is the same account."""
    from skymark.grading import grade

    check(good, OLD)
    check(empty, OLD, "ada", hours=1)
    theirs = of_student(empty, OLD)
    book.record(grade(theirs, load_rubric(lesson, "learner-lab"), lesson), theirs, student="bob")

    (ada,) = everyone(book, "sagemaker-intro")
    assert (ada.student, ada.score.earned) == ("ada", 1)
    assert look_up(book, "ada").standing == ada


def test_what_was_proved_in_another_account_does_not_count(book, check, good, empty):
    """Neither for whoever moved from it, nor for whoever has it now."""
    check(good, OLD, "ada")
    check(empty, NEW, "ada", hours=1)
    check(empty, OLD, "bob", hours=2)

    assert scores(book) == {("ada", NEW): 1, ("bob", OLD): 1}
    assert look_up(book, "ada").standing.attempts == 1


def test_what_was_decided_about_a_student_follows_them(book, check, good, empty):
    """It is not the next one's, who has the account now."""
    check(empty, OLD, "ada")
    override(book, "ada", "bucket.name", points="5", reason="shown in class")
    check(empty, NEW, "ada", hours=1)
    check(empty, OLD, "bob", hours=2)

    assert scores(book) == {("ada", NEW): 6, ("bob", OLD): 1}


def test_what_was_decided_about_an_account_stays_with_it(book, check, empty):
    """Whoever has it."""
    check(empty, OLD)
    override(book, OLD, "bucket.name", points="5", reason="shown in class")
    check(empty, OLD, "ada", hours=1)
    check(empty, NEW, "ada", hours=2)
    check(empty, OLD, "bob", hours=3)

    assert book.decisions()[0].student is None
    assert scores(book) == {("ada", NEW): 1, ("bob", OLD): 6}

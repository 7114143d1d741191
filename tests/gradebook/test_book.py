"""Attempts and decisions: written once, never changed, read back as they were."""

import contextlib
import datetime as dt
from decimal import Decimal

import msgspec
import pytest

from skymark.errors import GradebookError
from skymark.gradebook.book import Attempt, Decision, NewDecision, in_force
from skymark.gradebook.merge import Known, Override
from skymark.outcome import Outcome

from .conftest import NOON

ACCOUNT = "123456789012"


def about(criterion="bucket.name", **fields):
    """A decision about the good account."""
    usual = {"reason": "seen", "by": "ada", "replaced_outcome": Outcome.FAILED, "replaced_points": Decimal(0)}
    return NewDecision(ACCOUNT, "sagemaker-intro", criterion, **(usual | fields))


def decide(book, decision, at=NOON):
    """Write one decision down."""
    with book.writing():
        return book.decide(decision, at=at)


def test_a_check_is_read_back_as_it_was(book, good, graded):
    """Result, survey, student and times."""
    result = graded(good)

    number = book.record(result, good, student="Ada Lovelace", at=NOON + dt.timedelta(minutes=1))

    assert book.attempts() == (Attempt(1, "Ada Lovelace", NOON + dt.timedelta(minutes=1), None, result),)
    assert book.survey(number) == good


def test_a_survey_takes_a_fifth_of_its_size(book, good, graded):
    """It is kept compressed."""
    book.record(graded(good), good)

    size = book._connection.execute("SELECT length(survey) FROM attempt").fetchone()[0]
    assert size < len(msgspec.json.encode(good)) / 2


def test_attempts_are_of_an_account_a_rubric_and_a_time(book, good, graded):
    """Each narrows it down; both ends of a time are within it."""
    other = msgspec.structs.replace(good, identity=msgspec.structs.replace(good.identity, account="999999999999"))
    for survey, hours in ((good, 3), (good, 1), (other, 2)):
        book.record(graded(survey, hours=hours), survey)

    def ids(*of, **times):
        return [one.id for one in book.attempts(*of, **times)]

    second = NOON + dt.timedelta(hours=2)
    assert ids() == [2, 3, 1]
    assert ids(ACCOUNT) == [2, 1]
    assert ids(ACCOUNT, "another") == []
    assert ids(since=second) == [3, 1]
    assert ids(until=second) == [2, 3]


def test_what_is_known_is_of_one_account_and_rubric(book, good, empty, graded):
    """And of the time that is asked for: what was shown after the bell proves nothing before it."""
    book.record(graded(empty, hours=1), empty)
    book.record(graded(good, hours=2), good)

    known = book.known(ACCOUNT, "sagemaker-intro")
    until = book.known(ACCOUNT, "sagemaker-intro", until=NOON + dt.timedelta(hours=1))

    assert "bucket.name" in {proof.criterion for proof in known.proofs}
    assert {proof.criterion for proof in until.proofs} == {"account.access"}
    assert book.known("999999999999", "sagemaker-intro") == Known()
    assert book.known(ACCOUNT, "learner-lab") == Known()


def test_a_decision_keeps_who_when_why_and_what_it_replaced(book):
    """As it was decided."""
    number = decide(book, about(points=Decimal("2.5")))

    assert book.decisions() == (
        Decision(
            number,
            ACCOUNT,
            "sagemaker-intro",
            "bucket.name",
            Decimal("2.5"),
            None,
            "seen",
            "ada",
            NOON,
            Outcome.FAILED,
            Decimal(0),
        ),
    )
    assert book.known(ACCOUNT, "sagemaker-intro").overrides == (
        Override(number, "bucket.name", Decimal("2.5"), "seen", "ada", NOON, Outcome.FAILED, Decimal(0)),
    )


def test_an_undo_brings_back_what_was_decided_before(book):
    """Of each criterion the latest counts that was not taken back."""
    first, second = (decide(book, about(points=Decimal(points))) for points in (3, 5))
    other = decide(book, about("bucket.region", points=Decimal(1)))

    def counting():
        return {one.criterion: one.id for one in in_force(book.decisions())}

    assert counting() == {"bucket.name": second, "bucket.region": other}
    decide(book, about(undoes=second))
    assert counting() == {"bucket.name": first, "bucket.region": other}
    decide(book, about(undoes=first))
    assert counting() == {"bucket.region": other}


def test_an_override_is_undone_once(book):
    """Two assistants who press at once do not undo two."""
    number = decide(book, about(points=Decimal(1)))
    decide(book, about(undoes=number))

    with pytest.raises(GradebookError, match="UNIQUE"):
        decide(book, about(undoes=number))
    assert len(book.decisions()) == 2


@pytest.mark.parametrize(
    "wrong", [{}, {"undoes": 7}, {"points": Decimal(1), "reason": " "}, {"points": Decimal(1), "by": ""}]
)
def test_the_file_itself_refuses_what_makes_no_sense(book, wrong):
    """Whichever program writes it."""
    with pytest.raises(GradebookError):
        decide(book, about(**wrong))

    assert book.decisions() == ()


@pytest.mark.parametrize("change", ["UPDATE attempt SET student = 'x'", "UPDATE decision SET points = '9'"])
def test_what_is_written_is_never_changed(book, good, graded, change):
    """Not by any SQL either."""
    book.record(graded(good), good)
    decide(book, about(points=Decimal(1)))
    before = (book.attempts(), book.decisions())

    with pytest.raises(GradebookError, match="is never changed"), book.writing():
        book._connection.execute(change)

    assert (book.attempts(), book.decisions()) == before


def test_what_goes_wrong_inside_a_transaction_leaves_nothing(book, good, graded):
    """All of it, or nothing."""
    with contextlib.suppress(ZeroDivisionError), book.writing():
        book.decide(about(points=Decimal(1)))
        raise ZeroDivisionError

    assert book.decisions() == ()
    assert book.record(graded(good), good) == 1


def test_a_survey_that_is_not_there_is_told(book):
    """By its number."""
    with pytest.raises(GradebookError, match="there is no attempt 7"):
        book.survey(7)


def test_results_of_a_newer_skymark_can_be_read(book, good, graded):
    """Keys that this one doesn't know are passed over."""
    book.record(graded(good), good)
    book._connection.execute("DROP TRIGGER attempts_stay")
    book._connection.execute("UPDATE attempt SET result = json_set(result, '$.mood', 'good')")

    assert [one.result for one in book.attempts()] == [graded(good)]


def test_a_result_that_is_none_is_told(book, good, graded):
    """With the attempt's number."""
    book.record(graded(good), good)
    book._connection.execute("DROP TRIGGER attempts_stay")
    book._connection.execute("UPDATE attempt SET result = '{}'")

    with pytest.raises(GradebookError, match="the result of attempt 1 cannot be read"):
        book.attempts()


def test_text_that_is_no_unicode_is_recorded_with_a_replacement(book, good, graded, changed):
    """A command line's arguments and AWS's answers may hold halves of characters."""
    odd = changed(good, "notebook_instances", failure_reason="a\ud800")

    number = book.record(graded(odd), odd, student="\udcff")
    decide(book, about(points=Decimal(1), reason="b\ud800"))

    assert book.survey(number) == changed(good, "notebook_instances", failure_reason="a\ufffd")
    assert [one.student for one in book.attempts()] == ["\ufffd"]
    assert [one.reason for one in book.decisions()] == ["b\ufffd"]
    assert book.attempts("\ud800") == ()

"""Recorded surveys graded again by a changed rubric."""

import functools
import zlib
from decimal import Decimal

import pytest
from msgspec.structs import replace

from skymark.gradebook.asking import all_of, look_up, override
from skymark.gradebook.regrading import regraded, write
from skymark.grading import grade
from skymark.handed_in import HandedIn, accepting, showing
from skymark.outcome import Outcome, Source
from skymark.window import Window

from .conftest import HOUR, NOON

ADA, BOB = "111111111111", "222222222222"


def changed(rubric, version="2", **criteria):
    """The rubric with other points and parameters for some criteria, by id with an underscore."""
    by_id = {id.replace("_", ".", 1): fields for id, fields in criteria.items()}
    altered = (replace(one, **by_id.get(one.id, {})) for one in rubric.criteria)
    return replace(rubric, version=version, criteria=tuple(altered))


@pytest.fixture
def stricter(rubric):
    """Another type of instance is wanted."""
    return changed(rubric, instance_type={"parameters": {"accepted": ["ml.t9.huge"]}})


@pytest.fixture
def again(book, lesson):
    """Grade everybody again, and write it down if that is wanted."""

    def run(rubric, *, keep=False):
        found = tuple(regraded(book, all_of(book, rubric.id), rubric, lesson))
        if keep:
            write(book, found, at=NOON + 50 * HOUR)
        return {one.who: one for one in found}

    return run


@pytest.fixture
def check(book, graded, of_student):
    """Record a survey as that of a student, some hours after noon; the result."""

    def run(survey, student="ada", *, account=ADA, hours=0, **options):
        theirs = replace(of_student(survey, account), surveyed_at=NOON + hours * HOUR)
        result = graded(theirs, hours=hours, **options)
        book.record(result, theirs, student=student, at=NOON + hours * HOUR)
        return result

    return run


@pytest.fixture
def classroom(book, good, torn_down, empty, check):
    """Ada was checked before and after her teardown, Bob did nothing."""
    check(good)
    check(torn_down, hours=2)
    check(empty, "bob", account=BOB)
    return book


def said(one):
    """What is said otherwise of a student: criterion, before, after."""
    return [(each.id, str(each.before.outcome), str(each.after.outcome)) for each in one.changes]


def test_who_loses_is_told_with_what_and_nothing_is_written(classroom, again, stricter):
    """An old proof by the old rubric does not hide it."""
    before = classroom.attempts()

    found = again(stricter)

    assert said(found["ada"]) == [("instance.type", "passed", "unverified")]
    assert found["ada"].gain == -4
    assert (said(found["bob"]), found["bob"].gain) == ([], 0)
    assert classroom.attempts() == before


def test_a_check_that_still_sees_it_says_why(check, good, again, stricter):
    """In its own words."""
    check(good)

    (change,) = again(stricter)["ada"].changes

    assert (change.before.outcome, change.after.outcome) == (Outcome.PASSED, Outcome.FAILED)
    assert "ml.t9.huge" in change.after.message


def test_what_is_written_counts_from_then_on(classroom, again, stricter):
    """The checks as they were graded before count no more, nor does a proof of theirs; and nothing is lost."""
    rows = "SELECT id, survey, result FROM attempt WHERE regrades IS NULL ORDER BY id"
    before = classroom._connection.execute(rows).fetchall()

    found = again(stricter, keep=True)

    for who in ("ada", "bob"):
        standing = look_up(classroom, who).standing
        assert standing == found[who].after
        assert standing.rubric.version == "2"
    assert [(one.regrades, one.recorded_at, one.regraded_at) for one in classroom.attempts(student="ada")] == [
        (1, NOON, NOON + 50 * HOUR),
        (2, NOON + 2 * HOUR, NOON + 50 * HOUR),
    ]
    assert classroom._connection.execute(rows).fetchall() == before


def test_by_the_old_rubric_all_is_as_before(classroom, again, stricter, rubric):
    """A regrade can be graded again; both are of the same look."""
    before = {who: look_up(classroom, who).standing for who in ("ada", "bob")}
    again(stricter, keep=True)

    again(rubric, keep=True)

    assert {who: look_up(classroom, who).standing for who in before} == before
    assert [one.regrades for one in classroom.attempts(student="ada")] == [1, 2]


def test_by_the_same_rubric_nothing_comes_out_otherwise(classroom, again, rubric):
    """And nothing is written."""
    found = again(rubric, keep=True)

    assert [one.results for one in found.values()] == [(), ()]
    assert {one.regrades for one in classroom.attempts()} == {None}


def test_points_follow_the_rubric_and_decisions_stay(classroom, again, rubric):
    """A decision is worth at most what the criterion is worth now."""
    override(classroom, "bob", "bucket.name", points="5", reason="shown in class")

    found = again(changed(rubric, bucket_name={"points": Decimal(2)}, bucket_region={"points": Decimal(8)}))

    assert found["ada"].gain == 0
    assert {one.id for one in found["ada"].changes} == {"bucket.name", "bucket.region"}
    assert (found["bob"].gain, found["bob"].after.criterion("bucket.name").points) == (-3, 2)


def test_a_criterion_may_come_or_go(classroom, again, rubric):
    """What is worth nothing any more, is told as such."""
    without = replace(
        rubric, version="2", criteria=tuple(one for one in rubric.criteria if one.id != "instance.accelerator")
    )

    (change,) = again(without)["ada"].changes

    assert (change.id, change.after) == ("instance.accelerator", None)


def test_each_check_keeps_its_own_times_and_terms(check, good, again, stricter):
    """Window, due, final, and when it was."""
    check(good, final=True, window=Window(good.surveyed_at - 9000 * HOUR), due=good.surveyed_at)

    ((attempt, result),) = again(stricter)["ada"].results

    kept = ("surveyed_at", "final", "window", "due", "region", "subject")
    assert [getattr(result, name) for name in kept] == [getattr(attempt.result, name) for name in kept]


def test_what_an_earlier_check_proved_still_shows_what_was_torn_down(check, good, empty, again, stricter):
    """As when it was graded first."""
    proved = frozenset(one.id for one in check(good).criteria if one.outcome is Outcome.PASSED)
    check(empty, hours=2, final=True, proved=proved)

    found = again(stricter)["ada"]

    assert str(found.before.criterion("teardown.instance").outcome) == "passed"
    assert said(found) == [("instance.type", "passed", "unverified")]


def test_what_was_accepted_of_a_survey_that_was_handed_in_stays(book, good, empty, lesson, rubric, again, stricter):
    """It is not kept, so nobody can look at it again."""
    whole = functools.partial(grade, rubric=rubric, lesson=lesson)
    own = replace(empty, surveyed_at=good.surveyed_at + HOUR)
    accepted = accepting(whole, (showing(HandedIn("mine.json", good), whole),), rubric)(own)
    book.record(accepted, own, student="ada")

    found = again(stricter, keep=True)["ada"]
    twice = again(changed(stricter, version="3"))["ada"]

    for one in (found, twice):
        assert (said(one), one.gain) == ([], 0)
        assert one.after.criterion("bucket.name").source is Source.HANDED_IN
    assert found.after.criterion("bucket.name").message == found.before.criterion("bucket.name").message


def test_what_had_to_be_said_of_a_check_is_still_said(book, good, graded, again, stricter):
    """Such as that an account is shared; and by whom it was."""
    good = replace(good, surveyed_at=NOON)
    result = graded(good)
    warned = replace(
        result, warnings=(*result.warnings, "This account is shared."), subject=replace(result.subject, student="ada")
    )
    book.record(warned, good, student="ada")

    ((_, new),) = again(stricter)["ada"].results

    assert (new.warnings, new.subject) == (warned.warnings, warned.subject)


def test_a_survey_that_cannot_be_read_any_more_is_told_and_left_as_it_is(classroom, again, stricter):
    """The other checks are graded again."""
    classroom._connection.execute("DROP TRIGGER attempts_stay")
    classroom._connection.execute(
        "UPDATE attempt SET survey = ? WHERE id = 2", (zlib.compress(b'{"schema": "skymark/survey/v0"}'),)
    )

    ada = again(stricter, keep=True)["ada"]

    assert len(ada.unread) == 1
    assert "the survey of attempt 2 cannot be read" in ada.unread[0]
    assert [(one.id == 2, one.regrades) for one in classroom.attempts(student="ada")] == [(False, 1), (True, None)]


def test_what_was_found_in_another_account_is_not_graded_again(classroom, check, good, again, stricter):
    """It does not count."""
    check(good, account="333333333333", hours=9)

    assert [attempt.id for attempt, _ in again(stricter)["ada"].results] == [4]

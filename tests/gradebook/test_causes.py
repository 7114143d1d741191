"""What is unverified, by cause, and what settles it."""

import datetime as dt
import shlex
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from skymark.cause import Cause
from skymark.evidence import Gap
from skymark.gradebook.asking import all_of
from skymark.gradebook.book import Met
from skymark.gradebook.causes import Commands, Group, unverified
from skymark.outcome import Outcome
from skymark.roster.entry import Files

from .conftest import HOUR, NOON

ROOT = Path(__file__).parents[2]
ADA, BOB, EVE = "111111111111", "222222222222", "333333333333"
TRAINING = ("training.completed", "training.output", "endpoint.in_service", "endpoint.prediction", "teardown.endpoint")
COMMANDS = Commands(Files("class.csv"))


@pytest.fixture
def classroom(book, good, refused, of_student, graded):
    """Ada, whom a quota refused the training; Bob, whose roles may not be read; Eve, who has no log of Jupyter."""
    gap = Gap("iam", "GetRole", "us-east-1", "AccessDenied", "Grant iam:GetRole.")
    unlogged = msgspec.structs.replace(good, jupyter_logs=())
    unread = msgspec.structs.replace(good, roles=(), gaps=(gap,))
    for student, account, survey in (("ada", ADA, refused), ("bob", BOB, unread), ("eve", EVE, unlogged)):
        theirs = of_student(survey, account)
        book.record(graded(theirs), theirs, student=student, at=NOON)
    return book


def groups(book, *, among=None):
    """What is open, by cause."""
    return {one.cause: one for one in unverified(all_of(book), book.troubles(), among)}


def test_it_is_gathered_by_cause_with_what_hangs_on_it(classroom):
    """How many points, whose, and which criteria; what AWS refused is told while it is pending."""
    found = groups(classroom)

    assert found[Cause.QUOTA] == Group(Cause.QUOTA, ("ada",), TRAINING, 29, looked_at=NOON, terms={"ada": ()})
    assert (found[Cause.RECORDS].students, found[Cause.RECORDS].points) == (("eve",), 16)
    assert found[Cause.DENIED].students == ("bob",)
    assert "role.scoped" in found[Cause.DENIED].criteria
    assert set(found) == {Cause.QUOTA, Cause.RECORDS, Cause.DENIED}


def test_the_most_points_come_first(classroom):
    """They are the most worth settling."""
    points = [one.points for one in unverified(all_of(classroom))]

    assert points == sorted(points, reverse=True)


def test_whoever_could_not_be_graded_is_told(classroom):
    """If nobody could look since."""
    for student, hours in (("ada", -1), ("bob", 1), ("zoe", -5), ("zoe", 1)):
        classroom.meet(Met(student, "sagemaker-intro", Cause.ACCESS, f"no way in at {hours}", NOON + hours * HOUR))

    found = groups(classroom)[Cause.ACCESS]

    assert sorted(found.students) == sorted(found.ungraded) == ["bob", "zoe"]
    assert found.reasons == {"no way in at 1": ("zoe", "bob")}


def test_of_a_class_only_its_students_are_told_and_who_was_never_graded(classroom):
    """In the roster's order, last."""
    found = unverified(all_of(classroom), (), ("zoe", "eve", "dan"))

    assert [one.cause for one in found] == [Cause.RECORDS, None]
    assert (found[-1].students, found[-1].meaning) == (("zoe", "dan"), "was not graded yet")


def test_what_an_older_skymark_found_has_no_cause(book, good, graded):
    """It is looked at again; nobody guesses."""
    unlogged = msgspec.structs.replace(good, jupyter_logs=())
    result = graded(unlogged)
    older = msgspec.structs.replace(
        result, criteria=tuple(msgspec.structs.replace(one, cause=None) for one in result.criteria)
    )
    book.record(older, unlogged, student="ada")

    found = unverified(all_of(book))

    assert [(one.cause, one.is_new) for one in found] == [(None, False)]
    assert COMMANDS.settling(found[0], NOON) == ("grade.py class class.csv --only-unverified",)


def test_nothing_open_is_nothing_told(book, good, torn_down, graded):
    """Nor what is only pending."""
    book.record(graded(good), good)

    assert unverified(all_of(book)) == ()


@pytest.mark.parametrize(
    ("group", "lines"),
    [
        (
            Group(Cause.QUOTA, ("ada",), ("training.completed", "training.output")),
            (
                "grade.py gradebook waive training.completed training.output --roster class.csv --cause quota "
                "--reason 'a quota of the account refused it'",
            ),
        ),
        (Group(Cause.THROTTLED, ("ada",)), ("grade.py class class.csv --only-unverified",)),
        (Group(Cause.NETWORK, ("ada",)), ("grade.py class class.csv --only-unverified",)),
        (
            Group(Cause.AT_WORK, ("ada",), looked_at=NOON),
            ("grade.py class class.csv --only-unverified  # after 12:15 UTC",),
        ),
        (
            Group(Cause.DENIED, ("ada",)),
            (
                "grade.py policy --format cloudformation --grader ACCOUNT --students class.csv --out access",
                "grade.py class class.csv --only-unverified",
            ),
        ),
        (
            Group(Cause.CREDENTIALS, ("ada",)),
            (
                "new keys for these students, or another way in in the roster; then",
                "grade.py class class.csv --only-unverified",
            ),
        ),
        (
            Group(Cause.SKYMARK, ("ada",)),
            ("reports/skymark.log says what went wrong; then", "grade.py class class.csv --only-unverified"),
        ),
        (Group(None, ("ada",), is_new=True), ("grade.py class class.csv",)),
        (Group(Cause.AWS, ("ada",), ungraded=("ada",)), ("grade.py class class.csv --only-unverified",)),
    ],
)
def test_each_cause_has_what_settles_it(group, lines):
    """Ready to paste."""
    assert COMMANDS.settling(group, NOON) == lines


DUE = ("--final", "--due", "2026-11-24T12:00:00Z")


def test_they_are_graded_again_by_what_they_were_graded_by(book, good, of_student, graded):
    """And whoever was never graded as most were: else a late teardown would pass in the second look."""
    unread = msgspec.structs.replace(good, roles=(), gaps=(Gap("iam", "GetRole", None, "Throttling", "Wait."),))
    for student, account in (("ada", ADA), ("bob", BOB)):
        theirs = of_student(unread, account)
        result = msgspec.structs.replace(graded(theirs, final=True), due=dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC))
        book.record(result, theirs, student=student, at=NOON)

    found = groups(book, among=("ada", "bob", "zoe"))

    assert COMMANDS.settling(found[Cause.THROTTLED], NOON) == (
        f"grade.py class class.csv --only-unverified {shlex.join(DUE)}",
    )
    assert COMMANDS.settling(found[None], NOON) == (f"grade.py class class.csv {shlex.join(DUE)}",)


def test_where_their_terms_differ_there_is_a_line_for_each():
    """Somebody has more time."""
    group = Group(Cause.NETWORK, ("ada", "bob", "-x"), terms={"ada": DUE, "-x": DUE})

    assert COMMANDS.settling(group, NOON) == (
        f"grade.py class class.csv --students=ada --students=-x --only-unverified {shlex.join(DUE)}",
        "grade.py class class.csv --students=bob --only-unverified",
    )


@pytest.mark.parametrize("cause", Cause)
def test_no_cause_is_without(cause):
    """Whichever there will be."""
    assert COMMANDS.settling(Group(cause, ("ada",), ("bucket.name",), looked_at=NOON), NOON)


def test_what_was_named_for_this_command_is_named_for_the_next():
    """The same files, gradebook and rubric."""
    commands = Commands(Files("my class.csv", "access.csv"), "b.sqlite3", "learner-lab")

    assert commands.settling(Group(Cause.NETWORK, ("ada",)), NOON) == (
        "grade.py class 'my class.csv' --access access.csv --only-unverified --rubric learner-lab "
        "--gradebook b.sqlite3",
    )


def test_what_is_said_to_settle_it_does(classroom):
    """The lines for what an assistant decides, run as they stand."""
    commands = Commands(gradebook=str(classroom.file))
    for cause in (Cause.QUOTA, Cause.RECORDS):
        (line,) = commands.settling(groups(classroom)[cause], NOON)
        ended = subprocess.run(
            [sys.executable, *shlex.split(line)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        assert (ended.returncode, ended.stderr) == (0, "")

    assert set(groups(classroom)) == {Cause.DENIED}
    ada = next(one.standing for one in all_of(classroom) if one.student == "ada")
    assert {str(ada.criterion(id).outcome) for id in TRAINING} == {Outcome.WAIVED}

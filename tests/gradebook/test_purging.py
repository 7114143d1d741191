"""What is not to be kept any longer is taken out, and can be read nowhere any more."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from skymark.cause import Cause
from skymark.errors import UsageError
from skymark.gradebook.asking import all_of, override
from skymark.gradebook.book import Exported, Met
from skymark.gradebook.purging import Purged, purge

from .conftest import HOUR, NOON

ROOT = Path(__file__).parents[2]
ADA, BOB, PAIR = "111111111111", "222222222222", "333333333333"


@pytest.fixture
def classroom(book, good, of_student, graded):
    """Ada and Bob, each in an account of their own, and Cy and Dee who share one; a check an hour."""
    for hours, (student, account) in enumerate((("ada", ADA), ("bob", BOB), ("cy", PAIR), ("dee", PAIR), (None, ADA))):
        theirs = of_student(good, account)
        theirs = msgspec.structs.replace(theirs, surveyed_at=NOON + hours * HOUR)
        book.record(graded(theirs, hours=hours), theirs, student=student, at=NOON + hours * HOUR)
    for student in ("ada", "bob"):
        override(book, student, "bucket.name", points="3", reason="r", by="ta", at=NOON + 6 * HOUR)
        book.meet(Met(student, "sagemaker-intro", Cause.NETWORK, "no answer", NOON))
    book.note_exported([Exported("canvas", "ada", "sagemaker-intro", "d", NOON)])
    return book


def whose(book):
    """Who is in the book still."""
    return [(one.student, one.result.subject.account) for one in book.attempts()]


def test_of_a_student_everything_goes_with_what_was_found_in_their_own_account(classroom):
    """Nothing of anybody else."""
    assert purge(classroom, ["ada"]) == Purged(2, 1, 1, 1)

    assert whose(classroom) == [("bob", BOB), ("cy", PAIR), ("dee", PAIR)]
    assert [one.student for one in classroom.decisions()] == ["bob"]
    assert [one.student for one in classroom.troubles()] == ["bob"]


def test_of_who_shares_an_account_only_what_names_them_goes(classroom):
    """The other one's checks are of the same account."""
    assert purge(classroom, ["cy"]) == Purged(1, 0, 0, 0)

    assert ("dee", PAIR) in whose(classroom)


def test_of_an_account_all_goes_whoever_has_it(classroom):
    """Dashes are passed over."""
    purge(classroom, ["3333-3333-3333"])

    assert {account for _, account in whose(classroom)} == {ADA, BOB}


def test_what_is_older_goes_of_everybody(classroom):
    """By when the account was looked at, and when it was decided."""
    assert purge(classroom, before=NOON + 2 * HOUR) == Purged(2, 0, 2, 1)

    assert whose(classroom) == [("cy", PAIR), ("dee", PAIR), (None, ADA)]


def test_a_check_that_was_graded_again_goes_with_its_regrade(classroom, good, of_student, graded):
    """And an override with what took it back: half of a story would tell something else."""
    (first,) = [one.id for one in classroom.attempts(student="ada")]
    theirs = of_student(good, ADA)
    classroom.record(graded(theirs, hours=9), theirs, student="ada", regrades=first, at=NOON + 9 * HOUR)

    assert purge(classroom, ["ada"]).attempts == 3
    assert "ada" not in [student for student, _ in whose(classroom)]


def test_what_would_go_can_be_counted_before(classroom):
    """Nothing is changed."""
    before = whose(classroom)

    assert purge(classroom, ["ada"], keep=True) == Purged(2, 1, 1, 1)
    assert whose(classroom) == before


def test_nothing_of_it_can_be_read_out_of_the_files_any_more(classroom, file):
    """SQLite leaves what is deleted where it is: the file is written anew."""
    assert any(b"111111111111" in one.read_bytes() for one in file.parent.iterdir())

    purge(classroom, ["ada"])

    assert [one.name for one in file.parent.iterdir() if b"111111111111" in one.read_bytes()] == []
    assert [one.student for one in all_of(classroom)] == ["bob", "cy", "dee"]


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (["adda"], 'Did you mean "ada"?'),
        (["999999999999"], "there is no account or student"),
        ([], "Say what is meant"),
    ],
)
def test_nobody_is_purged_by_a_slip(classroom, who, words):
    """Neither by a name that is not there nor by none."""
    before = whose(classroom)

    with pytest.raises(UsageError, match=words.replace("?", r"\?")):
        purge(classroom, who)

    assert whose(classroom) == before


@pytest.fixture
def typed(classroom, file):
    """`grade.py gradebook purge …`, with nobody at the keyboard."""

    def run(*words):
        command = [sys.executable, str(ROOT / "grade.py"), "gradebook", "purge", *words, "--gradebook", str(file)]
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL
        )
        return ended.returncode, ended.stdout + ended.stderr

    return run


def test_the_command_asks_first(typed, classroom):
    """Where nobody can be asked it says what would go, and changes nothing."""
    status, said = typed("ada")

    assert status == 2
    assert "2 checks, 1 decision, 1 note of a look that failed, 1 note of an export: take them out of" in said
    assert ("ada", ADA) in whose(classroom)


def test_the_command_purges_what_it_names(typed, classroom):
    """By a time that is written as everywhere."""
    counted = typed("--before", "2025-11-25", "--dry-run")
    done = typed("--before", "2025-11-25", "--yes")

    assert (counted[0], done[0]) == (0, 0)
    assert "nothing was changed" in counted[1]
    assert "taken out were 5 checks" in done[1]
    assert whose(classroom) == []

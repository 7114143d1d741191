"""Several assistants' gradebooks become one."""

import contextlib
import os
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from skymark.cause import Cause
from skymark.errors import GradebookError
from skymark.gradebook.asking import everyone, look_up, override, undo
from skymark.gradebook.book import Exported, Gradebook, Met
from skymark.gradebook.joining import join
from skymark.gradebook.schema import MIGRATIONS, VERSION, migrate

from .conftest import HOUR, NOON

ADA, BOB = "111111111111", "222222222222"
NAME = "bucket.name"


def content(book):
    """Everything in a book, without ids."""
    surveys = sorted(repr((one.result, book.survey(one.id))) for one in book.attempts())
    decisions = sorted(repr((one.criterion, one.points, one.reason, one.by, one.at)) for one in book.decisions())
    return surveys, decisions, book.troubles(), set(book.exported("csv"))


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of a folder, to the byte and the nanosecond."""
    return {one.name: (one.read_bytes(), one.stat().st_mtime_ns) for one in folder.iterdir() if one.is_file()}


@pytest.fixture
def other(tmp_path, good, of_student, graded) -> Path:
    """Another assistant's book: Bob was graded, decided about, in trouble and exported in it."""
    file = tmp_path / "other" / "book.sqlite3"
    theirs = of_student(good, BOB)
    with Gradebook(file, begin=True) as book:
        book.record(graded(theirs), theirs, student="bob")
        override(book, "bob", NAME, points="2", reason="half", by="eve", at=NOON)
        override(book, "bob", NAME, points="3", reason="more", by="eve", at=NOON + HOUR)
        undo(book, "bob", NAME, reason="no", by="eve", at=NOON + 2 * HOUR)
        book.meet(Met("bob", "sagemaker-intro", Cause.NETWORK, "no way to AWS", NOON))
        book.note_exported([Exported("csv", "bob", "sagemaker-intro", "1", NOON)])
    return file


@pytest.fixture
def filled(book, good, of_student, graded) -> Gradebook:
    """One's own book, in which Ada was graded and decided about."""
    theirs = of_student(good, ADA)
    book.record(graded(theirs), theirs, student="ada")
    override(book, "ada", NAME, points="1", reason="a typo", by="me", at=NOON)
    return book


def test_everything_of_another_book_is_taken(filled, other):
    """Ids that name other rows name the right ones."""
    with Gradebook(other) as book:
        theirs = everyone(book)

    done = join(filled, other)

    assert (dict(done.new), done.again) == ({"attempt": 1, "decision": 3, "trouble": 1, "exported": 1}, 0)
    assert everyone(filled)[1:] == tuple(theirs_with_ids_of(filled, theirs))
    assert look_up(filled, "bob").standing.criterion(NAME).points == 2
    assert look_up(filled, "ada").standing.criterion(NAME).points == 1
    assert [one.student for one in filled.troubles()] == ["bob"]


def theirs_with_ids_of(book, standings):
    """The same standings, with the ids that overrides have in this book."""
    from msgspec.structs import replace

    ids = {(one.reason, one.at): one.id for one in book.decisions()}
    for one in standings:
        yield replace(one, overrides=tuple(replace(each, id=ids[each.reason, each.at]) for each in one.overrides))


def test_twice_changes_nothing(filled, other):
    """Nor does a book that was made of both."""
    join(filled, other)
    once = content(filled)
    with Gradebook(other) as book:
        join(book, filled.file)

    for _ in range(2):
        done = join(filled, other)
        assert (sum(done.new.values()), done.again, done.conflicts) == (0, 0, ())

    assert content(filled) == once


def test_two_books_merged_either_way_say_the_same(filled, other):
    """Whoever merges."""
    with Gradebook(other) as book:
        join(filled, other)
        join(book, filled.file)

        assert content(book) == content(filled)


def test_a_dry_run_tells_the_same_and_takes_nothing(filled, other):
    """Not a row."""
    before = content(filled)

    dry = join(filled, other, keep=False)

    assert content(filled) == before
    assert dry == join(filled, other)


@pytest.mark.parametrize("theirs_at", [NOON - HOUR, NOON + HOUR])
def test_of_two_different_decisions_the_later_counts_and_it_is_told(filled, other, theirs_at, good, of_student, graded):
    """Whoever's book it is merged into."""
    survey = of_student(good, ADA)
    with Gradebook(other) as book:
        book.record(graded(survey), survey, student="ada")
        override(book, "ada", NAME, points="4", reason="nearly", by="eve", at=theirs_at)

    (conflict,) = join(filled, other).conflicts

    counts = Decimal(4 if theirs_at > NOON else 1)
    assert (conflict.who, conflict.criterion) == ("ada", NAME)
    assert (conflict.ours.by, conflict.theirs.by, conflict.counts.points) == ("me", "eve", counts)
    assert look_up(filled, "ada").standing.criterion(NAME).points == counts


def test_the_same_decision_twice_is_no_conflict(filled, other, good, of_student, graded):
    """Nor is one that was made in the knowledge of the other."""
    with Gradebook(other) as book:
        join(book, filled.file)
        override(book, "ada", NAME, points="5", reason="on second thoughts", by="eve", at=NOON + HOUR)

    assert join(filled, other).conflicts == ()
    assert look_up(filled, "ada").standing.criterion(NAME).points == 5


def test_what_two_assistants_took_back_is_taken_back_once(filled, other):
    """The second undo would take back nothing."""
    with Gradebook(other) as book:
        join(book, filled.file)
        undo(book, "ada", NAME, reason="wrong", by="eve", at=NOON + HOUR)
    undo(filled, "ada", NAME, reason="not right", by="me", at=NOON + HOUR)

    for again in (1, 1):
        assert join(filled, other).again == again

    assert look_up(filled, "ada").standing.overrides == ()
    assert look_up(filled, "ada").standing.criterion(NAME).points == 6


def test_a_decision_made_now_counts_though_the_others_clock_is_ahead(filled, other, good, of_student, graded):
    """It is made in the knowledge of theirs."""
    survey = of_student(good, ADA)
    with Gradebook(other) as book:
        book.record(graded(survey), survey, student="ada")
        override(book, "ada", NAME, points="4", reason="nearly", by="eve", at=NOON + 100_000 * HOUR)
    join(filled, other)

    override(filled, "ada", NAME, points="2", reason="no", by="me")

    assert look_up(filled, "ada").standing.criterion(NAME).points == 2


def test_a_regrade_is_of_the_right_check(filled, other, good, of_student, graded):
    """What it replaces counts no more here either."""
    with Gradebook(other) as book:
        (attempt,) = book.attempts(student="bob")
        book.record(attempt.result, book.survey(attempt.id), student="bob", regrades=attempt.id)

    join(filled, other)

    (bob,) = filled.attempts(student="bob")
    assert bob.regrades == 2
    assert len(look_up(filled, "bob").attempts) == 1


def test_of_two_regrades_of_one_check_the_later_counts(filled, other):
    """Each assistant has one."""
    (attempt,) = filled.attempts()
    survey = filled.survey(attempt.id)
    with Gradebook(other) as book:
        join(book, filled.file)
        (theirs,) = book.attempts(student="ada")
        book.record(theirs.result, survey, student="ada", regrades=theirs.id, at=NOON + 2 * HOUR)
    filled.record(attempt.result, survey, student="ada", regrades=attempt.id, at=NOON + HOUR)

    join(filled, other)

    assert [one.regraded_at for one in filled.attempts(student="ada")] == [NOON + 2 * HOUR]


def test_a_book_of_an_older_skymark_is_taken_and_stays_as_it_is(filled, other, tmp_path):
    """A copy of it is brought up to date."""
    old = tmp_path / "old" / "book.sqlite3"
    old.parent.mkdir()
    with contextlib.closing(sqlite3.connect(old, isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS[:1])
        connection.execute("ATTACH ? AS new", (str(other),))
        connection.execute(
            "INSERT INTO attempt SELECT id, account, rubric, rubric_version, student, final, surveyed_at, recorded_at, "
            "survey, result FROM new.attempt"
        )
    before = files(old.parent)

    assert join(filled, old).new["attempt"] == 1

    assert files(old.parent) == before


def newer(file: Path) -> None:
    """Written by a Skymark that is still to come."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")


def damaged(file: Path) -> None:
    """Half of it is lost."""
    file.write_bytes(file.read_bytes()[:9000])


def foreign(file: Path) -> None:
    """Another program's."""
    file.unlink()
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE photo (name)")


def text(file: Path) -> None:
    """No database at all."""
    file.write_text("once upon a time")


def nothing(file: Path) -> None:
    """An empty file."""
    file.write_bytes(b"")


def garbled(file: Path) -> None:
    """A book with a result that is none."""
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DROP TRIGGER attempts_stay")
        connection.execute("UPDATE attempt SET result = '{}'")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (newer, "written by a newer Skymark"),
        (damaged, "is damaged"),
        (foreign, "of another program"),
        (text, "is no gradebook"),
        (nothing, "is no gradebook"),
        (garbled, "holds something that cannot be read"),
        (Path.unlink, "there is no such file"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_by_name_and_left_alone(filled, other, spoil, words):
    """Nothing of it is in the book."""
    spoil(other)
    theirs, ours = files(other.parent), content(filled)

    with pytest.raises(GradebookError, match=rf"{other}: .*{words}"):
        join(filled, other)

    assert (files(other.parent), content(filled)) == (theirs, ours)


def test_what_is_still_in_the_journal_is_taken_too(filled, other, good, of_student, graded):
    """While the other assistant grades; their files are not touched."""
    survey = of_student(good, "333333333333")
    with Gradebook(other) as book:
        book.record(graded(survey), survey, student="dan")
        before = files(other.parent)

        assert join(filled, other).new["attempt"] == 2
        assert files(other.parent) == before


def test_a_book_is_not_merged_with_itself(filled, tmp_path):
    """Whatever it is called."""
    link = tmp_path / "link"
    os.symlink(filled.file, link)

    for same in (filled.file, link):
        with pytest.raises(GradebookError, match="is this gradebook itself"):
            join(filled, same)

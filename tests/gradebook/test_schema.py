"""A book of the first version becomes one of this, and nothing in it is lost."""

import contextlib
import json
import sqlite3
import zlib
from decimal import Decimal

import msgspec
import pytest

from skymark.gradebook.asking import look_up, override
from skymark.gradebook.book import Gradebook
from skymark.gradebook.schema import MIGRATIONS, VERSION, migrate, version_of
from skymark.outcome import Outcome
from skymark.render import json as result_json

from .conftest import NOON

ACCOUNT = "123456789012"


@pytest.fixture
def first(file, good, graded):
    """A book as the first Skymark wrote it: a check, and an override that was taken back, then another one."""
    file.parent.mkdir()
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection, MIGRATIONS[:1])
        assert version_of(connection) == 1
        result = json.loads(result_json.render(graded(good)))
        for one in result["criteria"]:
            one.pop("cause")
        at = NOON.isoformat(timespec="microseconds")
        connection.execute(
            "INSERT INTO attempt (account, rubric, rubric_version, student, final, surveyed_at, recorded_at, survey, "
            "result) VALUES (?, 'sagemaker-intro', '1', 'Ada', 0, ?, ?, ?, ?)",
            (ACCOUNT, at, at, zlib.compress(msgspec.json.encode(good)), json.dumps(result)),
        )
        for points, undoes in (("2.5", None), (None, 1), ("4", None)):
            connection.execute(
                "INSERT INTO decision (account, rubric, criterion, points, undoes, reason, decided_by, decided_at, "
                "replaced_outcome, replaced_points) "
                "VALUES (?, 'sagemaker-intro', 'bucket.name', ?, ?, 'seen', 'bob', ?, 'passed', '6')",
                (ACCOUNT, points, undoes, at),
            )
    return file


def test_what_the_first_skymark_recorded_is_all_there(first, good, graded):
    """Check, survey, decisions."""
    with Gradebook(first) as book:
        (attempt,), decisions = book.attempts(), book.decisions()

        assert version_of(book._connection) == VERSION
        assert (attempt.student, attempt.recorded_at, attempt.regrades) == ("Ada", NOON, None)
        assert (attempt.result, book.survey(attempt.id)) == (graded(good), good)
        assert [(one.id, one.points, one.undoes, one.student) for one in decisions] == [
            (1, Decimal("2.5"), None, None),
            (2, None, 1, None),
            (3, Decimal(4), None, None),
        ]
        assert decisions[0].replaced_outcome is Outcome.PASSED
        assert (book.troubles(), book.exported("csv")) == ((), ())


def test_what_was_decided_then_counts_and_is_decided_on(first):
    """About the student who has the account now."""
    with Gradebook(first) as book:
        assert look_up(book, "Ada").standing.criterion("bucket.name").points == 4

        override(book, "Ada", "bucket.name", points="1", reason="new")

        assert look_up(book, ACCOUNT).standing.criterion("bucket.name").points == 1

"""What keeps a mark back, and what exports say of a student."""

import datetime as dt

from msgspec.structs import replace

from skymark.cause import Cause
from skymark.export.row import SETTLES, ClassRow, digest, has_mark


def test_only_a_complete_score_is_a_mark(ada, grace, eve):
    """Unverified is not 0, and what nobody decided is not given."""
    assert [has_mark(row) for row in (ada, grace, eve, ClassRow("x", "X"))] == [True, False, False, False]


def test_what_is_pending_is_marked_only_when_asked(alan):
    """It counts 0 for now, and would be a failure."""
    assert not has_mark(alan)
    assert has_mark(alan, with_pending=True)


def test_advice_keeps_no_mark_back(criterion, standing):
    """It is worth nothing."""
    row = ClassRow("x", "X", standing("x", criterion("teardown.tidy", "unverified", None, 0)))

    assert has_mark(row)


def test_each_cause_has_something_that_settles_it():
    """Nobody is left with a word alone."""
    assert set(SETTLES) == set(Cause)


def test_the_same_findings_at_another_time_say_the_same(ada):
    """What did not change need not be exported again."""
    later = replace(ada.standing, surveyed_at=ada.standing.surveyed_at + dt.timedelta(days=1), attempts=2)

    assert digest(replace(ada, standing=later)) == digest(ada)


def test_another_mark_name_message_or_reason_says_something_else(ada, grace, eve, criterion):
    """Any of them is exported again."""
    other = criterion("bucket.name", "failed", 0, 6, "no bucket")
    changed = replace(ada, standing=replace(ada.standing, criteria=(other, *ada.standing.criteria[1:])))
    all_of_them = [ada, grace, eve, changed, replace(ada, name="Ada"), replace(ada, withheld=eve.withheld)]

    assert len({digest(row) for row in all_of_them}) == len(all_of_them)


def test_a_name_that_is_no_unicode_has_a_digest_too():
    """Anybody may be called anything."""
    assert digest(ClassRow("x", "\ud800")) != digest(ClassRow("x", "\udfff"))

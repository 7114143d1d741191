"""From signals to one verdict."""

import datetime as dt
from decimal import Decimal

import pytest

from skymark.evidence import Gap
from skymark.outcome import NotYet, Outcome, Refused, Source, Unseen, Working, Wrong
from skymark.rubric import Rubric, RubricCriterion
from skymark.verdict import Terms, verdict_of

RUBRIC = Rubric(
    "r",
    "1",
    "R",
    tuple(RubricCriterion(id, id, "stage", Decimal(points), "do it") for id, points in
          (("a.one", 1), ("a.two", 1), ("a.three", 1), ("a.advice", 0))),
)  # fmt: skip


def terms(final):
    """Surveyed at seven in the evening."""
    return Terms(RUBRIC, final, dt.datetime(2019, 7, 1, 19, 0, tzinfo=dt.UTC))


GAP = Gap("s3", "ListBuckets", None, "AccessDenied", "Grant it.")


@pytest.mark.parametrize(
    ("signal", "plain", "final"),
    [
        (NotYet("nothing there"), "pending", "failed"),
        (NotYet("nothing there", unseen=("the trail",)), "pending", "unverified"),
        (Working("Creating"), "pending", "unverified"),
        (Refused("a quota"), "pending", "unverified"),
        (Wrong("wrong"), "failed", "failed"),
        (Unseen("denied", gaps=(GAP,)), "unverified", "unverified"),
    ],
)
def test_each_signal_has_its_outcome_before_and_after_the_end(signal, plain, final):
    """Only what is really absent turns red in the end."""
    assert verdict_of([signal], "a.one", terms(False)).outcome == plain
    assert verdict_of([signal], "a.one", terms(True)).outcome == final


def test_what_hangs_on_something_not_done_is_blocked_by_the_first_in_rubric_order():
    """Whatever order the fixtures were asked in."""
    signals = [NotYet("no two", criterion="a.two"), NotYet("no one", criterion="a.one")]

    verdict = verdict_of(signals, "a.three", terms(False))

    assert (verdict.outcome, verdict.blocked_by) == (Outcome.BLOCKED, "a.one")


def test_what_hangs_on_something_unverified_is_unverified():
    """Even if something else is not done."""
    signals = [NotYet("no one", criterion="a.one"), Unseen("denied", gaps=(GAP,), criterion="a.two")]

    verdict = verdict_of(signals, "a.three", terms(False))

    assert (verdict.outcome, verdict.blocked_by, verdict.gaps) == (Outcome.UNVERIFIED, None, (GAP,))


def test_what_was_seen_of_the_thing_itself_decides():
    """A leftover is a leftover, whatever else was unreadable."""
    signals = [Unseen("denied", gaps=(GAP,)), NotYet("still there", source=Source.LIVE)]

    assert verdict_of(signals, "a.one", terms(True)).outcome == Outcome.FAILED


def test_a_signal_of_a_criterion_that_the_rubric_lacks_concerns_whoever_meets_it():
    """Nothing is blocked by something that nobody asks for."""
    verdict = verdict_of([NotYet("no role", criterion="role.trust")], "a.two", terms(False))

    assert (verdict.outcome, verdict.blocked_by) == (Outcome.PENDING, None)


def test_advice_stays_advice_in_the_end():
    """0 points: no red."""
    assert verdict_of([NotYet("left behind", source=Source.LIVE)], "a.advice", terms(True)).outcome == "pending"


@pytest.mark.parametrize(
    ("signal", "words"),
    [
        (Working("Creating"), "Check again after 19:10 UTC"),
        (Refused("a quota"), "can waive it"),
        (NotYet("nothing there", unseen=("the trail",)), "show it to a teaching assistant"),
        (Unseen("it is gone"), "nothing for you to mend"),
    ],
)
def test_what_is_unverified_in_the_end_says_what_to_do(signal, words):
    """AWS at work: with the time when to look again."""
    assert words in (verdict_of([signal], "a.one", terms(True)).advice or "")

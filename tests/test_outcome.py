"""What the signals carry, and what stands in the way."""

import pytest

from skymark.cause import Cause
from skymark.evidence import Gap
from skymark.outcome import NOTHING_TO_MEND, NotYet, Outcome, Refused, Signal, Source, Unseen, Working, Wrong

GAP = Gap("s3", "ListBuckets", None, "AccessDenied", "Grant it.")
WHERE = {"criterion": "bucket.name", "source": Source.TRACE, "evidence": ("a line", "another")}


@pytest.mark.parametrize("kind", [Signal, NotYet, Working, Refused, Wrong, Unseen])
def test_a_signal_says_what_was_found_where_and_for_which_criterion(kind):
    """Whatever kind it is; by default it concerns whoever meets it, and nothing was seen."""
    signal, bare = kind("no bucket", **WHERE), kind("no bucket")

    assert str(signal) == signal.message == "no bucket"
    assert {name: getattr(signal, name) for name in WHERE} == WHERE
    assert (bare.criterion, bare.source, bare.evidence, bare.gaps) == (None, None, (), ())


@pytest.mark.parametrize("final", [False, True])
def test_what_is_said_of_nothing_in_particular_is_unverified(final):
    """Never a failure."""
    assert Signal("odd").outcome(final) is Outcome.UNVERIFIED


def test_what_is_not_there_names_what_else_could_have_shown_it():
    """What was not read stands in the way only where it could have shown something."""
    unread = NotYet("no job", unseen=("the trail",), gaps=(GAP,))

    assert (unread.unseen, unread.gaps, unread.cause) == (("the trail",), (GAP,), Cause.DENIED)
    assert NotYet("no job").unseen == ()
    assert NotYet("no job", gaps=(GAP,)).cause is None


def test_a_fault_was_seen_and_may_have_advice_of_its_own():
    """Nothing stood in the way."""
    assert (Wrong("wrong", advice="Do that.").advice, Wrong("wrong").advice) == ("Do that.", None)
    assert Wrong("wrong").cause is None


def test_what_could_not_be_seen_names_the_calls_and_without_any_says_what_to_do():
    """Nobody has to mend what cannot be seen."""
    assert (Unseen("denied", gaps=(GAP,)).gaps, Unseen("denied", gaps=(GAP,)).cause) == ((GAP,), Cause.DENIED)
    assert (Unseen("odd").advice, Unseen("odd", advice="Ask.").advice) == (NOTHING_TO_MEND, "Ask.")


def test_what_aws_does_or_refuses_is_the_cause():
    """By AWS's words, or always the same."""
    assert Working("Creating").cause is Cause.AT_WORK
    assert Refused("ResourceLimitExceeded: quota").cause is Cause.QUOTA
    assert Refused("no capacity").cause is Cause.AWS


def test_sources_are_ranked_from_the_strongest():
    """What is seen now wins over what is told."""
    assert [one.rank for one in (Source.LIVE, Source.TRACE, Source.EARLIER, Source.HANDED_IN)] == [0, 1, 2, 3]

"""The best of all checks, criterion by criterion."""

import datetime as dt
from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from skymark.gradebook.merge import NOTHING, Known, Override, Proof, merge, proofs_of
from skymark.next_step import completed
from skymark.outcome import NOTHING_TO_MEND, Outcome, Source
from skymark.result import Criterion, RegionNames, Result, RubricName, Score, Subject
from skymark.rubric import Rubric, RubricCriterion
from skymark.score import exit_status, points_of

NOON = dt.datetime(2025, 11, 24, 12, 0, tzinfo=dt.UTC)
WORTH = {"bucket.name": 6, "bucket.region": 4, "instance.name": 4, "tidy.advice": 0, "teardown.instance": 6}
RUBRIC = Rubric(
    "small",
    "1",
    "A small lesson",
    tuple(RubricCriterion(id, f"About {id}", "All", Decimal(points), "Do it.") for id, points in WORTH.items()),
)
MAY_BE_JUDGED = [one for one in Outcome if one is not Outcome.WAIVED]


def criterion(id, outcome, message="found", source=Source.LIVE, blocked_by=None):
    """One criterion as a check judges it."""
    possible = Decimal(WORTH[id])
    points = points_of(outcome, possible)
    return Criterion(id, f"About {id}", outcome, points, possible, message, blocked_by=blocked_by, source=source)


def result(criteria, at=NOON):
    """A result with nothing in it but criteria."""
    whole = Result(
        rubric=RubricName("small", "1", "A small lesson"),
        subject=Subject("123456789012", "arn:aws:iam::123456789012:user/student"),
        region="us-east-1",
        surveyed_at=at,
        final=False,
        score=Score(Decimal(0), Decimal(0), Decimal(0), True),
        criteria=tuple(criteria),
        leftovers=(),
        hourly_usd=Decimal(0),
        unpriced=0,
        regions=RegionNames(("us-east-1",), (), ()),
        chain=(),
        next=None,
        gaps=(),
    )
    return completed(whole, RUBRIC)


@st.composite
def results(draw):
    """Any result that a check may give: what is blocked is blocked by something before it that is not met."""
    criteria = []
    for id in WORTH:
        outcome = draw(st.sampled_from(MAY_BE_JUDGED))
        unmet = [one.id for one in criteria if one.outcome in (Outcome.PENDING, Outcome.FAILED)]
        if outcome is Outcome.BLOCKED and not unmet:
            outcome = Outcome.PENDING
        blocker = draw(st.sampled_from(unmet)) if outcome is Outcome.BLOCKED else None
        source = draw(st.sampled_from([Source.LIVE, Source.TRACE, Source.HANDED_IN]))
        criteria.append(criterion(id, outcome, draw(st.sampled_from(["a", "b"])), source, blocker))
    return result(criteria, NOON + dt.timedelta(hours=draw(st.integers(0, 3))))


def overrides():
    """Any override that may be in force; each with an id and a criterion of its own."""
    made = st.builds(
        Override,
        id=st.just(1),
        criterion=st.sampled_from(sorted(WORTH)),
        points=st.decimals(0, 6, places=2),
        reason=st.just("seen in class"),
        by=st.just("ada"),
        at=st.just(NOON),
        replaced_outcome=st.sampled_from(MAY_BE_JUDGED),
        replaced_points=st.none(),
    )
    return st.lists(made, max_size=2, unique_by=lambda one: one.criterion).map(tuple)


def outcomes(of):
    """Outcomes by criterion."""
    return {one.id: str(one.outcome) for one in of.criteria}


@given(results(), st.lists(results(), max_size=4))
def test_earlier_checks_never_lower_a_score(now, before):
    """Not of the whole, and not of a criterion."""
    merged = merge(now, Known(proofs_of(before)), RUBRIC)

    assert merged.score.earned >= now.score.earned
    assert merged.score.possible == now.score.possible
    for then, after in zip(now.criteria, merged.criteria, strict=True):
        assert (after.points or 0) >= (then.points or 0)


@given(results(), st.lists(results(), max_size=4), overrides())
def test_merging_twice_changes_nothing_more(now, before, decided):
    """Whatever is known."""
    known = Known(proofs_of(before), decided)
    once = merge(now, known, RUBRIC)

    assert merge(once, known, RUBRIC) == once


@given(results(), st.lists(results(), max_size=4), st.randoms())
def test_the_order_of_the_checks_is_irrelevant(now, before, chance):
    """The same is known whichever was recorded first."""
    shuffled = list(before)
    chance.shuffle(shuffled)

    assert proofs_of(shuffled) == proofs_of(before)


@given(results(), st.lists(results(), max_size=4))
def test_teardown_and_advice_are_judged_now(now, before):
    """An earlier check never makes them pass; and what passes now, stays as it is."""
    merged = merge(now, Known(proofs_of(before)), RUBRIC)

    for then, after in zip(now.criteria, merged.criteria, strict=True):
        if then.id in ("teardown.instance", "tidy.advice") and then.outcome is not Outcome.BLOCKED:
            assert after == then
        if then.outcome is Outcome.PASSED:
            assert after == then
        if then.id in ("teardown.instance", "tidy.advice"):
            assert (after.outcome is Outcome.PASSED) == (then.outcome is Outcome.PASSED)


@given(results(), st.lists(results(), max_size=4), overrides())
def test_nothing_is_blocked_by_what_counts(now, before, decided):
    """Nobody is told to do first what is done."""
    merged = merge(now, Known(proofs_of(before), decided), RUBRIC)

    by_id = {one.id: one for one in merged.criteria}
    blockers = [by_id[one.blocked_by] for one in merged.criteria if one.outcome is Outcome.BLOCKED]
    assert not [
        one for one in blockers if one.outcome is Outcome.PASSED or (one.outcome is Outcome.WAIVED and one.points)
    ]


@given(results())
def test_knowing_nothing_changes_nothing(now):
    """The first check of an account is what it is by itself."""
    assert merge(now, NOTHING, RUBRIC) == now


def test_an_earlier_pass_is_taken_over_with_its_time_and_evidence():
    """It says when it was seen, and what this check would have said."""
    proof = Proof("bucket.name", NOON, "sagemaker-20190701-1820", Source.LIVE, ("bucket sagemaker-20190701-1820",))
    now = result([criterion("bucket.name", Outcome.FAILED, "no bucket")])

    merged = merge(now, Known((proof,)), RUBRIC)

    assert merged.criteria == (
        replace(
            criterion("bucket.name", Outcome.PASSED),
            message="sagemaker-20190701-1820, seen 2025-11-24 12:00 UTC",
            source=Source.EARLIER,
            evidence=("bucket sagemaker-20190701-1820", "by itself this check says failed: no bucket"),
        ),
    )
    assert (merged.score.earned, merged.next, exit_status(merged)) == (6, None, 0)


def test_what_was_handed_in_then_is_still_said_to_have_been():
    """Self-reported evidence does not become Skymark's own by waiting."""
    proof = Proof("bucket.name", NOON, "mine.ipynb", Source.HANDED_IN)

    merged = merge(result([criterion("bucket.name", Outcome.PENDING)]), Known((proof,)), RUBRIC)

    assert merged.criteria[0].message == "mine.ipynb, handed in by 2025-11-24 12:00 UTC"


def test_the_best_proof_is_of_the_strongest_source_then_the_latest():
    """What was seen in the account is better than a later trace."""
    live, later = (
        result([criterion("bucket.name", Outcome.PASSED, at)], NOON + n * dt.timedelta(hours=1))
        for n, at in enumerate("ab")
    )
    trace = result([criterion("bucket.name", Outcome.PASSED, "c", Source.TRACE)], NOON + dt.timedelta(hours=9))

    assert proofs_of((live, later, trace)) == (Proof("bucket.name", NOON + dt.timedelta(hours=1), "b", Source.LIVE),)


def test_what_was_itself_taken_over_proves_nothing_more():
    """A proof is what a check saw by itself, so a time that is told is a time at which somebody looked."""
    assert proofs_of((result([criterion("bucket.name", Outcome.PASSED, "a", Source.EARLIER)]),)) == ()


def test_what_hangs_on_something_proved_and_gone_is_unverified():
    """It is not blocked: nothing is left to be done first. It is not passed either: nobody saw it."""
    now = result(
        [
            criterion("instance.name", Outcome.PENDING),
            criterion("bucket.region", Outcome.BLOCKED, blocked_by="instance.name"),
        ]
    )

    merged = merge(now, Known((Proof("instance.name", NOON, "sm-test", Source.LIVE),)), RUBRIC)

    region = merged.criteria[1]
    assert (region.outcome, region.points, region.blocked_by, region.hint) == (
        "unverified",
        None,
        None,
        NOTHING_TO_MEND,
    )
    assert region.message == (
        "cannot be judged now: instance.name was proved by an earlier check, and what this would be judged by is not "
        "there any more"
    )
    assert (merged.score.earned, merged.score.unverified, exit_status(merged)) == (4, 4, 3)


def test_what_hangs_on_something_waived_is_unverified_unless_nothing_was_given_for_it():
    """Whoever is excused from a step need not do it first; whoever got nothing for it still should."""
    now = result(
        [
            criterion("instance.name", Outcome.PENDING),
            criterion("bucket.region", Outcome.BLOCKED, blocked_by="instance.name"),
        ]
    )
    given_all, given_none = (
        Override(1, "instance.name", Decimal(points), "quota", "ada", NOON, Outcome.PENDING, Decimal(0))
        for points in (4, 0)
    )

    assert outcomes(merge(now, Known((), (given_all,)), RUBRIC))["bucket.region"] == "unverified"
    assert outcomes(merge(now, Known((), (given_none,)), RUBRIC))["bucket.region"] == "blocked"


def test_an_override_says_who_when_and_why_and_wins():
    """Over what was found now, over what was proved, and over teardown; up or down."""
    decided = Override(1, "teardown.instance", Decimal("2.5"), "left on by me", "ada", NOON, Outcome.FAILED, Decimal(0))
    now = result([criterion("teardown.instance", Outcome.PASSED, "none left")])

    merged = merge(now, Known((), (decided,)), RUBRIC)

    one = merged.criteria[0]
    assert (one.outcome, one.points, one.source) == ("waived", Decimal("2.5"), None)
    assert one.message == "2.5 of 6 points, decided by ada, 2025-11-24 12:00 UTC: left on by me"
    assert one.evidence == ("by itself this check says passed: none left",)


def test_an_override_is_worth_at_most_what_the_criterion_is_worth_now():
    """A rubric whose points were lowered still adds up."""
    decided = Override(1, "bucket.region", Decimal(6), "fine", "ada", NOON, Outcome.FAILED, Decimal(0))

    merged = merge(result([criterion("bucket.region", Outcome.FAILED)]), Known((), (decided,)), RUBRIC)

    assert merged.criteria[0].points == 4


def test_what_is_known_of_other_criteria_changes_nothing():
    """A rubric may have lost one."""
    now = result([criterion("bucket.name", Outcome.FAILED)])
    decided = Override(1, "gone.away", Decimal(1), "fine", "ada", NOON, Outcome.FAILED, Decimal(0))

    assert merge(now, Known((Proof("gone.too", NOON, "x"),), (decided,)), RUBRIC) == now


def test_a_lesson_torn_down_keeps_what_was_proved_before(good, torn_down, graded, rubric):
    """The good account, checked before and after everything was deleted: 100 of 100."""
    before, after = graded(good), graded(torn_down, hours=2)

    merged = merge(after, Known(proofs_of((before, after))), rubric)

    assert after.score.earned < 100
    assert (merged.score.earned, merged.score.complete) == (100, True)
    assert merged.next is None
    by_source = {one.id for one in merged.criteria if one.source is Source.EARLIER}
    assert {"instance.type", "endpoint.in_service", "endpoint.prediction"} <= by_source
    assert not any(id.startswith("teardown.") for id in by_source)


def test_what_was_proved_may_be_deleted_without_a_warning(good, graded, rubric):
    """Once a check saw the notebooks, deleting the instance loses no mark."""
    without_log = graded(msgspec.structs.replace(good, jupyter_logs=()), hours=1)

    merged = merge(without_log, Known(proofs_of((graded(good),))), rubric)

    assert any("deletes your notebooks" in text for text in without_log.warnings)
    assert not any("deletes your notebooks" in text for text in merged.warnings)
    assert merged.next.criterion == "teardown.instance"
    assert merged.next.command == graded(good).next.command

"""The lesson step by step, and what is news."""

import pytest
from msgspec.structs import replace

from skymark.cause import Cause
from skymark.grading import grade
from skymark.lesson import Lesson
from skymark.outcome import Outcome
from skymark.watch.steps import changes, is_done, steps, unmet_calls

WORKING = {"outcome": Outcome.PENDING, "cause": Cause.AT_WORK, "message": "is Pending"}


@pytest.fixture
def graded(rubric, good, torn_down, empty):
    """Results by the name of the account's state."""
    states = {"good": good, "torn_down": torn_down, "empty": empty}
    found = {name: grade(survey, rubric, Lesson.at(None)) for name, survey in states.items()}
    all_met = tuple(
        replace(one, outcome=Outcome.PASSED, cause=None) if one.possible > 0 else one
        for one in found["torn_down"].criteria
    )
    return found | {"done": replace(found["torn_down"], criteria=all_met)}


def but(result, id, **fields):
    """The result with one criterion otherwise."""
    return replace(result, criteria=tuple(replace(one, **fields) if one.id == id else one for one in result.criteria))


def test_a_step_stands_as_its_worst_criterion(graded):
    """What is wrong before what is missing; advice is not counted."""
    found = {one.title: one for one in steps(but(graded["good"], "instance.type", outcome=Outcome.FAILED))}

    assert (found["Bucket"].met, found["Bucket"].criteria, found["Bucket"].outcome) == (3, 3, Outcome.PASSED)
    assert found["Bucket"].first is None
    assert found["Notebook instance"].outcome is Outcome.FAILED
    assert found["Notebook instance"].first.id == "instance.type"
    assert sum(one.criteria for one in found.values()) == sum(one.possible > 0 for one in graded["good"].criteria)


def test_a_step_at_which_aws_works_says_so(graded):
    """There is nothing to do but wait."""
    found = {one.title: one for one in steps(but(graded["good"], "instance.in_service", **WORKING))}

    assert found["Notebook instance"].is_at_work
    assert not found["Teardown"].is_at_work


def test_what_is_not_begun_is_no_news(graded):
    """At first, and when it stays so."""
    assert [one.criterion.id for one in changes(None, graded["empty"])] == ["account.access"]
    assert changes(graded["empty"], graded["empty"]) == ()


def test_what_is_newly_met_wrong_or_at_work_is_news(graded):
    """Each once; and that it is ready rings."""
    before = but(graded["good"], "instance.in_service", **WORKING)
    wrong = but(graded["good"], "bucket.name", outcome=Outcome.FAILED)

    (ready,) = changes(before, graded["good"])
    (failed,) = changes(graded["good"], wrong)
    (working,) = changes(graded["good"], before)

    assert (ready.criterion.id, ready.is_ready) == ("instance.in_service", True)
    assert (failed.criterion.id, failed.is_ready) == ("bucket.name", False)
    assert (working.criterion.id, working.is_ready) == ("instance.in_service", False)


def test_all_is_done_when_all_that_counts_is_met(graded):
    """Waived is met; advice may be open."""
    waived = but(graded["done"], "role.trust", outcome=Outcome.WAIVED)

    assert is_done(graded["done"])
    assert is_done(waived)
    assert not is_done(graded["good"])
    assert not is_done(but(graded["done"], "role.trust", outcome=Outcome.UNVERIFIED))


def test_only_what_is_not_met_has_to_be_asked_for(graded, rubric):
    """By the calls that its criteria name."""
    calls = {one.id: one.calls for one in rubric.criteria}

    assert unmet_calls(graded["done"], calls) == frozenset()
    assert "iam:GetRole" in unmet_calls(graded["empty"], calls)
    assert "iam:GetRole" not in unmet_calls(graded["good"], calls)
    assert "sagemaker:ListEndpoints" in unmet_calls(graded["good"], calls)

"""What is gone is judged by its traces: the same verdict as before, or unverified."""

import pytest

from simulator.account import SimulatedAccount
from simulator.students import CATALOGUE, Student, student
from simulator.students.steps import delete_endpoints, instances_of
from skymark.evidence import Survey
from skymark.grading import grade
from skymark.permissions import read_only_policy

TRACES = ("cloudtrail:LookupEvents", "cloudwatch:GetMetricData")
WORK = [one for one in CATALOGUE if one.kind == "mistake" and one.rubric == "sagemaker-intro"]


def tear_down(account: SimulatedAccount) -> None:
    """Endpoints and notebook instances, wherever and in whatever state they are."""
    for region in ("eu-west-1", "us-east-1", "us-west-2"):
        there = SimulatedAccount(account.server, account.number, region)
        delete_endpoints(there)
        for instance in instances_of(there):
            if there.status("notebook-instance", instance) == "InService":
                there.stop_instance(instance)
            there.let_pass(300)
            there.delete_instance(instance)
            there.let_pass(300)


def without_traces() -> dict[str, object]:
    """The printed policy, but for the event history and the metrics."""
    policy = read_only_policy()
    for statement in policy["Statement"]:
        statement["Action"] = [one for one in statement["Action"] if one not in TRACES] or ["none:None"]
    return policy


def failed(outcomes: dict[str, str]) -> set[str]:
    """What is marked down but for what is judged now."""
    return {id for id, outcome in outcomes.items() if outcome == "failed" and not id.startswith("teardown.")}


@pytest.mark.parametrize("name", ["torn-down", "everything-gone"])
def test_done_and_torn_down_is_all_points_at_the_first_look(name, account, survey, lesson, rubric):
    """The work counts, and so does the cleaning up."""
    student(name).build(account)
    found: Survey = survey()

    result = grade(found, rubric("sagemaker-intro"), lesson, final=True)

    assert [one.id for one in result.criteria if one.outcome not in ("passed", "pending")] == []
    assert (result.score.earned, result.score.possible, result.score.complete) == (100, 100, True)


def test_without_the_event_history_nothing_that_was_done_is_failed(account, survey, judged):
    """What cannot be known is unverified, and the advice names the permission."""
    student("everything-gone").build(account)
    keys = account.user_with(without_traces())

    found = survey(credentials=keys)
    outcomes = judged(found, final=True)

    assert {id for id, outcome in outcomes.items() if outcome == "failed"} == set()
    assert {"instance.type", "role.scoped", "bucket.private"} <= {
        id for id, outcome in outcomes.items() if outcome == "unverified"
    }
    assert {gap.call for gap in found.gaps} == {"LookupEvents", "GetMetricData"}
    assert any("Grant cloudtrail:LookupEvents" in gap.advice for gap in found.gaps)


@pytest.mark.parametrize("one", WORK, ids=lambda one: one.name)
def test_a_mistake_is_the_same_after_the_teardown_or_unverified(one: Student, account, survey, judged):
    """Cleaning up hides no mistake as a success, and makes none of what was right.

    But for what an endpoint answers: once it is gone, that it was asked is all there is to see, and enough.
    """
    one.build(account)
    before = judged(survey(), final=True)
    tear_down(account)

    after = judged(survey(), final=True)

    assert failed(after) <= failed(before)
    assert {after[id] for id in failed(before) - {"endpoint.prediction"}} <= {"failed", "unverified", "blocked"}

"""What is gone is judged by its traces: the same verdict as before, or unverified."""

import pytest

from simulator.students import CATALOGUE, Student, student
from simulator.students.after_teardown import (
    AFTER_TEARDOWN,
    LOSSES,
    Changes,
    Loss,
    delete_job,
    delete_the_rest,
    tear_down_everywhere,
)
from simulator.students.choices import own_bucket
from simulator.students.mistakes import copied_model
from simulator.students.steps import ask, prepare, train
from simulator.students.verdicts import DEPLOYED, WELL_IN_THE_END
from skymark.evidence import Survey
from skymark.grading import grade
from skymark.permissions import read_only_policy

TRACES = ("cloudtrail:LookupEvents", "cloudwatch:GetMetricData")
WORK = [one for one in CATALOGUE if one.kind == "mistake" and one.rubric == "sagemaker-intro"]


def without_traces() -> dict[str, object]:
    """The printed policy, but for the event history and the metrics."""
    policy = read_only_policy()
    for statement in policy["Statement"]:
        statement["Action"] = [one for one in statement["Action"] if one not in TRACES] or ["none:None"]
    return policy


def but_teardown(outcomes: dict[str, str]) -> dict[str, str]:
    """All but what is judged as of now."""
    return {id: outcome for id, outcome in outcomes.items() if not id.startswith("teardown.")}


def changed(outcomes: dict[str, str], changes: Changes) -> dict[str, str]:
    """With what is judged otherwise."""
    return but_teardown(outcomes) | {id: change.outcome for id, change in changes.items()}


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
def test_a_mistake_is_judged_after_the_teardown_as_it_was_before(one: Student, account, survey, judged):
    """Cleaning up hides no mistake as a success, and makes none; but for what docs/after-teardown.md tells.

    Whether a student cleans up as the lesson says, or deletes bucket, role, model and configuration, too.
    """
    one.build(account)
    before = judged(survey(), final=True)

    tear_down_everywhere(account)
    torn_down = judged(survey(), final=True)
    delete_the_rest(account)
    gone = judged(survey(), final=True)

    expected = changed(before, AFTER_TEARDOWN.get(one.name, {}))
    assert but_teardown(torn_down) == expected
    assert but_teardown(gone) == expected


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.what.replace(" ", "-"))
def test_what_else_is_deleted_is_at_most_unverified(loss: Loss, account, survey, judged):
    """Training jobs and logs are traces themselves, and for some of it the only ones."""
    student("everything-gone").build(account)
    loss.delete(account)

    outcomes = judged(survey(), final=True)

    assert but_teardown(outcomes) == changed(dict(WELL_IN_THE_END), loss.changes)


def test_a_stopped_job_that_is_gone_is_not_completed(account, survey, judged):
    """It was made, and nothing shows that it came to its end."""
    student("training-stopped").build(account)
    delete_job(account)

    outcomes = judged(survey(), final=True)

    assert {outcomes[id] for id in ("training.completed", "training.output", *DEPLOYED)} == {"unverified"}


@pytest.mark.parametrize(("configs", "outcome"), [(("own", "other"), "passed"), (("other", "own"), "unverified")])
def test_an_endpoint_is_joined_to_every_model_that_it_served(configs, outcome, account, survey, judged):
    """It was made with one configuration and updated to another before it was deleted: its log began with the first.

    Where that was not the lesson's, the log does not tell that the lesson's was asked.
    """
    job = train(account, prepare(account))
    for name, served in (("own", job), ("other", copied_model(account, job, own_bucket(account)))):
        account.make_endpoint_config(account.make_model(served, name), name)
    endpoint = account.make_endpoint(configs[0])
    account.wait_for("endpoint", endpoint, "InService")
    ask(account, job.role_arn, endpoint)
    account.sagemaker().update_endpoint(EndpointName=endpoint, EndpointConfigName=configs[1])
    account.wait_for("endpoint", endpoint, "InService")
    tear_down_everywhere(account)
    delete_the_rest(account)

    outcomes = judged(survey(), final=True)

    assert but_teardown(outcomes) == but_teardown(WELL_IN_THE_END | dict.fromkeys(DEPLOYED, outcome))

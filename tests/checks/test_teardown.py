"""What is left when the lesson is over."""

import msgspec
import pytest

from skymark.evidence import App, Domain

HOURLY = ["teardown.instance", "teardown.endpoint", "teardown.everywhere"]


@pytest.mark.criterion("teardown.instance")
@pytest.mark.parametrize(
    ("status", "plain", "final"),
    [
        ("InService", "pending", "failed"),
        ("Stopped", "pending", "failed"),
        ("Failed", "pending", "failed"),
        ("Stopping", "pending", "unverified"),
        ("Deleting", "pending", "unverified"),
    ],
)
def test_an_instance_that_is_left(status, plain, final, good, changed, outcomes):
    """A click before the bell is not lost because AWS is slow."""
    survey = changed(good, "notebook_instances", status=status)

    assert outcomes(survey)["teardown.instance"] == plain
    assert outcomes(survey, final=True)["teardown.instance"] == final


@pytest.mark.criterion("teardown.instance")
def test_any_instance_in_any_region_counts(torn_down, good, verdicts):
    """The list must be empty everywhere."""
    other = msgspec.structs.replace(good.notebook_instances[0], name="another", region="eu-west-1")
    found = verdicts(msgspec.structs.replace(torn_down, notebook_instances=(other,)))["teardown.instance"]

    assert found.outcome == "pending"
    assert found.message == "notebook instance another in eu-west-1 is InService: stop it, then delete it"


@pytest.mark.criterion("teardown.endpoint")
@pytest.mark.parametrize(
    ("status", "final"),
    [("InService", "failed"), ("Creating", "failed"), ("Failed", "failed"), ("Deleting", "unverified")],
)
def test_an_endpoint_that_is_left(status, final, good, changed, outcomes):
    """It bills until it is deleted."""
    survey = changed(good, "endpoints", status=status)

    assert outcomes(survey)["teardown.endpoint"] == "pending"
    assert outcomes(survey, final=True)["teardown.endpoint"] == final


@pytest.mark.criterion("teardown.everywhere")
@pytest.mark.parametrize(
    ("status", "type", "outcome"),
    [
        ("InService", "ml.t3.medium", "pending"),
        ("InService", "ml.unheard.of", "pending"),
        ("InService", "system", "passed"),
        ("Deleted", "ml.t3.medium", "passed"),
    ],
)
def test_studio_apps_bill_unless_they_are_free_or_gone(status, type, outcome, torn_down, outcomes):
    """What has no known price is not taken to be free."""
    app = App("d-1", "JupyterLab", "default", "us-west-2", status, space="mine", instance_type=type)
    domain = Domain("d-1", "studio", "us-west-2", "InService")
    survey = msgspec.structs.replace(torn_down, domains=(domain,), apps=(app,))

    assert outcomes(survey)["teardown.everywhere"] == outcome


@pytest.mark.criterion("teardown.everywhere")
def test_a_training_job_that_runs_bills(torn_down, good, outcomes):
    """It ends by itself: AWS is at work."""
    running = msgspec.structs.replace(good.training_jobs[0], name="later", status="InProgress", artifact_uri=None)
    survey = msgspec.structs.replace(torn_down, training_jobs=(running, *good.training_jobs))

    assert outcomes(survey)["teardown.everywhere"] == "pending"
    assert outcomes(survey, final=True)["teardown.everywhere"] == "unverified"


@pytest.mark.criterion("teardown.everywhere")
@pytest.mark.parametrize(
    ("call", "criterion"),
    [
        ("ListNotebookInstances", "teardown.instance"),
        ("ListEndpoints", "teardown.endpoint"),
        ("ListApps", "teardown.everywhere"),
        ("ListDomains", "teardown.everywhere"),
        ("ListTrainingJobs", "teardown.everywhere"),
    ],
)
def test_an_unread_region_makes_exactly_what_needs_the_call_unverified(call, criterion, torn_down, denied, outcomes):
    """Clean is only said of regions that answered."""
    found = outcomes(denied(torn_down, "sagemaker", call, "eu-west-1"))

    assert {id: found[id] for id in HOURLY} == dict.fromkeys(HOURLY, "passed") | {criterion: "unverified"}


@pytest.mark.criterion("teardown.instance")
def test_a_leftover_that_was_seen_decides_whatever_else_was_unreadable(good, denied, outcomes):
    """One is enough."""
    survey = denied(good, "sagemaker", "ListNotebookInstances", "eu-west-1")
    survey = denied(survey, "sagemaker", "ListEndpoints", "eu-west-1")

    found = outcomes(survey, final=True)

    assert (found["teardown.instance"], found["teardown.endpoint"]) == ("failed", "failed")


@pytest.mark.criterion("teardown.tidy")
def test_tidying_away_is_advice_and_passes_when_nothing_is_left(torn_down, outcomes):
    """0 points: pending while there is something, even in the end."""
    bare = msgspec.structs.replace(
        torn_down, models=(), endpoint_configs=(), buckets=(), roles=(), missing_roles=(torn_down.roles[0].arn,)
    )

    assert outcomes(torn_down, final=True)["teardown.tidy"] == "pending"
    assert outcomes(bare)["teardown.tidy"] == "passed"


@pytest.mark.criterion("teardown.tidy")
def test_a_role_that_the_wizard_did_not_make_is_not_the_students_to_delete(torn_down, changed, verdicts):
    """LabRole, for example."""
    lab = "arn:aws:iam::123456789012:role/LabRole"
    survey = changed(changed(torn_down, "roles", name="LabRole", arn=lab), "training_jobs", role_arn=lab)

    assert "LabRole" not in verdicts(survey)["teardown.tidy"].message

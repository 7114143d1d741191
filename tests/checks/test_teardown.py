"""What is left when the lesson is over."""

import datetime as dt

import msgspec
import pytest

from skymark.evidence import App, Domain, HistoryRead, Regions, Resource
from skymark.judge import judge
from skymark.lives import ABOUT
from skymark.rubric_file import load_rubric
from skymark.window import Window

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
@pytest.mark.parametrize(
    ("service", "type", "status", "outcome"),
    [
        ("ec2", "nat-gateway", "pending", "failed"),
        ("ec2", "nat-gateway", "failed", "passed"),
        ("ec2", "nat-gateway", "deleting", "passed"),
        ("ec2", "vpc-endpoint", "pending", "failed"),
        ("sagemaker", "mlflow-tracking-server", "Creating", "failed"),
        ("sagemaker", "mlflow-tracking-server", "Starting", "failed"),
        ("sagemaker", "mlflow-tracking-server", "Stopped", "passed"),
        ("sagemaker", "mlflow-tracking-server", "CreateFailed", "passed"),
    ],
)
def test_what_will_bill_in_a_minute_is_left_and_what_stands_still_is_not(
    service, type, status, outcome, torn_down, outcomes
):
    """Nobody has torn down who is just making something."""
    note = {"vpc-endpoint": "Interface", "mlflow-tracking-server": "Inactive"}.get(type)
    one = Resource(service, type, "it", "us-east-1", status, torn_down.surveyed_at, instance_count=1, note=note)

    found = outcomes(msgspec.structs.replace(torn_down, resources=(one,)), final=True)

    assert found["teardown.everywhere"] == outcome


@pytest.fixture
def everywhere(torn_down, lesson):
    """The verdict of an account in which these are left, by the lesson's times; nothing was deleted meanwhile."""

    def judged(*resources, **times):
        names = [name for making, about in ABOUT.items() for name in (making, *about)]
        since = torn_down.surveyed_at - dt.timedelta(days=89)
        history = [HistoryRead(name, region, since) for name in names for region in torn_down.regions.answered]
        survey = msgspec.structs.replace(torn_down, resources=resources, history=tuple(history))
        found = judge(survey, load_rubric(lesson, "sagemaker-intro"), lesson, final=True, **times)
        return next(one for one in found.verdicts if one.id == "teardown.everywhere")

    return judged


ADDRESS = Resource("ec2", "address", "eipalloc-1", "us-east-1")


@pytest.mark.criterion("teardown.everywhere")
def test_what_has_no_date_is_neither_left_nor_proof_of_a_clean_end_where_its_age_matters(everywhere, torn_down):
    """It may have been there before the lesson, or have come after it."""
    now = torn_down.surveyed_at
    hour = dt.timedelta(hours=1)

    assert everywhere(ADDRESS).outcome == "failed"
    assert everywhere(ADDRESS, due=now + hour).outcome == "failed"
    for times in ({"due": now - hour}, {"window": Window(since=now - 2 * hour)}):
        found = everywhere(ADDRESS, **times)
        assert (found.outcome, found.message) == (
            "unverified",
            "address eipalloc-1 in us-east-1 is there: when it was made is not known",
        )
        assert everywhere(**times).outcome == "passed"


@pytest.mark.criterion("teardown.everywhere")
def test_a_leftover_with_a_date_decides_whatever_has_none(everywhere, torn_down):
    """One is enough."""
    due = torn_down.surveyed_at - dt.timedelta(hours=1)
    gateway = Resource("ec2", "nat-gateway", "nat-1", "us-east-1", "available", due)

    assert everywhere(ADDRESS, gateway, due=due).outcome == "failed"


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


@pytest.mark.criterion("teardown.everywhere")
def test_nothing_is_clean_where_no_region_was_looked_into(torn_down, outcomes):
    """A survey that was handed in may name none, and no gap either."""
    nowhere = msgspec.structs.replace(torn_down, regions=Regions(()))

    found = outcomes(nowhere, final=True)

    assert {found[id] for id in HOURLY} == {"unverified"}


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

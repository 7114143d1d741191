"""The six criteria of the notebook instance, and which instance is taken."""

import msgspec
import pytest

from skymark.evidence import App


@pytest.mark.criterion("instance.name")
def test_a_misnamed_instance_fails_only_its_name(good, changed, difference, verdicts):
    """Every other criterion is judged on the one that is there."""
    survey = changed(changed(good, "notebook_instances", name="smtest"), "jupyter_logs", instance="smtest")

    assert difference(survey) == {"instance.name": "failed"}
    assert verdicts(survey)["instance.name"].message == (
        "the notebook instance is called smtest, it should be called sm-test"
    )


@pytest.mark.criterion("instance.name")
def test_no_instance_in_a_readable_account_is_pending_and_blocks(good, outcomes):
    """Not there yet: nothing red, and what hangs on it waits."""
    found = outcomes(msgspec.structs.replace(good, notebook_instances=(), jupyter_logs=()))

    assert found["instance.name"] == "pending"
    assert {found[id] for id in ("instance.type", "instance.in_service", "notebook.created")} == {"blocked"}


@pytest.mark.criterion("instance.name")
def test_no_instance_but_an_unread_region_is_unverified(good, denied, outcomes):
    """It may be there."""
    survey = msgspec.structs.replace(good, notebook_instances=(), jupyter_logs=())
    found = outcomes(denied(survey, "sagemaker", "ListNotebookInstances", "eu-west-1"))

    assert {found[id] for id in ("instance.name", "instance.type", "notebook.created", "teardown.instance")} == {
        "unverified"
    }


@pytest.mark.criterion("instance.name")
def test_a_misnamed_instance_beside_an_unread_region_is_unverified(good, changed, denied, difference):
    """The one with the right name may be where nobody could look."""
    survey = changed(changed(good, "notebook_instances", name="smtest"), "jupyter_logs", instance="smtest")
    survey = denied(survey, "sagemaker", "ListNotebookInstances", "eu-west-1")

    assert difference(survey) == {"instance.name": "unverified"}


@pytest.mark.criterion("instance.name")
def test_the_exact_name_wins_over_a_newer_one(good, verdicts):
    """Fields of two instances are never mixed."""
    newer = msgspec.structs.replace(
        good.notebook_instances[0], name="sm-test-2", instance_type="ml.m5.xlarge", created_at=good.surveyed_at
    )
    found = verdicts(msgspec.structs.replace(good, notebook_instances=(newer, *good.notebook_instances)))

    assert found["instance.name"].message == "sm-test"
    assert found["instance.type"].outcome == "passed"


@pytest.mark.criterion("instance.name")
def test_of_two_misnamed_instances_the_connected_one_is_taken(good, changed, verdicts):
    """The training job ran under its role."""
    survey = changed(changed(good, "notebook_instances", name="smtest"), "jupyter_logs", instance="smtest")
    other = msgspec.structs.replace(
        survey.notebook_instances[0], name="another", role_arn="arn:aws:iam::123456789012:role/Other",
        created_at=good.surveyed_at,
    )  # fmt: skip
    found = verdicts(msgspec.structs.replace(survey, notebook_instances=(other, *survey.notebook_instances)))

    assert "smtest" in found["instance.name"].message


@pytest.mark.criterion("instance.name")
def test_somebody_who_used_studio_is_told_so_at_once(good, verdicts):
    """The name fails; role and region are judged from the training job."""
    app = App("d-1", "JupyterLab", "default", "us-east-1", "InService", space="mine", instance_type="ml.t3.medium")
    survey = msgspec.structs.replace(good, notebook_instances=(), jupyter_logs=(), apps=(app,))
    found = verdicts(survey)

    assert found["instance.name"].outcome == "failed"
    assert "Studio" in found["instance.name"].message
    assert {str(found[id].outcome) for id in ("bucket.region", "role.trust", "role.scoped")} == {"passed"}
    assert {str(found[id].outcome) for id in ("instance.type", "instance.in_service")} == {"blocked"}


@pytest.mark.criterion("instance.type")
@pytest.mark.parametrize(("type", "expected"), [("ml.t3.medium", {}), ("ml.m5.xlarge", {"instance.type": "failed"})])
def test_the_type_is_the_lessons_or_its_stand_in(type, expected, good, changed, difference):
    """ml.t3.medium is accepted where ml.t2.medium is not to be had."""
    assert difference(changed(good, "notebook_instances", instance_type=type)) == expected


@pytest.mark.criterion("instance.accelerator")
def test_elastic_inference_fails(good, changed, difference):
    """None is wanted."""
    survey = changed(good, "notebook_instances", accelerator_types=("ml.eia2.medium",))

    assert difference(survey) == {"instance.accelerator": "failed"}


@pytest.mark.criterion("instance.root_access")
def test_disabled_root_access_fails(good, changed, difference):
    """Enabled is wanted."""
    assert difference(changed(good, "notebook_instances", root_access=False)) == {"instance.root_access": "failed"}


@pytest.mark.criterion("instance.root_access")
def test_what_describe_did_not_tell_is_unverified(good, changed, denied, difference):
    """The list still tells name, type and status."""
    survey = changed(good, "notebook_instances", root_access=None, accelerator_types=None, role_arn=None)
    survey = denied(survey, "sagemaker", "DescribeNotebookInstance", "us-east-1", resource="sm-test")

    assert difference(survey) == dict.fromkeys(
        ["role.trust", "role.scoped", "instance.accelerator", "instance.root_access", "instance.role"], "unverified"
    )


@pytest.mark.criterion("instance.role")
def test_a_role_of_another_account_fails(good, changed, difference):
    """An execution role of this account is wanted; a foreign role's policies cannot be read."""
    foreign = "arn:aws:iam::999988887777:role/Elsewhere"

    found = difference(changed(good, "notebook_instances", role_arn=foreign))

    assert found == {"instance.role": "failed", "role.trust": "unverified", "role.scoped": "unverified"}


@pytest.mark.criterion("instance.role")
def test_a_role_that_was_deleted_is_unverified_never_failed(good, difference):
    """Nobody is marked down for cleaning up too well."""
    survey = msgspec.structs.replace(good, roles=(), missing_roles=(good.roles[0].arn,))

    assert difference(survey, final=True) == dict.fromkeys(["role.trust", "role.scoped", "instance.role"], "unverified")


@pytest.mark.criterion("instance.in_service")
@pytest.mark.parametrize("status", ["InService", "Updating", "Stopping", "Stopped", "Deleting"])
def test_a_status_that_follows_in_service_shows_it(status, good, changed, outcomes):
    """Stopping too early to look does not cost the points."""
    survey = msgspec.structs.replace(changed(good, "notebook_instances", status=status), jupyter_logs=())

    assert outcomes(survey)["instance.in_service"] == "passed"


@pytest.mark.criterion("instance.in_service")
@pytest.mark.parametrize(
    ("status", "reason", "plain", "final"),
    [
        ("Pending", None, "pending", "unverified"),
        ("Failed", "Insufficient capacity for ml.t2.medium.", "pending", "unverified"),
        ("Failed", "Lifecycle Configuration script failed.", "failed", "failed"),
        ("Failed", None, "pending", "unverified"),
        ("Stopped", "The lifecycle script failed.", "failed", "failed"),
    ],
)
def test_what_is_aws_own_doing_never_fails(status, reason, plain, final, good, changed, outcomes):
    """AWS at work and AWS refusing are pending, and unverified in the end; the student's own script is a mistake."""
    survey = changed(good, "notebook_instances", status=status, failure_reason=reason)
    survey = msgspec.structs.replace(survey, jupyter_logs=())

    assert outcomes(survey)["instance.in_service"] == plain
    assert outcomes(survey, final=True)["instance.in_service"] == final


@pytest.mark.criterion("instance.in_service")
def test_jupyter_waits_for_an_instance_that_is_starting(good, changed, verdicts):
    """Nothing can be done in Jupyter before."""
    survey = msgspec.structs.replace(changed(good, "notebook_instances", status="Pending"), jupyter_logs=())
    found = verdicts(survey)

    assert {found[id].blocked_by for id in ("notebook.created", "notebook.executed", "notebook.uploaded")} == {
        "instance.in_service"
    }


@pytest.mark.criterion("instance.name")
def test_a_studio_app_of_another_time_is_not_the_lessons(good, outcomes):
    """It was made long before: the instance may just be gone."""
    old = good.surveyed_at.replace(year=2018)
    app = App("d-1", "JupyterLab", "default", "us-east-1", "InService", space="mine", created_at=old)
    survey = msgspec.structs.replace(good, notebook_instances=(), jupyter_logs=(), apps=(app,))

    assert outcomes(survey)["instance.name"] == "pending"
    assert outcomes(survey, final=True)["instance.name"] == "unverified"


@pytest.mark.criterion("instance.name")
def test_after_the_teardown_unread_logs_are_no_absence(good, denied, outcomes):
    """Only they would tell where the instance was."""
    survey = msgspec.structs.replace(good, notebook_instances=(), jupyter_logs=(), endpoints=())
    found = outcomes(denied(survey, "logs", "DescribeLogGroups", "us-east-1"))

    assert {found[id] for id in ("instance.name", "teardown.instance", "endpoint.in_service")} == {"unverified"}


@pytest.mark.criterion("instance.in_service")
def test_the_log_of_an_earlier_instance_of_that_name_shows_nothing(good, changed, outcomes):
    """Two things are never mixed, though both are called sm-test."""
    later = good.surveyed_at.replace(hour=18, minute=50)
    survey = changed(good, "notebook_instances", created_at=later, status="Failed", failure_reason="lifecycle script")

    assert {outcomes(survey)[id] for id in ("instance.in_service",)} == {"failed"}
    assert outcomes(survey)["notebook.created"] == "blocked"


@pytest.mark.criterion("instance.in_service")
@pytest.mark.parametrize("status", ["Stopped", "Deleting", "Failed"])
def test_a_refused_describe_is_no_missing_reason(status, good, changed, denied, outcomes):
    """A reason may stand where nobody could look."""
    survey = changed(good, "notebook_instances", status=status, role_arn=None, root_access=None)
    survey = msgspec.structs.replace(survey, jupyter_logs=())
    survey = denied(survey, "sagemaker", "DescribeNotebookInstance", "us-east-1", resource="sm-test")

    assert outcomes(survey, final=True)["instance.in_service"] == "unverified"


@pytest.mark.criterion("instance.type")
def test_another_sm_test_may_be_in_a_region_that_was_not_read(good, changed, denied, outcomes):
    """Names are unique in a region only; the job ran elsewhere."""
    survey = changed(good, "notebook_instances", region="us-west-2", instance_type="ml.m5.xlarge")
    survey = denied(survey, "sagemaker", "ListNotebookInstances", "us-east-1")

    assert outcomes(survey)["instance.type"] == "unverified"

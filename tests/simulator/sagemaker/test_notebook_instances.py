"""Notebook instances: every state, in AWS's order and times, and what is refused in each."""

from typing import Any

import pytest

from simulator.sagemaker import quotas


@pytest.fixture
def status(account) -> Any:
    """The state of `sm-test`, None when there is no such instance."""

    def look() -> str | None:
        found = account.sagemaker().list_notebook_instances()["NotebookInstances"]
        return found[0]["NotebookInstanceStatus"] if found else None

    return look


def test_an_instance_goes_through_all_states(account, role, standing, status) -> None:
    """Pending, InService, Stopping, Stopped, Deleting, gone; each no sooner than AWS would be there."""
    seen = []
    account.make_notebook_instance(role)
    for act, seconds in ((None, 180), (account.stop_instance, 90), (account.delete_instance, 60)):
        if act:
            act()
        standing.advance(seconds - 1)
        seen.append(status())
        standing.advance(1)
        seen.append(status())

    assert seen == ["Pending", "InService", "Stopping", "Stopped", "Deleting", None]


def test_a_stopped_instance_starts_again(account, role, standing, status) -> None:
    """Start leads from Stopped through Pending to InService."""
    account.make_notebook_instance(role)
    standing.advance(180)
    account.stop_instance()
    standing.advance(90)
    account.sagemaker().start_notebook_instance(NotebookInstanceName="sm-test")

    before = status()
    standing.advance(180)

    assert (before, status()) == ("Pending", "InService")


def test_an_update_changes_a_stopped_instance(account, role, standing) -> None:
    """Another type is taken while the instance is stopped; it is Updating, and then Stopped again."""
    account.make_notebook_instance(role)
    standing.advance(180)
    account.stop_instance()
    standing.advance(90)
    sagemaker = account.sagemaker()
    sagemaker.update_notebook_instance(NotebookInstanceName="sm-test", InstanceType="ml.t3.medium")
    updating = sagemaker.describe_notebook_instance(NotebookInstanceName="sm-test")
    standing.advance(60)
    updated = sagemaker.describe_notebook_instance(NotebookInstanceName="sm-test")

    assert updating["NotebookInstanceStatus"] == "Updating"
    assert (updated["NotebookInstanceStatus"], updated["InstanceType"]) == ("Stopped", "ml.t3.medium")


def test_an_instance_fails_on_demand_with_awss_reason(account, role, standing) -> None:
    """A tag makes it fail, when it would have been in service; it can be deleted then."""
    account.make_notebook_instance(role, fails="Insufficient capacity for ml.t2.medium.")
    standing.advance(180)
    sagemaker = account.sagemaker()

    found = sagemaker.describe_notebook_instance(NotebookInstanceName="sm-test")
    account.delete_instance()

    assert found["NotebookInstanceStatus"] == "Failed"
    assert found["FailureReason"] == "Insufficient capacity for ml.t2.medium."


def test_describe_shows_what_was_asked_for_and_nothing_else(account, role, standing) -> None:
    """As on AWS, what was not given is absent, not null."""
    account.make_notebook_instance(role)
    standing.advance(180)

    found = account.sagemaker().describe_notebook_instance(NotebookInstanceName="sm-test")

    del found["ResponseMetadata"]
    assert found.pop("Url").startswith("sm-test-")
    times = found.pop("CreationTime"), found.pop("LastModifiedTime")
    assert (times[1] - times[0]).total_seconds() == 180
    assert found == {
        "NotebookInstanceArn": f"arn:aws:sagemaker:us-east-1:{account.number}:notebook-instance/sm-test",
        "NotebookInstanceName": "sm-test",
        "NotebookInstanceStatus": "InService",
        "InstanceType": "ml.t2.medium",
        "RoleArn": role,
        "DirectInternetAccess": "Enabled",
        "VolumeSizeInGB": 5,
        "RootAccess": "Enabled",
        "PlatformIdentifier": "notebook-al2023-v1",
    }


def test_deleting_a_running_instance_is_refused(account, role, standing, refused) -> None:
    """It must be stopped first; AWS says which states it wants."""
    account.make_notebook_instance(role)
    standing.advance(180)

    found = refused(account.delete_instance)

    arn = f"arn:aws:sagemaker:us-east-1:{account.number}:notebook-instance/sm-test"
    assert found == (
        "ValidationException",
        "Status (InService) not in ([Stopped, Failed]). Unable to transition to (Deleting) for Notebook Instance "
        f"({arn})",
    )


def test_a_name_is_given_once(account, role, refused) -> None:
    """A second instance of that name is refused, naming the first."""
    account.make_notebook_instance(role)

    code, message = refused(lambda: account.make_notebook_instance(role))

    assert code == "ValidationException"
    assert message.startswith("Cannot create a duplicate Notebook Instance (arn:aws:sagemaker:us-east-1:")


@pytest.mark.parametrize("act", ["describe", "start", "stop", "delete"])
def test_an_unknown_instance_is_record_not_found(account, refused, act) -> None:
    """Each call says so in the same words."""
    call = getattr(account.sagemaker(), f"{act}_notebook_instance")

    assert refused(lambda: call(NotebookInstanceName="nobody")) == ("ValidationException", "RecordNotFound")


def test_the_quota_refuses_one_too_many(account, role, refused) -> None:
    """The limit is an account's own, by AWS's name of it."""
    quotas.set_limit(account.number, "ml.t2.medium for notebook instance usage", 1)
    account.make_notebook_instance(role)

    code, message = refused(lambda: account.make_notebook_instance(role, "second"))

    assert code == "ResourceLimitExceeded"
    assert message.startswith(
        "The account-level service limit 'ml.t2.medium for notebook instance usage' is 1 Instances, with current "
        "utilization of 1 Instances and a request delta of 1 Instances."
    )


def test_jupyter_opens_only_in_service(account, role, standing, refused) -> None:
    """There is no address to sign for an instance that is still starting."""
    account.make_notebook_instance(role)

    code, _ = refused(account.open_jupyter)

    assert code == "ValidationException"


def test_jupyters_clicks_are_in_the_log(account, role) -> None:
    """Opened, made, run, uploaded: each leaves its line, in the instance's own stream."""
    account.make_notebook_instance(role)

    jupyter = account.open_jupyter()
    jupyter.new_notebook()
    jupyter.run()
    jupyter.upload("portfolio_planner_part_2.ipynb")

    events = account.logs().filter_log_events(logGroupName="/aws/sagemaker/NotebookInstances")["events"]
    lines = [event["message"].partition("ServerApp] ")[2] for event in events]
    assert {event["logStreamName"] for event in events} == {"sm-test/jupyter.log"}
    assert [line.partition(":")[0] for line in lines] == [
        "Jupyter Server 2.14.2 is running at",
        "https",
        "Creating new notebook in",
        "Saving file at /Untitled.ipynb",
        "Kernel started",
        "Uploading file to /portfolio_planner_part_2.ipynb",
        "Saving file at /portfolio_planner_part_2.ipynb",
    ]


def test_a_role_without_logs_writes_none(account) -> None:
    """A role that may not write logs leaves none, as on AWS."""
    role = account.make_execution_role("none")
    account.iam.detach_role_policy(
        RoleName=role.rpartition("/")[2], PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    )
    account.make_notebook_instance(role)

    account.open_jupyter().new_notebook()

    assert account.logs().describe_log_groups()["logGroups"] == []

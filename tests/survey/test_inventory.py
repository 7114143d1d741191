"""What else bills in SageMaker: what is told of each kind, and what lies in something else."""

import datetime as dt

import pytest
from botocore.stub import Stubber

from simulator.students.leftovers import leave_everything
from skymark.evidence import Resource
from skymark.survey.calls import CALLS
from skymark.survey.inventory import (
    EVERYWHERE,
    WHERE_ACTIVE,
    WHERE_ENDPOINTS_ARE,
    WHERE_STUDIO_IS,
    read_executions,
    read_experiments,
)
from skymark.survey.reading import Reading

MADE = dt.datetime(2026, 7, 1, 18, 40, tzinfo=dt.UTC)
REGION = "us-east-1"
ARN = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/p/execution/abcdefghijkl"


@pytest.fixture
def left(account, connection):
    """Everything that a student can leave in SageMaker, by type: what is told of it beside name, state and time."""
    leave_everything(account)
    readers = (*EVERYWHERE, *WHERE_ACTIVE, *WHERE_STUDIO_IS, *WHERE_ENDPOINTS_ARE)
    found = [
        one
        for reader in readers
        if reader.service == "sagemaker"
        for one in reader.read(connection.client("sagemaker", REGION), REGION).items
    ]
    return {one.type: (one.within, one.instance_type, one.instance_count, one.size_gib, one.note) for one in found}


def test_what_is_told_of_each_kind(account, left):
    """Machines, disks, what it lies in; everything has a name."""
    (domain,) = account.sagemaker().list_domains()["Domains"]

    usual = ((), None, None, None, None)
    assert {type_: told for type_, told in left.items() if told != usual} == {
        "processing-job": ((), "ml.m5.xlarge", 1, None, None),
        "transform-job": ((), "ml.m5.xlarge", 1, None, None),
        "optimization-job": ((), "ml.g5.xlarge", None, None, None),
        "cluster": ((), "ml.m5.xlarge", 1, None, None),
        "mlflow-tracking-server": ((), "Small", 1, None, "Active"),
        "pipeline-execution": (("left-behind",), None, None, None, None),
        "monitoring-schedule": (("left-behind",), None, None, None, None),
        "training-plan": ((), None, None, None, "32.77 USD"),
        "trial": (("left-behind-tried",), None, None, None, None),
        "space": ((domain["DomainId"],), None, None, 5, "JupyterLab"),
        "user-profile": ((domain["DomainId"],), None, None, None, None),
        "inference-component": (("left-behind-components",), None, None, None, None),
    }


GROUP = {"InstanceGroupName": "g", "InstanceType": "ml.m5.xlarge", "CurrentCount": 2}


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        ([GROUP, GROUP], ("ml.m5.xlarge", 4, None)),
        ([GROUP, GROUP | {"InstanceType": "ml.p4d.24xlarge"}], (None, None, "2 x ml.m5.xlarge, 2 x ml.p4d.24xlarge")),
        ([], (None, None, None)),
    ],
)
def test_the_machines_of_a_cluster_are_counted_by_type(client, groups, told):
    """Of several types none can be told, but in words."""
    row = {"ClusterArn": ARN, "ClusterName": "c", "CreationTime": MADE, "ClusterStatus": "InService"}
    (reader,) = (one for one in EVERYWHERE if getattr(one.read, "args", ()) and one.read.args[0].type == "cluster")
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("list_clusters", {"ClusterSummaries": [row]})
        aws.add_response(
            "describe_cluster", {"ClusterArn": ARN, "ClusterStatus": "InService", "InstanceGroups": groups}
        )
        (found,) = reader.read(sagemaker, REGION).items

    assert (found.instance_type, found.instance_count, found.note) == told


def test_the_selected_of_several_types_is_the_one_that_runs(client):
    """A processing job may name several that would do."""
    row = {"ProcessingJobName": "j", "ProcessingJobArn": ARN, "CreationTime": MADE, "ProcessingJobStatus": "InProgress"}
    machines = {"SelectedInstanceType": "ml.c5.xlarge", "SelectedInstanceCount": 3, "VolumeSizeInGB": 1}
    reader = EVERYWHERE[1]
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("list_processing_jobs", {"ProcessingJobSummaries": [row]})
        aws.add_response(
            "describe_processing_job",
            row | {"AppSpecification": {"ImageUri": "i"}, "ProcessingResources": {"ClusterConfig": machines}},
        )
        (found,) = reader.read(sagemaker, REGION).items

    assert (found.instance_type, found.instance_count) == ("ml.c5.xlarge", 3)


def test_only_runs_that_are_under_way_are_told_of_a_pipeline(client):
    """A pipeline that is gone since it was listed has none; what is refused is a gap, and hides no other."""
    run = {"PipelineExecutionArn": ARN, "PipelineExecutionStatus": "Executing", "StartTime": MADE}
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        names = [{"PipelineName": name} for name in ("gone", "p", "secret")]
        aws.add_response("list_pipelines", {"PipelineSummaries": names})
        aws.add_client_error("list_pipeline_executions", "ResourceNotFound")
        aws.add_response(
            "list_pipeline_executions",
            {"PipelineExecutionSummaries": [run | {"PipelineExecutionStatus": "Succeeded"}, run]},
            {"MaxResults": 100, "PipelineName": "p"},
        )
        aws.add_client_error("list_pipeline_executions", "AccessDeniedException")
        reading = read_executions(sagemaker, REGION)

    assert reading.items == (Resource("sagemaker", "pipeline-execution", ARN, REGION, "Executing", MADE, ("p",)),)
    assert [(gap.call, gap.resource) for gap in reading.gaps] == [("ListPipelineExecutions", "secret")]


def test_trials_lie_in_their_experiments(client):
    """Without experiments none are asked for."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("list_experiments", {"ExperimentSummaries": [{"ExperimentName": "e", "CreationTime": MADE}]})
        aws.add_response(
            "list_trials", {"TrialSummaries": [{"TrialName": "t"}]}, {"MaxResults": 100, "ExperimentName": "e"}
        )
        aws.add_response("list_experiments", {"ExperimentSummaries": []})
        some, none = read_experiments(sagemaker, REGION), read_experiments(sagemaker, REGION)

    assert some == Reading(
        (
            Resource("sagemaker", "experiment", "e", REGION, None, MADE),
            Resource("sagemaker", "trial", "t", REGION, within=("e",)),
        )
    )
    assert none == Reading()


def test_every_reader_is_of_a_service_that_the_policy_grants():
    """Its client can be made."""
    assert {reader.service for reader in EVERYWHERE} <= {call.service for call in CALLS}

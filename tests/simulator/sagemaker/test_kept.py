"""What is kept by the table of kinds: states, refusals, lists and tags."""

from typing import Any

import pytest
from botocore.model import ListShape, StructureShape
from moto.core.utils import get_service_model

from simulator.failing import failing
from simulator.sagemaker.kinds import KINDS, OPERATIONS
from simulator.staying import staying

IMAGE = "382416733822.dkr.ecr.us-east-1.amazonaws.com/kmeans:1"


@pytest.fixture
def process(account, role) -> Any:
    """Create a processing job of this name."""

    def create(name: str = "mine", **more: Any) -> None:
        machines = {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30}
        account.sagemaker().create_processing_job(
            ProcessingJobName=name,
            ProcessingResources={"ClusterConfig": machines},
            AppSpecification={"ImageUri": IMAGE},
            RoleArn=role,
            **more,
        )

    return create


@pytest.fixture
def status(account) -> Any:
    """The state of a processing job."""

    def look(name: str = "mine") -> str:
        found: str = account.sagemaker().describe_processing_job(ProcessingJobName=name)["ProcessingJobStatus"]
        return found

    return look


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_table_names_what_aws_has(operation) -> None:
    """Each call of the table is one of SageMaker's."""
    assert operation in get_service_model("sagemaker").operation_names


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
def test_the_table_names_aws_own_fields(kind) -> None:
    """Name, ARN and state stand in a row of the list as AWS's description has them; its states are AWS's."""
    name = next(operation for operation, act in kind.operations().items() if act == "List")
    output: Any = get_service_model("sagemaker").operation_model(name).output_shape
    rows = output.members[kind.result]
    assert isinstance(rows, ListShape)
    row = rows.member
    assert isinstance(row, StructureShape)

    assert {kind.name_field, kind.arn_field} <= set(row.members)
    if kind.noun != "CodeRepository":
        paths = (kind.born, kind.started, kind.stopped, kind.updated, kind.deleted)
        words = {state for path in paths for state, _ in path}
        states: Any = row.members[kind.status_field]
        assert words <= set(states.enum)


def test_a_job_runs_for_an_hour(process, status, standing) -> None:
    """InProgress, then Completed, as nobody stops it."""
    process()
    before = status()
    standing.advance(3_599)
    during = status()
    standing.advance(1)

    assert [before, during, status()] == ["InProgress", "InProgress", "Completed"]


def test_a_job_is_stopped_and_then_deleted(account, process, status, standing, refused) -> None:
    """InProgress, Stopping, Stopped, gone; a running one cannot be deleted, nor a stopped one be stopped."""
    sagemaker = account.sagemaker()
    process()

    running = refused(lambda: sagemaker.delete_processing_job(ProcessingJobName="mine"))
    sagemaker.stop_processing_job(ProcessingJobName="mine")
    stopping = status()
    standing.advance(30)
    stopped = status()
    again = refused(lambda: sagemaker.stop_processing_job(ProcessingJobName="mine"))
    sagemaker.delete_processing_job(ProcessingJobName="mine")

    assert (stopping, stopped) == ("Stopping", "Stopped")
    assert running[0] == again[0] == "ValidationException"
    assert sagemaker.list_processing_jobs()["ProcessingJobSummaries"] == []


def test_a_job_without_a_clock_is_over_at_once(process, status) -> None:
    """Nothing takes any time."""
    process()

    assert status() == "Completed"


def test_a_job_that_is_to_stay_runs_on(account, process, status) -> None:
    """It stays InProgress even where nothing takes any time, until it is stopped."""
    process(Tags=staying("InProgress"))
    before = status()
    account.sagemaker().stop_processing_job(ProcessingJobName="mine")

    assert (before, status()) == ("InProgress", "Stopped")


def test_a_job_fails_on_demand(account, process) -> None:
    """For the reason that its tag gives."""
    process(Tags=failing("AlgorithmError: no digits"))

    found = account.sagemaker().describe_processing_job(ProcessingJobName="mine")
    assert (found["ProcessingJobStatus"], found["FailureReason"]) == ("Failed", "AlgorithmError: no digits")


def test_names_are_taken_and_unknown(account, process, refused) -> None:
    """In AWS's words."""
    process()
    arn = f"arn:aws:sagemaker:us-east-1:{account.number}:processing-job/mine"

    assert refused(process) == (
        "ResourceInUse",
        f"Job name must be unique within an AWS account and region, and a job with this name already exists ({arn})",
    )
    assert refused(lambda: account.sagemaker().describe_processing_job(ProcessingJobName="other")) == (
        "ValidationException",
        "Could not find requested job with name: other",
    )
    assert refused(lambda: account.sagemaker().delete_cluster(ClusterName="other")) == (
        "ResourceNotFound",
        "Cluster with name other does not exist.",
    )


def test_a_role_is_needed_that_sagemaker_can_assume(account, refused) -> None:
    """A tracking server is not made with a role that is not there."""
    role = f"arn:aws:iam::{account.number}:role/nobodys"

    code, text = refused(
        lambda: account.sagemaker().create_mlflow_tracking_server(
            TrackingServerName="mine", ArtifactStoreUri="s3://bucket/mlflow", RoleArn=role
        )
    )

    assert (code, text.startswith(f"Could not assume role {role}.")) == ("ValidationException", True)


def test_lists_are_filtered_ordered_and_paged(account, process, standing) -> None:
    """By state, by a part of the name, by time; the newest first, in pages."""
    sagemaker, names = account.sagemaker(), []
    for name in ("one", "two", "three"):
        process(name)
        standing.advance(60)
    sagemaker.stop_processing_job(ProcessingJobName="two")
    standing.advance(60)

    def listed(**asked: Any) -> list[str]:
        rows = sagemaker.list_processing_jobs(**asked)["ProcessingJobSummaries"]
        return [row["ProcessingJobName"] for row in rows]

    for page in sagemaker.get_paginator("list_processing_jobs").paginate(PaginationConfig={"PageSize": 2}):
        names.append([row["ProcessingJobName"] for row in page["ProcessingJobSummaries"]])

    assert names == [["three", "two"], ["one"]]
    assert listed(StatusEquals="Stopped") == ["two"]
    assert listed(NameContains="HRE") == ["three"]
    assert listed(SortBy="Name", SortOrder="Ascending") == ["one", "three", "two"]
    made = sagemaker.describe_processing_job(ProcessingJobName="two")["CreationTime"]
    assert listed(CreationTimeAfter=made) == ["three"]


def test_lists_with_other_words_are_filtered_too(account, role, standing) -> None:
    """MLflow's state, a cluster's order in capitals, a component's endpoint."""
    sagemaker = account.sagemaker()
    for name in ("a", "b"):
        sagemaker.create_mlflow_tracking_server(
            TrackingServerName=name, ArtifactStoreUri="s3://bucket/mlflow", RoleArn=role
        )
        sagemaker.create_cluster(ClusterName=name)
        standing.advance(1_600)
    sagemaker.stop_mlflow_tracking_server(TrackingServerName="a")
    standing.advance(300)

    servers = sagemaker.list_mlflow_tracking_servers(TrackingServerStatus="Stopped")["TrackingServerSummaries"]
    clusters = sagemaker.list_clusters(SortBy="NAME", SortOrder="Ascending")["ClusterSummaries"]
    assert [(row["TrackingServerName"], row["IsActive"]) for row in servers] == [("a", "Inactive")]
    assert [row["ClusterName"] for row in clusters] == ["a", "b"]


def test_a_cluster_comes_and_goes(account, bucket, role, standing, refused) -> None:
    """Creating, InService with its machine, Deleting, gone; not deleted while it is made. It has an ARN of its own."""
    sagemaker = account.sagemaker()
    group = {
        "InstanceCount": 1,
        "InstanceGroupName": "workers",
        "InstanceType": "ml.m5.xlarge",
        "LifeCycleConfig": {"SourceS3Uri": f"s3://{bucket}/lifecycle", "OnCreate": "on_create.sh"},
        "ExecutionRole": role,
    }
    arn = sagemaker.create_cluster(ClusterName="mine", InstanceGroups=[group])["ClusterArn"]
    early = refused(lambda: sagemaker.delete_cluster(ClusterName="mine"))
    standing.advance(600)
    found = sagemaker.describe_cluster(ClusterName=arn)
    nodes = sagemaker.list_cluster_nodes(ClusterName="mine")["ClusterNodeSummaries"]
    node = sagemaker.describe_cluster_node(ClusterName="mine", NodeId=nodes[0]["InstanceId"])["NodeDetails"]
    sagemaker.delete_cluster(ClusterName="mine")
    leaving = sagemaker.list_clusters()["ClusterSummaries"][0]["ClusterStatus"]
    standing.advance(300)

    assert early[0] == "ConflictException"
    assert found["ClusterStatus"] == "InService"
    assert [(one["InstanceType"], one["CurrentCount"]) for one in found["InstanceGroups"]] == [("ml.m5.xlarge", 1)]
    assert (len(nodes), node["InstanceStatus"]["Status"]) == (1, "Running")
    assert leaving == "Deleting"
    assert sagemaker.list_clusters()["ClusterSummaries"] == []


def test_an_app_is_asked_for_by_its_arn_and_listed_when_deleted(account, role, refused) -> None:
    """MLflow apps have no other key; a deleted one is listed on, and its name is free again."""
    sagemaker = account.sagemaker()
    asked: Any = {"Name": "mine", "ArtifactStoreUri": "s3://bucket/mlflow", "RoleArn": role}
    arn = sagemaker.create_mlflow_app(**asked)["Arn"]
    created = sagemaker.describe_mlflow_app(Arn=arn)["Status"]
    sagemaker.delete_mlflow_app(Arn=arn)
    deleted = [row["Status"] for row in sagemaker.list_mlflow_apps()["Summaries"]]
    unknown = refused(lambda: sagemaker.describe_mlflow_app(Arn=arn))

    sagemaker.create_mlflow_app(**asked)
    assert (created, deleted, unknown[0]) == ("Created", ["Deleted"], "ResourceNotFound")


def test_a_schedule_is_stopped_started_and_deleted(account, standing) -> None:
    """It is Pending meanwhile."""
    sagemaker, seen = account.sagemaker(), []
    config: Any = {"MonitoringJobDefinitionName": "definition", "MonitoringType": "DataQuality"}
    name: Any = {"MonitoringScheduleName": "mine"}
    sagemaker.create_monitoring_schedule(**name, MonitoringScheduleConfig=config)
    for call in (None, sagemaker.stop_monitoring_schedule, sagemaker.start_monitoring_schedule):
        if call is not None:
            call(**name)
        seen.append(sagemaker.describe_monitoring_schedule(**name)["MonitoringScheduleStatus"])
        standing.advance(30)
        seen.append(sagemaker.describe_monitoring_schedule(**name)["MonitoringScheduleStatus"])
    sagemaker.delete_monitoring_schedule(**name)

    assert seen == ["Pending", "Scheduled", "Pending", "Stopped", "Pending", "Scheduled"]
    assert sagemaker.list_monitoring_schedules()["MonitoringScheduleSummaries"] == []


def test_things_have_tags(account) -> None:
    """They are listed, added and taken away by the ARN."""
    sagemaker = account.sagemaker()
    arn = sagemaker.create_cluster(ClusterName="mine", Tags=[{"Key": "who", "Value": "ada"}])["ClusterArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "why", "Value": "digits"}])
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["who"])

    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "why", "Value": "digits"}]


def test_the_event_history_has_what_was_done(account, process) -> None:
    """Each call is an event, with its parameters."""
    process()

    events = account.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateProcessingJob"}]
    )["Events"]
    assert ["mine" in event["CloudTrailEvent"] for event in events] == [True]


def test_who_may_not_is_refused(account, refused) -> None:
    """A policy for one cluster is good for that one."""
    arn = account.sagemaker().create_cluster(ClusterName="mine")["ClusterArn"]
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sagemaker:DescribeCluster", "Resource": arn}],
    }
    reader = account.server.client("sagemaker", account.number, "us-east-1", account.user_with(document))

    assert reader.describe_cluster(ClusterName=arn)["ClusterName"] == "mine"
    assert refused(lambda: reader.delete_cluster(ClusterName=arn))[0] == "AccessDeniedException"


def test_an_endpoint_goes_after_its_components(account, role, refused) -> None:
    """Inference components hold their endpoint."""
    sagemaker = account.sagemaker()
    variant: Any = {"VariantName": "AllTraffic", "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName="e", ExecutionRoleArn=role, ProductionVariants=[variant])
    account.make_endpoint("e", "e")
    sagemaker.create_inference_component(InferenceComponentName="c", EndpointName="e", VariantName="AllTraffic")

    held = refused(lambda: account.delete_endpoint("e"))
    listed = sagemaker.list_inference_components(EndpointNameEquals="e")["InferenceComponents"]
    sagemaker.delete_inference_component(InferenceComponentName="c")
    account.delete_endpoint("e")

    assert held[0] == "ValidationException"
    assert [(row["InferenceComponentName"], row["InferenceComponentStatus"]) for row in listed] == [("c", "InService")]
    assert sagemaker.list_endpoints()["Endpoints"] == []


def test_a_transform_job_needs_its_model(account, refused) -> None:
    """It is refused as by DescribeModel."""
    code, text = refused(
        lambda: account.sagemaker().create_transform_job(
            TransformJobName="mine",
            ModelName="none",
            TransformInput={"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/in"}}},
            TransformOutput={"S3OutputPath": "s3://b/out"},
            TransformResources={"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
        )
    )

    assert (code, text.startswith("Could not find model")) == ("ValidationException", True)

"""Each kind of leftover is there afterwards, in the state in which it bills; and AWS's own calls take it away."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.account import SimulatedAccount
from simulator.students.leftovers import (
    LEAVE,
    NAME,
    SPACE,
    USER,
    bucket_of,
    leave_attached_address,
    leave_everything,
    leave_versioned_bucket,
    leave_warm_pool,
)

# How each kind is listed: the call, the field with its state, and the states of what `LEAVE` leaves.
LISTED: dict[str, tuple[str, str, list[str]]] = {
    "sagemaker notebook-instance": ("list_notebook_instances", "NotebookInstanceStatus", ["InService"]),
    "sagemaker endpoint": ("list_endpoints", "EndpointStatus", ["InService"]),
    "sagemaker training-job": ("list_training_jobs", "TrainingJobStatus", ["InProgress"]),
    "sagemaker hyper-parameter-tuning-job": (
        "list_hyper_parameter_tuning_jobs",
        "HyperParameterTuningJobStatus",
        ["InProgress"],
    ),
    "sagemaker processing-job": ("list_processing_jobs", "ProcessingJobStatus", ["InProgress"]),
    "sagemaker transform-job": ("list_transform_jobs", "TransformJobStatus", ["InProgress"]),
    "sagemaker auto-ml-job": ("list_auto_ml_jobs", "AutoMLJobStatus", ["InProgress"]),
    "sagemaker monitoring-schedule": ("list_monitoring_schedules", "MonitoringScheduleStatus", ["Scheduled"]),
    "sagemaker inference-recommendations-job": ("list_inference_recommendations_jobs", "Status", ["IN_PROGRESS"]),
    "sagemaker optimization-job": ("list_optimization_jobs", "OptimizationJobStatus", ["INPROGRESS"]),
    "sagemaker app": ("list_apps", "Status", ["InService"]),
    "sagemaker cluster": ("list_clusters", "ClusterStatus", ["InService"]),
    "sagemaker mlflow-tracking-server": ("list_mlflow_tracking_servers", "IsActive", ["Active"]),
    "sagemaker labeling-job": ("list_labeling_jobs", "LabelingJobStatus", ["InProgress"]),
    "sagemaker compilation-job": ("list_compilation_jobs", "CompilationJobStatus", ["INPROGRESS"]),
    "sagemaker domain": ("list_domains", "Status", ["InService"]),
    "sagemaker user-profile": ("list_user_profiles", "Status", ["InService"]),
    "sagemaker space": ("list_spaces", "Status", ["InService"]),
    "sagemaker feature-group": ("list_feature_groups", "FeatureGroupStatus", ["Created"]),
    "sagemaker inference-component": ("list_inference_components", "InferenceComponentStatus", ["InService"]),
    "sagemaker mlflow-app": ("list_mlflow_apps", "Status", ["Created"]),
    "sagemaker partner-app": ("list_partner_apps", "Status", ["Available"]),
    "sagemaker training-plan": ("list_training_plans", "Status", ["Active"]),
    "sagemaker endpoint-config": ("list_endpoint_configs", "EndpointConfigName", [f"{NAME}-config"]),
    "sagemaker model": ("list_models", "ModelName", [NAME]),
    "sagemaker notebook-instance-lifecycle-config": (
        "list_notebook_instance_lifecycle_configs",
        "NotebookInstanceLifecycleConfigName",
        [NAME],
    ),
    "sagemaker code-repository": ("list_code_repositories", "CodeRepositoryName", [NAME]),
    "sagemaker image": ("list_images", "ImageStatus", ["CREATED"]),
    "sagemaker model-package-group": ("list_model_package_groups", "ModelPackageGroupName", [NAME]),
    "sagemaker experiment": ("list_experiments", "ExperimentName", [NAME]),
    "sagemaker trial": ("list_trials", "TrialName", [NAME]),
    "ec2 nat-gateway": ("describe_nat_gateways", "State", ["available"]),
    "ec2 vpc-endpoint": ("describe_vpc_endpoints", "State", ["available"]),
    "ec2 volume": ("describe_volumes", "State", ["available"]),
    "ecr repository": ("describe_repositories", "repositoryName", [NAME]),
    "efs file-system": ("describe_file_systems", "LifeCycleState", ["available"]),
    "logs log-group": ("describe_log_groups", "logGroupName", ["/aws/sagemaker/ProcessingJobs"]),
    "secretsmanager secret": ("list_secrets", "Name", [NAME]),
}


def _rows(account: SimulatedAccount, service: str, call: str, **asked: Any) -> list[dict[str, Any]]:
    """The rows of a list call's answer."""
    answer = getattr(account.client(service), call)(**asked)
    return [row for value in answer.values() if isinstance(value, list) for row in value]


def _executions(account: SimulatedAccount) -> list[str]:
    rows = _rows(account, "sagemaker", "list_pipeline_executions", PipelineName=NAME)
    return [row["PipelineExecutionStatus"] for row in rows]


def _uploads(account: SimulatedAccount) -> list[str]:
    return [row["Key"] for row in _rows(account, "s3", "list_multipart_uploads", Bucket=bucket_of(account))]


def _instances(account: SimulatedAccount) -> list[str]:
    reservations = account.ec2().describe_instances()["Reservations"]
    return [one["State"]["Name"] for reservation in reservations for one in reservation["Instances"]]


def _addresses(account: SimulatedAccount) -> list[str]:
    return [row["Domain"] for row in account.ec2().describe_addresses()["Addresses"]]


def _keys(account: SimulatedAccount) -> list[str]:
    keys = _rows(account, "kms", "list_keys")
    kms = account.client("kms")
    return [kms.describe_key(KeyId=row["KeyId"])["KeyMetadata"]["KeyState"] for row in keys]


# The few that are listed otherwise, with what is found.
OTHERWISE: dict[str, tuple[Callable[[SimulatedAccount], list[str]], list[str]]] = {
    "sagemaker pipeline-execution": (_executions, ["Executing"]),
    "ec2 address": (
        lambda account: [row["Domain"] for row in account.ec2().describe_addresses()["Addresses"]],
        ["vpc"],
    ),
    "ec2 instance": (_instances, ["running"]),
    "ec2 snapshot": (
        lambda account: [row["State"] for row in account.ec2().describe_snapshots(OwnerIds=["self"])["Snapshots"]],
        ["completed"],
    ),
    "s3 bucket": (
        lambda account: [row["Key"] for row in account.s3().list_objects_v2(Bucket=bucket_of(account))["Contents"]],
        ["sagemaker/DEMO-linear-mnist/train/digits.csv"],
    ),
    "s3 multipart-upload": (_uploads, ["sagemaker/DEMO-linear-mnist/train/unfinished"]),
    "iam role": (
        lambda account: [row["RoleName"] for row in account.iam.list_roles()["Roles"]],
        ["AmazonSageMaker-ExecutionRole-20190701T182197"],
    ),
    "kms key": (_keys, ["Enabled"]),
}


def _found(account: SimulatedAccount, kind: str) -> list[str]:
    if kind in OTHERWISE:
        return OTHERWISE[kind][0](account)
    call, field, _ = LISTED[kind]
    return [row[field] for row in _rows(account, kind.split()[0], call)]


def _expected(kind: str) -> list[str]:
    return OTHERWISE[kind][1] if kind in OTHERWISE else LISTED[kind][2]


def test_each_kind_is_looked_for() -> None:
    """Nothing is left that no test would find."""
    assert LISTED.keys() | OTHERWISE.keys() == LEAVE.keys()


@pytest.mark.parametrize("kind", LEAVE)
def test_a_kind_is_left_by_itself(account, empty_cloud, kind) -> None:
    """In an empty account, in the state in which it bills."""
    LEAVE[kind](account)

    assert _found(account, kind) == _expected(kind)


def test_a_warm_pool_is_left(account, empty_cloud) -> None:
    """Its job is over, its machine is kept; until its time is 0."""
    leave_warm_pool(account)
    before = [row["WarmPoolStatus"]["Status"] for row in _rows(account, "sagemaker", "list_training_jobs")]
    asked: Any = {"TrainingJobName": f"{NAME}-warm", "ResourceConfig": {"KeepAlivePeriodInSeconds": 0}}
    account.sagemaker().update_training_job(**asked)

    after = [row["WarmPoolStatus"]["Status"] for row in _rows(account, "sagemaker", "list_training_jobs")]
    assert (before, after) == (["Available"], ["Terminated"])
    assert _rows(account, "sagemaker", "list_training_jobs", WarmPoolStatusEquals="Available") == []


def test_an_attached_address_is_left(account, empty_cloud) -> None:
    """It says what it hangs on."""
    leave_attached_address(account)

    (address,) = account.ec2().describe_addresses()["Addresses"]
    assert address["InstanceId"].startswith("i-")


def test_everything_is_left_where_time_stands_still(account, empty_cloud, standing) -> None:
    """All kinds in one account, and each goes on hours later."""
    leave_everything(account)
    standing.advance(7_200)

    missed = {kind for kind in LEAVE if not set(_expected(kind)) <= set(_found(account, kind))}
    assert missed == set()


# -- and taken away again, in the order of aws-facts, section 5 ------------------------------------------------------


def _clean_sagemaker(account: SimulatedAccount) -> None:
    sagemaker: Any = account.sagemaker()
    sagemaker.stop_notebook_instance(NotebookInstanceName=NAME)
    sagemaker.get_waiter("notebook_instance_stopped").wait(NotebookInstanceName=NAME)
    sagemaker.delete_notebook_instance(NotebookInstanceName=NAME)
    sagemaker.delete_inference_component(InferenceComponentName=NAME)
    for endpoint in (NAME, f"{NAME}-components"):
        sagemaker.delete_endpoint(EndpointName=endpoint)
    sagemaker.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=NAME)
    sagemaker.stop_training_job(TrainingJobName=NAME)
    sagemaker.stop_processing_job(ProcessingJobName=NAME)
    sagemaker.stop_transform_job(TransformJobName=NAME)
    sagemaker.stop_auto_ml_job(AutoMLJobName=NAME)
    sagemaker.stop_labeling_job(LabelingJobName=NAME)
    sagemaker.stop_inference_recommendations_job(JobName=NAME)
    sagemaker.stop_optimization_job(OptimizationJobName=NAME)
    sagemaker.stop_compilation_job(CompilationJobName=NAME)
    sagemaker.delete_monitoring_schedule(MonitoringScheduleName=NAME)
    sagemaker.delete_feature_group(FeatureGroupName=NAME)
    sagemaker.delete_cluster(ClusterName=NAME)
    sagemaker.delete_mlflow_tracking_server(TrackingServerName=NAME)
    for app in sagemaker.list_mlflow_apps()["Summaries"]:
        sagemaker.delete_mlflow_app(Arn=app["Arn"])
    for app in sagemaker.list_partner_apps()["Summaries"]:
        sagemaker.delete_partner_app(Arn=app["Arn"])
    for run in sagemaker.list_pipeline_executions(PipelineName=NAME)["PipelineExecutionSummaries"]:
        sagemaker.stop_pipeline_execution(PipelineExecutionArn=run["PipelineExecutionArn"])
    for config in sagemaker.list_endpoint_configs()["EndpointConfigs"]:
        sagemaker.delete_endpoint_config(EndpointConfigName=config["EndpointConfigName"])
    sagemaker.delete_model(ModelName=NAME)
    sagemaker.delete_notebook_instance_lifecycle_config(NotebookInstanceLifecycleConfigName=NAME)
    sagemaker.delete_code_repository(CodeRepositoryName=NAME)
    sagemaker.delete_image(ImageName=NAME)
    sagemaker.delete_model_package_group(ModelPackageGroupName=NAME)
    sagemaker.delete_trial(TrialName=NAME)
    for experiment in sagemaker.list_experiments()["ExperimentSummaries"]:
        sagemaker.delete_experiment(ExperimentName=experiment["ExperimentName"])


def _clean_studio(account: SimulatedAccount) -> None:
    sagemaker: Any = account.sagemaker()
    (domain,) = [row["DomainId"] for row in sagemaker.list_domains()["Domains"]]
    sagemaker.delete_app(DomainId=domain, SpaceName=SPACE, AppType="JupyterLab", AppName="default")
    sagemaker.delete_space(DomainId=domain, SpaceName=SPACE)
    sagemaker.delete_user_profile(DomainId=domain, UserProfileName=USER)
    sagemaker.delete_domain(DomainId=domain, RetentionPolicy={"HomeEfsFileSystem": "Delete"})
    efs = account.client("efs")
    for home in efs.describe_file_systems()["FileSystems"]:
        for target in efs.describe_mount_targets(FileSystemId=home["FileSystemId"])["MountTargets"]:
            efs.delete_mount_target(MountTargetId=target["MountTargetId"])
        efs.delete_file_system(FileSystemId=home["FileSystemId"])


def _clean_network(account: SimulatedAccount) -> None:
    ec2 = account.ec2()
    for gateway in ec2.describe_nat_gateways()["NatGateways"]:
        ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])
        ec2.get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[gateway["NatGatewayId"]])
    for address in ec2.describe_addresses()["Addresses"]:
        if address.get("InstanceId"):
            ec2.disassociate_address(AssociationId=address["AssociationId"])
        ec2.release_address(AllocationId=address["AllocationId"])
    for endpoint in ec2.describe_vpc_endpoints()["VpcEndpoints"]:
        ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])


def _clean_bucket(account: SimulatedAccount) -> None:
    bucket, s3 = bucket_of(account), account.s3()
    for upload in s3.list_multipart_uploads(Bucket=bucket)["Uploads"]:
        s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
    found = s3.list_object_versions(Bucket=bucket)
    for version in (*found["Versions"], *found["DeleteMarkers"]):
        s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
    s3.delete_bucket(Bucket=bucket)


def test_the_documented_commands_take_everything_away(account, empty_cloud) -> None:
    """Nothing that bills by the hour is left, nor what they delete."""
    leave_everything(account)
    leave_versioned_bucket(account)
    account.sagemaker().update_training_job(
        TrainingJobName=f"{NAME}-warm", ResourceConfig={"KeepAlivePeriodInSeconds": 0}
    )
    for clean in (_clean_sagemaker, _clean_studio, _clean_network, _clean_bucket):
        clean(account)
    account.logs().delete_log_group(logGroupName="/aws/sagemaker/ProcessingJobs")

    left = {kind: states for kind in LISTED if (states := _found(account, kind))}
    kept = {kind: left.pop(kind) for kind in ("ec2 volume", "ecr repository", "secretsmanager secret")}
    logs = left.pop("logs log-group")
    assert left == {
        "sagemaker training-job": ["Completed", "Stopped", "Stopped"],
        "sagemaker hyper-parameter-tuning-job": ["Stopped"],
        "sagemaker processing-job": ["Stopped"],
        "sagemaker transform-job": ["Stopped"],
        "sagemaker auto-ml-job": ["Stopped"],
        "sagemaker inference-recommendations-job": ["STOPPED"],
        "sagemaker optimization-job": ["STOPPED"],
        "sagemaker labeling-job": ["Stopped"],
        "sagemaker compilation-job": ["STOPPED"],
        "sagemaker app": ["Deleted"],
        "sagemaker mlflow-app": ["Deleted"],
        "sagemaker partner-app": ["Deleted"],
        "sagemaker training-plan": ["Active"],
        "ec2 nat-gateway": ["deleted"],
    }
    assert _executions(account) == ["Stopped"]
    assert account.ec2().describe_addresses()["Addresses"] == []
    assert account.s3().list_buckets()["Buckets"] == []
    assert "/aws/sagemaker/ProcessingJobs" not in logs
    assert all(kept.values())

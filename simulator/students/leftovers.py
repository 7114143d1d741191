"""Everything that a student can leave behind, each kind by itself or all of it: what bills by the hour, and the rest.

What would end by itself is told to stay as it is, so it is there at any speed of the clock. Nothing here waits, but for
what needs something else to be ready.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from simulator.account import PREFIX, SimulatedAccount
from simulator.registries import REGISTRIES
from simulator.staying import staying
from simulator.students.choices import own_bucket
from simulator.students.permissions import ROLE

Leave = Callable[[SimulatedAccount], None]
NAME = "left-behind"
MACHINE: Any = "ml.m5.xlarge"
UPLOAD_KEY = f"{PREFIX}/train/unfinished"
LOG_GROUP = "/aws/sagemaker/ProcessingJobs"
USER = "ada"
SPACE = "lab"
_DAY_S = 86_400


def leave_everything(account: SimulatedAccount) -> None:
    """Leave one of each kind in the student's region, and what has a place of its own in a report besides."""
    for leave in (*LEAVE.values(), leave_warm_pool, leave_attached_address):
        leave(account)


# -- what the others are made of ----------------------------------------------------------------------------------


def bucket_of(account: SimulatedAccount) -> str:
    """The student's bucket, made unless it is there. Returns its name."""
    name = own_bucket(account)
    there = [row["Name"] for row in account.s3().list_buckets()["Buckets"]]
    return name if name in there else account.make_bucket(name)


def role_of(account: SimulatedAccount) -> str:
    """The wizard's role, made unless it is there. Returns its ARN."""
    try:
        return account.iam.get_role(RoleName=ROLE)["Role"]["Arn"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        return account.make_execution_role((bucket_of(account),))


def subnet_of(account: SimulatedAccount) -> tuple[str, str]:
    """A subnet of the default VPC, and that VPC: their ids."""
    subnet = account.ec2().describe_subnets()["Subnets"][0]
    return subnet["SubnetId"], subnet["VpcId"]


def domain_of(account: SimulatedAccount) -> str:
    """A Studio domain in the default VPC, made unless there is one. Returns its id."""
    there = account.sagemaker().list_domains()["Domains"]
    return there[0]["DomainId"] if there else _make_domain(account, NAME)


def _make_domain(account: SimulatedAccount, name: str) -> str:
    subnet, vpc = subnet_of(account)
    made: Any = account.sagemaker().create_domain(
        DomainName=name,
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": role_of(account)},
        SubnetIds=[subnet],
        VpcId=vpc,
    )
    account.let_pass(600)
    domain: str = made["DomainArn"].rpartition("/")[2]
    return domain


def profile_of(account: SimulatedAccount) -> str:
    """A user of the domain, made unless there is one. Returns the domain's id."""
    domain, sagemaker = domain_of(account), account.sagemaker()
    if not sagemaker.list_user_profiles(DomainIdEquals=domain)["UserProfiles"]:
        sagemaker.create_user_profile(DomainId=domain, UserProfileName=USER)
        account.let_pass(60)
    return domain


def space_of(account: SimulatedAccount) -> str:
    """A space of that user, made unless there is one. Returns the domain's id."""
    domain, sagemaker = profile_of(account), account.sagemaker()
    if not sagemaker.list_spaces(DomainIdEquals=domain)["Spaces"]:
        sagemaker.create_space(
            DomainId=domain,
            SpaceName=SPACE,
            OwnershipSettings={"OwnerUserProfileName": USER},
            SpaceSharingSettings={"SharingType": "Private"},
            SpaceSettings={"AppType": "JupyterLab", "SpaceStorageSettings": {"EbsStorageSettings": _DISK}},
        )
        account.let_pass(60)
    return domain


def model_of(account: SimulatedAccount) -> str:
    """A model, made unless it is there. Returns its name."""
    sagemaker = account.sagemaker()
    if not any(row["ModelName"] == NAME for row in sagemaker.list_models()["Models"]):
        sagemaker.create_model(
            ModelName=NAME, ExecutionRoleArn=role_of(account), PrimaryContainer={"Image": _image(account)}
        )
    return NAME


_DISK: Any = {"EbsVolumeSizeInGb": 5}


def _image(account: SimulatedAccount) -> str:
    """One of Amazon's algorithms that learns nothing here."""
    return f"{REGISTRIES[account.region]}.dkr.ecr.{account.region}.amazonaws.com/kmeans:1"


def _folder(account: SimulatedAccount, name: str) -> str:
    return f"s3://{bucket_of(account)}/{PREFIX}/{name}"


def _stays(state: str) -> Any:
    return staying(state)


# -- what bills by the hour ---------------------------------------------------------------------------------------


def leave_notebook_instance(account: SimulatedAccount) -> None:
    """A notebook instance, which is InService."""
    account.make_notebook_instance(role_of(account), NAME)
    account.wait_for("notebook-instance", NAME, "InService")


def leave_endpoint(account: SimulatedAccount) -> None:
    """An endpoint of the model, which is InService."""
    account.make_endpoint_config(model_of(account), NAME)
    account.make_endpoint(NAME, NAME)
    account.wait_for("endpoint", NAME, "InService")


def leave_training_job(account: SimulatedAccount) -> None:
    """A training job that goes on and on."""
    account.train(bucket_of(account), role_of(account), NAME, image=_image(account), stays="Training")


def leave_warm_pool(account: SimulatedAccount) -> None:
    """A training job that has ended, whose machine is kept for the next one."""
    name = f"{NAME}-warm"
    bucket, role = bucket_of(account), role_of(account)
    account.train(bucket, role, name, image=_image(account), stays="Available", keep_warm_s=3_600)
    account.wait_for("training-job", name, "Completed")


def leave_tuning_job(account: SimulatedAccount) -> None:
    """A tuning job whose training jobs go on and on."""
    bucket = bucket_of(account)
    account.s3().put_object(Bucket=bucket, Key=f"{PREFIX}/train/recordio-pb-data", Body=b"left behind")
    account.tune(bucket, role_of(account), NAME, jobs=1, stays="Training")


def leave_processing_job(account: SimulatedAccount) -> None:
    """A processing job that goes on and on."""
    account.sagemaker().create_processing_job(
        ProcessingJobName=NAME,
        ProcessingResources={"ClusterConfig": {"InstanceCount": 1, "InstanceType": MACHINE, "VolumeSizeInGB": 30}},
        AppSpecification={"ImageUri": _image(account)},
        RoleArn=role_of(account),
        Tags=_stays("InProgress"),
    )


def leave_transform_job(account: SimulatedAccount) -> None:
    """A batch transform of the model that goes on and on."""
    account.sagemaker().create_transform_job(
        TransformJobName=NAME,
        ModelName=model_of(account),
        TransformInput={"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": _folder(account, "train")}}},
        TransformOutput={"S3OutputPath": _folder(account, "transformed")},
        TransformResources={"InstanceType": MACHINE, "InstanceCount": 1},
        Tags=_stays("InProgress"),
    )


def leave_auto_ml_job(account: SimulatedAccount) -> None:
    """An Autopilot job that goes on and on."""
    source: Any = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": _folder(account, "train")}}
    account.sagemaker().create_auto_ml_job_v2(
        AutoMLJobName=NAME,
        AutoMLJobInputDataConfig=[{"ChannelType": "training", "DataSource": source}],
        OutputDataConfig={"S3OutputPath": _folder(account, "autopilot")},
        AutoMLProblemTypeConfig={"TabularJobConfig": {"TargetAttributeName": "digit"}},
        RoleArn=role_of(account),
        Tags=_stays("InProgress"),
    )


def leave_monitoring_schedule(account: SimulatedAccount) -> None:
    """A schedule that looks at an endpoint every hour."""
    definition: Any = {
        "MonitoringInputs": [{"EndpointInput": {"EndpointName": NAME, "LocalPath": "/opt/ml/processing/input"}}],
        "MonitoringOutputConfig": {
            "MonitoringOutputs": [
                {"S3Output": {"S3Uri": _folder(account, "monitored"), "LocalPath": "/opt/ml/processing/output"}}
            ]
        },
        "MonitoringResources": {"ClusterConfig": {"InstanceCount": 1, "InstanceType": MACHINE, "VolumeSizeInGB": 20}},
        "MonitoringAppSpecification": {"ImageUri": _image(account)},
        "RoleArn": role_of(account),
    }
    account.sagemaker().create_monitoring_schedule(
        MonitoringScheduleName=NAME,
        MonitoringScheduleConfig={
            "ScheduleConfig": {"ScheduleExpression": "cron(0 * ? * * *)"},
            "MonitoringJobDefinition": definition,
        },
    )


def leave_recommendations_job(account: SimulatedAccount) -> None:
    """A recommendation job, whose load tests go on and on."""
    account.sagemaker().create_inference_recommendations_job(
        JobName=NAME,
        JobType="Default",
        RoleArn=role_of(account),
        InputConfig={"ModelName": model_of(account)},
        Tags=_stays("IN_PROGRESS"),
    )


def leave_optimization_job(account: SimulatedAccount) -> None:
    """An optimization job that goes on and on."""
    account.sagemaker().create_optimization_job(
        OptimizationJobName=NAME,
        RoleArn=role_of(account),
        ModelSource={"S3": {"S3Uri": _folder(account, "output")}},
        DeploymentInstanceType="ml.g5.xlarge",
        OptimizationConfigs=[{"ModelQuantizationConfig": {"Image": _image(account)}}],
        OutputConfig={"S3OutputLocation": _folder(account, "optimized")},
        StoppingCondition={"MaxRuntimeInSeconds": _DAY_S},
        Tags=_stays("INPROGRESS"),
    )


def leave_app(account: SimulatedAccount) -> None:
    """JupyterLab, which runs in a space of Studio."""
    account.sagemaker().create_app(
        DomainId=space_of(account),
        SpaceName=SPACE,
        AppType="JupyterLab",
        AppName="default",
        ResourceSpec={"InstanceType": "ml.t3.medium"},
    )
    account.let_pass(180)


def leave_cluster(account: SimulatedAccount) -> None:
    """A HyperPod cluster of one machine."""
    group: Any = {
        "InstanceCount": 1,
        "InstanceGroupName": "workers",
        "InstanceType": MACHINE,
        "LifeCycleConfig": {"SourceS3Uri": f"s3://{bucket_of(account)}/lifecycle", "OnCreate": "on_create.sh"},
        "ExecutionRole": role_of(account),
    }
    account.sagemaker().create_cluster(ClusterName=NAME, InstanceGroups=[group])


def leave_tracking_server(account: SimulatedAccount) -> None:
    """An MLflow tracking server."""
    account.sagemaker().create_mlflow_tracking_server(
        TrackingServerName=NAME, ArtifactStoreUri=_folder(account, "mlflow"), RoleArn=role_of(account)
    )
    account.let_pass(1_800)


def leave_pipeline_execution(account: SimulatedAccount) -> None:
    """A pipeline's execution that goes on and on."""
    sagemaker, token = account.sagemaker(), "x" * 32
    sagemaker.create_pipeline(
        PipelineName=NAME,
        ClientRequestToken=token,
        RoleArn=role_of(account),
        PipelineDefinition=json.dumps({"Version": "2020-12-01", "Steps": []}),
        Tags=_stays("Executing"),
    )
    sagemaker.start_pipeline_execution(PipelineName=NAME, ClientRequestToken=token)


def leave_nat_gateway(account: SimulatedAccount) -> None:
    """A NAT gateway in the default VPC, with its address."""
    ec2, (subnet, _) = account.ec2(), subnet_of(account)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)


def leave_address(account: SimulatedAccount) -> None:
    """An Elastic IP address that hangs on nothing."""
    account.ec2().allocate_address(Domain="vpc")


def leave_vpc_endpoint(account: SimulatedAccount) -> None:
    """An interface endpoint, by which a VPC reaches SageMaker."""
    subnet, vpc = subnet_of(account)
    account.ec2().create_vpc_endpoint(
        VpcEndpointType="Interface",
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{account.region}.sagemaker.api",
        SubnetIds=[subnet],
    )


def leave_instance(account: SimulatedAccount) -> None:
    """An EC2 instance, which runs."""
    _run_instance(account)


def leave_attached_address(account: SimulatedAccount) -> None:
    """An Elastic IP address that hangs on an EC2 instance."""
    ec2, instance = account.ec2(), _run_instance(account)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.associate_address(InstanceId=instance, AllocationId=address)


def _run_instance(account: SimulatedAccount) -> str:
    subnet, _ = subnet_of(account)
    made = account.ec2().run_instances(
        ImageId="ami-0abcdef1234567890", InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnet
    )
    return made["Instances"][0]["InstanceId"]


# -- what bills for being kept, or not at all ---------------------------------------------------------------------


def leave_labeling_job(account: SimulatedAccount) -> None:
    """A labeling job that nobody finishes."""
    where = f"arn:aws:sagemaker:{account.region}:{account.number}"
    task: Any = {
        "WorkteamArn": f"{where}:workteam/private-crowd/friends",
        "UiConfig": {"UiTemplateS3Uri": _folder(account, "template.html")},
        "TaskTitle": "Which digit?",
        "TaskDescription": "Which digit is it?",
        "NumberOfHumanWorkersPerDataObject": 1,
        "TaskTimeLimitInSeconds": 600,
    }
    account.sagemaker().create_labeling_job(
        LabelingJobName=NAME,
        LabelAttributeName="digit",
        InputConfig={"DataSource": {"S3DataSource": {"ManifestS3Uri": _folder(account, "manifest.json")}}},
        OutputConfig={"S3OutputPath": _folder(account, "labelled")},
        RoleArn=role_of(account),
        HumanTaskConfig=task,
        Tags=_stays("InProgress"),
    )


def leave_compilation_job(account: SimulatedAccount) -> None:
    """A compilation job that goes on and on."""
    account.sagemaker().create_compilation_job(
        CompilationJobName=NAME,
        RoleArn=role_of(account),
        InputConfig={"S3Uri": _folder(account, "output/model.tar.gz"), "Framework": "MXNET"},
        OutputConfig={"S3OutputLocation": _folder(account, "compiled"), "TargetDevice": "ml_m5"},
        StoppingCondition={"MaxRuntimeInSeconds": 900},
        Tags=_stays("INPROGRESS"),
    )


def leave_domain(account: SimulatedAccount) -> None:
    """A Studio domain, with its file system."""
    domain_of(account)


def leave_user_profile(account: SimulatedAccount) -> None:
    """A user of a Studio domain."""
    profile_of(account)


def leave_space(account: SimulatedAccount) -> None:
    """A space with a disk in a Studio domain."""
    space_of(account)


def leave_feature_group(account: SimulatedAccount) -> None:
    """A feature group with an online store."""
    account.sagemaker().create_feature_group(
        FeatureGroupName=NAME,
        RecordIdentifierFeatureName="id",
        EventTimeFeatureName="at",
        FeatureDefinitions=[
            {"FeatureName": "id", "FeatureType": "Integral"},
            {"FeatureName": "at", "FeatureType": "Fractional"},
        ],
        OnlineStoreConfig={"EnableOnlineStore": True},
        RoleArn=role_of(account),
    )


def leave_inference_component(account: SimulatedAccount) -> None:
    """An inference component on an endpoint of its own, which is InService."""
    sagemaker, name = account.sagemaker(), f"{NAME}-components"
    variant: Any = {"VariantName": "AllTraffic", "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(
        EndpointConfigName=name, ExecutionRoleArn=role_of(account), ProductionVariants=[variant]
    )
    account.make_endpoint(name, name)
    account.wait_for("endpoint", name, "InService")
    sagemaker.create_inference_component(
        InferenceComponentName=NAME,
        EndpointName=name,
        VariantName="AllTraffic",
        Specification={
            "ModelName": model_of(account),
            "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1_024, "NumberOfCpuCoresRequired": 1},
        },
        RuntimeConfig={"CopyCount": 1},
    )
    account.let_pass(600)


def leave_mlflow_app(account: SimulatedAccount) -> None:
    """An MLflow app."""
    account.sagemaker().create_mlflow_app(
        Name=NAME, ArtifactStoreUri=_folder(account, "mlflow"), RoleArn=role_of(account)
    )


def leave_partner_app(account: SimulatedAccount) -> None:
    """A partner's app."""
    account.sagemaker().create_partner_app(
        Name=NAME.replace("-", ""), Type="comet", ExecutionRoleArn=role_of(account), Tier="small", AuthType="IAM"
    )


def leave_training_plan(account: SimulatedAccount) -> None:
    """A training plan, paid in advance."""
    account.sagemaker().create_training_plan(TrainingPlanName=NAME, TrainingPlanOfferingId="tpo-0123456789abcdef0")


def leave_endpoint_config(account: SimulatedAccount) -> None:
    """An endpoint configuration of the model."""
    account.make_endpoint_config(model_of(account), f"{NAME}-config")


def leave_model(account: SimulatedAccount) -> None:
    """A model."""
    model_of(account)


def leave_lifecycle_config(account: SimulatedAccount) -> None:
    """A script for notebook instances."""
    account.sagemaker().create_notebook_instance_lifecycle_config(NotebookInstanceLifecycleConfigName=NAME)


def leave_code_repository(account: SimulatedAccount) -> None:
    """A Git repository that SageMaker knows."""
    account.sagemaker().create_code_repository(
        CodeRepositoryName=NAME, GitConfig={"RepositoryUrl": "https://example.com/digits.git"}
    )


def leave_image(account: SimulatedAccount) -> None:
    """An image of SageMaker's."""
    account.sagemaker().create_image(ImageName=NAME, RoleArn=role_of(account))


def leave_model_package_group(account: SimulatedAccount) -> None:
    """A group of the model registry."""
    account.sagemaker().create_model_package_group(ModelPackageGroupName=NAME)


def leave_experiment(account: SimulatedAccount) -> None:
    """An experiment."""
    account.sagemaker().create_experiment(ExperimentName=NAME)


def leave_trial(account: SimulatedAccount) -> None:
    """A trial, of an experiment of its own."""
    experiment = f"{NAME}-tried"
    account.sagemaker().create_experiment(ExperimentName=experiment)
    account.sagemaker().create_trial(TrialName=NAME, ExperimentName=experiment)


def leave_bucket(account: SimulatedAccount) -> None:
    """The lesson's bucket, with an object in it."""
    account.s3().put_object(Bucket=bucket_of(account), Key=f"{PREFIX}/train/digits.csv", Body=b"0,1\n")


def leave_versioned_bucket(account: SimulatedAccount) -> None:
    """The lesson's bucket, with two versions of an object and the mark of a deletion."""
    s3, bucket = account.s3(), bucket_of(account)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"0,1\n", b"0,2\n"):
        s3.put_object(Bucket=bucket, Key=f"{PREFIX}/train/versioned.csv", Body=body)
    s3.delete_object(Bucket=bucket, Key=f"{PREFIX}/train/versioned.csv")


def leave_multipart_upload(account: SimulatedAccount) -> None:
    """An upload into the lesson's bucket that broke off."""
    s3, bucket = account.s3(), bucket_of(account)
    upload = s3.create_multipart_upload(Bucket=bucket, Key=UPLOAD_KEY)["UploadId"]
    s3.upload_part(Bucket=bucket, Key=UPLOAD_KEY, UploadId=upload, PartNumber=1, Body=b"half of it")


def leave_log_group(account: SimulatedAccount) -> None:
    """A log group of SageMaker's."""
    account.logs().create_log_group(logGroupName=LOG_GROUP)


def leave_file_system(account: SimulatedAccount) -> None:
    """The file system of a Studio domain that is gone."""
    gone = _make_domain(account, f"{NAME}-gone")
    account.sagemaker().delete_domain(DomainId=gone)
    account.let_pass(600)


def leave_role(account: SimulatedAccount) -> None:
    """The lesson's role."""
    role_of(account)


# -- what is no part of the lesson, and bills for being kept ------------------------------------------------------


def leave_volume(account: SimulatedAccount) -> None:
    """A disk that hangs on nothing."""
    account.ec2().create_volume(AvailabilityZone=f"{account.region}a", Size=8, VolumeType="gp3")


def leave_snapshot(account: SimulatedAccount) -> None:
    """A snapshot of a disk that is gone."""
    ec2 = account.ec2()
    volume = ec2.create_volume(AvailabilityZone=f"{account.region}a", Size=8, VolumeType="gp3")["VolumeId"]
    ec2.create_snapshot(VolumeId=volume)
    ec2.delete_volume(VolumeId=volume)


def leave_repository(account: SimulatedAccount) -> None:
    """A repository of container images."""
    account.client("ecr").create_repository(repositoryName=NAME)


def leave_key(account: SimulatedAccount) -> None:
    """An encryption key of one's own."""
    account.client("kms").create_key(Description=NAME)


def leave_secret(account: SimulatedAccount) -> None:
    """A secret."""
    account.client("secretsmanager").create_secret(Name=NAME, SecretString="nothing")


# By service and type, in the AWS CLI's words.
LEAVE: Mapping[str, Leave] = {
    "sagemaker notebook-instance": leave_notebook_instance,
    "sagemaker endpoint": leave_endpoint,
    "sagemaker training-job": leave_training_job,
    "sagemaker hyper-parameter-tuning-job": leave_tuning_job,
    "sagemaker processing-job": leave_processing_job,
    "sagemaker transform-job": leave_transform_job,
    "sagemaker auto-ml-job": leave_auto_ml_job,
    "sagemaker monitoring-schedule": leave_monitoring_schedule,
    "sagemaker inference-recommendations-job": leave_recommendations_job,
    "sagemaker optimization-job": leave_optimization_job,
    "sagemaker app": leave_app,
    "sagemaker cluster": leave_cluster,
    "sagemaker mlflow-tracking-server": leave_tracking_server,
    "sagemaker pipeline-execution": leave_pipeline_execution,
    "ec2 nat-gateway": leave_nat_gateway,
    "ec2 address": leave_address,
    "ec2 vpc-endpoint": leave_vpc_endpoint,
    "ec2 instance": leave_instance,
    "sagemaker labeling-job": leave_labeling_job,
    "sagemaker compilation-job": leave_compilation_job,
    "sagemaker domain": leave_domain,
    "sagemaker user-profile": leave_user_profile,
    "sagemaker space": leave_space,
    "sagemaker feature-group": leave_feature_group,
    "sagemaker inference-component": leave_inference_component,
    "sagemaker mlflow-app": leave_mlflow_app,
    "sagemaker partner-app": leave_partner_app,
    "sagemaker training-plan": leave_training_plan,
    "sagemaker endpoint-config": leave_endpoint_config,
    "sagemaker model": leave_model,
    "sagemaker notebook-instance-lifecycle-config": leave_lifecycle_config,
    "sagemaker code-repository": leave_code_repository,
    "sagemaker image": leave_image,
    "sagemaker model-package-group": leave_model_package_group,
    "sagemaker experiment": leave_experiment,
    "sagemaker trial": leave_trial,
    "s3 bucket": leave_bucket,
    "s3 multipart-upload": leave_multipart_upload,
    "logs log-group": leave_log_group,
    "efs file-system": leave_file_system,
    "iam role": leave_role,
    "ec2 volume": leave_volume,
    "ec2 snapshot": leave_snapshot,
    "ecr repository": leave_repository,
    "kms key": leave_key,
    "secretsmanager secret": leave_secret,
}

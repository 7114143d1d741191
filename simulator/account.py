"""One account of the practice cloud, and what a student's clicks do in it, through AWS's own API.

Shapes are those of AWS today: the console's wizards and the lesson's notebook with SDK 2.
"""

import functools
import json
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, cast

from botocore.exceptions import ClientError

from simulator.clock import clock
from simulator.failing import failing
from simulator.registries import REGISTRIES
from simulator.server import HOME_REGION, Credentials, PracticeServer
from simulator.staying import staying
from simulator.training_data import ZEROS_FROM_OTHERS, TrainingData, a_digit

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient

    from simulator.jupyter import Jupyter

ROLE_STAMP = "20190701T182197"  # the console's suffix; its last two digits run past 59
JOB_NAME = "linear-learner-2019-07-01-18-40-12-345"
ENDPOINT_NAME = "linear-learner-2019-07-01-18-46-30-001"
TUNING_NAME = "DEMO-ll-mni-2019-07-01-18-50-00"
PREFIX = "sagemaker/DEMO-linear-mnist"
KERNEL = "173d9618-5c14-4517-9583-f46fa0e175d8"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
ALL_BLOCKED: Any = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}

# What is typed under *Specific S3 buckets*, or one of the wizard's other two choices.
Scope = tuple[str, ...] | Literal["any", "none"]
Kind = Literal["notebook-instance", "training-job", "endpoint"]
LOOK_AGAIN_S = 60.0
_MAKING = threading.Lock()
PATIENCE_S = 3_600.0


@dataclass(frozen=True, slots=True)
class TrainedJob:
    """A training job: its name, its model's artifact and the role that it ran with."""

    name: str
    artifact_uri: str
    role_arn: str


def linear_learner(region: str) -> str:
    """The image of the lesson's algorithm in this region."""
    return f"{REGISTRIES[region]}.dkr.ecr.{region}.amazonaws.com/linear-learner:1"


def scope_document(scope: Scope) -> dict[str, Any] | None:
    """The policy that the notebook wizard writes for one of its three choices; None for *None*."""
    if scope == "none":
        return None
    objects = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    if scope == "any":
        any_bucket = {"Effect": "Allow", "Action": [*objects, "s3:ListBucket"], "Resource": ["arn:aws:s3:::*"]}
        return {"Version": "2012-10-17", "Statement": [any_bucket]}
    listing = {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": [f"arn:aws:s3:::{name}" for name in scope]}
    contents = {"Effect": "Allow", "Action": objects, "Resource": [f"arn:aws:s3:::{name}/*" for name in scope]}
    return {"Version": "2012-10-17", "Statement": [listing, contents]}


def jupyter_lines(uploaded: str | None = "portfolio_planner_part_2.ipynb") -> tuple[str, ...]:
    """What Jupyter logs when a notebook is made and run, and then an existing one is uploaded and run."""
    own = (
        "Creating new notebook in",
        "Saving file at /Untitled.ipynb",
        f"Kernel started: {KERNEL}",
    )
    if uploaded is None:
        return own
    return (*own, f"Uploading file to /{uploaded}", f"Saving file at /{uploaded}", f"Kernel started: {KERNEL}")


@dataclass(frozen=True, slots=True)
class SimulatedAccount:
    """A 12-digit account of the practice cloud; `region` is where the student works unless told otherwise.

    `keys` are those of somebody else than the user `student`: a role's, a Learner Lab's.
    """

    server: PracticeServer
    number: str
    region: str = HOME_REGION
    keys: Credentials | None = None

    # -- the clients, as boto3 makes them -----------------------------------------------------------------------

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client with this student's keys."""
        keys = self.keys or self.server.credentials(self.number)
        return _client(self.server, self.number, keys, service, region or self.region)

    def as_role(self, role_arn: str, session: str = "SageMaker") -> "SimulatedAccount":
        """The same account with a role's keys: what code on a notebook instance runs with."""
        role = role_arn.partition(":role/")[2]
        return replace(self, keys=self.server.session_credentials(self.number, role, session))

    @property
    def iam(self) -> "IAMClient":
        """IAM is global."""
        iam: IAMClient = self.client("iam", HOME_REGION)
        return iam

    def s3(self, region: str | None = None) -> "S3Client":
        """S3 in one region."""
        s3: S3Client = self.client("s3", region)
        return s3

    def sagemaker(self, region: str | None = None) -> "SageMakerClient":
        """SageMaker in one region."""
        sagemaker: SageMakerClient = self.client("sagemaker", region)
        return sagemaker

    def logs(self, region: str | None = None) -> "CloudWatchLogsClient":
        """CloudWatch Logs in one region."""
        logs: CloudWatchLogsClient = self.client("logs", region)
        return logs

    def ec2(self, region: str | None = None) -> "EC2Client":
        """EC2 in one region."""
        ec2: EC2Client = self.client("ec2", region)
        return ec2

    # -- waiting ------------------------------------------------------------------------------------------------

    def let_pass(self, seconds: float) -> None:
        """Wait as long as AWS takes these seconds; a clock that stands is put forward."""
        try:
            clock.advance(seconds)
        except RuntimeError:  # it runs; two lines of a log are never of one millisecond
            time.sleep(max(seconds / clock.speed, 0.002))

    def wait_for(self, kind: Kind, name: str, status: str | None, *, region: str | None = None) -> None:
        """Look again and again until a thing is in this state, or until it is gone (None).

        Raises:
            TimeoutError: it is in another state an hour later.
        """
        for _ in range(int(PATIENCE_S / LOOK_AGAIN_S)):
            if self.status(kind, name, region=region) == status:
                return
            self.let_pass(LOOK_AGAIN_S)
        raise TimeoutError(f"{kind} {name} is {self.status(kind, name, region=region)}, not {status}, after an hour")

    def status(self, kind: Kind, name: str, *, region: str | None = None) -> str | None:
        """The state of a thing, None if it is not there."""
        noun = {"notebook-instance": "NotebookInstance", "training-job": "TrainingJob", "endpoint": "Endpoint"}[kind]
        describe = getattr(self.sagemaker(region), f"describe_{kind.replace('-', '_')}")
        try:
            return str(describe(**{f"{noun}Name": name})[f"{noun}Status"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationException":
                raise
            return None

    def set_quota(self, name: str, limit: int) -> None:
        """Give the account another quota: AWS's doing, not the student's. This goes round the API."""
        from simulator.sagemaker.quotas import set_limit  # slow to import

        set_limit(self.number, name, limit)

    # -- step 4: bucket, role, notebook instance ----------------------------------------------------------------

    def make_bucket(self, name: str, region: str | None = None) -> str:
        """A bucket with everything left at its default. Returns its name."""
        where: Any = region or self.region
        s3, more = self.s3(where), cast(Any, {})
        if name.endswith(f"-{self.number}-{where}-an"):
            more["BucketNamespace"] = "account-regional"
        if where != "us-east-1":  # the one region that must not be named
            more["CreateBucketConfiguration"] = {"LocationConstraint": where}
        s3.create_bucket(Bucket=name, **more)
        return name

    def make_execution_role(self, scope: Scope, stamp: str = ROLE_STAMP) -> str:
        """The role of the console's *Create a new role*, with its policies. Returns its ARN."""
        name = f"AmazonSageMaker-ExecutionRole-{stamp}"
        answer = self.iam.create_role(
            Path="/service-role/",
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps(TRUST),
            Description="SageMaker execution role created from the SageMaker AWS Management Console.",
        )
        document = scope_document(scope)
        if document is not None:
            self.attach_own_policy(name, document, f"AmazonSageMaker-ExecutionPolicy-{stamp}")
        self.attach_aws_policy(name, "AmazonSageMakerFullAccess")
        return answer["Role"]["Arn"]

    def block_public_access(self) -> None:
        """Switch Block Public Access on for the whole account."""
        control = self.client("s3control")
        control.meta.events.register_first("before-call.s3-control", _without_account_in_address)
        control.put_public_access_block(AccountId=self.number, PublicAccessBlockConfiguration=ALL_BLOCKED)

    def attach_own_policy(self, role: str, document: dict[str, Any], name: str) -> str:
        """Write a customer-managed policy and attach it to a role. Returns the policy's ARN."""
        answer = self.iam.create_policy(Path="/service-role/", PolicyName=name, PolicyDocument=json.dumps(document))
        arn = answer["Policy"]["Arn"]
        self.iam.attach_role_policy(RoleName=role, PolicyArn=arn)
        return arn

    def attach_aws_policy(self, role: str, name: str) -> None:
        """Attach one of AWS's own policies to a role."""
        self.iam.attach_role_policy(RoleName=role, PolicyArn=f"arn:aws:iam::aws:policy/{name}")

    def delete_role(self, name: str) -> None:
        """Delete a role, and the customer-managed policies that were on it."""
        for policy in self.iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            self.iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
            if not policy["PolicyArn"].startswith("arn:aws:iam::aws:"):
                self.iam.delete_policy(PolicyArn=policy["PolicyArn"])
        self.iam.delete_role(RoleName=name)

    def make_notebook_instance(
        self,
        role_arn: str,
        name: str = "sm-test",
        *,
        instance_type: str = "ml.t2.medium",
        root_access: bool = True,
        accelerators: Sequence[str] = (),
        region: str | None = None,
        fails: str | None = None,
    ) -> str:
        """A notebook instance with the console's defaults for the rest. Returns its name."""
        elastic: Any = {"AcceleratorTypes": list(accelerators)} if accelerators else {}
        kind: Any = instance_type
        self.sagemaker(region).create_notebook_instance(
            NotebookInstanceName=name,
            InstanceType=kind,
            RoleArn=role_arn,
            DirectInternetAccess="Enabled",
            VolumeSizeInGB=5,
            RootAccess="Enabled" if root_access else "Disabled",
            Tags=cast(Any, failing(fails)),
            **elastic,
        )
        return name

    # -- steps 5 and 6: Jupyter ---------------------------------------------------------------------------------

    def open_jupyter(self, instance: str = "sm-test", *, region: str | None = None) -> "Jupyter":
        """Press *Open JupyterLab*: an address is signed, and the page behind it opened."""
        from simulator.jupyter import at  # slow to import

        answer = self.sagemaker(region).create_presigned_notebook_instance_url(NotebookInstanceName=instance)
        jupyter = at(answer["AuthorizedUrl"])
        jupyter.open()
        return jupyter

    def write_jupyter_log(self, lines: Sequence[str], instance: str = "sm-test", *, region: str | None = None) -> None:
        """Log these lines as Jupyter on that instance does, whatever was clicked."""
        from simulator.jupyter import log  # slow to import

        log(self.number, region or self.region, instance, lines)

    # -- step 7: train, deploy, predict -------------------------------------------------------------------------

    def train(
        self,
        bucket: str,
        role_arn: str,
        name: str = JOB_NAME,
        *,
        image: str | None = None,
        data: TrainingData = ZEROS_FROM_OTHERS,
        region: str | None = None,
        fails: str | None = None,
        stays: str | None = None,
        keep_warm_s: int | None = None,
        max_runtime_s: int = 86_400,
    ) -> TrainedJob:
        """Upload the data and start a training job, as the lesson's notebook does. Returns what it will have made.

        It can be told to stay in a state: `Training`, or `Available` for its warm pool.
        """
        where = region or self.region
        key = f"{PREFIX}/train/recordio-pb-data"
        self.s3(where).put_object(Bucket=bucket, Key=key, Body=data.records())
        output = f"s3://{bucket}/{PREFIX}/output"
        machines: dict[str, Any] = {"InstanceType": "ml.c4.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
        if keep_warm_s is not None:
            machines["KeepAlivePeriodInSeconds"] = keep_warm_s
        self.sagemaker(where).create_training_job(
            TrainingJobName=name,
            AlgorithmSpecification={
                "TrainingImage": image or linear_learner(where),
                "TrainingInputMode": "File",
            },
            HyperParameters=data.hyperparameters,
            InputDataConfig=[_channel(f"s3://{bucket}/{key}")],
            OutputDataConfig={"S3OutputPath": output},
            ResourceConfig=cast(Any, machines),
            StoppingCondition={"MaxRuntimeInSeconds": max_runtime_s},
            RoleArn=role_arn,
            Tags=cast(Any, [*failing(fails), *staying(stays)]),
        )
        return TrainedJob(name, f"{output}/{name}/output/model.tar.gz", role_arn)

    def tune(
        self,
        bucket: str,
        role_arn: str,
        name: str = TUNING_NAME,
        *,
        jobs: int = 2,
        region: str | None = None,
        stays: str | None = None,
    ) -> str:
        """Start a tuning job over the lesson's data, as its newer notebooks do after the training job.

        Source: linear_learner_mnist.ipynb since 2022-11, where it is six jobs.
        """
        where = region or self.region
        uri = f"s3://{bucket}/{PREFIX}/train/recordio-pb-data"
        objective: Any = {"Type": "Maximize", "MetricName": "validation:binary_f_beta"}
        ranges: Any = {
            "ContinuousParameterRanges": [{"Name": "learning_rate", "MinValue": "1e-5", "MaxValue": "1"}],
            "IntegerParameterRanges": [{"Name": "mini_batch_size", "MinValue": "100", "MaxValue": "400"}],
        }
        self.sagemaker(where).create_hyper_parameter_tuning_job(
            HyperParameterTuningJobName=name,
            HyperParameterTuningJobConfig={
                "Strategy": "Bayesian",
                "HyperParameterTuningJobObjective": objective,
                "ResourceLimits": {"MaxNumberOfTrainingJobs": jobs, "MaxParallelTrainingJobs": 2},
                "ParameterRanges": ranges,
            },
            TrainingJobDefinition={
                "StaticHyperParameters": {"feature_dim": "784", "predictor_type": "binary_classifier"},
                "AlgorithmSpecification": {"TrainingImage": linear_learner(where), "TrainingInputMode": "File"},
                "InputDataConfig": [_channel(uri), _channel(uri) | {"ChannelName": "validation"}],
                "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/{PREFIX}/output"},
                "ResourceConfig": {"InstanceType": "ml.c4.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
                "StoppingCondition": {"MaxRuntimeInSeconds": 86_400},
                "RoleArn": role_arn,
            },
            Tags=cast(Any, staying(stays)),
        )
        return name

    def best_of(self, tuning_job: str, *, region: str | None = None) -> TrainedJob | None:
        """The best training job of a tuning job, once that has ended."""
        sagemaker = self.sagemaker(region)
        tuned = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=tuning_job)
        if tuned["HyperParameterTuningJobStatus"] == "InProgress":
            return None
        job = sagemaker.describe_training_job(TrainingJobName=tuned["BestTrainingJob"]["TrainingJobName"])
        return TrainedJob(job["TrainingJobName"], job["ModelArtifacts"]["S3ModelArtifacts"], job["RoleArn"])

    def stop_training(self, name: str = JOB_NAME, *, region: str | None = None) -> None:
        """Stop a training job."""
        self.sagemaker(region).stop_training_job(TrainingJobName=name)

    def make_model(self, job: TrainedJob, name: str = ENDPOINT_NAME, *, region: str | None = None) -> str:
        """A model from a job's artifact. Returns its name."""
        where = region or self.region
        self.sagemaker(where).create_model(
            ModelName=name,
            ExecutionRoleArn=job.role_arn,
            PrimaryContainer={"Image": linear_learner(where), "ModelDataUrl": job.artifact_uri, "Environment": {}},
        )
        return name

    def make_endpoint_config(
        self, model: str, name: str = ENDPOINT_NAME, *, instance_type: str = "ml.m4.xlarge", region: str | None = None
    ) -> str:
        """A configuration with one machine. Returns its name."""
        kind: Any = instance_type
        self.sagemaker(region).create_endpoint_config(
            EndpointConfigName=name,
            ProductionVariants=[
                {
                    "VariantName": "AllTraffic",
                    "ModelName": model,
                    "InitialInstanceCount": 1,
                    "InstanceType": kind,
                    "InitialVariantWeight": 1,
                }
            ],
        )
        return name

    def make_endpoint(
        self, config: str, name: str = ENDPOINT_NAME, *, region: str | None = None, fails: str | None = None
    ) -> str:
        """An endpoint. Returns its name."""
        self.sagemaker(region).create_endpoint(
            EndpointName=name, EndpointConfigName=config, Tags=cast(Any, failing(fails))
        )
        return name

    def deploy(self, job: TrainedJob, name: str = ENDPOINT_NAME, *, region: str | None = None) -> str:
        """Model, configuration and endpoint of one name, as the SDK's `deploy()` makes them. Returns the name."""
        self.make_model(job, name, region=region)
        self.make_endpoint_config(name, name, region=region)
        return self.make_endpoint(name, name, region=region)

    def invoke(self, endpoint: str = ENDPOINT_NAME, times: int = 1, *, region: str | None = None) -> list[bytes]:
        """Ask an endpoint about a digit, so many times, as the lesson's cells do. Returns its answers."""
        runtime, row = self.client("sagemaker-runtime", region), a_digit()
        asked = {"EndpointName": endpoint, "ContentType": "text/csv", "Body": row}
        # Each is read at once: an answer that is not read keeps its connection.
        return [runtime.invoke_endpoint(**asked)["Body"].read() for _ in range(times)]

    def answer(self, body: str, content_type: str = "application/json", *, region: str | None = None) -> None:
        """Queue the answer to the next new request to any endpoint of this region.

        moto remembers it: the same request to the same endpoint is answered so ever after.
        """
        result = {"Body": body, "ContentType": content_type, "InvokedProductionVariant": "AllTraffic"}
        message = {"account_id": self.number, "region": region or self.region, "results": [result]}
        self.server.tell("/moto-api/static/sagemaker/endpoint-results", json.dumps(message).encode())

    def break_container(self, status: int, endpoint: str = ENDPOINT_NAME, *, region: str | None = None) -> None:
        """Have an endpoint's container answer this HTTP status to everything. This goes round the API."""
        self._record("endpoint", endpoint, region or self.region).broken = status

    # -- step 8: clean up ---------------------------------------------------------------------------------------

    def stop_instance(self, name: str = "sm-test", *, region: str | None = None) -> None:
        """Stop a notebook instance; `Stopped` at once."""
        self.sagemaker(region).stop_notebook_instance(NotebookInstanceName=name)

    def delete_instance(self, name: str = "sm-test", *, region: str | None = None) -> None:
        """Delete a stopped notebook instance; gone at once."""
        self.sagemaker(region).delete_notebook_instance(NotebookInstanceName=name)

    def delete_endpoint(self, name: str = ENDPOINT_NAME, *, region: str | None = None) -> None:
        """Delete an endpoint only, as the lesson's older notebooks do."""
        self.sagemaker(region).delete_endpoint(EndpointName=name)

    def delete_endpoint_config(self, name: str = ENDPOINT_NAME, *, region: str | None = None) -> None:
        """Delete an endpoint configuration."""
        self.sagemaker(region).delete_endpoint_config(EndpointConfigName=name)

    def delete_model(self, name: str = ENDPOINT_NAME, *, region: str | None = None) -> None:
        """Delete a model."""
        self.sagemaker(region).delete_model(ModelName=name)

    def empty_and_delete_bucket(self, name: str, region: str | None = None) -> None:
        """Delete a bucket and all that is in it."""
        s3 = self.s3(region)
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
            for item in page.get("Contents", []):
                s3.delete_object(Bucket=name, Key=item["Key"])
        s3.delete_bucket(Bucket=name)

    # -- what other keys may do ---------------------------------------------------------------------------------

    def user_with(self, document: dict[str, Any], name: str = "reader") -> Credentials:
        """Keys of another user, who may do only what the policy allows."""
        self.iam.create_user(UserName=name)
        self.iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=json.dumps(document))
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return Credentials(key["AccessKeyId"], key["SecretAccessKey"])

    # -- what does not belong to the lesson ---------------------------------------------------------------------

    def make_studio_domain(self, role_arn: str, name: str = "studio", *, region: str | None = None) -> None:
        """A SageMaker Studio domain: another way into SageMaker than the lesson's."""
        self.sagemaker(region).create_domain(
            DomainName=name,
            AuthMode="IAM",
            DefaultUserSettings={"ExecutionRole": role_arn},
            SubnetIds=["subnet-0123456789abcdef0"],
            VpcId="vpc-0123456789abcdef0",
        )

    def _record(self, kind: Kind, name: str, region: str) -> Any:
        from moto.backends import get_backend  # slow to import

        backend = get_backend("sagemaker")[self.number][region]
        records: dict[str, Any] = getattr(backend, f"{kind.replace('-', '_')}s")
        return records[name]


@functools.lru_cache(maxsize=256)
def _client(server: PracticeServer, number: str, keys: Credentials, service: str, region: str) -> Any:
    """Kept, since making a client takes longer than most of what it is made for; boto3 makes one at a time."""
    with _MAKING:
        return server.client(service, number, region, keys)


def _without_account_in_address(params: dict[str, Any], **_: Any) -> None:
    """S3 Control's hosts begin with the account's number, which an address made of numbers cannot."""
    params["url"] = re.sub(r"(?<=://)\d{12}\.", "", params["url"])


def _channel(uri: str) -> Any:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": "train", "DataSource": {"S3DataSource": source}}

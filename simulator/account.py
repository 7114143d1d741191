"""One account of the practice cloud, and what a student's clicks do in it, through AWS's own API.

Shapes are those of AWS today: the console's wizards and the lesson's notebook with SDK 2.
"""

import datetime as dt
import functools
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from simulator.server import HOME_REGION, Credentials, PracticeServer

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient

# The registry account of Amazon's own algorithms. Source: SageMaker Python SDK, image_uri_config/linear-learner.json.
REGISTRIES = {
    "af-south-1": "455444449433",
    "ap-east-1": "286214385809",
    "ap-northeast-1": "351501993468",
    "ap-northeast-2": "835164637446",
    "ap-northeast-3": "867004704886",
    "ap-south-1": "991648021394",
    "ap-south-2": "628508329040",
    "ap-southeast-1": "475088953585",
    "ap-southeast-2": "712309505854",
    "ap-southeast-3": "951798379941",
    "ap-southeast-4": "106583098589",
    "ca-central-1": "469771592824",
    "ca-west-1": "190319476487",
    "eu-central-1": "664544806723",
    "eu-central-2": "680994064768",
    "eu-north-1": "669576153137",
    "eu-south-1": "257386234256",
    "eu-south-2": "104374241257",
    "eu-west-1": "438346466558",
    "eu-west-2": "644912444149",
    "eu-west-3": "749696950732",
    "il-central-1": "898809789911",
    "me-central-1": "272398656194",
    "me-south-1": "249704162688",
    "sa-east-1": "855470959533",
    "us-east-1": "382416733822",
    "us-east-2": "404615174143",
    "us-west-1": "632365934929",
    "us-west-2": "174872318107",
}
ROLE_STAMP = "20190701T182197"  # the console's suffix; its last two digits run past 59
JOB_NAME = "linear-learner-2019-07-01-18-40-12-345"
ENDPOINT_NAME = "linear-learner-2019-07-01-18-46-30-001"
JUPYTER_GROUP = "/aws/sagemaker/NotebookInstances"
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
    """A 12-digit account of the practice cloud; `region` is where the student works unless told otherwise."""

    server: PracticeServer
    number: str
    region: str = HOME_REGION

    # -- the clients, as boto3 makes them -----------------------------------------------------------------------

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client with this student's keys."""
        return _client(self.server, self.number, self.server.credentials(self.number), service, region or self.region)

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

    # -- step 4: bucket, role, notebook instance ----------------------------------------------------------------

    def make_bucket(self, name: str, region: str | None = None) -> str:
        """A bucket as the console makes it today: nothing public, access lists off. Returns its name."""
        where: Any = region or self.region
        s3 = self.s3(where)
        if where == "us-east-1":  # the one region that must not be named
            s3.create_bucket(Bucket=name)
        else:
            s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": where})
        # AWS does the following by itself on every new bucket (since 2023); moto does not.
        s3.put_bucket_ownership_controls(
            Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        )
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=ALL_BLOCKED)
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
    ) -> str:
        """A notebook instance; `InService` at once. Returns its name."""
        elastic: Any = {"AcceleratorTypes": list(accelerators)} if accelerators else {}
        kind: Any = instance_type
        self.sagemaker(region).create_notebook_instance(
            NotebookInstanceName=name,
            InstanceType=kind,
            RoleArn=role_arn,
            DirectInternetAccess="Enabled",
            VolumeSizeInGB=5,
            RootAccess="Enabled" if root_access else "Disabled",
            **elastic,
        )
        return name

    # -- steps 5 and 6: Jupyter ---------------------------------------------------------------------------------

    def write_jupyter_log(
        self,
        lines: Sequence[str],
        instance: str = "sm-test",
        *,
        region: str | None = None,
        end: dt.datetime | None = None,
    ) -> None:
        """Log these lines as Jupyter on that instance does: ten seconds apart, the last one at `end` (UTC; now)."""
        end = end or dt.datetime.now(dt.UTC)
        times = [end - dt.timedelta(seconds=10 * back) for back in reversed(range(len(lines)))]
        stamped = [(at, f"[I {_jupyter_time(at)} ServerApp] {line}") for at, line in zip(times, lines, strict=True)]
        self.write_log(JUPYTER_GROUP, f"{instance}/jupyter.log", stamped, region=region)

    def write_log(
        self, group: str, stream: str, lines: Sequence[tuple[dt.datetime, str]], *, region: str | None = None
    ) -> None:
        """Append lines to a log stream; group and stream are made where they are missing."""
        logs = self.logs(region)
        groups = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
        if group not in [row["logGroupName"] for row in groups]:
            logs.create_log_group(logGroupName=group)
        streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=stream)["logStreams"]
        if stream not in [row["logStreamName"] for row in streams]:
            logs.create_log_stream(logGroupName=group, logStreamName=stream)
        events: Any = [{"timestamp": int(at.timestamp() * 1000), "message": text} for at, text in lines]
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)

    # -- step 7: train, deploy, predict -------------------------------------------------------------------------

    def train(
        self,
        bucket: str,
        role_arn: str,
        name: str = JOB_NAME,
        *,
        image: str | None = None,
        region: str | None = None,
    ) -> TrainedJob:
        """Upload the data, train, and find the artifact in the bucket; `Completed` at once."""
        where = region or self.region
        prefix = "sagemaker/DEMO-linear-mnist"
        data, output = f"{prefix}/train/recordio-pb-data", f"{prefix}/output"
        self.s3(where).put_object(Bucket=bucket, Key=data, Body=b"digits")
        self.sagemaker(where).create_training_job(
            TrainingJobName=name,
            AlgorithmSpecification={
                "TrainingImage": image or linear_learner(where),
                "TrainingInputMode": "File",
            },
            HyperParameters={"feature_dim": "784", "predictor_type": "binary_classifier", "mini_batch_size": "200"},
            InputDataConfig=[_channel(f"s3://{bucket}/{data}")],
            OutputDataConfig={"S3OutputPath": f"s3://{bucket}/{output}"},
            ResourceConfig={"InstanceType": "ml.c4.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
            StoppingCondition={"MaxRuntimeInSeconds": 86400},
            RoleArn=role_arn,
        )
        artifact = f"{output}/{name}/output/model.tar.gz"
        self.s3(where).put_object(Bucket=bucket, Key=artifact, Body=b"model")
        return TrainedJob(name, f"s3://{bucket}/{artifact}", role_arn)

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

    def make_endpoint(self, config: str, name: str = ENDPOINT_NAME, *, region: str | None = None) -> str:
        """An endpoint; `InService` at once. Returns its name."""
        self.sagemaker(region).create_endpoint(EndpointName=name, EndpointConfigName=config)
        return name

    def deploy(self, job: TrainedJob, name: str = ENDPOINT_NAME, *, region: str | None = None) -> str:
        """Model, configuration and endpoint of one name, as the SDK's `deploy()` makes them. Returns the name."""
        self.make_model(job, name, region=region)
        self.make_endpoint_config(name, name, region=region)
        return self.make_endpoint(name, name, region=region)

    def write_endpoint_log(
        self, endpoint: str = ENDPOINT_NAME, invocations: int = 101, *, region: str | None = None
    ) -> None:
        """Log what the algorithm's container counts: this many invocations; 101 is every cell run once."""
        count = {"sum": float(invocations), "count": invocations, "min": 1, "max": 1}
        metrics = json.dumps({"Metrics": {"invocations.count": count}})
        now = dt.datetime.now(dt.UTC)
        lines = [(now - dt.timedelta(seconds=60), "Loading entry points"), (now, f"#metrics {metrics}")]
        self.write_log(f"/aws/sagemaker/Endpoints/{endpoint}", "AllTraffic/i-0123456789abcdef0", lines, region=region)

    def answer(self, body: str, content_type: str = "application/json", *, region: str | None = None) -> None:
        """Queue the answer to the next new request to any endpoint of this region.

        moto remembers it: the same request to the same endpoint is answered so ever after.
        """
        result = {"Body": body, "ContentType": content_type, "InvokedProductionVariant": "AllTraffic"}
        message = {"account_id": self.number, "region": region or self.region, "results": [result]}
        self.server.tell("/moto-api/static/sagemaker/endpoint-results", json.dumps(message).encode())

    def answer_digits(self, digits: Sequence[int], *, right: bool = True, region: str | None = None) -> None:
        """Queue what the lesson's model says to these digits sent in one request, right or wrong each time."""
        labels = [int((digit == 0) == right) for digit in digits]
        predictions = [{"score": 0.98 if label else 0.02, "predicted_label": label} for label in labels]
        self.answer(json.dumps({"predictions": predictions}), region=region)

    def refuse_digits(self, code: str, status: int, *, region: str | None = None, **fields: Any) -> None:
        """Have this region's endpoints answer an error, as moto never does: `fields` go into its JSON.

        This goes round the API: moto runs in this process, and its own record is changed.

        Source: SageMaker Runtime API, InvokeEndpoint, ModelError (OriginalStatusCode, OriginalMessage).
        """
        from moto.backends import get_backend  # slow to import

        def refuse(**_: Any) -> None:
            raise _error(code, status, fields)

        get_backend("sagemaker-runtime")[self.number][region or self.region].invoke_endpoint = refuse

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

    # -- what this student's keys may do ------------------------------------------------------------------------

    @contextmanager
    def allowed(self, document: dict[str, Any]) -> Iterator[None]:
        """Meanwhile this student's keys may do only what the policy allows, and moto refuses the rest.

        moto holds every request against IAM then, those for other accounts, too. It looks actions of IAM's policies up
        under the resource `*`.
        """
        name = "allowed"
        self.iam.put_user_policy(UserName="student", PolicyName=name, PolicyDocument=json.dumps(document))
        self.server.tell("/moto-api/reset-auth", b"0")
        try:
            yield
        finally:
            self.server.tell("/moto-api/reset-auth", b"inf")
            self.iam.delete_user_policy(UserName="student", PolicyName=name)

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

    def set_status(
        self,
        kind: Kind,
        name: str,
        status: str,
        *,
        secondary: str | None = None,
        failure_reason: str | None = None,
        region: str | None = None,
    ) -> None:
        """Put a thing into a state that moto never shows by itself: `Pending`, `Creating`, `Failed`, `Deleting`, …

        This goes round the API: moto runs in this process, and its own record is changed.
        """
        thing = self._record(kind, name, region or self.region)
        if kind == "notebook-instance":
            thing.status = status
            if failure_reason is not None:
                answer = thing.to_dict  # moto's answer has no place for a reason
                thing.to_dict = lambda: answer() | {"FailureReason": failure_reason}
            return
        setattr(thing, f"{kind.replace('-', '_')}_status", status)
        thing.failure_reason = failure_reason
        if kind == "training-job":
            thing.secondary_status = secondary or status
            if status != "Completed":
                thing.model_artifacts = None

    def _record(self, kind: Kind, name: str, region: str) -> Any:
        from moto.backends import get_backend  # slow to import

        backend = get_backend("sagemaker")[self.number][region]
        records: dict[str, Any] = getattr(backend, f"{kind.replace('-', '_')}s")
        return records[name]


@functools.lru_cache(maxsize=64)
def _client(server: PracticeServer, number: str, keys: Credentials, service: str, region: str) -> Any:
    """Kept, since making a client takes longer than most of what it is made for."""
    return server.client(service, number, region, keys)


def _without_account_in_address(params: dict[str, Any], **_: Any) -> None:
    """S3 Control's hosts begin with the account's number, which an address made of numbers cannot."""
    params["url"] = re.sub(r"(?<=://)\d{12}\.", "", params["url"])


def _error(code: str, status: int, fields: dict[str, Any]) -> Exception:
    from moto.core.exceptions import JsonRESTError  # slow to import

    error = JsonRESTError(code, "")
    error.code = status
    error.description = json.dumps(fields)
    return error


def _channel(uri: str) -> Any:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": "train", "DataSource": {"S3DataSource": source}}


def _jupyter_time(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d}"

"""What a student's clicks leave in the account, read back through AWS's own API."""

import json
from pathlib import Path

import pytest

from simulator.account import ENDPOINT_NAME, JOB_NAME, ROLE_STAMP, Scope, SimulatedAccount
from simulator.clock import Clock
from skymark.samples import read_samples

BUCKET = "sagemaker-20190701-0950"
ROLE = f"AmazonSageMaker-ExecutionRole-{ROLE_STAMP}"


def own_policies(account: SimulatedAccount) -> list[object]:
    """The documents of the role's customer-managed policies, default version."""
    attached = account.iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]
    own = [row["PolicyArn"] for row in attached if not row["PolicyArn"].startswith("arn:aws:iam::aws:")]
    versions = [account.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] for arn in own]
    return [
        account.iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        for arn, version in zip(own, versions, strict=True)
    ]


def messages(account: SimulatedAccount, group: str) -> list[str]:
    """Every line of a log group."""
    return [event["message"] for event in account.logs().filter_log_events(logGroupName=group)["events"]]


@pytest.mark.parametrize(("region", "constraint"), [("us-east-1", None), ("us-west-2", "us-west-2")])
def test_bucket_has_the_defaults_of_today(account: SimulatedAccount, region: str, constraint: str | None) -> None:
    """A new bucket is where it was wanted, blocks public access four times over and has no access lists."""
    name = account.make_bucket(f"{BUCKET}-{region}", region)

    s3 = account.s3(region)
    assert s3.get_bucket_location(Bucket=name).get("LocationConstraint") == constraint
    assert s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
    assert s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"] == {
        "Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]
    }


@pytest.mark.parametrize(
    ("scope", "documents"),
    [
        (
            (BUCKET,),
            [
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": [f"arn:aws:s3:::{BUCKET}"]},
                        {
                            "Effect": "Allow",
                            "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                            "Resource": [f"arn:aws:s3:::{BUCKET}/*"],
                        },
                    ],
                }
            ],
        ),
        (
            "any",
            [
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"],
                            "Resource": ["arn:aws:s3:::*"],
                        }
                    ],
                }
            ],
        ),
        ("none", []),
    ],
    ids=["specific", "any", "none"],
)
def test_role_is_the_consoles(account: SimulatedAccount, scope: Scope, documents: list[object]) -> None:
    """Each of the wizard's three choices leaves the documents that the console writes."""
    arn = account.make_execution_role(scope)

    role = account.iam.get_role(RoleName=ROLE)["Role"]
    assert (role["Arn"], role["Path"]) == (arn, "/service-role/")
    assert role["AssumeRolePolicyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    assert own_policies(account) == documents


def test_full_access_policy_is_attached_and_readable(account: SimulatedAccount) -> None:
    """Every role of the console carries AmazonSageMakerFullAccess, AWS's own document."""
    account.make_execution_role("none")

    attached = account.iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]
    assert attached == [
        {
            "PolicyName": "AmazonSageMakerFullAccess",
            "PolicyArn": "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess",
        }
    ]
    policy = account.iam.get_policy(PolicyArn=attached[0]["PolicyArn"])["Policy"]
    version = account.iam.get_policy_version(PolicyArn=attached[0]["PolicyArn"], VersionId=policy["DefaultVersionId"])
    assert "*sagemaker*" in json.dumps(version["PolicyVersion"]["Document"])


def test_instance_is_the_lessons(account: SimulatedAccount) -> None:
    """The notebook instance has the lesson's name, type and settings."""
    role = account.make_execution_role((BUCKET,))

    account.make_notebook_instance(role)

    found = account.sagemaker().describe_notebook_instance(NotebookInstanceName="sm-test")
    fields = ("NotebookInstanceStatus", "InstanceType", "RoleArn", "RootAccess", "VolumeSizeInGB", "AcceleratorTypes")
    assert [found.get(field) for field in fields] == ["InService", "ml.t2.medium", role, "Enabled", 5, None]


def test_jupyter_log_has_jupyters_lines(account: SimulatedAccount, standing: Clock) -> None:
    """A line is logged as Jupyter writes it, in the instance's own stream, with the time that it names."""
    account.write_jupyter_log(["Creating new notebook in", "Saving file at /Untitled.ipynb"])

    events = account.logs().get_log_events(
        logGroupName="/aws/sagemaker/NotebookInstances", logStreamName="sm-test/jupyter.log"
    )["events"]
    now = standing.now()
    milliseconds = int(now.timestamp() * 1000)
    assert [(event["timestamp"], event["message"]) for event in events] == [
        (milliseconds, f"[I {now:%Y-%m-%d %H:%M:%S}.000 ServerApp] Creating new notebook in"),
        (milliseconds + 1, f"[I {now:%Y-%m-%d %H:%M:%S}.001 ServerApp] Saving file at /Untitled.ipynb"),
    ]


def test_model_is_joined_to_its_job_by_the_artifact(account: SimulatedAccount) -> None:
    """Job, artifact, model, configuration and endpoint hang together as the SDK leaves them."""
    account.make_bucket(BUCKET)
    job = account.train(BUCKET, account.make_execution_role((BUCKET,)))

    endpoint = account.deploy(job)

    sagemaker = account.sagemaker()
    described = sagemaker.describe_training_job(TrainingJobName=JOB_NAME)
    serving = sagemaker.describe_endpoint(EndpointName=endpoint)
    config = sagemaker.describe_endpoint_config(EndpointConfigName=serving["EndpointConfigName"])
    model = sagemaker.describe_model(ModelName=config["ProductionVariants"][0].get("ModelName", ""))
    assert (described["TrainingJobStatus"], serving["EndpointStatus"]) == ("Completed", "InService")
    assert described["ModelArtifacts"]["S3ModelArtifacts"] == job.artifact_uri
    assert model["PrimaryContainer"]["ModelDataUrl"] == job.artifact_uri
    assert described["AlgorithmSpecification"]["TrainingImage"] == (
        "382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1"
    )
    assert [item["Key"] for item in account.s3().list_objects_v2(Bucket=BUCKET)["Contents"]] == [
        f"sagemaker/DEMO-linear-mnist/output/{JOB_NAME}/output/model.tar.gz",
        "sagemaker/DEMO-linear-mnist/train/recordio-pb-data",
    ]


def test_endpoint_log_counts_invocations(account: SimulatedAccount) -> None:
    """The container's own count stands in the log group that outlives the endpoint."""
    account.make_bucket(f"{BUCKET}-asked")
    account.deploy(account.train(f"{BUCKET}-asked", account.make_execution_role("none")))

    account.invoke(times=2)

    assert messages(account, f"/aws/sagemaker/Endpoints/{ENDPOINT_NAME}") == [
        "Loading entry points",
        *['#metrics {"Metrics": {"invocations.count": {"sum": 1.0, "count": 1, "min": 1, "max": 1}}}'] * 2,
    ]


def test_the_lessons_model_tells_zeros(account: SimulatedAccount) -> None:
    """Trained on real digits, it is right about the sample digits, which it has not seen, nearly every time."""
    account.make_bucket(f"{BUCKET}-trained")
    account.deploy(account.train(f"{BUCKET}-trained", account.make_execution_role("none")))
    samples = read_samples(Path(__file__).parents[2] / "fixtures" / "digits.csv")

    answer = account.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=ENDPOINT_NAME, ContentType="text/csv", Body="\n".join(samples.rows)
    )

    told = [row["predicted_label"] for row in json.loads(answer["Body"].read())["predictions"]]
    right = sum(label == (digit == 0) for label, digit in zip(told, samples.labels, strict=True))
    assert right >= 38
    assert answer["InvokedProductionVariant"] == "AllTraffic"


def test_answers_are_kept_apart_by_region(account: SimulatedAccount) -> None:
    """What is queued for one region is not said in another."""
    account.answer("west", region="us-west-2")

    runtime = account.client("sagemaker-runtime", "us-west-2")
    assert runtime.invoke_endpoint(EndpointName="any", Body="0")["Body"].read() == b"west"


def test_everything_can_be_taken_away_again(account: SimulatedAccount) -> None:
    """After the cleaning up nothing is left but what AWS itself keeps: the job and the logs."""
    bucket = account.make_bucket(f"{BUCKET}-gone")
    role = account.make_execution_role((bucket,))
    account.make_notebook_instance(role)
    account.deploy(account.train(bucket, role))

    account.delete_endpoint()
    account.delete_endpoint_config()
    account.delete_model()
    account.stop_instance()
    account.delete_instance()
    account.empty_and_delete_bucket(bucket)
    account.delete_role(ROLE)

    sagemaker = account.sagemaker()
    assert sagemaker.list_notebook_instances()["NotebookInstances"] == []
    assert sagemaker.list_endpoints()["Endpoints"] == []
    assert sagemaker.list_endpoint_configs()["EndpointConfigs"] == []
    assert sagemaker.list_models()["Models"] == []
    assert account.s3().list_buckets()["Buckets"] == []
    assert account.iam.list_roles()["Roles"] == []
    assert account.iam.list_policies(Scope="Local")["Policies"] == []
    assert [job["TrainingJobName"] for job in sagemaker.list_training_jobs()["TrainingJobSummaries"]] == [JOB_NAME]

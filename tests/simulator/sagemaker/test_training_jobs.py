"""Training jobs: what they read, learn and write, their states, and how they end otherwise."""

import io
import tarfile
from typing import Any

import pytest

from simulator.account import JOB_NAME
from simulator.sagemaker import quotas
from simulator.training_data import TrainingData

UNLIKELY = TrainingData(hyperparameters={"feature_dim": "784", "predictor_type": "oracle", "mini_batch_size": "200"})


@pytest.fixture
def described(account) -> Any:
    """What AWS tells of the job."""
    return lambda: account.sagemaker().describe_training_job(TrainingJobName=JOB_NAME)


def test_a_job_goes_through_its_secondary_states(account, bucket, role, standing, described) -> None:
    """Starting, Pending, Downloading, Training, Uploading, Completed, with the time of each."""
    account.train(bucket, role)
    standing.advance(600)

    found = described()

    steps = found["SecondaryStatusTransitions"]
    assert [step["Status"] for step in steps] == [
        *("Starting", "Pending", "Downloading", "Training", "Uploading", "Completed")
    ]
    lasted = [(step["EndTime"] - step["StartTime"]).total_seconds() for step in steps]
    assert lasted == [30, 60, 30, 20, 10, 0]
    assert (found["TrainingJobStatus"], found["SecondaryStatus"]) == ("Completed", "Completed")
    assert found["BillableTimeInSeconds"] == 60


def test_the_artifact_is_where_the_job_says(account, bucket, role, described) -> None:
    """The model is a real archive, under the output path and the job's name."""
    job = account.train(bucket, role)

    uri = described()["ModelArtifacts"]["S3ModelArtifacts"]
    body = account.s3().get_object(Bucket=bucket, Key=uri.removeprefix(f"s3://{bucket}/"))["Body"].read()

    assert uri == job.artifact_uri
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        assert archive.getnames() != []


def test_the_log_and_the_metrics_are_of_the_training(account, bucket, role, described) -> None:
    """The stream is the job's; the loss of the last epoch is among the metrics."""
    account.train(bucket, role)

    events = account.logs().filter_log_events(logGroupName="/aws/sagemaker/TrainingJobs")["events"]
    metrics = {one["MetricName"]: one["Value"] for one in described()["FinalMetricDataList"]}

    assert {event["logStreamName"].partition("/algo-1-")[0] for event in events} == {JOB_NAME}
    assert any("#quality_metric" in event["message"] for event in events)
    assert 0 < metrics["train:objective_loss"] < 0.5


def test_a_running_job_can_be_stopped(account, bucket, role, standing, described) -> None:
    """Stopping, then Stopped; without a model."""
    account.train(bucket, role)
    standing.advance(100)
    account.sagemaker().stop_training_job(TrainingJobName=JOB_NAME)
    stopping = described()["TrainingJobStatus"]
    standing.advance(600)

    found = described()

    assert (stopping, found["TrainingJobStatus"]) == ("Stopping", "Stopped")
    assert "ModelArtifacts" not in found


def test_a_completed_job_cannot_be_stopped_but_deleted(account, bucket, role, refused) -> None:
    """AWS says in which state it is; a job that has ended can be deleted."""
    account.train(bucket, role)
    sagemaker = account.sagemaker()

    stopping = refused(lambda: sagemaker.stop_training_job(TrainingJobName=JOB_NAME))
    sagemaker.delete_training_job(TrainingJobName=JOB_NAME)

    assert stopping == (
        "ValidationException",
        "The request was rejected because the training job is in status Completed.",
    )
    assert sagemaker.list_training_jobs()["TrainingJobSummaries"] == []


def test_a_running_job_cannot_be_deleted(account, bucket, role, standing, refused) -> None:
    """Only what has ended can be deleted."""
    account.train(bucket, role)

    code, _ = refused(lambda: account.sagemaker().delete_training_job(TrainingJobName=JOB_NAME))

    assert code == "ResourceInUse"


@pytest.mark.parametrize("act", ["describe", "stop", "delete"])
def test_an_unknown_job_is_not_found(account, refused, act) -> None:
    """The service sends a ValidationException, whatever its description declares."""
    call = getattr(account.sagemaker(), f"{act}_training_job")

    found = refused(lambda: call(TrainingJobName="nobody"))

    assert found == ("ValidationException", "Requested resource not found.")


def test_bad_hyperparameters_fail_the_job(account, bucket, role, described) -> None:
    """The job fails with the customer's kind of reason, and logs it."""
    account.train(bucket, role, data=UNLIKELY)

    found = described()

    assert found["TrainingJobStatus"] == "Failed"
    assert found["FailureReason"].startswith("ClientError: ")
    assert "predictor_type" in found["FailureReason"]


def test_bytes_that_are_no_records_fail_the_job(account, bucket, role, described) -> None:
    """A text file is no RecordIO."""
    account.train(bucket, role, data=NotRecords())

    assert described()["FailureReason"].startswith("ClientError: Unable to read data channel 'train'")


class NotRecords(TrainingData):
    """A text file."""

    def records(self) -> bytes:
        return b"5,0,0,12,7\n"


def test_a_job_fails_on_demand(account, bucket, role, described) -> None:
    """A tag makes it fail for AWS's reason."""
    account.train(bucket, role, fails="CapacityError: Unable to provision requested ML compute capacity.")

    found = described()

    assert (found["TrainingJobStatus"], found["FailureReason"]) == (
        "Failed",
        "CapacityError: Unable to provision requested ML compute capacity.",
    )


def test_a_job_that_would_train_for_too_long_is_stopped(account, bucket, role, described) -> None:
    """MaxRuntimeInSeconds ends it."""
    account.train(bucket, role, max_runtime_s=1)

    found = described()

    assert (found["TrainingJobStatus"], found["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")


def test_missing_data_is_refused_at_once(account, role, refused) -> None:
    """A bucket without the data is named, with the region and the permission that it may lack."""
    sagemaker, bucket = account.sagemaker(), account.make_bucket(f"sagemaker-without-data-{account.number}")
    image = "382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1"
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/nothing"}

    code, message = refused(
        lambda: sagemaker.create_training_job(
            TrainingJobName="job",
            AlgorithmSpecification={"TrainingImage": image, "TrainingInputMode": "File"},
            RoleArn=role,
            InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
            OutputDataConfig={"S3OutputPath": f"s3://{bucket}/output"},
            ResourceConfig={"InstanceType": "ml.c4.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
            StoppingCondition={"MaxRuntimeInSeconds": 3600},
        )
    )

    assert code == "ValidationException"
    assert message.startswith(f'No S3 objects found under S3 URL "s3://{bucket}/nothing" given in input data source.')
    assert "exists in the selected region (us-east-1)" in message


def test_a_bucket_in_another_region_is_refused(account, role, refused) -> None:
    """The commonest reason of "No S3 objects found": bucket and job are in two regions."""
    bucket = account.make_bucket(f"sagemaker-far-{account.number}", "us-west-2")

    code, message = refused(lambda: account.train(bucket, role))

    assert (code, message.partition('"')[0]) == ("ValidationException", "No S3 objects found under S3 URL ")


def test_a_role_that_sagemaker_cannot_assume_is_refused(account, bucket, refused) -> None:
    """A role made for EC2 does nothing here."""
    trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},'
    trust += '"Action":"sts:AssumeRole"}]}'
    role = account.iam.create_role(RoleName="for-ec2", AssumeRolePolicyDocument=trust)["Role"]["Arn"]

    code, message = refused(lambda: account.train(bucket, role))

    assert code == "ValidationException"
    assert message.startswith(f"Could not assume role {role}. Please ensure that the role exists and allows principal")


def test_an_image_that_there_is_not_is_refused(account, bucket, role, refused) -> None:
    """The practice cloud has Amazon's own algorithms."""
    image = f"{account.number}.dkr.ecr.us-east-1.amazonaws.com/my-own:latest"

    found = refused(lambda: account.train(bucket, role, image=image))

    assert found == ("ValidationException", f"Requested image {image} not found.")


def test_a_name_is_given_once(account, bucket, role, refused) -> None:
    """Job names are unique for ever."""
    account.train(bucket, role)

    code, message = refused(lambda: account.train(bucket, role))

    assert code == "ResourceInUse"
    assert message.startswith("Training job names must be unique within an AWS account and region")


def test_the_quota_counts_running_jobs(account, bucket, role, standing, refused) -> None:
    """A second job is refused while the first runs, and not after it."""
    quotas.set_limit(account.number, "ml.c4.xlarge for training job usage", 1)
    account.train(bucket, role, "first")

    code, message = refused(lambda: account.train(bucket, role, "second"))
    standing.advance(600)
    account.train(bucket, role, "second")

    assert code == "ResourceLimitExceeded"
    assert "'ml.c4.xlarge for training job usage' is 1 Instances" in message

"""Training jobs."""

import datetime as dt

from botocore.stub import Stubber

from skymark.evidence import TrainingJob
from skymark.survey.training import MOST_JOBS, describe_training_job, describe_training_jobs

MADE = dt.datetime(2019, 7, 1, 18, 40, tzinfo=dt.UTC)
ROW = {
    "TrainingJobName": "job",
    "TrainingJobArn": "arn:aws:sagemaker:us-east-1:123456789012:training-job/job",
    "TrainingJobStatus": "Completed",
    "CreationTime": MADE,
}
ANSWER = ROW | {
    "SecondaryStatus": "Completed",
    "ModelArtifacts": {"S3ModelArtifacts": "s3://b/model.tar.gz"},
    "AlgorithmSpecification": {
        "TrainingImage": "1.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1",
        "TrainingInputMode": "File",
    },
    "RoleArn": "arn:aws:iam::123456789012:role/R",
    "InputDataConfig": [
        {"ChannelName": "train", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/train"}}},
        {"ChannelName": "other", "DataSource": {}},
    ],
    "OutputDataConfig": {"S3OutputPath": "s3://b/output"},
    "ResourceConfig": {"InstanceType": "ml.c4.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
}


def test_what_the_list_does_not_tell_is_described(client):
    """Algorithm, buckets and role."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("describe_training_job", ANSWER)
        reading = describe_training_job(sagemaker, "us-east-1", ROW)

    assert reading.items == (
        TrainingJob(
            "job",
            "us-east-1",
            "Completed",
            MADE,
            secondary_status="Completed",
            image="1.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1",
            role_arn="arn:aws:iam::123456789012:role/R",
            input_uris=("s3://b/train",),
            output_uri="s3://b/output",
            artifact_uri="s3://b/model.tar.gz",
            instance_type="ml.c4.xlarge",
            instance_count=1,
        ),
    )


def test_more_jobs_than_are_described_are_a_gap_but_their_status_is_known(client):
    """An old account may hold thousands: the algorithm of the oldest is unknown, whether they still run is not."""
    rows = [ROW | {"TrainingJobName": f"job-{number}"} for number in range(MOST_JOBS + 2)]
    tasks = describe_training_jobs(client("sagemaker"), "us-east-1", rows)

    left = [task() for task in tasks[MOST_JOBS:]]

    assert [reading.items[0].status for reading in left] == ["Completed", "Completed"]
    assert [reading.items[0].image for reading in left] == [None, None]
    assert {(gap.call, gap.code) for reading in left for gap in reading.gaps} == {("DescribeTrainingJob", "Truncated")}


def test_a_refused_describe_leaves_the_algorithm_unknown(client):
    """It may be the lesson's."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_client_error("describe_training_job", "ThrottlingException")
        reading = describe_training_job(sagemaker, "us-east-1", ROW)

    assert reading.items == (TrainingJob("job", "us-east-1", "Completed", MADE),)
    assert [one.code for one in reading.gaps] == ["ThrottlingException"]


def test_machines_that_are_kept_after_the_end_are_told_by_list_and_description(client):
    """They bill on; a refused description does not hide them."""
    kept = {"WarmPoolStatus": {"Status": "Available"}}
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("describe_training_job", ANSWER | kept)
        aws.add_client_error("describe_training_job", "AccessDeniedException")
        asked = describe_training_job(sagemaker, "us-east-1", ROW)
        refused = describe_training_job(sagemaker, "us-east-1", ROW | kept)

    assert [one.warm_pool for one in (*asked.items, *refused.items)] == ["Available", "Available"]

"""Tuning jobs: children with values drawn from the ranges, so many at a time, and the best of them."""

from typing import Any

import pytest

from simulator.account import linear_learner
from simulator.training_data import LESSONS_OWN, ZEROS_FROM_OTHERS

NAME = "DEMO-ll-mni-2019-07-01-18-40-12"


@pytest.fixture
def tuned(account, bucket, role) -> Any:
    """Start the notebook's tuning job, of four jobs and two at a time."""
    account.s3().put_object(Bucket=bucket, Key="train/data", Body=ZEROS_FROM_OTHERS.records())
    source = {
        "S3DataType": "S3Prefix",
        "S3Uri": f"s3://{bucket}/train/data",
        "S3DataDistributionType": "FullyReplicated",
    }
    config: Any = {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "validation:objective_loss"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": 2},
        "ParameterRanges": {
            "ContinuousParameterRanges": [{"Name": "learning_rate", "MinValue": "1e-5", "MaxValue": "1"}],
            "IntegerParameterRanges": [{"Name": "mini_batch_size", "MinValue": "100", "MaxValue": "200"}],
        },
    }
    definition: Any = {
        "StaticHyperParameters": {name: LESSONS_OWN[name] for name in ("feature_dim", "predictor_type")},
        "AlgorithmSpecification": {"TrainingImage": linear_learner("us-east-1"), "TrainingInputMode": "File"},
        "RoleArn": role,
        "InputDataConfig": [
            {"ChannelName": channel, "DataSource": {"S3DataSource": source}} for channel in ("train", "validation")
        ],
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/output"},
        "ResourceConfig": {"InstanceType": "ml.c4.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
    account.sagemaker().create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=NAME, HyperParameterTuningJobConfig=config, TrainingJobDefinition=definition
    )
    return lambda: account.sagemaker().describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=NAME)


def test_a_tuning_job_trains_all_and_names_the_best(account, tuned) -> None:
    """All four are trained; the best has the smallest loss of them."""
    found = tuned()
    children = account.sagemaker().list_training_jobs_for_hyper_parameter_tuning_job(HyperParameterTuningJobName=NAME)

    losses = {
        child["TrainingJobName"]: child["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
        for child in children["TrainingJobSummaries"]
    }
    assert found["HyperParameterTuningJobStatus"] == "Completed"
    assert found["TrainingJobStatusCounters"]["Completed"] == 4
    assert found["BestTrainingJob"]["TrainingJobName"] == min(losses, key=lambda name: losses[name])


def test_a_child_names_its_tuning_job_and_its_values(account, tuned) -> None:
    """A child's name is the tuning job's with a number; its values are within the ranges."""
    names = [job["TrainingJobName"] for job in account.sagemaker().list_training_jobs()["TrainingJobSummaries"]]
    child = account.sagemaker().describe_training_job(TrainingJobName=sorted(names)[0])

    assert sorted(names)[0].startswith(f"{NAME}-001-")
    assert child["TuningJobArn"].endswith(f":hyper-parameter-tuning-job/{NAME.lower()}")
    assert 1e-5 <= float(child["HyperParameters"]["learning_rate"]) <= 1
    assert 100 <= int(child["HyperParameters"]["mini_batch_size"]) <= 200


def test_only_so_many_run_at_a_time(account, standing, tuned) -> None:
    """Two of four run, until one of them has ended."""
    sagemaker = account.sagemaker()
    first = len(sagemaker.list_training_jobs(StatusEquals="InProgress")["TrainingJobSummaries"])
    standing.advance(170)
    then = len(sagemaker.list_training_jobs()["TrainingJobSummaries"])

    assert (first, then) == (2, 4)


def test_a_stopped_tuning_job_stops_its_children(account, standing, tuned) -> None:
    """Stopping, and Stopped when the last child is."""
    account.sagemaker().stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=NAME)
    stopping = tuned()["HyperParameterTuningJobStatus"]
    standing.advance(60)

    found = tuned()

    assert (stopping, found["HyperParameterTuningJobStatus"]) == ("Stopping", "Stopped")
    assert found["TrainingJobStatusCounters"]["Stopped"] == 2


def test_a_tuning_job_stays_with_its_training_job(account, bucket, role) -> None:
    """Its tags are its training jobs', too; when it is stopped, so are they."""
    sagemaker = account.sagemaker()
    account.s3().put_object(Bucket=bucket, Key="sagemaker/DEMO-linear-mnist/train/recordio-pb-data", Body=b"digits")
    account.tune(bucket, role, NAME, jobs=1, stays="Training")

    def states() -> tuple[str, str]:
        tuned = sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=NAME)
        (child,) = sagemaker.list_training_jobs()["TrainingJobSummaries"]
        return tuned["HyperParameterTuningJobStatus"], child["TrainingJobStatus"]

    before = states()
    sagemaker.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=NAME)

    assert (before, states()) == (("InProgress", "InProgress"), ("Stopped", "Stopped"))

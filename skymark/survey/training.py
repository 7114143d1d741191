"""Training jobs."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from skymark.evidence import Gap, TrainingJob
from skymark.survey.reading import Reading, described, pages
from skymark.survey.redact import redacted

SERVICE = "sagemaker"
MOST_JOBS = 100

Describe = Callable[[], Reading[TrainingJob]]


def list_training_jobs(client: Any, region: str, *, most: int | None = None) -> Reading[dict[str, Any]]:
    """A row for each training job of one region, newest first; with `most` only so many.

    Source: SageMaker API, ListTrainingJobs.
    """
    return pages(
        client,
        SERVICE,
        "ListTrainingJobs",
        "TrainingJobSummaries",
        region,
        SortBy="CreationTime",
        SortOrder="Descending",
        PaginationConfig={"PageSize": 100, "MaxItems": most},
    )


def describe_training_jobs(client: Any, region: str, rows: Sequence[dict[str, Any]]) -> list[Describe]:
    """A task for each job, newest first.

    The list does not tell a job's algorithm, so each must be described; but an old account may hold thousands. From
    the hundredth on, what the list told is kept, and a gap says so.
    """
    asked = [partial(describe_training_job, client, region, row) for row in rows[:MOST_JOBS]]
    return [*asked, *(partial(_undescribed, region, row) for row in rows[MOST_JOBS:])]


def describe_training_job(client: Any, region: str, row: dict[str, Any]) -> Reading[TrainingJob]:
    """One training job. Deleted since it was listed: none. Refused: what the list told.

    Source: SageMaker API, DescribeTrainingJob.
    """
    name = row["TrainingJobName"]
    return described(
        SERVICE,
        "DescribeTrainingJob",
        region,
        name,
        lambda: _evidence(row | client.describe_training_job(TrainingJobName=name), region),
        otherwise=_from_list(row, region),
    )


def _undescribed(region: str, row: dict[str, Any]) -> Reading[TrainingJob]:
    advice = f"Only the newest {MOST_JOBS} training jobs of a region are read. Ask your assistant about the others."
    gap = Gap(SERVICE, "DescribeTrainingJob", region, "Truncated", advice)
    return Reading((_from_list(row, region),), (gap,))


def _from_list(row: dict[str, Any], region: str) -> TrainingJob:
    return TrainingJob(
        row["TrainingJobName"], region, row["TrainingJobStatus"], row["CreationTime"], warm_pool=_warm_pool(row)
    )


def _evidence(answer: dict[str, Any], region: str) -> TrainingJob:
    sources = (channel.get("DataSource", {}).get("S3DataSource", {}) for channel in answer.get("InputDataConfig", ()))
    resources = answer.get("ResourceConfig", {})
    return TrainingJob(
        name=answer["TrainingJobName"],
        region=region,
        status=answer["TrainingJobStatus"],
        created_at=answer["CreationTime"],
        secondary_status=answer.get("SecondaryStatus"),
        failure_reason=redacted(answer.get("FailureReason")) or None,
        image=answer.get("AlgorithmSpecification", {}).get("TrainingImage", ""),
        role_arn=answer.get("RoleArn"),
        input_uris=tuple(source["S3Uri"] for source in sources if "S3Uri" in source),
        output_uri=answer.get("OutputDataConfig", {}).get("S3OutputPath"),
        artifact_uri=answer.get("ModelArtifacts", {}).get("S3ModelArtifacts"),
        instance_type=resources.get("InstanceType"),
        instance_count=resources.get("InstanceCount"),
        tuning_job_arn=answer.get("TuningJobArn"),
        ended_at=answer.get("TrainingEndTime"),
        warm_pool=_warm_pool(answer),
    )


def _warm_pool(answer: dict[str, Any]) -> str | None:
    status = answer.get("WarmPoolStatus", {}).get("Status")
    return None if status is None else str(status)

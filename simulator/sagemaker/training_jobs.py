"""Training jobs: what they read, learn, write and log, and the states that they go through.

Source: SageMaker API reference, CreateTrainingJob, DescribeTrainingJob (SecondaryStatus), StopTrainingJob,
DeleteTrainingJob; SageMaker guide, "How Amazon SageMaker AI provides training information" (where the artifact goes).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from moto.sagemaker.models import SageMakerModelBackend
from moto.sagemaker.utils import arn_formatter

from simulator.clock import clock
from simulator.failing import failure_on_demand
from simulator.linear_learner import Channel, Trained, TrainingFailed, train
from simulator.logs import write_log
from simulator.sagemaker import images, quotas, timing
from simulator.sagemaker.buckets import Refused, RoleBuckets, split
from simulator.sagemaker.course import Course
from simulator.sagemaker.listing import Kind, page
from simulator.sagemaker.refusals import ResourceInUseException, ValidationError
from simulator.sagemaker.roles import demand_role
from simulator.staying import stays_in

LOG_GROUP = "/aws/sagemaker/TrainingJobs"
TERMINAL = ("Completed", "Failed", "Stopped")
_LISTED = Kind("TrainingJobSummaries", "TrainingJobName", "TrainingJobStatus")
_DEFAULT_RUNTIME_S = 86_400
# All epochs together: what a slow machine reads and fits in half a minute.
_MOST_BYTES_READ = 30_000_000_000
# Learnt by none of the algorithms that are only answered.
_NOTHING = Trained(b"nothing was learnt", (), {}, 0, 0)
_MESSAGES = {
    "Starting": "Starting the training job",
    "Pending": "Training job waiting for capacity",
    "Downloading": "Downloading the training image",
    "Training": "Training image download completed. Training in progress.",
    "Uploading": "Uploading generated training model",
    "Completed": "Training job completed",
    "Stopping": "Stopping the training job",
    "Stopped": "Training job stopped",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds provided",
    "Failed": "Training job failed",
    "Deleting": "Deleting the training job",
}


class TrainingJob:
    """One training job; `asked` are the parameters of CreateTrainingJob, or of a tuning job for its child."""

    def __init__(self, account: str, region: str, asked: Mapping[str, Any], tuning_job_arn: str | None = None) -> None:
        self.account, self.region, self.asked = account, region, dict(asked)
        self.training_job_name: str = asked["TrainingJobName"]
        self.arn = arn_formatter("training-job", self.training_job_name.lower(), account, region)
        self.tuning_job_arn = tuning_job_arn
        self.tags = list(asked.get("Tags") or [])
        self.creation_time = self.last_modified_time = clock.utcnow()
        self.training_start_time: dt.datetime | None = None
        self.training_end_time: dt.datetime | None = None
        self.training_job_status, self.secondary_status = "InProgress", "Starting"
        self.failure_reason: str | None = None
        self.model_artifacts: dict[str, str] | None = None
        self.warm_pool: str | None = None
        self.learnt: Trained | None = None
        self.transitions: list[dict[str, Any]] = []
        self.course = Course()
        self.enter("Starting")

    @property
    def role_arn(self) -> str:
        """The role that it reads and writes with."""
        role: str = self.asked["RoleArn"]
        return role

    @property
    def machines(self) -> tuple[str, int]:
        """The type of its machines, and how many."""
        config = self.asked["ResourceConfig"]
        return config.get("InstanceType", ""), int(config.get("InstanceCount") or 1)

    @property
    def most_seconds(self) -> float:
        """For how long it may train."""
        return float((self.asked.get("StoppingCondition") or {}).get("MaxRuntimeInSeconds") or _DEFAULT_RUNTIME_S)

    @property
    def artifact_uri(self) -> str:
        """Where its model goes."""
        path = self.asked["OutputDataConfig"]["S3OutputPath"].rstrip("/")
        return f"{path}/{self.training_job_name}/output/model.tar.gz"

    def enter(self, secondary: str, status: str = "InProgress", reason: str | None = None) -> None:
        """Be in this state from now on."""
        now = clock.utcnow()
        if self.transitions:
            self.transitions[-1]["EndTime"] = now
        message = reason if status == "Failed" else _MESSAGES[secondary]
        self.transitions.append({"Status": secondary, "StartTime": now, "StatusMessage": message})
        self.training_job_status, self.secondary_status, self.failure_reason = status, secondary, reason
        self.last_modified_time = now
        if secondary == "Downloading":
            self.training_start_time = now
        if status in TERMINAL:
            self.transitions[-1]["EndTime"] = self.training_end_time = now

    @property
    def response_object(self) -> dict[str, Any]:
        """What DescribeTrainingJob answers."""
        given = {name: value for name, value in self.asked.items() if name != "Tags"}
        state = {
            "TrainingJobName": self.training_job_name,
            "TrainingJobArn": self.arn,
            "TuningJobArn": self.tuning_job_arn,
            "TrainingJobStatus": self.training_job_status,
            "SecondaryStatus": self.secondary_status,
            "SecondaryStatusTransitions": self.transitions,
            "FailureReason": self.failure_reason,
            "ModelArtifacts": self.model_artifacts,
            "CreationTime": self.creation_time,
            "LastModifiedTime": self.last_modified_time,
            "TrainingStartTime": self.training_start_time,
            "TrainingEndTime": self.training_end_time,
            "FinalMetricDataList": self._metrics(),
            **self._times(),
        }
        defaults = {"EnableNetworkIsolation": False, "EnableManagedSpotTraining": False}
        merged = defaults | {"EnableInterContainerTrafficEncryption": False} | given | state
        return {name: value for name, value in merged.items() if value not in (None, [], {})}

    def summary(self) -> dict[str, Any]:
        """What ListTrainingJobs shows of it."""
        names = ("TrainingJobName", "TrainingJobArn", "CreationTime", "TrainingEndTime", "LastModifiedTime")
        described = self.response_object
        pool = {"WarmPoolStatus": {"Status": self.warm_pool}} if self.warm_pool else {}
        shown = {
            name: described[name] for name in (*names, "TrainingJobStatus", "SecondaryStatus") if name in described
        }
        return shown | pool

    def _times(self) -> dict[str, Any]:
        if self.training_start_time is None:
            return {}
        ended = self.training_end_time or clock.utcnow()
        seconds = max(1, round((ended - self.training_start_time).total_seconds()))
        pool = {"WarmPoolStatus": {"Status": self.warm_pool}} if self.warm_pool else {}
        return {"TrainingTimeInSeconds": seconds, "BillableTimeInSeconds": seconds} | pool

    def _metrics(self) -> list[dict[str, Any]]:
        if self.training_job_status != "Completed" or self.learnt is None:
            return []
        at = self.training_end_time
        return [{"MetricName": name, "Value": value, "Timestamp": at} for name, value in self.learnt.metrics.items()]


class TrainingJobs(SageMakerModelBackend):
    """The training jobs of an account in a region."""

    training_jobs: dict[str, TrainingJob]  # type: ignore[assignment]

    def start_training_job(self, asked: Mapping[str, Any], tuning_job_arn: str | None = None) -> TrainingJob:
        """CreateTrainingJob: of a new name, with a role, an image, data and within the quota."""
        job = TrainingJob(self.account_id, self.region_name, asked, tuning_job_arn)
        if job.training_job_name in self.training_jobs:
            raise ResourceInUseException(
                "Training job names must be unique within an AWS account and region, and a training job with this name "
                f"already exists ({job.arn})"
            )
        images.demand(asked["AlgorithmSpecification"].get("TrainingImage"), self.region_name)
        demand_role(job.role_arn, self.account_id, job.arn)
        self._demand_data(job)
        self._demand_training_machines(job)
        self.training_jobs[job.training_job_name] = job
        job.course.go(
            (timing.STARTING_JOB_S, lambda: job.enter("Pending")),
            (timing.PENDING_JOB_S, lambda: job.enter("Downloading")),
            (timing.DOWNLOADING_S, lambda: self._train(job)),
        )
        return job

    def stop_training_job(self, name: str) -> None:
        """StopTrainingJob."""
        job = self._job(name)
        if job.training_job_status not in ("InProgress", "Stopping"):
            raise ValidationError(
                f"The request was rejected because the training job is in status {job.training_job_status}."
            )
        job.enter("Stopping", "Stopping")
        job.course.go((timing.STOPPING_JOB_S, lambda: job.enter("Stopped", "Stopped")))

    def delete_training_job(self, name: str) -> None:
        """DeleteTrainingJob: only of one that has ended."""
        job = self._job(name)
        if job.training_job_status not in TERMINAL:
            raise ResourceInUseException(
                f"The request was rejected because the training job is in status {job.training_job_status}."
            )
        job.training_job_status = "Deleting"
        job.course.go((timing.DELETING_JOB_S, lambda: self._forget_job(name)))

    def change_training_job(self, asked: Mapping[str, Any]) -> TrainingJob:
        """UpdateTrainingJob: how long its warm pool is kept."""
        job = self._job(asked["TrainingJobName"])
        job.asked["ResourceConfig"] = job.asked["ResourceConfig"] | (asked.get("ResourceConfig") or {})
        if job.warm_pool == "Available":
            self._keep_warm(job)
        return job

    def describe_training_job(self, training_job_name: str) -> dict[str, Any]:
        """DescribeTrainingJob."""
        return self._job(training_job_name).response_object

    def list_training_job_page(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """ListTrainingJobs."""
        pool = asked.get("WarmPoolStatusEquals")
        jobs = [job for job in self.training_jobs.values() if pool in (None, job.warm_pool)]
        return page(_LISTED, [job.summary() for job in jobs], asked)

    # -- what is refused at once --------------------------------------------------------------------------------

    def _demand_data(self, job: TrainingJob) -> None:
        for channel in job.asked.get("InputDataConfig") or []:
            uri = channel["DataSource"].get("S3DataSource", {}).get("S3Uri", "")
            try:
                found = self._buckets(job).keys(uri)
            except Refused:
                found = []
            if not found:
                raise ValidationError(
                    f'No S3 objects found under S3 URL "{uri}" given in input data source. Please ensure that the '
                    f"bucket exists in the selected region ({self.region_name}), that objects exist under that S3 "
                    f'prefix, and that the role "{job.role_arn}" has "s3:ListBucket" permissions on bucket '
                    f'"{split(uri)[0]}".'
                )

    def _demand_training_machines(self, job: TrainingJob) -> None:
        kind, count = job.machines
        running = [one for one in self.training_jobs.values() if one.training_job_status not in TERMINAL]
        in_use = [one.machines[1] for one in running if one.machines[0] == kind]
        quotas.demand(self.account_id, kind, "training job usage", count, in_use)

    # -- what happens by itself ---------------------------------------------------------------------------------

    def _train(self, job: TrainingJob) -> None:
        job.enter("Training")
        if stays_in(job.tags, "Training"):
            return
        try:
            reason = failure_on_demand(job.tags)
            if reason:
                raise TrainingFailed(reason)
            job.learnt = self._learn(job)
        except TrainingFailed as error:
            reason = error.reason
            self._log_job(job, error.log)
            job.course.go((timing.LEAST_TRAINING_S, lambda: job.enter("Failed", "Failed", reason)))
            return
        self._log_job(job, job.learnt.log)
        seconds = max(timing.LEAST_TRAINING_S, job.learnt.examples * job.learnt.epochs / timing.RECORDS_PER_S)
        if seconds > job.most_seconds:
            job.course.go((job.most_seconds, lambda: job.enter("MaxRuntimeExceeded", "Stopped")))
            return
        job.course.go((seconds, lambda: job.enter("Uploading")), (timing.UPLOADING_S, lambda: self._upload(job)))

    def _learn(self, job: TrainingJob) -> Trained:
        if not images.is_linear_learner(job.asked["AlgorithmSpecification"].get("TrainingImage")):
            return _NOTHING
        channels = {one["ChannelName"]: self._channel(job, one) for one in job.asked.get("InputDataConfig") or []}
        hyperparameters = _within_reason(job.asked.get("HyperParameters") or {}, channels)
        return train(hyperparameters, channels, started=clock.now())

    def _channel(self, job: TrainingJob, channel: Mapping[str, Any]) -> Channel:
        uri = channel["DataSource"]["S3DataSource"]["S3Uri"]
        bucket, buckets = split(uri)[0], self._buckets(job)
        try:
            files = tuple(buckets.read(bucket, key) for key in buckets.keys(uri) if not key.endswith("/"))
        except Refused as error:
            raise TrainingFailed(
                f"ClientError: Data download failed:Failed to download data. Cannot download {uri}, a previously found "
                f"file/folder changed, clients may have deleted/changed files on S3 bucket ({error})"
            ) from error
        return Channel(channel.get("ContentType"), files)

    def _upload(self, job: TrainingJob) -> None:
        learnt = job.learnt
        if learnt is None:
            raise RuntimeError("a job uploads what it has learnt")
        try:
            self._buckets(job).write(job.artifact_uri, learnt.artifact)
        except Refused as error:
            reason = f"ClientError: Artifact upload failed: {error}"
            job.enter("Failed", "Failed", reason)
            return
        job.model_artifacts = {"S3ModelArtifacts": job.artifact_uri}
        job.enter("Completed", "Completed")
        if job.asked["ResourceConfig"].get("KeepAlivePeriodInSeconds"):
            job.warm_pool = "Available"
            self._keep_warm(job)

    def _keep_warm(self, job: TrainingJob) -> None:
        seconds = float(job.asked["ResourceConfig"].get("KeepAlivePeriodInSeconds") or 0)
        if seconds and stays_in(job.tags, "Available"):
            return
        job.course.go((seconds, lambda: setattr(job, "warm_pool", "Terminated")))

    def _log_job(self, job: TrainingJob, lines: tuple[str, ...]) -> None:
        now = clock.now()
        stream = f"{job.training_job_name}/algo-1-{int(job.creation_time.replace(tzinfo=dt.UTC).timestamp())}"
        write_log(self.account_id, self.region_name, LOG_GROUP, stream, [(now, line) for line in lines])

    def _buckets(self, job: TrainingJob) -> RoleBuckets:
        return RoleBuckets(self.account_id, self.region_name, job.role_arn)

    def _forget_job(self, name: str) -> None:
        del self.training_jobs[name]

    def _job(self, name: str) -> TrainingJob:
        if name not in self.training_jobs:
            raise ValidationError("Requested resource not found.")
        return self.training_jobs[name]


def _within_reason(hyperparameters: Mapping[str, str], channels: Mapping[str, Channel]) -> Mapping[str, str]:
    """With no more epochs than half a minute allows: the cloud stands still meanwhile, and more change nothing."""
    asked = hyperparameters.get("epochs", "")
    size = sum(len(file) for channel in channels.values() for file in channel.files)
    if not asked.isdecimal() or int(asked) * size <= _MOST_BYTES_READ:
        return hyperparameters
    return {**hyperparameters, "epochs": str(max(1, _MOST_BYTES_READ // size))}

"""Hyperparameter tuning jobs: training jobs with values drawn from ranges, some at a time, and the best of them.

Source: SageMaker API reference, CreateHyperParameterTuningJob, DescribeHyperParameterTuningJob.
"""

import math
import random
from collections import Counter
from collections.abc import Mapping
from typing import Any

from moto.sagemaker.utils import arn_formatter

from simulator.clock import clock
from simulator.sagemaker.course import Course
from simulator.sagemaker.listing import Kind, page
from simulator.sagemaker.refusals import ResourceInUseException, ValidationError
from simulator.sagemaker.training_jobs import TERMINAL, TrainingJob, TrainingJobs
from simulator.staying import stays_in

_LISTED = Kind(
    "HyperParameterTuningJobSummaries", "HyperParameterTuningJobName", "HyperParameterTuningJobStatus", "Name", True
)
_CHILDREN = Kind("TrainingJobSummaries", "TrainingJobName", "TrainingJobStatus", "Name", True)
_LOOK_AGAIN_S = 10.0
_COUNTERS = ("Completed", "InProgress", "RetryableError", "NonRetryableError", "Stopped")


class TuningJob:
    """One tuning job; `asked` are the parameters of CreateHyperParameterTuningJob."""

    def __init__(self, account: str, region: str, asked: Mapping[str, Any]) -> None:
        self.asked = dict(asked)
        self.hyper_parameter_tuning_job_name: str = asked["HyperParameterTuningJobName"]
        self.arn = arn_formatter(
            "hyper-parameter-tuning-job", self.hyper_parameter_tuning_job_name.lower(), account, region
        )
        self.tags = list(asked.get("Tags") or [])
        self.creation_time = self.last_modified_time = clock.utcnow()
        self.ended_at: Any = None
        self.hyper_parameter_tuning_job_status = "InProgress"
        self.children: list[TrainingJob] = []
        self.course = Course()

    @property
    def most(self) -> int:
        """How many training jobs it starts."""
        return int(self._limits.get("MaxNumberOfTrainingJobs") or 1)

    @property
    def at_once(self) -> int:
        """How many of them at a time."""
        return int(self._limits.get("MaxParallelTrainingJobs") or 1)

    @property
    def _limits(self) -> Mapping[str, Any]:
        return self.asked["HyperParameterTuningJobConfig"].get("ResourceLimits") or {}

    @property
    def running(self) -> list[TrainingJob]:
        """Its training jobs that have not ended."""
        return [job for job in self.children if job.training_job_status not in TERMINAL]

    def enter(self, status: str) -> None:
        """Be in this state from now on."""
        self.hyper_parameter_tuning_job_status = status
        self.last_modified_time = clock.utcnow()
        if status in TERMINAL:
            self.ended_at = self.last_modified_time

    def next_training_job(self) -> dict[str, Any]:
        """The parameters of its next training job; the same tuning job draws the same values."""
        number = len(self.children) + 1
        dice = random.Random(f"{self.hyper_parameter_tuning_job_name} {number}")  # noqa: S311 - nothing secret
        definition = dict(self.asked["TrainingJobDefinition"])
        ranges = self.asked["HyperParameterTuningJobConfig"].get("ParameterRanges") or {}
        drawn = {name: value for kind, rows in ranges.items() for name, value in _draw(kind, rows, dice)}
        fixed = definition.pop("StaticHyperParameters", {}) | {
            "_tuning_objective_metric": self._objective["MetricName"]
        }
        definition.pop("DefinitionName", None)
        name = f"{self.hyper_parameter_tuning_job_name}-{number:03d}-{dice.getrandbits(32):08x}"
        return definition | {"TrainingJobName": name, "HyperParameters": fixed | drawn, "Tags": self.tags}

    @property
    def _objective(self) -> Mapping[str, str]:
        config = self.asked["HyperParameterTuningJobConfig"]
        chosen: Mapping[str, str] = config.get("HyperParameterTuningJobObjective") or {
            "MetricName": "validation:objective_loss",
            "Type": "Minimize",
        }
        return chosen

    @property
    def best(self) -> TrainingJob | None:
        """The completed training job with the best value of the objective."""
        scored = [(value, job) for job in self.children if (value := self._score(job)) is not None]
        if not scored:
            return None
        choose = max if self._objective["Type"] == "Maximize" else min
        return choose(scored, key=lambda row: row[0])[1]

    def _score(self, job: TrainingJob) -> float | None:
        if job.training_job_status != "Completed" or job.learnt is None:
            return None
        score: float | None = job.learnt.metrics.get(self._objective["MetricName"])
        return score

    def summary_of(self, job: TrainingJob) -> dict[str, Any]:
        """What the tuning job shows of one of its training jobs."""
        described, score = job.response_object, self._score(job)
        names = (
            "TrainingJobName",
            "TrainingJobArn",
            "CreationTime",
            "TrainingStartTime",
            "TrainingEndTime",
            "TrainingJobStatus",
        )
        tuned = {name: value for name, value in described["HyperParameters"].items() if not name.startswith("_")}
        row = {name: described[name] for name in names if name in described} | {"TunedHyperParameters": tuned}
        if score is not None:
            metric = {"MetricName": self._objective["MetricName"], "Value": score}
            row["FinalHyperParameterTuningJobObjectiveMetric"] = metric
            row["ObjectiveStatus"] = "Succeeded"
        return row

    def described(self) -> dict[str, Any]:
        """What DescribeHyperParameterTuningJob answers."""
        best = self.best
        given = {name: value for name, value in self.asked.items() if name != "Tags"}
        state = {
            **self.summary(),
            "TrainingJobStatusCounters": self._counters(),
            "ObjectiveStatusCounters": self._objective_counters(),
            "BestTrainingJob": self.summary_of(best) if best else None,
        }
        state.pop("Strategy")
        state.pop("ResourceLimits")
        return {name: value for name, value in (given | state).items() if value is not None}

    def summary(self) -> dict[str, Any]:
        """What ListHyperParameterTuningJobs shows of it."""
        row = {
            "HyperParameterTuningJobName": self.hyper_parameter_tuning_job_name,
            "HyperParameterTuningJobArn": self.arn,
            "HyperParameterTuningJobStatus": self.hyper_parameter_tuning_job_status,
            "Strategy": self.asked["HyperParameterTuningJobConfig"].get("Strategy", "Bayesian"),
            "CreationTime": self.creation_time,
            "HyperParameterTuningEndTime": self.ended_at,
            "LastModifiedTime": self.last_modified_time,
            "TrainingJobStatusCounters": self._counters(),
            "ObjectiveStatusCounters": self._objective_counters(),
            "ResourceLimits": self._limits,
        }
        return {name: value for name, value in row.items() if value is not None}

    def _counters(self) -> dict[str, int]:
        counted = Counter(
            {"Failed": "NonRetryableError", "Stopping": "InProgress"}.get(
                job.training_job_status, job.training_job_status
            )
            for job in self.children
        )
        return {name: counted[name] for name in _COUNTERS}

    def _objective_counters(self) -> dict[str, int]:
        scored = sum(self._score(job) is not None for job in self.children)
        failed = sum(job.training_job_status == "Failed" for job in self.children)
        return {"Succeeded": scored, "Pending": len(self.children) - scored - failed, "Failed": failed}


class TuningJobs(TrainingJobs):
    """The tuning jobs of an account in a region."""

    hyper_parameter_tuning_jobs: dict[str, TuningJob]  # type: ignore[assignment]

    def start_tuning_job(self, asked: Mapping[str, Any]) -> TuningJob:
        """CreateHyperParameterTuningJob."""
        tuning = TuningJob(self.account_id, self.region_name, asked)
        if tuning.hyper_parameter_tuning_job_name in self.hyper_parameter_tuning_jobs:
            raise ResourceInUseException(
                "Tuning job names must be unique within an AWS account and region, and a tuning job with this name "
                f"already exists ({tuning.arn})"
            )
        self._start_children(tuning)  # a first one that is refused refuses the tuning job
        self.hyper_parameter_tuning_jobs[tuning.hyper_parameter_tuning_job_name] = tuning
        tuning.course.go((_LOOK_AGAIN_S, lambda: self._tend(tuning)))
        return tuning

    def stop_tuning_job(self, name: str) -> None:
        """StopHyperParameterTuningJob."""
        tuning = self._tuning_job(name)
        if tuning.hyper_parameter_tuning_job_status != "InProgress":
            status = tuning.hyper_parameter_tuning_job_status
            raise ValidationError(f"The request was rejected because the tuning job is in status {status}.")
        tuning.enter("Stopping")
        for job in tuning.running:
            self.stop_training_job(job.training_job_name)
        tuning.course.go((_LOOK_AGAIN_S, lambda: self._tend(tuning)))

    def describe_tuning_job(self, name: str) -> dict[str, Any]:
        """DescribeHyperParameterTuningJob."""
        return self._tuning_job(name).described()

    def list_tuning_job_page(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """ListHyperParameterTuningJobs."""
        return page(_LISTED, [tuning.summary() for tuning in self.hyper_parameter_tuning_jobs.values()], asked)

    def list_tuned_job_page(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """ListTrainingJobsForHyperParameterTuningJob."""
        tuning = self._tuning_job(asked["HyperParameterTuningJobName"])
        return page(_CHILDREN, [tuning.summary_of(job) for job in tuning.children], asked)

    def _tend(self, tuning: TuningJob) -> None:
        stopping = tuning.hyper_parameter_tuning_job_status == "Stopping"
        if not stopping:
            self._start_children(tuning)
        if any(stays_in(job.tags, job.secondary_status) for job in tuning.running):
            return  # nothing changes until it is stopped
        if tuning.running:
            tuning.course.go((_LOOK_AGAIN_S, lambda: self._tend(tuning)))
        else:
            tuning.enter("Stopped" if stopping else "Completed" if tuning.best else "Failed")

    def _start_children(self, tuning: TuningJob) -> None:
        while len(tuning.children) < tuning.most and len(tuning.running) < tuning.at_once:
            tuning.children.append(self.start_training_job(tuning.next_training_job(), tuning.arn))

    def _tuning_job(self, name: str) -> TuningJob:
        if name not in self.hyper_parameter_tuning_jobs:
            raise ValidationError("Requested resource not found.")
        return self.hyper_parameter_tuning_jobs[name]


def _draw(kind: str, rows: Any, dice: random.Random) -> list[tuple[str, str]]:
    """A value for each range of this kind, as text."""
    if kind == "CategoricalParameterRanges":
        return [(row["Name"], dice.choice(row["Values"])) for row in rows]
    if kind == "IntegerParameterRanges":
        return [(row["Name"], str(round(_between(row, dice)))) for row in rows]
    if kind == "ContinuousParameterRanges":
        return [(row["Name"], repr(_between(row, dice))) for row in rows]
    return []


def _between(row: Mapping[str, str], dice: random.Random) -> float:
    """A value of the range; between positive bounds far apart each order of magnitude is as likely."""
    low, high = float(row["MinValue"]), float(row["MaxValue"])
    if low > 0 and high / low > 100:
        return math.exp(dice.uniform(math.log(low), math.log(high)))
    return dice.uniform(low, high)

"""What SageMaker keeps besides the lesson's own things: the states that each kind goes through, and its words.

Source: SageMaker API reference, the Create, Describe, Stop, Delete and List operations of each kind; how long AWS
takes is in no reference. `aws-facts`, section 5, says which states bill.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from simulator.sagemaker import timing
from simulator.sagemaker.listing import Kind
from simulator.sagemaker.refusals import (
    ConflictException,
    ResourceInUseException,
    ResourceNotFound,
    SagemakerClientError,
    ValidationError,
)

# Each state with the seconds that it lasts; the last one lasts.
Path = tuple[tuple[str, float], ...]
# A refusal of AWS's: `{noun}`, `{name}` and `{arn}` are the thing's.
Words = tuple[type[SagemakerClientError], str]
Act = Literal["Create", "Describe", "List", "Update", "Start", "Stop", "Delete"]

_UNKNOWN: Words = (ResourceNotFound, "{noun} with name {name} does not exist.")
_TAKEN: Words = (ResourceInUseException, "Resource Already Exists: {noun} {name} already exists ({arn}).")
# Source: what SageMaker answers to DescribeProcessingJob and CreateTransformJob, as pasted in public code.
_UNKNOWN_JOB: Words = (ValidationError, "Could not find requested job with name: {name}")
_TAKEN_JOB: Words = (
    ResourceInUseException,
    "Job name must be unique within an AWS account and region, and a job with this name already exists ({arn})",
)


@dataclass(frozen=True, slots=True)
class KeptKind:
    """A kind of thing that is created, listed, and in most cases stopped or deleted.

    `result` is where a list's rows stand, `stem` what its fields begin with (`JobName`, `JobArn`); `ids` makes the end
    of its ARN, by which it is asked for where `by_arn` says so. `acts` tells what AWS has of it. In a `busy` state it
    cannot be deleted, nor changed, and a job can be stopped; `gone` is the state of what is listed on.
    """

    noun: str
    arn_type: str
    result: str
    born: Path
    stem: str = ""
    status: str = ""
    plural: str = ""
    suffixes: tuple[str, ...] = ("",)
    acts: tuple[Act, ...] = ("Create", "Describe", "List", "Delete")
    stopped: Path = ()
    started: Path = ()
    updated: Path = ()
    deleted: Path = ()
    failed: str = "Failed"
    busy: tuple[str, ...] = ()
    gone: str | None = None
    ids: Callable[[str], str] = str.lower
    by_arn: bool = False
    is_job: bool = False
    unknown: Words = _UNKNOWN
    taken: Words = _TAKEN
    at_work: type[SagemakerClientError] = ConflictException
    defaults: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name_field(self) -> str:
        """The field with a thing's name."""
        return f"{self.stem}Name"

    @property
    def arn_field(self) -> str:
        """The field with its ARN."""
        return f"{self.stem}Arn"

    @property
    def key(self) -> str:
        """The parameter by which one of them is asked for."""
        return self.arn_field if self.by_arn else self.name_field

    @property
    def status_field(self) -> str:
        """The field with its state."""
        return self.status or f"{self.stem}Status"

    @property
    def listed(self) -> Kind:
        """How it is listed."""
        return Kind(self.result, self.name_field, self.status_field)

    def operations(self) -> dict[str, Act]:
        """AWS's names of the calls."""
        return {name: act for act in self.acts for name in self._names(act)}

    def _names(self, act: Act) -> list[str]:
        if act == "List":
            return [f"List{self.plural or self.noun + 's'}"]
        return [f"{act}{self.noun}{suffix}" for suffix in (self.suffixes if act in ("Create", "Describe") else ("",))]


def _id(name: str) -> str:
    """Twelve letters and digits, always the same for the same name."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def _app_id(name: str) -> str:
    return f"app-{_id(name).upper()}"


def _job(noun: str, arn_type: str, result: str, **more: Any) -> KeptKind:
    """A job that runs for an hour on machines, unless it is stopped."""
    common: dict[str, Any] = {
        "stem": noun,
        "born": (("InProgress", timing.RUNNING_S), ("Completed", 0)),
        "stopped": (("Stopping", timing.STOPPING_JOB_S), ("Stopped", 0)),
        "busy": ("InProgress", "Stopping"),
        "acts": ("Create", "Describe", "List", "Stop"),
        "is_job": True,
        "unknown": _UNKNOWN_JOB,
        "taken": _TAKEN_JOB,
        "at_work": ValidationError,
    }
    return KeptKind(noun, arn_type, result, **(common | more))


def _loud_job(noun: str, arn_type: str, result: str, first: tuple[str, float], running: str, **more: Any) -> KeptKind:
    """A job whose states are in capitals."""
    return _job(
        noun,
        arn_type,
        result,
        born=(first, (running, timing.RUNNING_S), ("COMPLETED", 0)),
        stopped=(("STOPPING", timing.STOPPING_JOB_S), ("STOPPED", 0)),
        failed="FAILED",
        busy=(first[0], running, "STOPPING"),
        **more,
    )


_JOB_AND_DELETE: tuple[Act, ...] = ("Create", "Describe", "List", "Stop", "Delete")
_ALL_BUT_STOPPING: tuple[Act, ...] = ("Create", "Describe", "List", "Update", "Delete")
_EVERYTHING: tuple[Act, ...] = ("Create", "Describe", "List", "Update", "Start", "Stop", "Delete")

KINDS: tuple[KeptKind, ...] = (
    _job("ProcessingJob", "processing-job", "ProcessingJobSummaries", acts=_JOB_AND_DELETE),
    _job("TransformJob", "transform-job", "TransformJobSummaries"),
    _job("AutoMLJob", "automl-job", "AutoMLJobSummaries", suffixes=("", "V2")),
    _job(
        "LabelingJob",
        "labeling-job",
        "LabelingJobSummaryList",
        born=(("Initializing", 60), ("InProgress", timing.RUNNING_S), ("Completed", 0)),
        busy=("Initializing", "InProgress", "Stopping"),
    ),
    _loud_job(
        "InferenceRecommendationsJob",
        "inference-recommendations-job",
        "InferenceRecommendationsJobs",
        ("PENDING", 60),
        "IN_PROGRESS",
        stem="Job",
        status="Status",
        defaults={"JobDescription": ""},
    ),
    _loud_job(
        "OptimizationJob",
        "optimization-job",
        "OptimizationJobSummaries",
        ("STARTING", 60),
        "INPROGRESS",
        acts=_JOB_AND_DELETE,
    ),
    _loud_job(
        "CompilationJob",
        "compilation-job",
        "CompilationJobSummaries",
        ("STARTING", 60),
        "INPROGRESS",
        acts=_JOB_AND_DELETE,
        defaults={"FailureReason": ""},
    ),
    KeptKind(
        "MonitoringSchedule",
        "monitoring-schedule",
        "MonitoringScheduleSummaries",
        stem="MonitoringSchedule",
        born=(("Pending", 30), ("Scheduled", 0)),
        started=(("Pending", 30), ("Scheduled", 0)),
        stopped=(("Pending", 30), ("Stopped", 0)),
        updated=(("Pending", 30), ("Scheduled", 0)),
        acts=_EVERYTHING,
    ),
    KeptKind(
        "Cluster",
        "cluster",
        "ClusterSummaries",
        stem="Cluster",
        born=(("Creating", 600), ("InService", 0)),
        updated=(("Updating", 300), ("InService", 0)),
        deleted=(("Deleting", 300),),
        busy=("Creating", "Updating"),
        acts=_ALL_BUT_STOPPING,
        ids=_id,
    ),
    KeptKind(
        "MlflowTrackingServer",
        "mlflow-tracking-server",
        "TrackingServerSummaries",
        stem="TrackingServer",
        born=(("Creating", 1_500), ("Created", 0)),
        started=(("Starting", 600), ("Started", 0)),
        stopped=(("Stopping", 300), ("Stopped", 0)),
        updated=(("Updating", 600), ("Updated", 0)),
        deleted=(("Deleting", 300),),
        failed="CreateFailed",
        busy=("Creating", "Updating", "Starting", "Stopping"),
        acts=_EVERYTHING,
        defaults={"TrackingServerSize": "Small", "MlflowVersion": "3.0"},
    ),
    KeptKind(
        "MlflowApp",
        "mlflow-app",
        "Summaries",
        born=(("Creating", 120), ("Created", 0)),
        updated=(("Updating", 60), ("Updated", 0)),
        deleted=(("Deleting", 60),),
        failed="CreateFailed",
        busy=("Creating", "Updating"),
        gone="Deleted",
        acts=_ALL_BUT_STOPPING,
        ids=_app_id,
        by_arn=True,
        defaults={"MlflowVersion": "3.4", "AccountDefaultStatus": "DISABLED", "ModelRegistrationMode": "DISABLED"},
    ),
    KeptKind(
        "PartnerApp",
        "partner-app",
        "Summaries",
        born=(("Creating", 1_200), ("Available", 0)),
        updated=(("Updating", 600), ("Available", 0)),
        deleted=(("Deleting", 600),),
        busy=("Creating", "Updating"),
        gone="Deleted",
        acts=_ALL_BUT_STOPPING,
        ids=_app_id,
        by_arn=True,
    ),
    KeptKind(
        "TrainingPlan",
        "training-plan",
        "TrainingPlanSummaries",
        stem="TrainingPlan",
        status="Status",
        born=(("Pending", 60), ("Active", 0)),
        acts=("Create", "Describe", "List"),
    ),
    KeptKind(
        "InferenceComponent",
        "inference-component",
        "InferenceComponents",
        stem="InferenceComponent",
        born=(("Creating", timing.CREATING_ENDPOINT_S), ("InService", 0)),
        updated=(("Updating", timing.UPDATING_ENDPOINT_S), ("InService", 0)),
        deleted=(("Deleting", timing.DELETING_ENDPOINT_S),),
        busy=("Creating", "Updating"),
        acts=_ALL_BUT_STOPPING,
        unknown=(ValidationError, 'Could not find inference component "{arn}".'),
        at_work=ValidationError,
    ),
    KeptKind(
        "FeatureGroup",
        "feature-group",
        "FeatureGroupSummaries",
        stem="FeatureGroup",
        born=(("Creating", 30), ("Created", 0)),
        deleted=(("Deleting", 30),),
        failed="CreateFailed",
        busy=("Creating",),
        acts=_ALL_BUT_STOPPING,
    ),
    KeptKind(
        "Image",
        "image",
        "Images",
        stem="Image",
        born=(("CREATING", 10), ("CREATED", 0)),
        updated=(("UPDATING", 10), ("CREATED", 0)),
        deleted=(("DELETING", 10),),
        failed="CREATE_FAILED",
        busy=("CREATING", "UPDATING"),
        acts=_ALL_BUT_STOPPING,
    ),
    KeptKind(
        "CodeRepository",
        "code-repository",
        "CodeRepositorySummaryList",
        stem="CodeRepository",
        plural="CodeRepositories",
        born=(("Created", 0),),
        acts=_ALL_BUT_STOPPING,
        # Source: hashicorp/terraform-provider-aws, which looks for these words.
        unknown=(ValidationError, 'Cannot find CodeRepository: "{arn}".'),
        taken=(ValidationError, 'Cannot create already existing CodeRepository "{arn}".'),
    ),
)

# What may be asked, each with the kind that it is about.
OPERATIONS: dict[str, tuple[Act, KeptKind]] = {
    operation: (act, kind) for kind in KINDS for operation, act in kind.operations().items()
}

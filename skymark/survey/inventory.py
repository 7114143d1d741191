"""What else bills in SageMaker, or may be tidied away: which kinds, and where each can be.

Source: SageMaker API reference, the List and Describe calls of each kind; `aws-facts`, section 5, says what bills.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from skymark.evidence import Resource
from skymark.survey import surroundings
from skymark.survey.kinds import Kind, Row, read_kind, read_within
from skymark.survey.reading import Reading, pages

Read = Callable[[Any, str], Reading[Resource]]

RUNNING = ("InProgress", "Stopping")
LOUDLY_RUNNING = ("STARTING", "INPROGRESS", "STOPPING")


@dataclass(frozen=True)
class Reader:
    """What reads some of one service's things in one region, given a client of it."""

    service: str
    read: Read


def _processing(row: Row) -> Row:
    """Where several types would do, one was selected."""
    machines = row.get("ProcessingResources", {}).get("ClusterConfig", {})
    return {
        "instance_type": machines.get("SelectedInstanceType") or machines.get("InstanceType"),
        "instance_count": machines.get("SelectedInstanceCount") or machines.get("InstanceCount"),
    }


def _transform(row: Row) -> Row:
    machines = row.get("TransformResources", {})
    return {"instance_type": machines.get("InstanceType"), "instance_count": machines.get("InstanceCount")}


def _optimization(row: Row) -> Row:
    return {"instance_type": row.get("DeploymentInstanceType"), "instance_count": row.get("MaxInstanceCount")}


def _cluster(row: Row) -> Row:
    """Machines of one type are told; of several a note tells."""
    groups = [*row.get("InstanceGroups", ()), *row.get("RestrictedInstanceGroups", ())]
    counts: dict[str | None, int] = {}
    for group in groups:
        counts[group.get("InstanceType")] = counts.get(group.get("InstanceType"), 0) + group.get("CurrentCount", 0)
    if len(counts) == 1:
        ((instance_type, count),) = counts.items()
        return {"instance_type": instance_type, "instance_count": count}
    return {"note": ", ".join(f"{count} x {name or 'any type'}" for name, count in counts.items()) or None}


def _tracking_server(row: Row) -> Row:
    """Priced by its size; it bills while it is active, whatever its status."""
    size = row.get("TrackingServerSize")
    return {"instance_type": size, "instance_count": size and 1, "note": row.get("IsActive")}


def _space(row: Row) -> Row:
    settings = row.get("SpaceSettingsSummary", {})
    disk = settings.get("SpaceStorageSettings", {}).get("EbsStorageSettings", {})
    return {
        "within": (row.get("DomainId", ""),),
        "size_gib": disk.get("EbsVolumeSizeInGb"),
        "note": settings.get("AppType"),
    }


def _profile(row: Row) -> Row:
    return {"within": (row.get("DomainId", ""),)}


def _on_endpoint(row: Row) -> Row:
    """A schedule may look at batch transforms instead."""
    return {"within": (row["EndpointName"],) if row.get("EndpointName") else ()}


def _training_plan(row: Row) -> Row:
    fee = " ".join(row[name] for name in ("UpfrontFee", "CurrencyCode") if row.get(name))
    return {"note": fee or None}


def _job(type_: str, noun: str, key: str, **more: Any) -> Kind:
    """A kind of job; only those that run are kept."""
    common: dict[str, Any] = {"id": f"{noun}Name", "status": f"{noun}Status", "states": RUNNING}
    return Kind(type=type_, call=f"List{noun}s", key=key, state_filter="StatusEquals", **common | more)


def _named(type_: str, noun: str, key: str, **more: Any) -> Kind:
    """A kind of thing whose fields begin with its name."""
    common: dict[str, Any] = {"id": f"{noun}Name", "status": f"{noun}Status", "call": f"List{noun}s"}
    return Kind(type=type_, key=key, **common | more)


# What may bill, so that it is looked for in every region.
BILLING = (
    _job("hyper-parameter-tuning-job", "HyperParameterTuningJob", "HyperParameterTuningJobSummaries"),
    _job(
        "processing-job",
        "ProcessingJob",
        "ProcessingJobSummaries",
        more=_processing,
        describe=("DescribeProcessingJob", "ProcessingJobName"),
    ),
    _job(
        "transform-job",
        "TransformJob",
        "TransformJobSummaries",
        more=_transform,
        describe=("DescribeTransformJob", "TransformJobName"),
    ),
    _job("auto-ml-job", "AutoMLJob", "AutoMLJobSummaries"),
    _job(
        "inference-recommendations-job",
        "InferenceRecommendationsJob",
        "InferenceRecommendationsJobs",
        id="JobName",
        status="Status",
        states=("PENDING", "IN_PROGRESS", "STOPPING"),
    ),
    _job("optimization-job", "OptimizationJob", "OptimizationJobSummaries", states=LOUDLY_RUNNING, more=_optimization),
    _job("labeling-job", "LabelingJob", "LabelingJobSummaryList", states=("Initializing", *RUNNING)),
    _named("monitoring-schedule", "MonitoringSchedule", "MonitoringScheduleSummaries", more=_on_endpoint),
    _named("cluster", "Cluster", "ClusterSummaries", more=_cluster, describe=("DescribeCluster", "ClusterName")),
    _named(
        "mlflow-tracking-server",
        "TrackingServer",
        "TrackingServerSummaries",
        call="ListMlflowTrackingServers",
        more=_tracking_server,
        describe=("DescribeMlflowTrackingServer", "TrackingServerName"),
    ),
    _named("feature-group", "FeatureGroup", "FeatureGroupSummaries"),
    Kind(type="mlflow-app", call="ListMlflowApps", key="Summaries", id="Arn"),
    Kind(type="partner-app", call="ListPartnerApps", key="Summaries", id="Arn"),
    _named("training-plan", "TrainingPlan", "TrainingPlanSummaries", status="Status", more=_training_plan),
)
# Runs of a pipeline; SageMaker bills the jobs that they begin.
EXECUTION = Kind(
    type="pipeline-execution",
    call="ListPipelineExecutions",
    key="PipelineExecutionSummaries",
    id="PipelineExecutionArn",
    status="PipelineExecutionStatus",
    created="StartTime",
    states=("Executing", "Stopping"),
)
# What costs nothing: looked for only where something was done.
FREE = (
    _job("compilation-job", "CompilationJob", "CompilationJobSummaries", states=LOUDLY_RUNNING),
    _named("notebook-instance-lifecycle-config", "NotebookInstanceLifecycleConfig", "NotebookInstanceLifecycleConfigs"),
    _named("code-repository", "CodeRepository", "CodeRepositorySummaryList", call="ListCodeRepositories"),
    _named("image", "Image", "Images"),
    _named("model-package-group", "ModelPackageGroup", "ModelPackageGroupSummaryList"),
)
EXPERIMENT = _named("experiment", "Experiment", "ExperimentSummaries")
TRIAL = _named("trial", "Trial", "TrialSummaries")
OF_STUDIO = (
    _named("space", "Space", "Spaces", status="Status", more=_space),
    _named("user-profile", "UserProfile", "UserProfiles", status="Status", more=_profile),
)
OF_ENDPOINTS = (_named("inference-component", "InferenceComponent", "InferenceComponents", more=_on_endpoint),)


def read_executions(client: Any, region: str) -> Reading[Resource]:
    """The runs of pipelines in one region that are under way.

    Source: SageMaker API, ListPipelines, ListPipelineExecutions.
    """
    listed = pages(
        client, "sagemaker", "ListPipelines", "PipelineSummaries", region, PaginationConfig={"PageSize": 100}
    )
    runs = Reading.merged(
        read_within(EXECUTION, client, region, row["PipelineName"], "PipelineName") for row in listed.items
    )
    return Reading(runs.items, (*listed.gaps, *runs.gaps))


def read_experiments(client: Any, region: str) -> Reading[Resource]:
    """The experiments of one region and their trials. Source: SageMaker API, ListExperiments, ListTrials."""
    experiments = read_kind(EXPERIMENT, client, region)
    trials = Reading.merged(read_within(TRIAL, client, region, one.id, "ExperimentName") for one in experiments.items)
    return Reading((*experiments.items, *trials.items), (*experiments.gaps, *trials.gaps))


def _sagemaker(kinds: Iterable[Kind]) -> tuple[Reader, ...]:
    return tuple(Reader("sagemaker", partial(read_kind, kind)) for kind in kinds)


# By where each can be.
EVERYWHERE = (
    *_sagemaker(BILLING),
    Reader("sagemaker", read_executions),
    *(Reader(service, read) for service, read in surroundings.READ),
)
WHERE_ACTIVE = (*_sagemaker(FREE), Reader("sagemaker", read_experiments))
WHERE_STUDIO_IS = _sagemaker(OF_STUDIO)
WHERE_ENDPOINTS_ARE = _sagemaker(OF_ENDPOINTS)

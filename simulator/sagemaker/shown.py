"""What AWS tells of a thing beyond the parameters that it was made with.

Source: SageMaker API reference, the Describe and List operations of each kind.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

Told = Mapping[str, Any]


def more(noun: str, told: Told) -> dict[str, Any]:
    """The fields that follow from what is `told` already: parameters, ARN, state and times."""
    return _MORE[noun](told) if noun in _MORE else {}


def _auto_ml_job(told: Told) -> dict[str, Any]:
    status = told["AutoMLJobStatus"]
    return {"AutoMLJobSecondaryStatus": "AnalyzingData" if status == "InProgress" else status}


def _labeling_job(told: Told) -> dict[str, Any]:
    task = told["HumanTaskConfig"]
    counted = ("TotalLabeled", "HumanLabeled", "MachineLabeled", "FailedNonRetryableError", "Unlabeled")
    return {
        "LabelCounters": dict.fromkeys(counted, 0),
        "JobReferenceCode": told["LabelingJobName"].lower(),
        "WorkteamArn": task["WorkteamArn"],
        "PreHumanTaskLambdaArn": task.get("PreHumanTaskLambdaArn"),
    }


def _recommendations_job(told: Told) -> dict[str, Any]:
    asked = told["InputConfig"]
    named = {name: asked[name] for name in ("ModelName", "ModelPackageVersionArn") if asked.get(name)}
    return {**named, "InputConfig": asked}


def _optimization_job(told: Told) -> dict[str, Any]:
    kinds = {"ModelQuantizationConfig": "Quantization", "ModelCompilationConfig": "Compilation"}
    asked = [name for config in told["OptimizationConfigs"] for name in config]
    return {"OptimizationTypes": [kinds.get(name, "Sharding") for name in asked]}


def _compilation_job(told: Told) -> dict[str, Any]:
    output = told["OutputConfig"]
    model = output["S3OutputLocation"].rstrip("/") + "/model.tar.gz"
    return {
        "CompilationTargetDevice": output.get("TargetDevice"),
        "ModelArtifacts": {"S3ModelArtifacts": model if told["CompilationJobStatus"] == "COMPLETED" else ""},
    }


def _monitoring_schedule(told: Told) -> dict[str, Any]:
    config = told["MonitoringScheduleConfig"]
    definition = config.get("MonitoringJobDefinition") or {}
    inputs = [one["EndpointInput"] for one in definition.get("MonitoringInputs") or [] if "EndpointInput" in one]
    shown = {
        "MonitoringType": config.get("MonitoringType") or "DataQuality",
        "MonitoringJobDefinitionName": config.get("MonitoringJobDefinitionName"),
        "EndpointName": inputs[0]["EndpointName"] if inputs else None,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _cluster(told: Told) -> dict[str, Any]:
    running = told["ClusterStatus"] in ("InService", "Updating", "SystemUpdating", "RollingBack")
    groups = [
        {
            **{name: value for name, value in group.items() if name != "InstanceCount"},
            "TargetCount": group["InstanceCount"],
            "CurrentCount": group["InstanceCount"] if running else 0,
            "Status": "InService" if running else told["ClusterStatus"],
        }
        for group in told.get("InstanceGroups") or []
    ]
    return {"InstanceGroups": groups, "FailureMessage": told.get("FailureReason", "")}


def _tracking_server(told: Told) -> dict[str, Any]:
    off = ("Creating", "CreateFailed", "Stopped", "Starting", "StartFailed", "Deleting")
    return {"IsActive": "Inactive" if told["TrackingServerStatus"] in off else "Active"}


def _training_plan(told: Told) -> dict[str, Any]:
    """A day of one machine, paid in advance; AWS's offerings say how long, which and how dear."""
    begun = told["CreationTime"]
    return {
        "DurationHours": 24,
        "DurationMinutes": 0,
        "StartTime": begun,
        "EndTime": begun + dt.timedelta(days=1),
        "UpfrontFee": "32.77",
        "CurrencyCode": "USD",
        "TotalInstanceCount": 1,
        "AvailableInstanceCount": 1,
        "InUseInstanceCount": 0,
        "TargetResources": ["training-job"],
    }


def _inference_component(told: Told) -> dict[str, Any]:
    endpoint = told["InferenceComponentArn"].rpartition(":")[0] + f":endpoint/{told['EndpointName'].lower()}"
    return {"EndpointArn": endpoint, "VariantName": told.get("VariantName") or "AllTraffic"}


def _feature_group(told: Told) -> dict[str, Any]:
    online = (told.get("OnlineStoreConfig") or {}).get("EnableOnlineStore")
    offline = {"OfflineStoreStatus": {"Status": "Active"}} if told.get("OfflineStoreConfig") else {}
    return {"NextToken": "", **offline, **({"OnlineStoreTotalSizeBytes": 0} if online else {})}


_MORE: dict[str, Callable[[Told], dict[str, Any]]] = {
    "AutoMLJob": _auto_ml_job,
    "Cluster": _cluster,
    "CompilationJob": _compilation_job,
    "FeatureGroup": _feature_group,
    "InferenceComponent": _inference_component,
    "InferenceRecommendationsJob": _recommendations_job,
    "LabelingJob": _labeling_job,
    "MlflowTrackingServer": _tracking_server,
    "MonitoringSchedule": _monitoring_schedule,
    "OptimizationJob": _optimization_job,
    "TrainingPlan": _training_plan,
}

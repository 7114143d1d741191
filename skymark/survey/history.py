"""CloudTrail's event history: what was called, even where nothing of it is left.

Source: CloudTrail user guide, "Viewing event history"; CloudTrail API, LookupEvents (two calls a second for an account
and region, one attribute, 50 events a page, 90 days back).
"""

import datetime as dt
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from skymark.caller import mark_of, role_mark
from skymark.evidence import Event, HistoryRead, PublicAccessBlock
from skymark.lives import ABOUT
from skymark.rubric import Setting, SurveyPlan
from skymark.survey.bucket_settings import website_of
from skymark.survey.reading import Reading, pages
from skymark.survey.redact import redacted

SERVICE = "cloudtrail"
REACH = dt.timedelta(days=90)
BETWEEN_CALLS_S = 0.5
# What one kind of event may cost in one region: a lesson has a few, a pipeline thousands.
MOST_PAGES = 4
IAM_REGION = "us-east-1"  # where IAM's events are

# What tells of a notebook instance, a training job, an endpoint, a bucket. The first of each but the endpoint's is
# asked for in every region.
OF_INSTANCES = (
    "CreateNotebookInstance",
    "UpdateNotebookInstance",
    "CreatePresignedNotebookInstanceUrl",
    "StopNotebookInstance",
    "DeleteNotebookInstance",
)
OF_JOBS = ("CreateTrainingJob",)
OF_ENDPOINTS = ("CreateEndpoint", "UpdateEndpoint", "CreateEndpointConfig", "CreateModel", "DeleteEndpoint")
OF_SWITCHES = ("PutBucketPublicAccessBlock", "DeleteBucketPublicAccessBlock")
OF_BUCKETS = (
    "CreateBucket",
    *OF_SWITCHES,
    "PutBucketPolicy",
    "PutBucketAcl",
    "DeleteBucket",
)
# Of each setting that a rubric's plan can ask for; versions are kept or not without being asked for.
OF_SETTINGS: Mapping[Setting, tuple[str, ...]] = {
    "encryption": ("PutBucketEncryption", "DeleteBucketEncryption"),
    "lifecycle": ("PutBucketLifecycle", "DeleteBucketLifecycle"),
    "ownership": ("PutBucketOwnershipControls", "DeleteBucketOwnershipControls"),
    "policy": ("PutBucketPolicy", "DeleteBucketPolicy"),
    "tags": ("PutBucketTagging", "DeleteBucketTagging"),
    "website": ("PutBucketWebsite", "DeleteBucketWebsite"),
}
OF_ROLES = (
    "CreateRole",
    "UpdateAssumeRolePolicy",
    "CreatePolicy",
    "CreatePolicyVersion",
    "SetDefaultPolicyVersion",
    "AttachRolePolicy",
    "DetachRolePolicy",
    "PutRolePolicy",
    "DeleteRolePolicy",
    "PutRolePermissionsBoundary",
    "DeleteRolePermissionsBoundary",
    "DeleteRole",
)
# What tells when everything was made, stopped and deleted that bills until somebody deletes it.
OF_ENDS = tuple(
    name
    for making, about in ABOUT.items()
    if making not in ("CreateBucket", "CreateTrainingJob")
    for name in (making, *about)
    if name.startswith(("Create", "Start", "Stop", "Delete"))
    and name not in ("CreatePresignedNotebookInstanceUrl", "StartNotebookInstance")
)
# The same of buckets, where a lesson is about them.
OF_BUCKETS_END = ("CreateBucket", "DeleteBucket")
# What tells who made the things of a lesson, in an account of several students.
OF_MAKING = ("CreateNotebookInstance", "CreateTrainingJob", "CreateEndpoint", "CreateBucket")
# What sets something of a bucket that its event tells.
BUCKET_SETTINGS = tuple(name for names in OF_SETTINGS.values() for name in names if name.startswith("Put"))
# Names of events are not unique across services.
SOURCES = ("sagemaker.amazonaws.com", "s3.amazonaws.com", "iam.amazonaws.com")
NAMES = (
    *(
        "notebookInstanceName",
        "trainingJobName",
        "endpointName",
        "endpointConfigName",
        "modelName",
        "bucketName",
        "roleName",
    ),
    *("policyName", "policyArn", "clusterName", "trackingServerName", "monitoringScheduleName"),
)


def of_buckets(plan: SurveyPlan) -> tuple[str, ...]:
    """What tells of a bucket and of everything that the plan asks about it, the making first."""
    asked = (name for setting in plan.settings for name in OF_SETTINGS[setting])
    return tuple(dict.fromkeys((*OF_BUCKETS, *asked)))


def read_history(client: Any, region: str, names: Sequence[str], now: dt.datetime) -> Reading[Event | HistoryRead]:
    """The events of these names in one region, as far back as there are any, and what was read wholly.

    One call after the other, no faster than AWS allows. What refuses one refuses all: the others are not asked for.
    """
    found: list[Reading[Event | HistoryRead]] = []
    for position, name in enumerate(names):
        if position:
            time.sleep(BETWEEN_CALLS_S)
        found.append(_read(client, region, name, now - REACH))
        if (gaps := found[-1].gaps) and gaps[0].code != "Truncated":
            rest = tuple(msgspec.structs.replace(gaps[0], resource=other) for other in names[position + 1 :])
            return Reading.merged((*found, Reading((), rest)))
    return Reading.merged(found)


def _read(client: Any, region: str, name: str, since: dt.datetime) -> Reading[Event | HistoryRead]:
    rows: Reading[dict[str, Any]] = pages(
        client,
        SERVICE,
        "LookupEvents",
        "Events",
        region,
        name,
        MOST_PAGES,
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}],
        StartTime=since,
    )
    events = tuple(event for row in rows.items if (event := _event(row, region)) is not None)
    whole = () if rows.gaps else (HistoryRead(name, region, _next_midnight(since)),)
    return Reading((*events, *whole), rows.gaps)


def _next_midnight(moment: dt.datetime) -> dt.datetime:
    """So that two surveys of a day are the same."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)


def _event(row: Mapping[str, Any], region: str) -> Event | None:
    """What the lesson needs of one event; None for another service's event of the same name."""
    try:
        record = json.loads(row["CloudTrailEvent"])
    except (KeyError, ValueError, RecursionError):
        return None
    asked = record.get("requestParameters") or {}
    if record.get("eventSource") not in SOURCES or not isinstance(asked, dict):
        return None
    known: dict[str, Any] = {
        "resource": _app(asked) or next((str(asked[name]) for name in NAMES if asked.get(name)), ""),
        "error": record.get("errorCode"),
        "message": redacted(record.get("errorMessage")) or None,
        "by": _by(record.get("userIdentity")),
    }
    details = _details(row["EventName"], asked, record.get("responseElements") or {})
    return Event(name=row["EventName"], at=row["EventTime"], region=region, **known | details)


def _by(identity: Any) -> str | None:
    """The mark of whoever called, None where that is not told.

    Code in a notebook calls as the role's session `SageMaker`, a service by the role that it was given.
    Source: CloudTrail user guide, "CloudTrail userIdentity element"; aws-facts, section 4.3.
    """
    if not isinstance(identity, dict):
        return None
    account, arn = str(identity.get("accountId") or ""), str(identity.get("arn") or "")
    match identity.get("type"):
        case "Root":
            return mark_of(account, "root")
        case "IAMUser":
            return mark_of(account, str(identity.get("userName") or arn.rpartition("/")[2]))
        case "AssumedRole" if len(parts := arn.partition(":assumed-role/")[2].split("/")) == 2:
            role, session = parts
            is_code = session == "SageMaker" or identity.get("invokedBy")
            return role_mark(role) if is_code else mark_of(account, session)
        case _:
            return None


def _app(asked: Mapping[str, Any]) -> str | None:
    """A Studio app as `App.path` names it, None for anything else."""
    if "appType" not in asked:
        return None
    owner = asked.get("spaceName") or asked.get("userProfileName") or ""
    return "/".join(str(part) for part in (asked.get("domainId"), owner, asked["appType"], asked.get("appName")))


def _details(name: str, asked: Mapping[str, Any], answered: Mapping[str, Any]) -> dict[str, Any]:
    """By the kind of event, the parameters that it was called with; each call is one service's."""
    return _of_sagemaker(name, asked, answered) or _of_bucket(name, asked) or _of_iam(name, asked, answered)


def _of_sagemaker(name: str, asked: Mapping[str, Any], answered: Mapping[str, Any]) -> dict[str, Any]:
    match name:
        case "CreateNotebookInstance" | "UpdateNotebookInstance":
            return _instance(asked)
        case "CreateTrainingJob":
            image = (asked.get("algorithmSpecification") or {}).get("trainingImage")
            output = (asked.get("outputDataConfig") or {}).get("s3OutputPath")
            return {"refers_to": (image, output), "role_arn": asked.get("roleArn")}
        case "CreateEndpoint" | "UpdateEndpoint":
            return {"refers_to": (asked.get("endpointConfigName"),)}
        case "CreateEndpointConfig":
            variants = asked.get("productionVariants") or ()
            return {"refers_to": tuple(one["modelName"] for one in variants if one.get("modelName"))}
        case "CreateModel":
            containers = (asked.get("primaryContainer"), *(asked.get("containers") or ()))
            return {"refers_to": tuple(one["modelDataUrl"] for one in containers if one and one.get("modelDataUrl"))}
        case "CreateApp":
            return {"instance_type": (asked.get("resourceSpec") or {}).get("instanceType")}
        case "CreateCluster":
            return {"refers_to": (answered.get("clusterArn"),)}
        case _:
            return {}


def _of_bucket(name: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    match name:
        case "CreateBucket":
            return {"refers_to": (_location(asked),)}
        case "PutBucketPublicAccessBlock":
            return {"switches": _switches(asked)}
        case "PutBucketWebsite":
            configuration = asked.get("WebsiteConfiguration")
            return {"website": website_of(configuration) if isinstance(configuration, dict) else None}
        case _ if name in BUCKET_SETTINGS:
            return {"document": _setting(asked)}
        case _:
            return {}


def _of_iam(name: str, asked: Mapping[str, Any], answered: Mapping[str, Any]) -> dict[str, Any]:
    match name:
        case "AttachRolePolicy" | "DetachRolePolicy" | "PutRolePermissionsBoundary":
            return {"resource": asked.get("roleName", ""), "refers_to": _arn(asked)}
        case "PutRolePolicy" | "DeleteRolePolicy":
            document = asked.get("policyDocument")
            return {
                "resource": asked.get("roleName", ""),
                "refers_to": (asked.get("policyName"),),
                "document": document,
            }
        case "CreatePolicy":
            arn = (answered.get("policy") or {}).get("arn")
            return {"refers_to": (arn,), "document": asked.get("policyDocument")}
        case "SetDefaultPolicyVersion":
            return {"resource": asked.get("policyArn", "")}
        case "CreatePolicyVersion":
            kept = asked.get("policyDocument") if asked.get("setAsDefault") else None
            return {"resource": asked.get("policyArn", ""), "document": kept}
        case "CreateRole":
            return {"document": asked.get("assumeRolePolicyDocument"), "refers_to": (asked.get("path") or "/",)}
        case "UpdateAssumeRolePolicy":
            return {"document": asked.get("policyDocument")}
        case _:
            return {}


def _instance(asked: Mapping[str, Any]) -> dict[str, Any]:
    accelerators = asked.get("acceleratorTypes")
    return {
        "instance_type": asked.get("instanceType"),
        "role_arn": asked.get("roleArn"),
        "root_access": None if asked.get("rootAccess") is None else asked["rootAccess"] == "Enabled",
        "accelerator_types": None if accelerators is None else tuple(accelerators),
    }


def _arn(asked: Mapping[str, Any]) -> tuple[str | None, ...]:
    return (asked.get("policyArn") or asked.get("permissionsBoundary"),)


def _location(asked: Mapping[str, Any]) -> str | None:
    configuration = asked.get("CreateBucketConfiguration")
    return configuration.get("LocationConstraint") if isinstance(configuration, dict) else None


def _setting(asked: Mapping[str, Any]) -> str | None:
    """The one part of the request that is more than a word, as JSON; None where the event does not tell it."""
    found = next((value for value in asked.values() if isinstance(value, dict)), None)
    return None if found is None else json.dumps({key: part for key, part in found.items() if key != "xmlns"})


def _switches(asked: Mapping[str, Any]) -> PublicAccessBlock | None:
    """The four switches as they were set, None where the event does not tell.

    Source: S3 API, PutPublicAccessBlock: a switch that is not given is off.
    """
    configuration = asked.get("PublicAccessBlockConfiguration")
    if not isinstance(configuration, dict):
        return None
    named = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return PublicAccessBlock(*(configuration.get(name) in (True, "true", "TRUE") for name in named))

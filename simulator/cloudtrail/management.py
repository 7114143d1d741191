"""Which calls CloudTrail's event history keeps, and what it calls them.

Sources: CloudTrail user guide, "Understanding CloudTrail events"; SageMaker guide, "Log Amazon SageMaker API calls with
AWS CloudTrail"; S3 user guide, "Amazon S3 CloudTrail events"; CloudWatch and CloudWatch Logs user guides, "Logging …
API calls in AWS CloudTrail"; IAM user guide, "Logging IAM and AWS STS API calls with AWS CloudTrail".
"""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError
from moto.core.model import OperationModel

from simulator.call import Call

if TYPE_CHECKING:
    from simulator.cloudtrail.events import Answered

HOME_REGION = "us-east-1"
# Their every operation is one of the data plane: at most a trail that is paid for keeps it, the event history never.
_DATA_SERVICES = {"sagemaker-runtime", "sagemaker-runtime-http2", "sagemaker-metrics", "sagemaker-featurestore-runtime"}
_DATA_OPERATIONS = {
    "cloudwatch": {
        "GetInsightRuleReport",
        "GetMetricData",
        "GetMetricStatistics",
        "GetMetricWidgetImage",
        "ListMetrics",
        "PutMetricData",
    },
    "logs": {"FilterLogEvents", "GetLogEvents", "GetLogObject", "GetLogRecord", "PutLogEvents", "StartLiveTail"},
    # Besides all that name an object's key.
    "s3": {
        "CreateSession",
        "DeleteObjects",
        "HeadBucket",
        "ListMultipartUploads",
        "ListObjects",
        "ListObjectsV2",
        "ListObjectVersions",
        "PostObject",
        "WriteGetObjectResponse",
    },
}
_RENAMED = {
    ("s3", "GetBucketLifecycleConfiguration"): "GetBucketLifecycle",
    ("s3", "PutBucketLifecycleConfiguration"): "PutBucketLifecycle",
    ("s3", "GetBucketNotificationConfiguration"): "GetBucketNotification",
    ("s3", "PutBucketNotificationConfiguration"): "PutBucketNotification",
    ("s3", "GetPublicAccessBlock"): "GetBucketPublicAccessBlock",
    ("s3", "PutPublicAccessBlock"): "PutBucketPublicAccessBlock",
    ("s3", "DeletePublicAccessBlock"): "DeleteBucketPublicAccessBlock",
    ("s3control", "GetPublicAccessBlock"): "GetAccountPublicAccessBlock",
    ("s3control", "PutPublicAccessBlock"): "PutAccountPublicAccessBlock",
    ("s3control", "DeletePublicAccessBlock"): "DeleteAccountPublicAccessBlock",
}
_READING = (
    "AssumeRole",
    "BatchDescribe",
    "BatchGet",
    "Check",
    "Describe",
    "Estimate",
    "Filter",
    "Get",
    "Head",
    "List",
    "Lookup",
    "Query",
    "Search",
    "Simulate",
    "Test",
    "Validate",
)
_WRITING_THOUGH_GET = {"GetFederationToken"}
# Of one place in the world; STS signs for us-east-1 by itself where its global endpoint is asked.
_GLOBAL = {"cloudfront", "iam", "organizations", "route53"}


def managed(call: Call) -> OperationModel | None:
    """The operation, if its calls are management events; None for the data plane and for what is no operation."""
    if call.operation is None or call.service in _DATA_SERVICES:
        return None
    if call.operation in _DATA_OPERATIONS.get(call.service, ()):
        return None
    try:
        operation = call.operation_model
    except BotoCoreError:  # signed for a service that there is not
        return None
    if operation is None or (call.service == "s3" and "Key" in _inputs(operation)):
        return None
    return operation


def event_name(call: Call) -> str:
    """CloudTrail's name of the operation: S3 has some that its API calls otherwise."""
    return _RENAMED.get((call.service, call.operation or ""), call.operation or "")


def event_source(call: Call) -> str:
    """`sagemaker.amazonaws.com`, `monitoring.amazonaws.com`: by what the service signs with, or is reached at."""
    metadata = call.model.metadata
    return f"{metadata.get('signingName') or metadata['endpointPrefix']}.amazonaws.com"


def reads_only(call: Call) -> bool:
    """Whether the operation changes nothing, in CloudTrail's eyes: told by its name."""
    name = event_name(call)
    return name.startswith(_READING) and name not in _WRITING_THOUGH_GET


def event_region(call: Call, answer: "Answered") -> str:
    """Where the event is kept: global services in us-east-1, a bucket's in the bucket's region, others where asked.

    A bucket is known to lie elsewhere than was asked only while it is made, and when its place is told.
    """
    if call.service in _GLOBAL:
        return HOME_REGION
    if call.service == "s3" and answer.failure is None:
        return _bucket_region(call, answer)
    return call.region


def _bucket_region(call: Call, answer: "Answered") -> str:
    if call.operation == "CreateBucket":
        place = (call.params.get("CreateBucketConfiguration") or {}).get("LocationConstraint")
        return _place_region(place) if place else call.region
    if call.operation == "GetBucketLocation" and answer.response is not None:
        return _place_region(answer.response.get("LocationConstraint"))
    return call.region


def _place_region(constraint: str | None) -> str:
    return {None: HOME_REGION, "": HOME_REGION, "EU": "eu-west-1"}.get(constraint, constraint or HOME_REGION)


def _inputs(operation: OperationModel) -> frozenset[str]:
    return frozenset(operation.input_shape.members) if operation.input_shape else frozenset()

"""Everything that a caller must be allowed for one call.

Source: S3 user guide, "Required permissions for Amazon S3 API operations"; SageMaker AI developer guide, "SageMaker AI
API permissions: actions, permissions, and resources reference"; IAM user guide, "Grant a user permissions to pass a
role to an AWS service".
"""

import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from moto.utilities.utils import get_partition

from simulator.authorization.actions import action_of
from simulator.authorization.callers import Caller
from simulator.authorization.conditions import Values
from simulator.authorization.resources import resources_of, shown
from simulator.call import Call


@dataclass(frozen=True, slots=True)
class Need:
    """An action on a resource; `shown` is the resource in the words of the refusal, `context` what is added to it."""

    action: str
    resource: str
    shown: str
    context: dict[str, Values] = field(default_factory=dict)


_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/.+")
_READS = ("Describe", "Get", "List", "Search")
# Services that act in the roles that they are given, and as whom.
_TAKES_ROLES = {
    "cloudtrail": "cloudtrail.amazonaws.com",
    "codebuild": "codebuild.amazonaws.com",
    "ecs": "ecs-tasks.amazonaws.com",
    "events": "events.amazonaws.com",
    "firehose": "firehose.amazonaws.com",
    "glue": "glue.amazonaws.com",
    "lambda": "lambda.amazonaws.com",
    "sagemaker": "sagemaker.amazonaws.com",
    "scheduler": "scheduler.amazonaws.com",
    "stepfunctions": "states.amazonaws.com",
}
# What a parameter of S3's needs besides the operation itself.
_S3_EXTRAS = {
    "CreateBucket": {
        "ACL": "s3:PutBucketAcl",
        "ObjectOwnership": "s3:PutBucketOwnershipControls",
        "ObjectLockEnabledForBucket": "s3:PutBucketObjectLockConfiguration",
    },
    "PutObject": {"ACL": "s3:PutObjectAcl", "Tagging": "s3:PutObjectTagging"},
    "CreateMultipartUpload": {"ACL": "s3:PutObjectAcl", "Tagging": "s3:PutObjectTagging"},
    "CopyObject": {"ACL": "s3:PutObjectAcl", "Tagging": "s3:PutObjectTagging"},
}
_TAGS = {
    ("iam", "CreateInstanceProfile"): "iam:TagInstanceProfile",
    ("iam", "CreatePolicy"): "iam:TagPolicy",
    ("iam", "CreateRole"): "iam:TagRole",
    ("iam", "CreateUser"): "iam:TagUser",
}
# Without a name, these are about the caller's own user.
_OF_ONESELF = frozenset(
    {
        "ChangePassword",
        "CreateAccessKey",
        "DeleteAccessKey",
        "GetUser",
        "ListAccessKeys",
        "ListMFADevices",
        "ListSigningCertificates",
        "UpdateAccessKey",
    }
)


def needs_of(call: Call, caller: Caller) -> tuple[Need, ...]:
    """What the caller must be allowed, in the order in which AWS looks: the first that is not is the refusal."""
    action, resources = action_of(call), _resources(call, caller)
    main = [Need(action, resource, shown(call, resource)) for resource in resources]
    return (*main, *_extras(call, resources), *_passed_roles(call, resources[0]))


def _resources(call: Call, caller: Caller) -> tuple[str, ...]:
    if call.service == "iam" and call.operation in _OF_ONESELF and not call.params.get("UserName"):
        return (caller.arn,)
    return resources_of(call, caller.account)


def _extras(call: Call, resources: Iterable[str]) -> Iterator[Need]:
    operation, params = call.operation or "", call.params
    wanted = [action for name, action in _S3_EXTRAS.get(operation, {}).items() if _asks(params.get(name))]
    if params.get("Tags"):
        tagging = "sagemaker:AddTags" if call.service == "sagemaker" and operation.startswith("Create") else None
        wanted += [action for action in (_TAGS.get((call.service, operation), tagging),) if action]
    for resource in resources:
        yield from (Need(action, resource, shown(call, resource)) for action in wanted)
    if call.service == "s3" and isinstance(params.get("CopySource"), str):
        yield _copied(call, params["CopySource"])


def _asks(value: object) -> bool:
    return bool(value) and value != "private"


def _copied(call: Call, source: str) -> Need:
    """To copy an object one must be allowed to read it; `source` is `bucket/key`, quoted, perhaps with a version."""
    path, _, query = source.partition("?versionId=")
    resource = f"arn:{get_partition(call.region)}:s3:::{urllib.parse.unquote(path).lstrip('/')}"
    return Need("s3:GetObjectVersion" if query else "s3:GetObject", resource, resource)


def _passed_roles(call: Call, resource: str) -> Iterator[Need]:
    service = _TAKES_ROLES.get(call.service)
    if service is None or (call.operation or "").startswith(_READS):
        return
    context: dict[str, Values] = {"iam:PassedToService": service, "iam:AssociatedResourceArn": resource}
    for role in dict.fromkeys(_roles(call.params)):
        yield Need("iam:PassRole", role, role, context)


def _roles(value: object) -> Iterator[str]:
    """Every role's ARN among the parameters, at whatever depth: `RoleArn`, `ExecutionRoleArn`, `ExecutionRole`, …."""
    if isinstance(value, Mapping):
        for name, below in value.items():
            if isinstance(below, str):
                if name.lower().endswith(("role", "rolearn")) and _ROLE.fullmatch(below):
                    yield below
            else:
                yield from _roles(below)
    elif isinstance(value, list | tuple):
        for below in value:
            yield from _roles(below)

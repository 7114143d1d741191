"""What a request brings for policies' conditions and variables.

Source: IAM user guide, "AWS global condition context keys"; Service Authorization Reference, "Condition keys" of S3,
IAM, STS and SageMaker. Tags of the resource itself (`aws:ResourceTag/…`) are not told.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from moto.utilities.utils import get_partition

from simulator.authorization.callers import Caller, role_by_arn, session_of
from simulator.authorization.conditions import Values
from simulator.authorization.resources import iam_backend
from simulator.call import Call

_TYPES = {"Root": "Account", "IAMUser": "User", "AssumedRole": "AssumedRole", "Anonymous": "Anonymous"}
# Condition keys that are parameters of the request, by service: parameter -> key.
_PARAMETERS: Mapping[str, Mapping[str, str]] = {
    "s3": {
        "Prefix": "s3:prefix",
        "Delimiter": "s3:delimiter",
        "MaxKeys": "s3:max-keys",
        "VersionId": "s3:VersionId",
        "ACL": "s3:x-amz-acl",
        "ServerSideEncryption": "s3:x-amz-server-side-encryption",
        "StorageClass": "s3:x-amz-storage-class",
        "CopySource": "s3:x-amz-copy-source",
        "ObjectOwnership": "s3:x-amz-object-ownership",
    },
    "sts": {"ExternalId": "sts:ExternalId", "RoleSessionName": "sts:RoleSessionName"},
    "iam": {
        "PolicyArn": "iam:PolicyARN",
        "PermissionsBoundary": "iam:PermissionsBoundary",
        "AWSServiceName": "iam:AWSServiceName",
    },
    "sagemaker": {
        "RootAccess": "sagemaker:RootAccess",
        "DirectInternetAccess": "sagemaker:DirectInternetAccess",
        "SubnetId": "sagemaker:VpcSubnets",
        "KmsKeyId": "sagemaker:VolumeKmsKey",
    },
}


def context_of(call: Call, caller: Caller, now: dt.datetime) -> dict[str, Values]:
    """The condition keys of a request and what they are; a key that the request lacks is left out.

    `aws:SecureTransport` is true, though the practice cloud speaks plain HTTP: a real client speaks TLS to AWS, and
    policies that insist on it are to be practised with the same outcome. `aws:SourceIp` is this machine.
    """
    return {
        "aws:CurrentTime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:EpochTime": str(int(now.timestamp())),
        "aws:RequestedRegion": call.region,
        "aws:SecureTransport": "true",
        "aws:UserAgent": call.user_agent,
        "aws:ViaAWSService": "false",
        **_caller(call, caller),
        **_parameters(call),
        **_tags(call.params),
        **(_sagemaker(call.params) if call.service == "sagemaker" else {}),
    }


def _caller(call: Call, caller: Caller) -> dict[str, Values]:
    if caller.kind == "AWSService":
        return {"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": caller.arn}
    about: dict[str, Values] = {
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalType": _TYPES[caller.kind],
        "aws:SourceIp": "127.0.0.1",
        "aws:userid": caller.principal_id,
    }
    if caller.kind == "Anonymous":
        return about
    about["aws:PrincipalArn"] = caller.role_arn or caller.arn
    about["aws:PrincipalAccount"] = caller.account
    if caller.kind == "IAMUser":
        about["aws:username"] = caller.name or ""
    if caller.kind == "AssumedRole":
        about |= _session(caller)
    return about | _principal_tags(call, caller)


def _session(caller: Caller) -> dict[str, Values]:
    session = session_of(caller.access_key)
    if session is None:
        return {}
    issued = session.access_key.create_date.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"aws:TokenIssueTime": issued, "aws:MultiFactorAuthPresent": "false"}


def _principal_tags(call: Call, caller: Caller) -> dict[str, Values]:
    backend = iam_backend(caller.account, get_partition(call.region))
    if backend is None:
        return {}
    tags: Iterable[Mapping[str, str]] = ()
    if caller.kind == "IAMUser":
        tags = backend.tagger.list_tags_for_resource(caller.arn)["Tags"]
    elif caller.role_arn:
        role = role_by_arn(caller.role_arn, backend)
        tags = role.tags if role else ()
    return {f"aws:PrincipalTag/{tag['Key']}": tag["Value"] for tag in tags}


def _parameters(call: Call) -> dict[str, Values]:
    keys = _PARAMETERS.get(call.service, {})
    return {key: _text(call.params[name]) for name, key in keys.items() if call.params.get(name) is not None}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _tags(params: Mapping[str, Any]) -> dict[str, Values]:
    """The tags that a request brings, in SageMaker's and IAM's form."""
    tags = params.get("Tags")
    if not isinstance(tags, list):
        return {}
    pairs = {str(tag["Key"]): str(tag.get("Value", "")) for tag in tags if isinstance(tag, Mapping) and "Key" in tag}
    if not pairs:
        return {}
    return {"aws:TagKeys": tuple(pairs), **{f"aws:RequestTag/{key}": value for key, value in pairs.items()}}


def _sagemaker(params: Mapping[str, Any]) -> dict[str, Values]:
    kinds = dict.fromkeys(_instance_types(params))
    return {"sagemaker:InstanceTypes": tuple(kinds)} if kinds else {}


def _instance_types(value: object) -> Iterable[str]:
    """Every type of instance that is asked for, at whatever depth: `InstanceType` of a job's resources, …."""
    if isinstance(value, Mapping):
        for name, below in value.items():
            if name == "InstanceType" and isinstance(below, str):
                yield below
            else:
                yield from _instance_types(below)
    elif isinstance(value, list | tuple):
        for below in value:
            yield from _instance_types(below)

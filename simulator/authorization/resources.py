"""What a call is about: the ARNs that policies speak of.

Source: Service Authorization Reference, "Resource types" of each service; AWS's messages of refusal, for what the
reference leaves open (logs, lists of SageMaker and IAM).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from moto.iam.models import IAMBackend, iam_backends
from moto.utilities.utils import get_partition

from simulator.call import Call

EVERYTHING = ("*",)

_VERB = re.compile(r"^[A-Z][a-z]+")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# SageMaker's resource types are its nouns in lower case, but for these.
_SAGEMAKER_TYPES = {
    "AutoMLJob": "automl-job",
    "AutoMLJobV2": "automl-job",
    "TrackingServer": "mlflow-tracking-server",
    "Trial": "experiment-trial",
    "TrialComponent": "experiment-trial-component",
}
# `Name` of a hub, `JobName` of a recommendation job, `JobDefinitionName` of a data quality one: the noun says which.
_SHORT_NAMES = ("", "Job", "JobDefinition")
_IAM_TYPES = (
    ("InstanceProfileName", "instance-profile"),
    ("GroupName", "group"),
    ("RoleName", "role"),
    ("UserName", "user"),
)
_IAM_LISTS = {
    "ListGroups": "group",
    "ListInstanceProfiles": "instance-profile",
    "ListRoles": "role",
    "ListUsers": "user",
}


def resources_of(call: Call, account: str) -> tuple[str, ...]:
    """The ARNs that the call is about, in an account; `*` alone for what has no resources to be told apart.

    SageMaker's names are in lower case, as in all its ARNs; a list of SageMaker's is about `…:notebook-instance/*`.
    """
    find = _BY_SERVICE.get(call.service, _named_by_itself)
    return _named_by_itself(call, account) or find(call, account) or EVERYTHING


def _named_by_itself(call: Call, account: str) -> tuple[str, ...]:
    """The ARN in the parameters."""
    arns = (call.params.get(name) for name in ("ResourceArn", "resourceArn", "ResourceARN"))
    return tuple(arn for arn in arns if isinstance(arn, str))


def _arn(call: Call, service: str, account: str, what: str, *, regional: bool = True) -> str:
    return f"arn:{get_partition(call.region)}:{service}:{call.region if regional else ''}:{account}:{what}"


# -- S3 -----------------------------------------------------------------------------------------------------------


def _s3(call: Call, account: str) -> tuple[str, ...]:
    bucket = call.params.get("Bucket")
    if not bucket:
        return EVERYTHING
    whole = f"arn:{get_partition(call.region)}:s3:::{bucket}"
    if "Key" in call.params:
        return (f"{whole}/{call.params['Key']}",)
    if call.operation == "DeleteObjects":
        keys = call.params.get("Delete", {}).get("Objects", ())
        return tuple(f"{whole}/{each['Key']}" for each in keys if "Key" in each)
    return (whole,)


# -- SageMaker ----------------------------------------------------------------------------------------------------


def _sagemaker(call: Call, account: str) -> tuple[str, ...]:
    operation = call.operation or ""
    what = _studio(call.params, operation) or _sagemaker_named(call.params, operation)
    if not what:
        return ()
    if what.startswith("arn:"):
        return (what,)
    whole = (what, *_also(call.params, operation))
    return tuple(_arn(call, "sagemaker", account, each) for each in whole)


def _studio(params: Mapping[str, Any], operation: str) -> str | None:
    """Studio's things have the domain's id in their ARNs."""
    domain = params.get("DomainId")
    if domain is None:
        return None
    profile, space = params.get("UserProfileName"), params.get("SpaceName")
    if "AppName" in params:
        return f"app/{domain}/{profile or space}/{params.get('AppType', '')}/{params['AppName']}".lower()
    if operation.endswith(("UserProfile", "PresignedDomainUrl")) and profile:
        return f"user-profile/{domain}/{profile}".lower()
    if operation.endswith("Space") and space:
        return f"space/{domain}/{space}".lower()
    return f"domain/{domain}".lower()


def _sagemaker_named(params: Mapping[str, Any], operation: str) -> str | None:
    noun = _VERB.sub("", operation)
    stems = [key.removesuffix("Name") for key in params if key.endswith("Name") and key[:-4] in operation]
    # What is asked for has the longest of the names that the operation's own name has in it.
    stem = max(stems, key=len, default=None)
    if stem is not None:
        kind = noun if stem in _SHORT_NAMES and noun.endswith(stem) else stem
        name = str(params[f"{stem}Name"])
        return name if name.startswith("arn:") else f"{_kebab(kind)}/{name.lower()}"
    if operation.startswith("List"):
        return f"{_kebab(_singular(noun))}/*"
    if "FeatureGroupName" in params:
        return f"feature-group/{params['FeatureGroupName']}".lower()
    arn = params.get("Arn") or params.get(f"{noun}Arn")
    return arn if isinstance(arn, str) and arn.startswith("arn:") else None


def _also(params: Mapping[str, Any], operation: str) -> tuple[str, ...]:
    """An endpoint is made of a configuration, which must be allowed too."""
    configuration = params.get("EndpointConfigName")
    if operation in ("CreateEndpoint", "UpdateEndpoint") and configuration:
        return (f"endpoint-config/{configuration}".lower(),)
    return ()


def _kebab(noun: str) -> str:
    return _SAGEMAKER_TYPES.get(noun) or _WORD.sub("-", noun).lower()


def _singular(noun: str) -> str:
    return noun.removesuffix("ies") + "y" if noun.endswith("ies") else noun.removesuffix("s")


# -- IAM and STS --------------------------------------------------------------------------------------------------


def _iam(call: Call, account: str) -> tuple[str, ...]:
    params, operation = call.params, call.operation or ""
    for key, kind in _IAM_TYPES:
        if params.get(key):
            path = str(params.get("Path") or _path(call, account, kind, params[key]))
            return (_arn(call, "iam", account, f"{kind}{path}{params[key]}", regional=False),)
    if operation in _IAM_LISTS:
        path = str(params.get("PathPrefix") or "/")
        return (_arn(call, "iam", account, f"{_IAM_LISTS[operation]}{path}", regional=False),)
    if operation == "CreatePolicy":
        path = str(params.get("Path") or "/")
        return (_arn(call, "iam", account, f"policy{path}{params.get('PolicyName', '')}", regional=False),)
    if operation == "CreateServiceLinkedRole":
        linked = f"role/aws-service-role/{params.get('AWSServiceName', '')}/*"
        return (_arn(call, "iam", account, linked, regional=False),)
    return (str(params["PolicyArn"]),) if params.get("PolicyArn") else ()


def _path(call: Call, account: str, kind: str, name: str) -> str:
    """The path of what is there under this name; `/` for what is not."""
    backend = iam_backend(account, get_partition(call.region))
    if backend is None:
        return "/"
    found: Any
    if kind == "role":
        found = next((role for role in list(backend.roles.values()) if role.name == name), None)
    elif kind == "instance-profile":
        found = next((each for each in list(backend.instance_profiles.values()) if each.name == name), None)
    else:
        found = (backend.users if kind == "user" else backend.groups).get(name)
    return str(found.path) if found is not None else "/"


def iam_backend(account: str, partition: str = "aws") -> IAMBackend | None:
    """The account's users, roles and policies as moto keeps them; None, and none are made, for an unknown account."""
    partitions = iam_backends.get(account)
    return partitions.get(partition) if partitions else None


def shown(call: Call, resource: str) -> str:
    """The resource as the service names it when it refuses: IAM says `role NAME` of what is there."""
    operation = call.operation or ""
    if call.service != "iam":
        return resource
    if operation == "ListPolicies":
        return f"policy path {call.params.get('PathPrefix') or '/'}"
    if operation == "CreatePolicy":
        return f"policy {call.params.get('PolicyName', '')}"
    if operation.startswith("Create") and operation.endswith(("Role", "User", "Group", "InstanceProfile")):
        return resource
    for key, kind in _IAM_TYPES:
        if call.params.get(key):
            return f"{kind.replace('-', ' ')} {call.params[key]}"
    return f"policy {resource}" if resource == call.params.get("PolicyArn") else resource


def _sts(call: Call, account: str) -> tuple[str, ...]:
    role = call.params.get("RoleArn")
    if role:
        return (str(role),)
    if call.operation == "GetFederationToken":
        named = f"federated-user/{call.params.get('Name', '')}"
        return (_arn(call, "sts", account, named, regional=False),)
    return ()


# -- others -------------------------------------------------------------------------------------------------------


def _logs(call: Call, account: str) -> tuple[str, ...]:
    """A log group is `log-group:NAME:log-stream:` to the policies, so that both `NAME:*` and `NAME*` reach it."""
    params = call.params
    group = params.get("logGroupIdentifier") or params.get("logGroupName")
    groups = [group] if group else [*params.get("logGroupNames", ()), *params.get("logGroupIdentifiers", ())]
    if not groups and call.operation in ("DescribeLogGroups", "ListLogGroups"):
        groups = [""]
    stream = params.get("logStreamName", "")
    return tuple(_arn(call, "logs", account, f"log-group:{_group(each)}:log-stream:{stream}") for each in groups)


def _group(identifier: str) -> str:
    """The name in what may be a name or an ARN, with `:*` at its end or not."""
    name = identifier.split(":", 6)[6] if identifier.startswith("arn:") and identifier.count(":") > 5 else identifier
    return name.removesuffix(":*")


def _cloudtrail(call: Call, account: str) -> tuple[str, ...]:
    operation = call.operation or ""
    named = "Trail" in operation or operation.endswith("Logging")
    trail = call.params.get("TrailName") or (call.params.get("Name") if named else None)
    if trail is None:
        return ()
    return (trail if trail.startswith("arn:") else _arn(call, "cloudtrail", account, f"trail/{trail}"),)


def _cloudwatch(call: Call, account: str) -> tuple[str, ...]:
    names = call.params.get("AlarmNames") or [call.params.get("AlarmName")]
    return tuple(_arn(call, "cloudwatch", account, f"alarm:{name}") for name in names if name)


def _account(call: Call, account: str) -> tuple[str, ...]:
    return (_arn(call, "account", account, "account", regional=False),)


_BY_SERVICE: dict[str, Callable[[Call, str], tuple[str, ...]]] = {
    "account": _account,
    "cloudtrail": _cloudtrail,
    "cloudwatch": _cloudwatch,
    "iam": _iam,
    "logs": _logs,
    "s3": _s3,
    "sagemaker": _sagemaker,
    "sagemaker-featurestore-runtime": _sagemaker,
    "sagemaker-runtime": _sagemaker,
    "sts": _sts,
}

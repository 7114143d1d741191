"""What an event was about: `resources` of the event itself, and `Resources` of `LookupEvents`.

S3 and AssumeRole name theirs in the event; for IAM only `LookupEvents` lists them, by name, id and ARN as far as the
call tells; SageMaker's are not listed at all.

Sources: CloudTrail record contents, "resources"; IAM user guide, "Example AWS STS API events in CloudTrail log".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.call import Call

Resource = tuple[str, str]  # type and name

_BUCKET, _ROLE = "AWS::S3::Bucket", "AWS::IAM::Role"
_IAM = {
    "GroupName": "AWS::IAM::Group",
    "InstanceProfileName": "AWS::IAM::InstanceProfile",
    "PolicyArn": "AWS::IAM::Policy",
    "PolicyName": "AWS::IAM::Policy",
    "RoleName": _ROLE,
    "UserName": "AWS::IAM::User",
}
_IAM_MADE = {
    "Group": ("AWS::IAM::Group", "GroupId"),
    "InstanceProfile": ("AWS::IAM::InstanceProfile", "InstanceProfileId"),
    "Policy": ("AWS::IAM::Policy", "PolicyId"),
    "Role": (_ROLE, "RoleId"),
    "User": ("AWS::IAM::User", "UserId"),
}


def named_in_event(call: Call, account: str) -> list[dict[str, str]]:
    """The event's own `resources`; empty where it has none."""
    if call.service == "s3" and call.params.get("Bucket"):
        arn = f"arn:aws:s3:::{call.params['Bucket']}"
        return [{"accountId": account, "type": _BUCKET, "ARN": arn}]
    if call.service == "sts" and call.params.get("RoleArn"):
        arn = str(call.params["RoleArn"])
        return [{"accountId": role_account(arn) or account, "type": _ROLE, "ARN": arn}]
    return []


def looked_up(call: Call, response: Mapping[str, Any] | None) -> tuple[Resource, ...]:
    """`Resources` of `LookupEvents`, each once; `response` is None for a call that failed."""
    match call.service:
        case "s3":
            found = iter([(_BUCKET, str(call.params["Bucket"]))] if call.params.get("Bucket") else [])
        case "iam":
            found = _iam(call.params, response or {})
        case "sts":
            found = _sts(call.params, response or {})
        case _:
            found = iter(())
    return tuple(dict.fromkeys(found))


def role_account(arn: str) -> str | None:
    """The account of a role's ARN; None for a text that is no ARN."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 and parts[4] else None


def _iam(params: Mapping[str, Any], response: Mapping[str, Any]) -> Iterator[Resource]:
    for name, kind in _IAM.items():
        if params.get(name):
            yield kind, str(params[name])
    for name, (kind, identifier) in _IAM_MADE.items():
        made = response.get(name)
        if isinstance(made, Mapping):
            yield from ((kind, str(made[key])) for key in (identifier, "Arn") if made.get(key))


def _sts(params: Mapping[str, Any], response: Mapping[str, Any]) -> Iterator[Resource]:
    if not params.get("RoleArn"):
        return
    session, keys = response.get("AssumedRoleUser") or {}, response.get("Credentials") or {}
    if keys.get("AccessKeyId"):
        yield "AWS::IAM::AccessKey", str(keys["AccessKeyId"])
    for name in (params.get("RoleSessionName"), session.get("AssumedRoleId"), session.get("Arn")):
        if name:
            yield "AWS::STS::AssumedRole", str(name)
    yield _ROLE, str(params["RoleArn"])

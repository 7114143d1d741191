"""Execution roles and their policies."""

import json
from functools import partial
from typing import Any, Literal

from skymark.evidence import Policy, Role
from skymark.survey.reading import GONE, REFUSALS, Reading, described, gap, is_absent, pages
from skymark.survey.waves import Waves

SERVICE = "iam"


class Missing(str):
    """The ARN of a role that IAM says is not there."""


def read_role(client: Any, arn: str) -> Waves[Reading[Role | Missing]]:
    """One role with every policy on it; `Missing` if IAM says that it is not there.

    Policies that could not be listed are None, a policy that could not be read has no document. One that has gone since
    it was listed is left out: IAM deletes none that is still on a role.

    Source: IAM API, GetRole, ListAttachedRolePolicies, ListRolePolicies, GetRolePolicy, GetPolicy, GetPolicyVersion.
    """
    name = _name(arn)
    found, attached, inline = yield (
        lambda: described(SERVICE, "GetRole", None, name, lambda: client.get_role(RoleName=name)["Role"]),
        lambda: _listed(client, name, "ListAttachedRolePolicies", "AttachedPolicies"),
        lambda: _listed(client, name, "ListRolePolicies", "PolicyNames"),
    )
    if found.gaps:
        return Reading((), found.gaps)
    if not found.items or any(one.code in GONE for one in (*attached.gaps, *inline.gaps)):
        return Reading((Missing(arn),))
    (answer,) = found.items
    limit = answer.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    managed = [partial(_managed, client, row["PolicyArn"], _kind(row["PolicyArn"])) for row in _all(attached)]
    written = [partial(_inline, client, name, one) for one in _all(inline)]
    bounds = [partial(_managed, client, limit, "boundary")] if limit else []
    policies: list[Reading[Policy]] = yield (*managed, *written, *bounds)
    on_it, boundary = policies[: len(managed) + len(written)], Reading.merged(policies[len(managed) + len(written) :])
    role = Role(
        name=name,
        arn=answer["Arn"],
        created_at=answer["CreateDate"],
        trust=_text(answer["AssumeRolePolicyDocument"]),
        policies=None if attached.gaps or inline.gaps else Reading.merged(on_it).items,
        boundary=next(iter(boundary.items), None),
    )
    gaps = Reading.merged((attached, *on_it[: len(managed)], inline, *on_it[len(managed) :], boundary)).gaps
    return Reading((role,), gaps)


def read_aws_policy(client: Any, arn: str) -> Reading[Policy]:
    """One of AWS's own policies, as it is now; without its document where it could not be read, or was withdrawn."""
    found = _managed(client, arn, "aws")
    return found if found.items else Reading((Policy(_name(arn), "aws", None, arn),))


def _listed(client: Any, role: str, operation: str, key: str) -> Reading[Any]:
    return pages(client, SERVICE, operation, key, None, role, RoleName=role)


def _all(listed: Reading[Any]) -> tuple[Any, ...]:
    """What was listed; nothing is read of a list that is not whole."""
    return () if listed.gaps else listed.items


def _managed(client: Any, arn: str, kind: Literal["customer", "aws", "boundary"]) -> Reading[Policy]:
    """One with its document. Where IAM says that it is not there, nothing; but a boundary AWS still heeds."""
    name, call = _name(arn), "GetPolicy"
    try:
        version = client.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        call = "GetPolicyVersion"
        answer = client.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
    except REFUSALS as error:
        if is_absent(error) and call == "GetPolicy" and kind != "boundary":
            return Reading()
        return Reading((Policy(name, kind, None, arn),), (gap(SERVICE, call, None, error, name),))
    return Reading((Policy(name, kind, _text(answer["Document"]), arn),))


def _inline(client: Any, role: str, name: str) -> Reading[Policy]:
    def ask() -> Policy:
        answer = client.get_role_policy(RoleName=role, PolicyName=name)
        return Policy(name, "inline", _text(answer["PolicyDocument"]))

    return described(SERVICE, "GetRolePolicy", None, name, ask, otherwise=Policy(name, "inline", None))


def _name(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]


def _kind(arn: str) -> Literal["customer", "aws"]:
    return "aws" if arn.split(":")[4] == "aws" else "customer"


def _text(document: Any) -> str:
    """A policy as JSON text; boto3 gives it parsed."""
    return document if isinstance(document, str) else json.dumps(document)

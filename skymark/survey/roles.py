"""Execution roles and their policies."""

import json
from collections.abc import Callable
from typing import Any, Literal

from skymark.evidence import Gap, Policy, Role
from skymark.survey.reading import REFUSALS, Reading, gap, is_absent, pages

SERVICE = "iam"


class Missing(str):
    """The ARN of a role that IAM says is not there."""


def read_role(client: Any, arn: str) -> Reading[Role | Missing]:
    """One role with every policy on it; `Missing` if IAM says that it is not there.

    Policies that could not be listed are None, a policy that could not be read has no document.

    Source: IAM API, GetRole, ListAttachedRolePolicies, ListRolePolicies, GetRolePolicy, GetPolicy, GetPolicyVersion.
    """
    name = arn.rsplit("/", 1)[-1]
    try:
        answer = client.get_role(RoleName=name)["Role"]
    except REFUSALS as error:
        if is_absent(error):
            return Reading((Missing(arn),))
        return Reading((), (gap(SERVICE, "GetRole", None, error, name),))
    reader = _PolicyReader(client, name)
    attached = reader.attached()
    inline = reader.inline()
    boundary = answer.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    role = Role(
        name=name,
        arn=answer["Arn"],
        created_at=answer["CreateDate"],
        trust=_text(answer["AssumeRolePolicyDocument"]),
        policies=None if attached is None or inline is None else (*attached, *inline),
        boundary=reader.managed(boundary, "boundary") if boundary else None,
    )
    return Reading((role,), tuple(reader.gaps))


class _PolicyReader:
    """The policies of one role; what was not answered is among `gaps`."""

    def __init__(self, client: Any, role: str) -> None:
        self.client = client
        self.role = role
        self.gaps: list[Gap] = []

    def attached(self) -> tuple[Policy, ...] | None:
        rows = self._listed("ListAttachedRolePolicies", "AttachedPolicies")
        if rows is None:
            return None
        return tuple(self.managed(row["PolicyArn"], _kind(row["PolicyArn"])) for row in rows)

    def inline(self) -> tuple[Policy, ...] | None:
        names = self._listed("ListRolePolicies", "PolicyNames")
        if names is None:
            return None
        return tuple(Policy(name, "inline", self._inline_document(name)) for name in names)

    def managed(self, arn: str, kind: Literal["customer", "aws", "boundary"]) -> Policy:
        return Policy(arn.rsplit("/", 1)[-1], kind, self._managed_document(arn), arn)

    def _managed_document(self, arn: str) -> str | None:
        name = arn.rsplit("/", 1)[-1]
        policy = self._asked("GetPolicy", name, lambda: self.client.get_policy(PolicyArn=arn)["Policy"])
        if policy is None:
            return None
        version = policy["DefaultVersionId"]
        answer = self._asked(
            "GetPolicyVersion",
            name,
            lambda: self.client.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"],
        )
        return None if answer is None else _text(answer["Document"])

    def _inline_document(self, name: str) -> str | None:
        answer = self._asked(
            "GetRolePolicy", name, lambda: self.client.get_role_policy(RoleName=self.role, PolicyName=name)
        )
        return None if answer is None else _text(answer["PolicyDocument"])

    def _listed(self, operation: str, key: str) -> tuple[Any, ...] | None:
        rows = pages(self.client, SERVICE, operation, key, None, self.role, RoleName=self.role)
        self.gaps += rows.gaps
        return None if rows.gaps else rows.items

    def _asked(self, call: str, resource: str, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except REFUSALS as error:
            self.gaps.append(gap(SERVICE, call, None, error, resource))
            return None


def _kind(arn: str) -> Literal["customer", "aws"]:
    return "aws" if arn.split(":")[4] == "aws" else "customer"


def _text(document: Any) -> str:
    """A policy as JSON text; boto3 gives it parsed."""
    return document if isinstance(document, str) else json.dumps(document)

"""Execution roles and their policies."""

import contextlib
import json
from collections.abc import Callable, Iterable
from typing import Any, Literal

from skymark.evidence import Gap, Policy, Role
from skymark.survey.reading import GONE, REFUSALS, Reading, gap, is_absent, pages

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
    try:
        attached, inline = reader.attached(), reader.inline()
    except RoleGone:
        return Reading((Missing(arn),))
    boundary = answer.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    role = Role(
        name=name,
        arn=answer["Arn"],
        created_at=answer["CreateDate"],
        trust=_text(answer["AssumeRolePolicyDocument"]),
        policies=None if attached is None or inline is None else (*attached, *inline),
        boundary=reader.boundary(boundary) if boundary else None,
    )
    return Reading((role,), tuple(reader.gaps))


def read_aws_policy(client: Any, arn: str) -> Reading[Policy]:
    """One of AWS's own policies, as it is now; without its document where it could not be read."""
    reader = _PolicyReader(client, arn.rsplit("/", 1)[-1])
    return Reading((reader.aws(arn),), tuple(reader.gaps))


class RoleGone(Exception):
    """The role was deleted since it was asked for."""


class PolicyGone(Exception):
    """The policy was taken off the role, and deleted, since it was listed."""


class _PolicyReader:
    """The policies of one role; what was not answered is among `gaps`, and what has gone meanwhile is left out."""

    def __init__(self, client: Any, role: str) -> None:
        self.client = client
        self.role = role
        self.gaps: list[Gap] = []

    def attached(self) -> tuple[Policy, ...] | None:
        """Managed policies, the account's and AWS's; None if they could not be listed."""
        rows = self._listed("ListAttachedRolePolicies", "AttachedPolicies")
        if rows is None:
            return None
        return self._present(lambda row: self._managed(row["PolicyArn"], _kind(row["PolicyArn"])), rows)

    def aws(self, arn: str) -> Policy:
        """One of AWS's own; it has no document where AWS has withdrawn it."""
        try:
            return self._managed(arn, "aws")
        except PolicyGone:
            return Policy(arn.rsplit("/", 1)[-1], "aws", None, arn)

    def inline(self) -> tuple[Policy, ...] | None:
        """Policies written into the role; None if they could not be listed."""
        names = self._listed("ListRolePolicies", "PolicyNames")
        if names is None:
            return None
        return self._present(lambda name: Policy(name, "inline", self._inline_document(name)), names)

    def boundary(self, arn: str) -> Policy:
        """One whose policy is gone has no document: AWS still heeds it."""
        try:
            return self._managed(arn, "boundary")
        except PolicyGone as error:
            name = arn.rsplit("/", 1)[-1]
            self.gaps.append(gap(SERVICE, "GetPolicy", None, error.__cause__ or error, name))
            return Policy(name, "boundary", None, arn)

    def _present(self, read: Callable[[Any], Policy], rows: Iterable[Any]) -> tuple[Policy, ...]:
        found = []
        for row in rows:
            with contextlib.suppress(PolicyGone):
                found.append(read(row))
        return tuple(found)

    def _managed(self, arn: str, kind: Literal["customer", "aws", "boundary"]) -> Policy:
        return Policy(arn.rsplit("/", 1)[-1], kind, self._managed_document(arn), arn)

    def _managed_document(self, arn: str) -> str | None:
        name = arn.rsplit("/", 1)[-1]
        policy = self._there("GetPolicy", name, lambda: self.client.get_policy(PolicyArn=arn)["Policy"])
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
        answer = self._there(
            "GetRolePolicy", name, lambda: self.client.get_role_policy(RoleName=self.role, PolicyName=name)
        )
        return None if answer is None else _text(answer["PolicyDocument"])

    def _listed(self, operation: str, key: str) -> tuple[Any, ...] | None:
        rows = pages(self.client, SERVICE, operation, key, None, self.role, RoleName=self.role)
        if any(one.code in GONE for one in rows.gaps):
            raise RoleGone
        self.gaps += rows.gaps
        return None if rows.gaps else rows.items

    def _there(self, call: str, resource: str, ask: Callable[[], Any]) -> Any:
        """The answer about something that was listed; raises `PolicyGone` where IAM says that it is not there."""
        try:
            return ask()
        except REFUSALS as error:
            if is_absent(error):
                raise PolicyGone from error
            self.gaps.append(gap(SERVICE, call, None, error, resource))
            return None

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

"""A role that is gone, put together again from what was done to it.

Source: IAM API reference; CloudTrail records each call with its parameters, policies included.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from skymark.evidence import Event, Policy, Role
from skymark.survey.reading import Reading
from skymark.survey.roles import Missing, read_aws_policy

TAKING_AWAY = ("DetachRolePolicy", "DeleteRolePolicy")


def rebuild(client: Any, arn: Missing, events: Sequence[Event], at: dt.datetime) -> Reading[Role | Missing]:
    """The role with its policies as it was at a time; still missing where its making is not among the events.

    AWS's own policies are read as they are now. A customer's policy has no document where its making is not among the
    events.
    """
    name = arn.rsplit("/", 1)[-1]
    before = [event for event in events if event.error is None and _is_before(event, at)]
    made = [event for event in before if event.name == "CreateRole" and event.resource == name]
    if not made or made[-1].document is None:
        return Reading((arn,))
    its_own = [event for event in before if event.resource == name and event.at >= made[-1].at]
    trusts = [event.document for event in its_own if event.name in ("CreateRole", "UpdateAssumeRolePolicy")]
    attached = [_managed(client, one, before) for one in _attached(its_own)]
    bounds = [event.refers_to[0] for event in its_own if event.name == "PutRolePermissionsBoundary"]
    boundary = _managed(client, bounds[-1], before) if bounds and bounds[-1] else None
    read = [*attached, *([boundary] if boundary else [])]
    role = Role(
        name=name,
        arn=str(arn),
        created_at=made[-1].at,
        trust=trusts[-1] or "",
        policies=(*(one.items[0] for one in attached), *_inline(its_own)),
        boundary=None if boundary is None else _as_boundary(boundary.items[0]),
        as_of=at,
    )
    return Reading((role,), tuple(gap for one in read for gap in one.gaps))


def _is_before(event: Event, at: dt.datetime) -> bool:
    """CloudTrail tells whole seconds: what takes something away in the same second did so afterwards."""
    moment = at.replace(microsecond=0)
    return event.at < moment if event.name in TAKING_AWAY else event.at <= moment


def _attached(events: Iterable[Event]) -> list[str]:
    """The ARNs of the policies that were on it in the end."""
    arns: list[str] = []
    for event in events:
        arn = event.refers_to[0] if event.refers_to else None
        if event.name == "AttachRolePolicy" and arn and arn not in arns:
            arns.append(arn)
        if event.name == "DetachRolePolicy" and arn in arns:
            arns.remove(arn)
    return arns


def _managed(client: Any, arn: str, events: Iterable[Event]) -> Reading[Policy]:
    name = arn.rsplit("/", 1)[-1]
    if arn.split(":")[4] == "aws":
        return read_aws_policy(client, arn)
    documents = [
        event.document
        for event in events
        if (event.name == "CreatePolicy" and arn in event.refers_to)
        or (event.name == "CreatePolicyVersion" and event.resource == arn and event.document)
    ]
    return Reading((Policy(name, "customer", documents[-1] if documents else None, arn),))


def _as_boundary(policy: Policy) -> Policy:
    return Policy(policy.name, "boundary", policy.document, policy.arn)


def _inline(events: Iterable[Event]) -> tuple[Policy, ...]:
    documents: dict[str, str | None] = {}
    for event in events:
        name = event.refers_to[0] if event.refers_to else None
        if event.name == "PutRolePolicy" and name:
            documents[name] = event.document
        if event.name == "DeleteRolePolicy" and name:
            documents.pop(name, None)
    return tuple(Policy(name, "inline", document) for name, document in documents.items())

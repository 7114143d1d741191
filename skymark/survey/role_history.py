"""A role that is gone, put together again from what was done to it.

Source: IAM API reference; CloudTrail records each call with its parameters, policies included.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from skymark.evidence import Event, Policy, Role
from skymark.survey.reading import Reading
from skymark.survey.roles import Missing, read_aws_policy
from skymark.survey.waves import Waves

TAKING_AWAY = ("DetachRolePolicy", "DeleteRolePolicy", "DeleteRolePermissionsBoundary")
BOUNDING = ("PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary")


def rebuild(client: Any, arn: Missing, events: Sequence[Event], used_at: dt.datetime) -> Waves[Reading[Role | Missing]]:
    """The role with its policies as it was before it was taken apart; missing where its making is not in the events.

    IAM deletes no role that has policies: what was taken off it at the very end, after it was last used, was on it.
    AWS's own policies are read as they are now. A customer's policy has no document where its making is not among the
    events, or where an older version of it was chosen again.
    """
    name = arn.rsplit("/", 1)[-1]
    about = [event for event in events if event.error is None and event.resource == name]
    made = [event for event in about if event.name == "CreateRole" and _is_before(event, used_at)]
    if not made or made[-1].document is None:
        return Reading((arn,))
    its_own = _of_one_life(about, made[-1])
    taken_off = _taken_off_at_the_end(its_own, used_at)
    its_own = its_own[: len(its_own) - len(taken_off)]
    as_of = min((event.at for event in taken_off), default=_end(about, made[-1]) or max(used_at, its_own[-1].at))
    before = [event for event in events if event.error is None and event.at <= as_of]
    trusts = [event.document for event in its_own if event.name in ("CreateRole", "UpdateAssumeRolePolicy")]
    attached = _attached(its_own)
    bounds = [_first(event) for event in its_own if event.name in BOUNDING][-1:]
    read: list[Reading[Policy]] = yield [
        partial(_managed, client, one, before) for one in (*attached, *bounds) if one is not None
    ]
    managed = [policy for one in read for policy in one.items]
    role = Role(
        name=name,
        arn=str(arn),
        created_at=made[-1].at,
        trust=trusts[-1] or "",
        policies=(*managed[: len(attached)], *_inline(its_own)),
        boundary=next(map(_as_boundary, managed[len(attached) :]), None),
        as_of=as_of,
    )
    return Reading((role,), Reading.merged(read).gaps)


def _end(about: Iterable[Event], made: Event) -> dt.datetime | None:
    """When the role was deleted; where that is not told, when another one of its name was made."""
    return next((one.at for one in about if one.name in ("CreateRole", "DeleteRole") and one.at > made.at), None)


def _of_one_life(about: Sequence[Event], made: Event) -> list[Event]:
    """What was done to the role that was made then, and not to another one of its name."""
    end = _end(about, made)
    since = [one for one in about if one.at >= made.at and (end is None or one.at <= end)]
    return [one for one in since if one is made or one.name not in ("CreateRole", "DeleteRole")]


def _taken_off_at_the_end(its_own: Sequence[Event], used_at: dt.datetime) -> list[Event]:
    """Nothing was put on afterwards, nor changed."""
    newest_first = reversed(its_own)
    return list(itertools.takewhile(lambda one: one.name in TAKING_AWAY and not _is_before(one, used_at), newest_first))


def _is_before(event: Event, at: dt.datetime) -> bool:
    """CloudTrail tells whole seconds: what takes something away in the same second did so afterwards."""
    moment = at.replace(microsecond=0)
    return event.at < moment if event.name in TAKING_AWAY else event.at <= moment


def _first(event: Event) -> str | None:
    return event.refers_to[0] if event.refers_to else None


def _attached(events: Iterable[Event]) -> list[str]:
    """The ARNs of the policies that were on it in the end."""
    arns: list[str] = []
    for event in events:
        arn = _first(event)
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
        or (event.name == "SetDefaultPolicyVersion" and event.resource == arn)
    ]
    return Reading((Policy(name, "customer", documents[-1] if documents else None, arn),))


def _as_boundary(policy: Policy) -> Policy:
    return Policy(policy.name, "boundary", policy.document, policy.arn)


def _inline(events: Iterable[Event]) -> tuple[Policy, ...]:
    documents: dict[str, str | None] = {}
    for event in events:
        name = _first(event)
        if event.name == "PutRolePolicy" and name:
            documents[name] = event.document
        if event.name == "DeleteRolePolicy" and name:
            documents.pop(name, None)
    return tuple(Policy(name, "inline", document) for name, document in documents.items())

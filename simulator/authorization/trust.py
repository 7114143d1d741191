"""Who may act in a role.

Source: IAM user guide, "Compare IAM roles and resource-based policies" and "The confused deputy problem"; STS API
reference, AssumeRole.
"""

import datetime as dt

from simulator.authorization.callers import Caller, role_by_arn
from simulator.authorization.callers import service as service_caller
from simulator.authorization.conditions import Values
from simulator.authorization.context import context_of
from simulator.authorization.documents import Document, MalformedPolicy, parse
from simulator.authorization.evaluation import Policies, Request, evaluate
from simulator.authorization.policies import policies_of
from simulator.authorization.resources import iam_backend
from simulator.authorization.wording import Denied, cannot_assume
from simulator.call import Call
from simulator.clock import clock


def may_assume(
    role_arn: str, caller: Caller, external_id: str | None, session_name: str, now: dt.datetime | None = None
) -> Denied | None:
    """None when the caller may assume the role; `now` is the practice cloud's time unless told otherwise.

    The trust policy must name the caller. Where it names only the caller's account, or an account other than the
    role's, the caller's own policies must allow it as well. A role that is not there is refused in the same words.
    """
    if caller.kind == "Root":
        return Denied("AccessDenied", "Roles may not be assumed by root accounts.", 403)
    trust = _trust_policy(role_arn)
    if trust is None:
        return cannot_assume(caller, role_arn)
    asked = {"RoleArn": role_arn, "RoleSessionName": session_name}
    params = asked if external_id is None else asked | {"ExternalId": external_id}
    call = Call("sts", "AssumeRole", "us-east-1", caller.access_key, params)
    context = context_of(call, caller, now or clock.now())
    own = policies_of(caller)
    policies = Policies(own.identity, own.boundary, trust, own.session)
    decision = evaluate(Request("sts:AssumeRole", role_arn, caller, context), policies, trust=True)
    return None if decision.allowed else cannot_assume(caller, role_arn)


def service_may_assume(role_arn: str, service: str, account: str, source_arn: str) -> bool:
    """Whether a service (`sagemaker.amazonaws.com`) may act in the role for something of an account's.

    `source_arn` is what it acts for, such as a notebook instance: trust policies may insist on it.
    """
    trust = _trust_policy(role_arn)
    if trust is None:
        return False
    caller = service_caller(service, account)
    about: dict[str, Values] = {"aws:SourceArn": source_arn, "aws:SourceAccount": account}
    context = context_of(Call("sts", "AssumeRole", "us-east-1", None), caller, clock.now()) | about
    return evaluate(Request("sts:AssumeRole", role_arn, caller, context), Policies(resource=trust), trust=True).allowed


def _trust_policy(role_arn: str) -> Document | None:
    """The role's trust policy; None where there is no such role, or the policy is none."""
    parts = role_arn.split(":")
    backend = iam_backend(parts[4], parts[1]) if len(parts) == 6 else None
    role = role_by_arn(role_arn, backend) if backend else None
    if role is None:
        return None
    try:
        return parse(role.assume_role_policy_document)
    except MalformedPolicy:
        return None  # moto took what IAM would not have

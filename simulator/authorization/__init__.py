"""Judges requests by the caller's policies, as IAM does.

Shares nothing with the grader's own evaluator in `skymark/policy`, so that the two can check each other.
"""

import datetime as dt

from simulator.authorization.callers import Caller
from simulator.authorization.context import context_of
from simulator.authorization.evaluation import Policies, Request, evaluate
from simulator.authorization.needs import Need, needs_of
from simulator.authorization.objects import refused_afterwards, refused_by_s3
from simulator.authorization.policies import policies_of
from simulator.authorization.trust import may_assume
from simulator.authorization.wording import Denied, denied, unsigned
from simulator.call import Call

__all__ = ["Denied", "authorize"]

# These cannot be denied. Source: STS API reference, GetCallerIdentity and GetSessionToken.
_ALWAYS = (("sts", "GetCallerIdentity"), ("sts", "GetSessionToken"))


def authorize(call: Call, caller: Caller, now: dt.datetime) -> Denied | None:
    """None when the caller may make this call, at this time (aware); else what the service answers.

    A call that is no operation of the service's is not judged. DeleteObjects is allowed as a whole or not at all,
    where S3 would delete what it may and report the rest.
    """
    if call.operation is None or (call.service, call.operation) in _ALWAYS or _needs_no_keys(call):
        return None
    if caller.kind == "Anonymous" and call.service != "s3":
        return unsigned(call)
    if call.service == "sts" and call.operation == "AssumeRole":
        asked = call.params
        name = asked.get("RoleSessionName", "")
        return may_assume(asked.get("RoleArn", ""), caller, asked.get("ExternalId"), name, now)
    policies, context = policies_of(caller), context_of(call, caller, now)
    requests = [
        (need, Request(need.action, need.resource, caller, context | need.context)) for need in needs_of(call, caller)
    ]
    for need, request in requests:
        refused = _refused(call, need, request, policies)
        if refused is not None:
            return refused
    return refused_afterwards(call, requests[0][1], policies) if call.service == "s3" and requests else None


def _needs_no_keys(call: Call) -> bool:
    model = call.operation_model
    return model is not None and model.auth_type == "none"


def _refused(call: Call, need: Need, request: Request, policies: Policies) -> Denied | None:
    if call.service == "s3":
        return refused_by_s3(call, request, policies)
    decision = evaluate(request, policies)
    return None if decision.allowed else denied(call, request.caller, need.action, need.shown, decision.by)

"""How AWS's services say no.

Source: IAM user guide, "Troubleshoot access denied error messages"; S3 user guide, "Troubleshoot access denied (403
Forbidden) errors in Amazon S3"; messages of EC2, IAM and CloudWatch Logs as people have posted them.
"""

from dataclasses import dataclass

from simulator.authorization.callers import Caller
from simulator.call import Call
from simulator.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Denied(Refusal):
    """A request that the caller may not make."""


def denied(call: Call, caller: Caller, action: str, resource: str, why: str, *, ours: bool = True) -> Denied:
    """The refusal in the words of the call's service.

    `resource` is as the service shows it, `*` for none; `why` is a `Decision.by`. S3 explains nothing to strangers:
    those of another account than the bucket's (`ours` is False), and those who did not sign.
    """
    if call.service in ("s3", "s3control") and (not ours or caller.kind == "Anonymous"):
        return Denied("AccessDenied", "Access Denied", 403)
    what = f'"{resource}"' if call.service == "s3" else resource
    where = "" if resource == "*" else f" on resource: {what}"
    sentence = f"User: {caller.arn} is not authorized to perform: {action}{where} {why}"
    return refusal(call, sentence)


def refusal(call: Call, sentence: str) -> Denied:
    """A refusal with this sentence, and the code and status that the call's service uses."""
    protocol = call.model.protocol
    if protocol == "ec2":
        return Denied("UnauthorizedOperation", f"You are not authorized to perform this operation. {sentence}", 403)
    if call.service == "cloudwatch" or protocol in ("query", "rest-xml"):
        return Denied("AccessDenied", sentence, 403)
    return Denied("AccessDeniedException", sentence, 403 if protocol == "rest-json" else 400)


def cannot_assume(caller: Caller, role_arn: str) -> Denied:
    """STS's refusal: the same for a role that is not there."""
    sentence = f"User: {caller.arn} is not authorized to perform: sts:AssumeRole on resource: {role_arn}"
    return Denied("AccessDenied", sentence, 403)


def unsigned(call: Call) -> Denied:
    """What a service that wants to know who calls says to a request that nobody signed."""
    if call.model.protocol in ("query", "ec2"):
        return Denied("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
    return Denied("MissingAuthenticationTokenException", "Missing Authentication Token", 403)

"""Who called, in CloudTrail's `userIdentity`.

Source: CloudTrail user guide, "CloudTrail userIdentity element".
"""

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.authorization.callers import Caller

_SERVICE = re.compile(r"[a-z0-9-]+\.amazonaws\.com")


def user_identity(caller: "Caller", user_agent: str, session_began: dt.datetime) -> dict[str, Any]:
    """The element; `session_began` is shown of temporary keys only."""
    if caller.kind == "AWSService":
        return {"type": "AWSService", "invokedBy": service_name(caller)}
    identity = {
        "type": caller.kind,
        "principalId": caller.principal_id,
        "arn": caller.arn,
        "accountId": caller.account,
    }
    if caller.access_key is not None:
        identity["accessKeyId"] = caller.access_key
    if caller.kind == "IAMUser" and caller.name is not None:
        identity["userName"] = caller.name
    return identity | _session(caller, session_began) | _invoked_by(user_agent)


def other_account(caller: "Caller") -> dict[str, Any]:
    """The element as the account sees it whose role somebody of another account assumed."""
    return {"type": "AWSAccount", "principalId": caller.principal_id, "accountId": caller.account}


def username(caller: "Caller") -> str | None:
    """Whom `LookupEvents` names: the user, `root`, the role's session; a service is not named."""
    match caller.kind:
        case "Root":
            return "root"
        case "AssumedRole":
            return caller.arn.rpartition("/")[2]
        case "IAMUser":
            return caller.name
    return None


def service_name(caller: "Caller") -> str:
    """`sagemaker.amazonaws.com`, for a caller that is a service of AWS's."""
    return caller.name or caller.principal_id


def acts_as_service(user_agent: str) -> bool:
    """Whether a service calls with a role's session: it has its name for a user agent."""
    return _SERVICE.fullmatch(user_agent) is not None


def from_console(caller: "Caller", user_agent: str) -> bool:
    """Whether the call comes from the console: made by a browser, with a session's keys."""
    return _temporary(caller) and user_agent.startswith("Mozilla/")


def _session(caller: "Caller", began: dt.datetime) -> dict[str, Any]:
    if not _temporary(caller):
        return {}
    attributes = {"creationDate": began.strftime("%Y-%m-%dT%H:%M:%SZ"), "mfaAuthenticated": "false"}
    issuer = {"sessionIssuer": _issuer(caller)} if caller.kind == "AssumedRole" else {}
    return {"sessionContext": issuer | {"attributes": attributes}}


def _issuer(caller: "Caller") -> dict[str, str]:
    """The role that the session is one of."""
    name = caller.arn.split("/")[1]
    return {
        "type": "Role",
        "principalId": caller.principal_id.partition(":")[0],
        "arn": caller.role_arn or f"arn:aws:iam::{caller.account}:role/{name}",
        "accountId": caller.account,
        "userName": name,
    }


def _invoked_by(user_agent: str) -> dict[str, str]:
    return {"invokedBy": user_agent} if acts_as_service(user_agent) else {}


def _temporary(caller: "Caller") -> bool:
    return caller.kind == "AssumedRole" or (caller.access_key or "").startswith("ASIA")

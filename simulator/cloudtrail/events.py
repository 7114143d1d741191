"""One call of the API as CloudTrail's event history keeps it.

Source: CloudTrail user guide, "CloudTrail record contents", event version 1.11.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from moto.core.model import OperationModel
from moto.moto_api._internal import mock_random

from simulator.call import Call
from simulator.cloudtrail import identity, parameters, resources, s3_parameters
from simulator.cloudtrail.management import event_name, event_region, event_source, managed, reads_only

if TYPE_CHECKING:
    from simulator.authorization.callers import Caller

# All who call the practice cloud are on its own machine.
SOURCE_ADDRESS = "127.0.0.1"
_S3 = {"s3", "s3control"}
# They change nothing, yet what they give out is told.
_READING_BUT_TOLD = {"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "GetSessionToken"}


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a call. `response` is as boto3 returns it, without ResponseMetadata; None where it failed."""

    status: int
    error_code: str | None
    error_message: str | None
    response: Mapping[str, Any] | None
    request_id: str

    @property
    def failure(self) -> str | None:
        """The error's code; where the answer had none, as one to HEAD, its status, as boto3 has it. None is success."""
        return self.error_code or (str(self.status) if self.status >= 400 else None)


@dataclass(frozen=True, slots=True)
class Event:
    """One event as `LookupEvents` shows it.

    `ReadOnly` is `"true"` or `"false"`; `EventTime` is aware, UTC, in whole seconds; `Resources` are pairs of type and
    name; `CloudTrailEvent` is the whole event, a JSON text.
    """

    EventId: str
    EventName: str
    ReadOnly: str
    AccessKeyId: str | None
    EventTime: dt.datetime
    EventSource: str
    Username: str | None
    Resources: tuple[resources.Resource, ...]
    CloudTrailEvent: str


def event_of(
    call: Call, caller: "Caller", answer: Answered, at: dt.datetime, session_began: dt.datetime | None = None
) -> Event | None:
    """The event of this call; None where the event history has none.

    It keeps management events of callers that AWS knows: nothing of the data plane, nobody's call without keys.
    `at` is when it was called, `session_began` since when the caller's temporary keys are in use (else: since then).
    """
    operation = managed(call)
    if operation is None or caller.kind == "Anonymous":
        return None
    when = at.astimezone(dt.UTC).replace(microsecond=0)
    began = (session_began or when).astimezone(dt.UTC)
    record = _record(call, operation, caller, answer, when, began)
    return Event(
        EventId=record["eventID"],
        EventName=record["eventName"],
        ReadOnly=str(record["readOnly"]).lower(),
        AccessKeyId=caller.access_key,
        EventTime=when,
        EventSource=record["eventSource"],
        Username=identity.username(caller),
        Resources=resources.looked_up(call, None if answer.failure else answer.response),
        CloudTrailEvent=json.dumps(record, default=str),
    )


def owners_copy(event: Event, call: Call, caller: "Caller") -> tuple[str, Event] | None:
    """The account whose role somebody of another account assumed, and the event as that account sees it.

    None where the call was no such one, or failed. Both events have one `sharedEventID`.
    """
    owner = _role_owner(call, caller)
    record = json.loads(event.CloudTrailEvent)
    if owner is None or "errorCode" in record:
        return None
    record |= {
        "userIdentity": identity.other_account(caller),
        "eventID": str(mock_random.uuid4()),
        "recipientAccountId": owner,
    }
    text = json.dumps(record)
    return owner, replace(event, EventId=record["eventID"], AccessKeyId=None, Username=None, CloudTrailEvent=text)


def _role_owner(call: Call, caller: "Caller") -> str | None:
    if call.service != "sts" or not call.params.get("RoleArn"):
        return None
    owner = resources.role_account(str(call.params["RoleArn"]))
    return owner if owner != caller.account else None


def _record(
    call: Call, operation: OperationModel, caller: "Caller", answer: Answered, when: dt.datetime, began: dt.datetime
) -> dict[str, Any]:
    region = event_region(call, answer)
    subjects = resources.named_in_event(call, caller.account)
    shared = _role_owner(call, caller) is not None and answer.failure is None
    return {
        "eventVersion": "1.11",
        "userIdentity": identity.user_identity(caller, call.user_agent, began),
        "eventTime": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": event_source(call),
        "eventName": event_name(call),
        "awsRegion": region,
        **_origin(call, caller),
        **_error(call, answer),
        "requestParameters": _asked(call, operation, region),
        "responseElements": _told(call, operation, answer),
        "requestID": answer.request_id,
        "eventID": str(mock_random.uuid4()),
        "readOnly": reads_only(call),
        **({"resources": subjects} if subjects else {}),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": caller.account,
        **({"sharedEventID": str(mock_random.uuid4())} if shared else {}),
        "eventCategory": "Management",
        **({"sessionCredentialFromConsole": "true"} if identity.from_console(caller, call.user_agent) else {}),
    }


def _origin(call: Call, caller: "Caller") -> dict[str, str]:
    """Whence and with what it was called; of services AWS tells only their name."""
    if caller.kind == "AWSService":
        name = identity.service_name(caller)
        return {"sourceIPAddress": name, "userAgent": name}
    if identity.acts_as_service(call.user_agent):
        return {"sourceIPAddress": call.user_agent, "userAgent": call.user_agent}
    agent = f"[{call.user_agent}]" if call.service in _S3 else call.user_agent
    return {"sourceIPAddress": SOURCE_ADDRESS, "userAgent": agent}


def _error(call: Call, answer: Answered) -> dict[str, str]:
    if answer.failure is None:
        return {}
    side = ("Client." if answer.status < 500 else "Server.") if call.service == "ec2" else ""
    return {"errorCode": side + answer.failure, "errorMessage": answer.error_message or ""}


def _asked(call: Call, operation: OperationModel, region: str) -> dict[str, Any] | None:
    if call.service in _S3:
        return s3_parameters.request_parameters(call, operation, region)
    return parameters.request_parameters(operation, call.params)


def _told(call: Call, operation: OperationModel, answer: Answered) -> dict[str, Any] | None:
    """Only of what was changed; S3 tells nothing even then."""
    if answer.failure is not None or answer.response is None or call.service in _S3:
        return None
    if reads_only(call) and call.operation not in _READING_BUT_TOLD:
        return None
    return parameters.response_elements(operation, answer.response)

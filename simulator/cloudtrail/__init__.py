"""CloudTrail's event history for the practice cloud, recorded from the API calls themselves."""

import datetime as dt
from typing import TYPE_CHECKING, cast

from moto.cloudtrail.models import cloudtrail_backends

from simulator.call import Call
from simulator.cloudtrail.events import Answered, Event, event_of, owners_copy
from simulator.cloudtrail.history import EventHistory, Page
from simulator.cloudtrail.management import HOME_REGION, event_region
from simulator.cloudtrail.models import PracticeCloudTrailBackend
from simulator.cloudtrail.responses import PracticeCloudTrailResponse

if TYPE_CHECKING:
    from moto.core.base_backend import BackendDict

    from simulator.authorization.callers import Caller

__all__ = [
    "Answered",
    "Event",
    "EventHistory",
    "Page",
    "PracticeCloudTrailBackend",
    "PracticeCloudTrailResponse",
    "event_of",
    "install",
    "record",
]


def install(lateness: dt.timedelta = dt.timedelta(0), *, throttled: bool = False) -> None:
    """Put this CloudTrail in the place of moto's; trails that moto's has are forgotten the first time.

    moto looks for the addresses beside the backend's module, and so finds the responses, too.
    `lateness` holds for accounts that come to be from now on, or are reset; `throttled` at once.
    """
    PracticeCloudTrailBackend.lateness, PracticeCloudTrailBackend.throttled = lateness, throttled
    if cloudtrail_backends.backend is not PracticeCloudTrailBackend:
        cloudtrail_backends.clear()
        _backends().backend = PracticeCloudTrailBackend


def record(call: Call, caller: "Caller", answer: Answered, at: dt.datetime) -> Event | None:
    """Keep the event of this call in its account's history, in its region's; None where it is no event to keep.

    If the call assumes a role of another account, that account's history has it, too.
    """
    _note_keys_given_out(answer, at)
    event = event_of(call, caller, answer, at, _session_began(caller, at))
    if event is None:
        return None
    region = event_region(call, answer)
    _keep(event, caller.account, region)
    copy = owners_copy(event, call, caller)
    if copy is not None:
        _keep(copy[1], copy[0], region)
    return event


def _keep(event: Event, account: str, region: str) -> None:
    if region in cloudtrail_backends[account]:  # nobody could look an event up in a region that there is not
        _backends()[account][region].history.record(event)


def _session_began(caller: "Caller", at: dt.datetime) -> dt.datetime:
    if caller.access_key is None:
        return at
    return _backends()[caller.account][HOME_REGION].session_began(caller.access_key, at)


def _note_keys_given_out(answer: Answered, at: dt.datetime) -> None:
    response = answer.response or {}
    role = (response.get("AssumedRoleUser") or {}).get("Arn")
    if role is not None and "Credentials" in response:
        account = str(role).split(":")[4]
        _backends()[account][HOME_REGION].session_began(response["Credentials"]["AccessKeyId"], at)


def _backends() -> "BackendDict[PracticeCloudTrailBackend]":
    return cast("BackendDict[PracticeCloudTrailBackend]", cloudtrail_backends)

"""What became of each thing: made, stopped, deleted, by the event history and by what is there."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from msgspec.structs import replace

from skymark.evidence import Event, Struct, Survey

ABOUT: Final = {
    "CreateNotebookInstance": (
        "UpdateNotebookInstance",
        "StartNotebookInstance",
        "CreatePresignedNotebookInstanceUrl",
        "StopNotebookInstance",
        "DeleteNotebookInstance",
    ),
    "CreateTrainingJob": ("StopTrainingJob", "DeleteTrainingJob"),
    "CreateEndpoint": ("UpdateEndpoint", "DeleteEndpoint"),
    "CreateBucket": (
        "PutBucketPublicAccessBlock",
        "DeleteBucketPublicAccessBlock",
        "PutBucketPolicy",
        "DeleteBucketPolicy",
        "PutBucketAcl",
        "PutBucketEncryption",
        "DeleteBucketEncryption",
        "PutBucketLifecycle",
        "DeleteBucketLifecycle",
        "PutBucketOwnershipControls",
        "DeleteBucketOwnershipControls",
        "PutBucketTagging",
        "DeleteBucketTagging",
        "PutBucketWebsite",
        "DeleteBucketWebsite",
        "DeleteBucket",
    ),
    "CreateApp": ("DeleteApp",),
    "CreateCluster": ("DeleteCluster",),
    "CreateMlflowTrackingServer": (
        "StartMlflowTrackingServer",
        "StopMlflowTrackingServer",
        "DeleteMlflowTrackingServer",
    ),
    "CreateMonitoringSchedule": ("StartMonitoringSchedule", "StopMonitoringSchedule", "DeleteMonitoringSchedule"),
}
"""By the call that makes a thing, the calls about it: AWS's names, as CloudTrail records them."""

MADE_BY: Final = {name: making for making, about in ABOUT.items() for name in (making, *about)}
"""By the name of a call, the one that made what it is about."""

MAKING: Final = {
    "cluster": "CreateCluster",
    "mlflow-tracking-server": "CreateMlflowTrackingServer",
    "monitoring-schedule": "CreateMonitoringSchedule",
}
"""By the type of a resource, the call that makes it."""

# An event is recorded to the second, a thing's own date to the millisecond, and by another clock.
CLOCKS_DIFFER: Final = dt.timedelta(minutes=2)

Key = tuple[str, str, str]
"""The call that makes such a thing, the region, the name."""


class Life(Struct, frozen=True):
    """One thing of a kind, region and name: there may have been several, one after the other.

    `making` is the name of the call that makes such a thing. `made_at` is None where nothing tells; `events` are the
    calls about it that were not refused, `refused` those that were, both oldest first. `followed_at` is when another of
    its name was made: by then it was gone, whatever else tells of it.
    """

    making: str
    region: str
    name: str
    made_at: dt.datetime | None
    is_there: bool = False
    events: tuple[Event, ...] = ()
    refused: tuple[Event, ...] = ()
    followed_at: dt.datetime | None = None

    @property
    def deleted_at(self) -> dt.datetime | None:
        """When its deletion was asked for, None where nothing tells of one."""
        return self.last("Delete")

    @property
    def stopped_at(self) -> dt.datetime | None:
        """When it was last stopped, None where nothing tells of it."""
        return self.last("Stop")

    def last(self, verb: str) -> dt.datetime | None:
        """When the last call about it was made whose name is this verb and its kind, None where there was none."""
        name = f"{verb}{self.making.removeprefix('Create')}"
        return next((one.at for one in reversed(self.events) if one.name == name), None)


def lives(survey: Survey) -> tuple[Life, ...]:
    """Every thing that is there or that the event history tells of, by kind, region and name, oldest first."""
    told: dict[Key, list[Event]] = {}
    # A cluster may be deleted by its ARN, which does not end in its name. Source: SageMaker API, DeleteCluster.
    names = {arn: one.resource for one in survey.events if one.name == "CreateCluster" for arn in one.refers_to}
    for event in survey.events:
        is_refused_making = event.error is not None and event.name in ABOUT
        if event.name in MADE_BY and not is_refused_making:
            name = names.get(event.resource, event.resource)
            told.setdefault((MADE_BY[event.name], event.region, name), []).append(event)
    there = {(making, region, name): made_at for making, region, name, made_at in _there(survey)}
    return tuple(life for key in sorted(told.keys() | there.keys()) for life in _lives(key, told, there))


def _lives(key: Key, told: dict[Key, list[Event]], there: dict[Key, dt.datetime | None]) -> list[Life]:
    found: list[Life] = []
    for event in told.get(key, ()):
        if event.name == key[0] or not found or found[-1].deleted_at is not None:
            found.append(Life(*key, made_at=event.at if event.name == key[0] else None))
        kind = "events" if event.error is None else "refused"
        found[-1] = replace(found[-1], **{kind: (*getattr(found[-1], kind), event)})
    found = [one for one in found if one.events]  # a refusal alone tells of nothing that was there
    if key in there:
        made_at = there[key]
        if found and _is_same(found[-1], made_at):
            found[-1] = replace(found[-1], made_at=made_at or found[-1].made_at, is_there=True)
        else:
            found.append(Life(*key, made_at=made_at, is_there=True))
    return [*(replace(one, followed_at=after.made_at) for one, after in pairwise(found)), *found[-1:]]


def _is_same(last: Life, made_at: dt.datetime | None) -> bool:
    """Whether what is there is the one that the last events are about, and not another one of its name."""
    if made_at is None or last.made_at is not None:
        return made_at is None or last.made_at is None or abs(made_at - last.made_at) < CLOCKS_DIFFER
    return all(one.at >= made_at - CLOCKS_DIFFER for one in last.events)


def _there(survey: Survey) -> Iterator[tuple[str, str, str, dt.datetime | None]]:
    """What is there now: the call that makes it, region, name, and when it was made.

    Apps are listed for a day after they were deleted.
    """
    yield from (("CreateNotebookInstance", one.region, one.name, one.created_at) for one in survey.notebook_instances)
    yield from (("CreateTrainingJob", one.region, one.name, one.created_at) for one in survey.training_jobs)
    yield from (("CreateEndpoint", one.region, one.name, one.created_at) for one in survey.endpoints)
    yield from (("CreateBucket", one.region or "", one.name, None) for one in survey.buckets)
    yield from (("CreateApp", one.region, one.path, one.created_at) for one in survey.apps if one.status != "Deleted")
    yield from (
        (MAKING[one.type], one.region, one.id, one.created_at) for one in survey.resources if one.type in MAKING
    )


def of(found: Iterable[Life], making: str) -> tuple[Life, ...]:
    """The lives of one kind."""
    return tuple(one for one in found if one.making == making)

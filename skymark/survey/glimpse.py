"""A glimpse into one region: a handful of calls that tell whether anything is otherwise than a moment ago."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from skymark.evidence import Bucket, Gap, Role, Struct
from skymark.rubric import SurveyPlan
from skymark.survey import buckets, endpoints, logs, notebooks, roles, training
from skymark.survey.calls import CALLS
from skymark.survey.clients import asking
from skymark.survey.connection import Connection
from skymark.survey.reading import GONE, Reading
from skymark.survey.waves import in_turn

NEWEST: Final = 20
"""So many training jobs are glanced at: whatever begins or ends in a lesson is among them."""


class Where(Struct, frozen=True):
    """What a glimpse is of: a region, Jupyter's log since a time, and the lesson's bucket and role, if known.

    Of the bucket is glanced at what the `plan` asks about it and is not met yet.
    """

    region: str
    since: dt.datetime
    bucket: Bucket | None = None
    role_arn: str | None = None
    plan: SurveyPlan = SurveyPlan()


class Told(Struct, frozen=True):
    """What one call told, in words that are only compared."""

    call: str
    words: tuple[str, ...]


class Glimpse(Struct, frozen=True):
    """What each call told. Where something was refused nothing is told of it, and a gap says so."""

    told: tuple[Told, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def differs_from(self, earlier: "Glimpse") -> bool:
        """Whether a call that both were told by tells something else now."""
        before = {one.call: one.words for one in earlier.told}
        return any(before.get(one.call, one.words) != one.words for one in self.told)

    def after(self, earlier: "Glimpse") -> "Glimpse":
        """With what an earlier one told of whatever this one does not tell."""
        known = {one.call: one for one in (*earlier.told, *self.told)}
        return replace(self, told=tuple(known.values()))


def take_glimpse(connection: Connection, where: Where, calls: Collection[str]) -> Glimpse:
    """Make those of the calls that a glimpse consists of, one after the other; `calls` as rubrics name them.

    Nothing that AWS answers is raised.
    """
    told: list[Told] = []
    gaps: list[Gap] = []
    plan = _of_what_is_asked(where.plan, calls)
    wanted = {*calls, *((A_BUCKETS,) if plan.settings or plan.objects else ())}
    with asking(connection.asking):
        for call, read in GLANCES.items():
            if call in wanted:
                reading = read(connection, replace(where, plan=plan))
                gaps += reading.gaps
                told += [] if reading.gaps else [Told(call, tuple(sorted(reading.items)))]
        connection.asking.taken()
    return Glimpse(tuple(told), tuple(gaps))


def _buckets(connection: Connection, where: Where) -> Reading[str]:
    found = buckets.list_buckets(connection.client("s3"))
    return Reading(tuple(one.name for one in found.items), found.gaps)


def _bucket(connection: Connection, where: Where) -> Reading[str]:
    if where.bucket is None:
        return Reading()
    # Whether anything is in it is not what is asked here: a training job writes all the time.
    found = in_turn(buckets.look_into(connection.client("s3", where.bucket.region), where.bucket, where.plan))
    return _encoded((replace(one, has_objects=None) for one in found.items), found.gaps)


def _of_what_is_asked(plan: SurveyPlan, calls: Collection[str]) -> SurveyPlan:
    """The plan with those settings and objects that one of these calls tells of."""
    named = {one.needed_for for one in CALLS if f"{one.service}:{one.operation}" in calls}
    has_objects = "objects" in named or OBJECTS in calls
    settings = tuple(one for one in plan.settings if one in named)
    return replace(plan, settings=settings, objects=plan.objects if has_objects else ())


def _role(connection: Connection, where: Where) -> Reading[str]:
    if where.role_arn is None:
        return Reading()
    found = in_turn(roles.read_role(connection.client("iam"), where.role_arn))
    return _encoded((one if isinstance(one, Role) else str(one) for one in found.items), found.gaps)


def _instances(connection: Connection, where: Where) -> Reading[str]:
    client = connection.client("sagemaker", where.region)
    return _rows(notebooks.list_notebook_instances(client, where.region), "NotebookInstance")


def _jobs(connection: Connection, where: Where) -> Reading[str]:
    client = connection.client("sagemaker", where.region)
    return _rows(training.list_training_jobs(client, where.region, most=NEWEST), "TrainingJob")


def _endpoints(connection: Connection, where: Where) -> Reading[str]:
    client = connection.client("sagemaker", where.region)
    return _rows(endpoints.list_endpoints(client, where.region), "Endpoint")


def _jupyter(connection: Connection, where: Where) -> Reading[str]:
    """Streams tell only within an hour when they were last written to, so the lines themselves are asked for."""
    found = logs.jupyter_lines_since(connection.client("logs", where.region), where.region, where.since)
    if any(gap.code in GONE for gap in found.gaps):
        return Reading()
    return Reading(tuple(str(row.get("eventId", row)) for row in found.items), found.gaps)


def _rows(found: Reading[dict[str, Any]], kind: str) -> Reading[str]:
    told = (f"{row[f'{kind}Name']} {row[f'{kind}Status']} {row.get('LastModifiedTime')}" for row in found.items)
    return Reading(tuple(told), found.gaps)


def _encoded(things: Iterable[Any], gaps: tuple[Gap, ...]) -> Reading[str]:
    return Reading(tuple(msgspec.json.encode(one).decode() for one in things), gaps)


Read = Callable[[Connection, Where], Reading[str]]
A_BUCKETS: Final = "s3:GetPublicAccessBlock"
OBJECTS: Final = "s3:ListObjectsV2"
GLANCES: Final[dict[str, Read]] = {
    "s3:ListBuckets": _buckets,
    A_BUCKETS: _bucket,
    "iam:GetRole": _role,
    "sagemaker:ListNotebookInstances": _instances,
    "sagemaker:ListTrainingJobs": _jobs,
    "sagemaker:ListEndpoints": _endpoints,
    "logs:DescribeLogStreams": _jupyter,
}
"""What is glanced at, by a call of the criteria that it concerns, as rubrics name it.

A change that none of them tells is seen by the next look.
"""

"""What the event history is asked for: what is gone, or never was, and when it ended.

Asked only where nothing of the lesson is there, or for when it was deleted: CloudTrail makes one wait.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skymark.evidence import Bucket, Event, Gap, HistoryRead, TrainingJob, bucket_of
from skymark.survey import buckets, history, meanwhile
from skymark.survey.lists import LISTINGS, Lists
from skymark.survey.reading import Reading
from skymark.survey.scope import Begun, Scope, task


@dataclass(frozen=True)
class History:
    """What the event history told, so far."""

    reading: Reading[Event | HistoryRead]

    @property
    def events(self) -> tuple[Event, ...]:
        """Oldest first. AWS answers the newest first, which tells the order of two of the same second and name."""
        found = (one for one in reversed(self.reading.items) if isinstance(one, Event))
        return tuple(sorted(found, key=_place_of_event))

    @property
    def read(self) -> tuple[HistoryRead, ...]:
        """What was read wholly."""
        found = (one for one in self.reading.items if isinstance(one, HistoryRead))
        return tuple(sorted(found, key=lambda one: (one.region, one.name)))

    def __add__(self, more: "History") -> "History":
        return History(Reading.merged((self.reading, more.reading)))

    def without(self, left_out: Collection[Event], gaps: tuple[Gap, ...]) -> "History":
        """As though some had not happened yet; `gaps` are what could not be read to know them all.

        Of what happened meanwhile nothing is told, not even that it never did: it may belong to what was listed later.
        """
        untold = {(one.name, one.region) for one in left_out}
        kept = tuple(
            one
            for one in self.reading.items
            if one not in left_out and not (isinstance(one, HistoryRead) and (one.name, one.region) in untold)
        )
        return History(Reading(kept, (*self.reading.gaps, *gaps)))


@dataclass(frozen=True)
class Lookups:
    """Event histories that are being read: by region the names of the events, and what comes back."""

    names: Mapping[str, Collection[str]]
    begun: Begun[Event | HistoryRead]

    def done(self) -> History:
        """What they told."""
        return History(self.begun.done())


def look_up(scope: Scope, names: Mapping[str, Collection[str]]) -> Lookups:
    """Begin to read the history of events of these names, by region."""
    tasks = [
        task(history.read_history, scope.client("cloudtrail", region), region, tuple(events), scope.now)
        for region, events in names.items()
        if events
    ]
    return Lookups(names, scope.begin(tasks, scope.pools.lookups))


def first_lookups(
    scope: Scope, lists: Sequence[Lists], jobs: Sequence[TrainingJob], listed: Sequence[Bucket]
) -> Lookups:
    """What tells whether anything of the lesson ever was, in each region."""
    of_buckets = (*_of_buckets(scope, jobs, listed)[:1], *_ends_of_buckets(scope))
    if not scope.plan.is_about("sagemaker"):
        return look_up(scope, {one.region: dict.fromkeys(of_buckets) for one in lists})
    of_jobs = () if _trained(scope, jobs) else history.OF_JOBS
    of_ends = (*(history.OF_ENDS if scope.ends else ()), *(history.OF_MAKING if scope.callers else ()))
    return look_up(
        scope,
        {
            one.region: dict.fromkeys((*_of_instances(scope, one, jobs)[:1], *of_buckets, *of_jobs, *of_ends))
            for one in lists
        },
    )


def whole_history(
    scope: Scope,
    first: Lookups,
    lists: Sequence[Lists],
    jobs: Sequence[TrainingJob],
    listed: Sequence[Bucket],
    serving: Collection[str],
) -> History:
    """What was asked first, and then all that was done where that told of something.

    `serving` are the regions in which an endpoint of the lesson's is in service.
    """
    found = first.done()
    told = {event.region for event in found.events}
    of_buckets = _of_buckets(scope, jobs, listed)[1:]
    if scope.plan.is_about("sagemaker"):
        trained = _trained(scope, jobs) | {event.region for event in jobs_gone(scope, lists, found.events, jobs)}
        more = {
            one.region: (
                *_of_instances(scope, one, jobs)[1:],
                *(history.OF_ENDPOINTS if one.region in trained and one.region not in serving else ()),
                *of_buckets,
            )
            for one in lists
            if one.is_active or one.region in told
        }
    else:
        more = dict.fromkeys(told, of_buckets)
    unasked = {region: [name for name in names if name not in first.names[region]] for region, names in more.items()}
    return found + look_up(scope, unasked).done()


def as_listed(scope: Scope, found: History, lists: Iterable[Lists], listed: Reading[Bucket]) -> History:
    """Without what was made after the lists, which are read again where something seems to be gone."""
    listings = {place: reading for one in lists for place, reading in one.names.items()}
    listings[meanwhile.BUCKETS] = Reading(tuple(one.name for one in listed.items), listed.gaps)
    missed = meanwhile.missed(found.events, listings)
    again = dict(zip(missed, scope.begin(task(_names_now, scope, *place) for place in missed).each(), strict=True))
    late = {event for place, things in missed.items() for name in again[place].items for event in things.get(name, ())}
    return found.without(late, Reading.merged(again.values()).gaps)


def jobs_gone(
    scope: Scope, lists: Iterable[Lists], events: Iterable[Event], jobs: Iterable[TrainingJob]
) -> list[Event]:
    """The making of training jobs of the lesson's algorithm that are not there any more, newest first."""
    there = {(one.region, one.name) for one in jobs}
    listed = {one.region for one in lists if not one.jobs.gaps}
    made = [one for one in events if one.name == "CreateTrainingJob" and one.error is None and one.region in listed]
    gone = [one for one in made if (one.region, one.resource) not in there and _is_algorithms(scope, one)]
    return sorted(gone, key=lambda one: one.at, reverse=True)


def _is_algorithms(scope: Scope, made: Event) -> bool:
    image = next(iter(made.refers_to), None) or ""
    return scope.plan.algorithm is not None and f"/{scope.plan.algorithm}:" in image


def _trained(scope: Scope, jobs: Iterable[TrainingJob]) -> set[str]:
    """The regions in which a training job completed."""
    return {job.region for job in scope.recent(jobs) if job.has_completed}


def _of_instances(scope: Scope, one: Lists, jobs: Iterable[TrainingJob]) -> tuple[str, ...]:
    """What of notebook instances is asked for in a region, the making first."""
    return () if _is_worked_in(scope, one, scope.recent(jobs)) else history.OF_INSTANCES


def _is_worked_in(scope: Scope, one: Lists, jobs: Iterable[TrainingJob]) -> bool:
    """Whether the lesson's own notebook instance is there, and not another of its name made after the training.

    Where it matters when everything ended, one that is there now may be one too many; where it matters who made
    what, it may be another student's.
    """
    trained = [job.created_at for job in jobs if job.region == one.region]
    return not (scope.ends or scope.callers) and any(
        row["NotebookInstanceName"] == scope.plan.instance
        and row["NotebookInstanceStatus"] != "Failed"
        and scope.window.holds(row["CreationTime"])
        and (not trained or row["CreationTime"] <= max(trained))
        for row in one.instances.items
    )


def _of_buckets(scope: Scope, jobs: Iterable[TrainingJob], listed: Sequence[Bucket]) -> tuple[str, ...]:
    """What of buckets is asked for, the making first; nothing while one of the lesson's is there."""
    is_missed = scope.plan.is_about("sagemaker") and _lost(scope.recent(jobs), listed)
    return history.of_buckets(scope.plan) if scope.callers or is_missed or _has_no_bucket(scope, listed) else ()


def _ends_of_buckets(scope: Scope) -> tuple[str, ...]:
    """What tells when buckets were deleted, where they had to be."""
    return history.OF_BUCKETS_END if scope.ends and scope.plan.is_about("s3") else ()


def _has_no_bucket(scope: Scope, listed: Iterable[Bucket]) -> bool:
    patterns = (scope.plan.bucket,) if scope.plan.bucket else scope.plan.buckets
    return not any(
        buckets.fits(one.name, patterns)
        and not _is_default(scope, one.name)
        and (scope.window.since is None or one.created_at >= scope.window.since)
        for one in listed
    )


def _is_default(scope: Scope, name: str) -> bool:
    """Whether it is the bucket that SageMaker's SDK makes for an account in a region."""
    return name.startswith("sagemaker-") and name.endswith(f"-{scope.identity.account}")


def _lost(jobs: Iterable[TrainingJob], listed: Iterable[Bucket]) -> bool:
    """Whether a training job wrote into a bucket that is not there any more."""
    return not {bucket_of(job.artifact_uri) for job in jobs} - {None} <= {one.name for one in listed}


def _names_now(scope: Scope, making: str, region: str) -> Reading[str]:
    if (making, region) == meanwhile.BUCKETS:
        found = buckets.list_buckets(scope.client("s3"))
        return Reading(tuple(one.name for one in found.items), found.gaps)
    listing = LISTINGS[making]
    return listing.names(listing.read(scope.client("sagemaker", region), region))


def _place_of_event(one: Event) -> tuple[Any, ...]:
    """Events are told to the second: of one second a thing's end comes last, that of its settings before its own."""
    end = -len(one.name) if one.name.startswith("Delete") else -math.inf
    return (one.at, end, one.region, one.name, one.resource)

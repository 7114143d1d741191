"""One whole survey: waves of concurrent calls, each asking only what the one before made worth asking."""

import contextvars
import datetime as dt
import fnmatch
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from skymark.cause import INVALID, NOT_ASKED
from skymark.evidence import (
    App,
    Bucket,
    ClosedRegion,
    Domain,
    Endpoint,
    EndpointConfig,
    EndpointLog,
    EndpointMetric,
    Event,
    Gap,
    HistoryRead,
    Identity,
    Invocation,
    JupyterLog,
    Model,
    NotebookInstance,
    PublicAccessBlock,
    Regions,
    Resource,
    Role,
    Survey,
    TrainingJob,
    TrainingLog,
    bucket_of,
)
from skymark.rubric import SurveyPlan
from skymark.samples import Samples
from skymark.survey import (
    buckets,
    endpoints,
    history,
    inventory,
    logs,
    meanwhile,
    notebooks,
    predictions,
    role_history,
    roles,
    studio,
    training,
)
from skymark.survey import metrics as metrics_of
from skymark.survey.calls import LEFTOVERS
from skymark.survey.clients import THREADS, asking
from skymark.survey.connection import Connection
from skymark.survey.reading import Reading
from skymark.survey.regions import RegionPlan, closed_because, plan_regions
from skymark.survey.waves import Waves, side_by_side
from skymark.window import ALWAYS, Window

T = TypeVar("T")
Task = Callable[[], Reading[T]]

LISTS = ("ListNotebookInstances", "ListTrainingJobs", "ListEndpoints", "ListDomains")
LOGS = "DescribeLogGroups"


@dataclass(frozen=True)
class Pools:
    """Threads that ask AWS.

    `calls` is for what the next question hangs on, `rest` for what none does, so that nobody waits behind it, and
    `lookups` for answers that AWS makes one wait for.
    """

    calls: ThreadPoolExecutor
    rest: ThreadPoolExecutor
    lookups: ThreadPoolExecutor

    @classmethod
    def made(cls, at_once: int) -> "Pools":
        """Threads for so many calls at once."""
        return cls(*(ThreadPoolExecutor(at_once, thread_name_prefix=one) for one in ("calls", "rest", "lookups")))

    def shutdown(self) -> None:
        """End; Ctrl-C does not wait for calls that have not begun."""
        for pool in (self.calls, self.rest, self.lookups):
            pool.shutdown(cancel_futures=True)


def services_asked(*, leftovers: bool) -> tuple[str, ...]:
    """The services that are asked, for whose account it is and by a survey, in the order in which that begins."""
    more = (reader.service for reader in inventory.EVERYWHERE) if leftovers else ()
    return tuple(dict.fromkeys(("sts", "ec2", "sagemaker", "logs", "s3", "iam", "cloudtrail", "cloudwatch", *more)))


def take_survey(
    connection: Connection,
    identity: Identity,
    plan: SurveyPlan,
    samples: Samples | None,
    regions: tuple[str, ...] | None,
    *,
    window: Window = ALWAYS,
    ends: bool = False,
    callers: bool = False,
    leftovers: bool = True,
    pools: Pools | None = None,
) -> Survey:
    """Look at everything in the account that a rubric can ask for.

    Args:
        samples: the digits to ask endpoints about; None asks none.
        regions: the only regions in which the lesson may be done; None for all.
        window: when the lesson was; what was made outside it is read, too, but does not show what became of the rest.
        ends: whether to read in every region when things were deleted, whatever is there.
        callers: whether to read who made what is there, too.
        leftovers: whether to look for what else bills or can be tidied away; without it each call is a gap.
        pools: the threads that ask; None: some for this survey alone.

    Nothing that AWS answers is raised, but for a Learner Lab that has ended (CredentialsError): what was refused is
    among the survey's gaps.

    A dead network ends it: two calls about regions, then one of SageMaker and one of the logs in each region, 32 at a
    time, none of which takes longer than is written beside `CONNECT_TIMEOUT_S`; everything else that bills is asked for
    only where SageMaker answered at all. For 17 regions that is 2 minutes at most where no connection is made, 6½
    where each is made and never answered.
    """
    own = pools or Pools.made(THREADS)
    try:
        with asking(connection.asking):
            planned = plan_regions(connection, identity, regions)
            now = dt.datetime.now(dt.UTC).replace(microsecond=0)
            sweep = _Sweep(connection, identity, plan, own, now, window, ends, callers, leftovers)
            found = sweep.survey(planned, samples)
        return msgspec.structs.replace(found, calls=connection.asking.taken())
    finally:
        if pools is None:
            own.shutdown()


@dataclass(frozen=True)
class Begun(Generic[T]):
    """Calls that other threads are at."""

    futures: tuple["Future[Reading[T]]", ...]

    def each(self) -> list[Reading[T]]:
        """What each came back with, in the order in which they were begun; they are waited for."""
        return [future.result() for future in self.futures]

    def done(self) -> Reading[T]:
        """All of it."""
        return Reading.merged(self.each())


@dataclass(frozen=True)
class _Listing:
    """How things of one kind are listed, where in `_Lists` the rows are, and what in a row is the name."""

    read: Callable[[Any, str], Reading[dict[str, Any]]]
    kind: str
    name: str

    def names(self, rows: Reading[dict[str, Any]]) -> Reading[str]:
        """The names alone."""
        return Reading(tuple(str(row[self.name]) for row in rows.items), rows.gaps)


LISTINGS: Mapping[str, _Listing] = {
    "CreateNotebookInstance": _Listing(notebooks.list_notebook_instances, "instances", "NotebookInstanceName"),
    "CreateTrainingJob": _Listing(training.list_training_jobs, "jobs", "TrainingJobName"),
    "CreateEndpoint": _Listing(endpoints.list_endpoints, "endpoints", "EndpointName"),
}
"""By the call that makes such a thing."""


@dataclass(frozen=True)
class _Lists:
    """What the list calls of one region told; the first four are SageMaker's own."""

    region: str
    instances: Reading[dict[str, Any]]
    jobs: Reading[dict[str, Any]]
    endpoints: Reading[dict[str, Any]]
    domains: Reading[Domain]
    groups: Reading[dict[str, Any]]

    @property
    def names(self) -> Mapping[tuple[str, str], Reading[str]]:
        """What is there, by the call that makes such a thing and the region."""
        return {
            (making, self.region): listing.names(getattr(self, listing.kind)) for making, listing in LISTINGS.items()
        }

    @property
    def readings(self) -> tuple[Reading[Any], ...]:
        """All five."""
        return (self.instances, self.jobs, self.endpoints, self.domains, self.groups)

    @property
    def sagemaker_gaps(self) -> tuple[Gap, ...]:
        """The gaps of SageMaker's lists."""
        return Reading.merged(self.readings[:4]).gaps

    def gaps_of(self, plan: SurveyPlan) -> tuple[Gap, ...]:
        """The gaps of the lists by which a region is judged to be closed: of SageMaker's alone, if it is about that.

        Where only SageMaker is forbidden, anything else may still have been done.
        """
        return self.sagemaker_gaps if plan.is_about("sagemaker") else Reading.merged(self.readings).gaps

    @property
    def is_active(self) -> bool:
        """Whether anything of SageMaker is, or ever was, in the region."""
        return any(reading.items for reading in self.readings)

    @property
    def has_answered(self) -> bool:
        """Whether any of SageMaker's lists was read."""
        return any(not reading.gaps for reading in self.readings[:4])


@dataclass(frozen=True)
class _History:
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

    def __add__(self, more: "_History") -> "_History":
        return _History(Reading.merged((self.reading, more.reading)))

    def without(self, left_out: Collection[Event], gaps: tuple[Gap, ...]) -> "_History":
        """As though some had not happened yet; `gaps` are what could not be read to know them all.

        Of what happened meanwhile nothing is told, not even that it never did: it may belong to what was listed later.
        """
        untold = {(one.name, one.region) for one in left_out}
        kept = tuple(
            one
            for one in self.reading.items
            if one not in left_out and not (isinstance(one, HistoryRead) and (one.name, one.region) in untold)
        )
        return _History(Reading(kept, (*self.reading.gaps, *gaps)))


_NOT_LOOKED_FOR: Reading[Resource] = Reading(
    gaps=tuple(
        Gap(one.service, one.operation, None, NOT_ASKED, "Check the whole account, not only a part.")
        for one in LEFTOVERS
    )
)


@dataclass(frozen=True)
class _Lookups:
    """Event histories that are being read: by region the names of the events, and what comes back."""

    names: Mapping[str, Collection[str]]
    begun: Begun[Event | HistoryRead]

    def done(self) -> _History:
        """What they told."""
        return _History(self.begun.done())


@dataclass(frozen=True)
class _Things:
    """What is there now; what is still begun is waited for by whoever needs it.

    `close` are the names of the buckets that may be the lesson's, as far as that was known then.
    """

    lists: tuple[_Lists, ...]
    instances: Reading[NotebookInstance]
    jobs: Reading[TrainingJob]
    served: Reading[Endpoint]
    configs: Reading[EndpointConfig]
    models: Reading[Model]
    listed: Reading[Bucket]
    close: frozenset[str]
    apps: Begun[App]
    kept: Begun[Resource]
    roles: Begun[Role | roles.Missing]
    looks: Begun[Bucket]
    uploads: Begun[Resource]
    jupyter_logs: Begun[JupyterLog]
    endpoint_logs: Begun[EndpointLog]
    lookups: _Lookups


@dataclass(frozen=True)
class _Traces:
    """What was left in logs and counts."""

    jupyter: Reading[JupyterLog]
    endpoints: Reading[EndpointLog]
    training: Reading[TrainingLog]
    metrics: Reading[EndpointMetric]


@dataclass(frozen=True)
class _Sweep:
    connection: Connection
    identity: Identity
    plan: SurveyPlan
    pools: Pools
    now: dt.datetime
    window: Window
    ends: bool
    callers: bool
    leftovers: bool

    def survey(self, planned: RegionPlan, samples: Samples | None) -> Survey:
        """What is begun early is waited for late: each wave costs an answer's way there and back."""
        asked = self._lists(planned.open)
        shut = tuple(_closed(asked, self.identity, planned.unsure, self.plan))
        lists = [one for one in asked if one.region not in {region.region for region in shut}]
        there = self._things(lists)
        past = self._as_listed(self._history(there), there)
        training_logs = self._training_logs(self._jobs_gone(lists, past.events, there.jobs.items))
        endpoint_logs = there.endpoint_logs.done()
        metrics = self._metrics(endpoint_logs.items, past.events)
        told_of = self._own(one.role_arn for one in past.events if one.error is None)
        more_roles = self._roles(told_of - self._roles_in_use(there.instances.items, there.jobs.items))
        traces = _Traces(there.jupyter_logs.done(), endpoint_logs, training_logs.done(), metrics.done())
        # Asked after the logs were read, so that no trace of a student's own doing is ours.
        invocations = self._invocations(there, samples)
        found_roles = Reading.merged((there.roles.done(), more_roles.done()))
        past = self._history_of_roles(past, found_roles.items)
        found_roles = self._rebuilt(found_roles, past.events, there)
        looked, uploads = self._looked(there, found_roles, past.events)
        switches = self._account_switches(looked.items, past.events)
        apps, kept = there.apps.done(), there.kept.done()
        readings: tuple[Reading[Any], ...] = (
            *(reading for one in lists for reading in one.readings),
            *(there.instances, there.jobs, there.served, apps, there.configs, there.models),
            *(traces.jupyter, traces.endpoints, found_roles, looked, switches, invocations.done(), traces.metrics),
            *(past.reading, kept, uploads, traces.training),
        )
        gaps = (*planned.gaps, *Reading.merged(readings).gaps)
        unread = _unread_after_all(asked, shut, gaps, planned.unsure)
        closed = [one for one in shut if one.region not in {each.region for each in unread}]
        return Survey(
            surveyed_at=self.now,
            identity=self.identity,
            region=self.connection.region,
            regions=_regions([*lists, *unread], (*planned.closed, *closed)),
            gaps=(*gaps, *(gap for one in unread for gap in Reading.merged(one.readings).gaps)),
            notebook_instances=_in_order(there.instances.items),
            training_jobs=tuple(sorted(_in_order(there.jobs.items), key=lambda one: one.created_at, reverse=True)),
            endpoints=_in_order(there.served.items),
            endpoint_configs=_in_order(there.configs.items),
            models=_in_order(there.models.items),
            domains=_in_order(domain for one in lists for domain in one.domains.items),
            apps=tuple(sorted(apps.items, key=_place_of_app)),
            resources=tuple(sorted((*kept.items, *uploads.items, *_log_groups(lists)), key=_place_of_resource)),
            buckets=tuple(sorted(looked.items, key=lambda one: one.name)),
            account_public_access_block=next(iter(switches.items), None),
            roles=tuple(sorted((one for one in found_roles.items if isinstance(one, Role)), key=lambda one: one.name)),
            missing_roles=tuple(sorted(str(one) for one in found_roles.items if isinstance(one, roles.Missing))),
            jupyter_logs=tuple(sorted(traces.jupyter.items, key=lambda one: (one.region, one.instance))),
            endpoint_logs=tuple(sorted(traces.endpoints.items, key=lambda one: (one.region, one.endpoint))),
            training_logs=tuple(sorted(traces.training.items, key=lambda one: (one.region, one.job))),
            invocations=tuple(sorted(invocations.done().items, key=lambda one: (one.region, one.endpoint))),
            events=past.events,
            history=past.read,
            endpoint_metrics=tuple(sorted(traces.metrics.items, key=lambda one: (one.region, one.endpoint))),
        )

    def _things(self, lists: Sequence[_Lists]) -> _Things:
        """What is there now."""
        active = [one.region for one in lists if one.is_active]
        instances = self._each(lists, "instances", notebooks.describe_notebook_instance)
        begun_jobs = self._jobs(lists)
        served = self._each(lists, "endpoints", endpoints.describe_endpoint)
        apps = self._in_regions(studio.list_apps, [one.region for one in lists if one.domains.items])
        configs = self._in_regions(endpoints.list_endpoint_configs, active)
        models = self._in_regions(endpoints.list_models, active)
        # After the jobs were listed, so that a bucket into which one writes is among them.
        begun_list = self._begin([_task(buckets.list_buckets, self._client("s3"))])
        streams = self._streams(lists)
        endpoint_logs = self._endpoint_logs(lists)
        kept = self._inventory(lists, active)
        jobs = _each_gap_once(begun_jobs.done())
        found_roles = self._roles(self._roles_in_use(instances.done().items, jobs.items))
        listed = begun_list.done()
        close = self._close(listed.items, (), jobs.items, ())
        looks, uploads = self._look_into(listed.items, close), self._uploads(listed.items, close)
        lookups = self._first_lookups(lists, jobs.items, listed.items)
        jupyter_logs = self._jupyter_logs(streams)
        known_configs, known_models = self._deployments(served.done().items, configs.done(), models.done())
        return _Things(
            *(tuple(lists), instances.done(), jobs, served.done(), known_configs, known_models, listed, close),
            *(apps, kept, found_roles, looks, uploads, jupyter_logs, endpoint_logs, lookups),
        )

    def _roles_in_use(self, instances: Iterable[NotebookInstance], jobs: Iterable[TrainingJob]) -> frozenset[str]:
        return self._own([*(one.role_arn for one in instances), *(one.role_arn for one in jobs)])

    def _looked(
        self, there: _Things, found_roles: Reading[Role | roles.Missing], events: Sequence[Event]
    ) -> tuple[Reading[Bucket], Reading[Resource]]:
        """All buckets; those that may be the lesson's are looked into, with the uploads that were not finished."""
        known = [one for one in found_roles.items if isinstance(one, Role)]
        more = self._close(there.listed.items, known, there.jobs.items, events) - there.close
        looks, uploads = self._look_into(there.listed.items, more), self._uploads(there.listed.items, more)
        rest = Reading(tuple(one for one in there.listed.items if one.name not in more | there.close))
        return (
            Reading.merged((Reading(gaps=there.listed.gaps), there.looks.done(), looks.done(), rest)),
            Reading.merged((there.uploads.done(), uploads.done())),
        )

    def _client(self, service: str, region: str | None = None) -> Any:
        return self.connection.client(service, region)

    def _begin(self, tasks: Iterable[Task[T]], pool: ThreadPoolExecutor | None = None) -> Begun[T]:
        """Run tasks side by side, in `pool`; None: in that for calls."""
        return Begun(tuple(_begun(pool or self.pools.calls, task) for task in tasks))

    def _begin_waves(self, each: Iterable[Waves[Reading[T]]]) -> Begun[T]:
        """Run waves side by side."""
        return Begun(tuple(side_by_side(waves, self.pools.calls) for waves in each))

    def _in_regions(self, read: Callable[[Any, str], Reading[T]], names: Iterable[str]) -> Begun[T]:
        return self._begin(_task(read, self._client("sagemaker", name), name) for name in names)

    def _lists(self, names: Sequence[str]) -> list[_Lists]:
        readers: tuple[tuple[str, Callable[[Any, str], Reading[Any]]], ...] = (
            ("sagemaker", notebooks.list_notebook_instances),
            ("sagemaker", training.list_training_jobs),
            ("sagemaker", endpoints.list_endpoints),
            ("sagemaker", studio.list_domains),
            ("logs", logs.list_log_groups),
        )
        # One list of every region, then the next: where all are silent, they are waited for together, not in turn.
        tasks = [_task(read, self._client(service, name), name) for service, read in readers for name in names]
        answers = self._begin(tasks).each()
        return [_Lists(name, *answers[at :: len(names)]) for at, name in enumerate(names)]

    def _each(
        self, lists: Iterable[_Lists], kind: str, describe: Callable[[Any, str, dict[str, Any]], Reading[T]]
    ) -> Begun[T]:
        return self._begin(
            _task(describe, self._client("sagemaker", one.region), one.region, row)
            for one in lists
            for row in getattr(one, kind).items
        )

    def _jobs(self, lists: Iterable[_Lists]) -> Begun[TrainingJob]:
        tasks = (
            task
            for one in lists
            for task in training.describe_training_jobs(
                self._client("sagemaker", one.region), one.region, one.jobs.items
            )
        )
        return self._begin(tasks)

    def _deployments(
        self, served: Sequence[Endpoint], configs: Reading[EndpointConfig], models: Reading[Model]
    ) -> tuple[Reading[EndpointConfig], Reading[Model]]:
        """All configurations and models by name; those that an endpoint uses are described."""
        used = {(one.region, one.config_name) for one in served if one.config_name}
        known = self._named(endpoints.describe_endpoint_config, used)
        wanted = {(one.region, v.model_name) for one in known.items for v in one.variants or () if v.model_name}
        return _overlaid(configs, known), _overlaid(models, self._named(endpoints.describe_model, wanted))

    def _named(
        self, describe: Callable[[Any, str, str], Reading[T]], names: Iterable[tuple[str, str | None]]
    ) -> Reading[T]:
        tasks = (_task(describe, self._client("sagemaker", region), region, name) for region, name in sorted(names))
        return self._begin(tasks).done()

    def _inventory(self, lists: Sequence[_Lists], active: Collection[str]) -> Begun[Resource]:
        """What else bills or can be tidied away; not asked where no list of SageMaker's is answered at all.

        Kind by kind, so that no region is asked everything at once.
        """
        if not self.leftovers:
            return self._begin([lambda: _NOT_LOOKED_FOR])
        asked = [one for one in lists if one.has_answered]
        places: tuple[tuple[tuple[inventory.Reader, ...], list[str]], ...] = (
            (inventory.EVERYWHERE, [one.region for one in asked]),
            (inventory.WHERE_ACTIVE, [one.region for one in asked if one.region in active]),
            (inventory.WHERE_STUDIO_IS, [one.region for one in asked if one.domains.items]),
            (inventory.WHERE_ENDPOINTS_ARE, [one.region for one in asked if one.endpoints.items]),
        )
        return self._begin(
            (
                _task(reader.read, self._client(reader.service, name), name)
                for readers, names in places
                for reader in readers
                for name in names
            ),
            self.pools.rest,
        )

    def _uploads(self, listed: Iterable[Bucket], names: Collection[str]) -> Begun[Resource]:
        return self._begin(
            _task(buckets.list_uploads, self._client("s3", one.region), one) for one in listed if one.name in names
        )

    def _streams(self, lists: Sequence[_Lists]) -> dict[str, Begun[Any]]:
        """The names of the notebook instances' logs, by region."""
        groups = [(one.region, group) for one in lists for group in one.groups.items]
        about = self.plan.is_about("sagemaker")
        return {
            region: self._begin([_task(logs.list_jupyter_streams, self._client("logs", region), region)])
            for region, group in groups
            if about and group["logGroupName"] == logs.NOTEBOOKS
        }

    def _jupyter_logs(self, streams: Mapping[str, Begun[Any]]) -> Begun[JupyterLog]:
        """Waits for the streams; what could not be read of them comes first."""
        found = {region: begun.done() for region, begun in streams.items()}
        gaps: Reading[JupyterLog] = Reading(gaps=tuple(gap for one in found.values() for gap in one.gaps))
        tasks = (
            task
            for region, one in found.items()
            for task in logs.read_jupyter_logs(self._client("logs", region), region, one.items)
        )
        return self._begin((lambda: gaps, *tasks))

    def _endpoint_logs(self, lists: Sequence[_Lists]) -> Begun[EndpointLog]:
        return self._begin(
            task
            for one in (lists if self.plan.is_about("sagemaker") else ())
            for task in logs.read_endpoint_logs(self._client("logs", one.region), one.region, one.groups.items)
        )

    def _first_lookups(
        self, lists: Sequence[_Lists], jobs: Sequence[TrainingJob], listed: Sequence[Bucket]
    ) -> _Lookups:
        """What is gone, or never was: asked only where nothing of the lesson is there, or for when it was deleted."""
        of_buckets = (*self._events_of_buckets(jobs, listed)[:1], *self._ends_of_buckets())
        if not self.plan.is_about("sagemaker"):
            return self._lookups({one.region: dict.fromkeys(of_buckets) for one in lists})
        of_jobs = () if self._trained(jobs) else history.OF_JOBS
        of_ends = (*(history.OF_ENDS if self.ends else ()), *(history.OF_MAKING if self.callers else ()))
        return self._lookups(
            {
                one.region: dict.fromkeys((*self._events_of_instances(one, jobs)[:1], *of_buckets, *of_jobs, *of_ends))
                for one in lists
            }
        )

    def _history(self, there: _Things) -> _History:
        """What was asked first, and then all that was done where that told of something."""
        first = there.lookups.done()
        more = self._further_events(there, first.events)
        asked = there.lookups.names
        unasked = {region: [name for name in names if name not in asked[region]] for region, names in more.items()}
        return first + self._lookups(unasked).done()

    def _further_events(self, there: _Things, events: Sequence[Event]) -> Mapping[str, Sequence[str]]:
        told = {event.region for event in events}
        of_buckets = self._events_of_buckets(there.jobs.items, there.listed.items)[1:]
        if not self.plan.is_about("sagemaker"):
            return dict.fromkeys(told, of_buckets)
        trained = self._trained(there.jobs.items)
        trained |= {event.region for event in self._jobs_gone(there.lists, events, there.jobs.items)}
        untold = trained - self._serving(there)
        return {
            one.region: (
                *self._events_of_instances(one, there.jobs.items)[1:],
                *(history.OF_ENDPOINTS if one.region in untold else ()),
                *of_buckets,
            )
            for one in there.lists
            if one.is_active or one.region in told
        }

    def _recent(self, jobs: Iterable[TrainingJob]) -> list[TrainingJob]:
        return [one for one in jobs if self.window.holds(one.created_at)]

    def _trained(self, jobs: Iterable[TrainingJob]) -> set[str]:
        """The regions in which a training job completed."""
        return {job.region for job in self._recent(jobs) if job.has_completed}

    def _events_of_instances(self, one: _Lists, jobs: Iterable[TrainingJob]) -> tuple[str, ...]:
        """What of notebook instances is asked for in a region, the making first."""
        return () if self._is_worked_in(one, self._recent(jobs)) else history.OF_INSTANCES

    def _events_of_buckets(self, jobs: Iterable[TrainingJob], listed: Sequence[Bucket]) -> tuple[str, ...]:
        """What of buckets is asked for, the making first; nothing while one of the lesson's is there."""
        is_missed = self.plan.is_about("sagemaker") and self._lost(self._recent(jobs), listed)
        return history.of_buckets(self.plan) if self.callers or is_missed or self._has_no_bucket(listed) else ()

    def _ends_of_buckets(self) -> tuple[str, ...]:
        """What tells when buckets were deleted, where they had to be."""
        return history.OF_BUCKETS_END if self.ends and self.plan.is_about("s3") else ()

    def _jobs_gone(self, lists: Iterable[_Lists], events: Iterable[Event], jobs: Iterable[TrainingJob]) -> list[Event]:
        """The making of training jobs of the lesson's algorithm that are not there any more, newest first."""
        there = {(one.region, one.name) for one in jobs}
        listed = {one.region for one in lists if not one.jobs.gaps}
        made = [one for one in events if one.name == "CreateTrainingJob" and one.error is None and one.region in listed]
        gone = [one for one in made if (one.region, one.resource) not in there and self._is_algorithms(one)]
        return sorted(gone, key=lambda one: one.at, reverse=True)

    def _is_algorithms(self, made: Event) -> bool:
        image = next(iter(made.refers_to), None) or ""
        return self.plan.algorithm is not None and f"/{self.plan.algorithm}:" in image

    def _training_logs(self, gone: Sequence[Event]) -> Begun[TrainingLog]:
        """Of jobs that are gone: those that are there say themselves how they ended."""
        return self._begin(
            task
            for region in sorted({one.region for one in gone})
            for task in logs.read_training_logs(
                self._client("logs", region), region, [one.resource for one in gone if one.region == region]
            )
        )

    def _is_worked_in(self, one: _Lists, jobs: Iterable[TrainingJob]) -> bool:
        """Whether the lesson's own notebook instance is there, and not another of its name made after the training.

        Where it matters when everything ended, one that is there now may be one too many; where it matters who made
        what, it may be another student's.
        """
        trained = [job.created_at for job in jobs if job.region == one.region]
        return not (self.ends or self.callers) and any(
            row["NotebookInstanceName"] == self.plan.instance
            and row["NotebookInstanceStatus"] != "Failed"
            and self.window.holds(row["CreationTime"])
            and (not trained or row["CreationTime"] <= max(trained))
            for row in one.instances.items
        )

    def _serving(self, there: _Things) -> frozenset[str]:
        """The regions in which an endpoint of the lesson's is in service.

        None where it matters when all ended, or who made what.
        """
        artifacts = {job.artifact_uri for job in there.jobs.items if job.has_completed and job.artifact_uri}
        ours = {(one.region, one.name) for one in there.models.items if one.artifact_uri in artifacts}
        configured = {(one.region, one.name) for one in there.configs.items if self._names(one, ours)}
        return frozenset(
            one.region
            for one in there.served.items
            if one.status == "InService"
            and (one.region, one.config_name) in configured
            and self.window.holds(one.created_at)
            and not (self.ends or self.callers)
        )

    def _names(self, config: EndpointConfig, models: Collection[tuple[str, str]]) -> bool:
        return any((config.region, variant.model_name) in models for variant in config.variants or ())

    def _has_no_bucket(self, listed: Iterable[Bucket]) -> bool:
        patterns = (self.plan.bucket,) if self.plan.bucket else self.plan.buckets
        return not any(
            _is_like(one.name, patterns)
            and not self._is_default(one.name)
            and (self.window.since is None or one.created_at >= self.window.since)
            for one in listed
        )

    def _is_default(self, name: str) -> bool:
        """Whether it is the bucket that SageMaker's SDK makes for an account in a region."""
        return name.startswith("sagemaker-") and name.endswith(f"-{self.identity.account}")

    def _lost(self, jobs: Iterable[TrainingJob], listed: Iterable[Bucket]) -> bool:
        """Whether a training job wrote into a bucket that is not there any more."""
        return not {bucket_of(job.artifact_uri) for job in jobs} - {None} <= {one.name for one in listed}

    def _lookups(self, names: Mapping[str, Collection[str]]) -> _Lookups:
        tasks = [
            _task(history.read_history, self._client("cloudtrail", region), region, tuple(events), self.now)
            for region, events in names.items()
            if events
        ]
        return _Lookups(names, self._begin(tasks, self.pools.lookups))

    def _as_listed(self, found: _History, there: _Things) -> _History:
        """Without what was made after the lists, which are read again where something seems to be gone."""
        listings = {place: reading for one in there.lists for place, reading in one.names.items()}
        listings[meanwhile.BUCKETS] = Reading(tuple(one.name for one in there.listed.items), there.listed.gaps)
        missed = meanwhile.missed(found.events, listings)
        again = dict(zip(missed, self._begin(_task(self._names_now, *place) for place in missed).each(), strict=True))
        late = {
            event for place, things in missed.items() for name in again[place].items for event in things.get(name, ())
        }
        return found.without(late, Reading.merged(again.values()).gaps)

    def _names_now(self, making: str, region: str) -> Reading[str]:
        if (making, region) == meanwhile.BUCKETS:
            found = buckets.list_buckets(self._client("s3"))
            return Reading(tuple(one.name for one in found.items), found.gaps)
        listing = LISTINGS[making]
        return listing.names(listing.read(self._client("sagemaker", region), region))

    def _history_of_roles(self, found: _History, known: Iterable[Role | roles.Missing]) -> _History:
        if not any(isinstance(one, roles.Missing) for one in known):
            return found
        return found + self._lookups({history.IAM_REGION: history.OF_ROLES}).done()

    def _rebuilt(
        self,
        found: Reading[Role | roles.Missing],
        events: Sequence[Event],
        there: _Things,
    ) -> Reading[Role | roles.Missing]:
        """Roles that are gone, as they were when nobody had begun to take them apart."""
        used = [(one.role_arn, one.created_at) for one in there.jobs.items]
        used += [(one.role_arn, one.created_at) for one in there.instances.items]
        used += [(one.role_arn, one.at) for one in events if one.error is None]
        rebuilt = self._begin_waves(
            role_history.rebuild(self._client("iam"), one, events, max(at for arn, at in used if arn == str(one)))
            for one in found.items
            if isinstance(one, roles.Missing)
        ).done()
        there_still = (one for one in found.items if isinstance(one, Role))
        return Reading((*there_still, *rebuilt.items), (*found.gaps, *rebuilt.gaps))

    def _metrics(self, logs_of: Iterable[EndpointLog], events: Iterable[Event]) -> Begun[EndpointMetric]:
        """Of endpoints that are gone."""
        named = {(one.region, one.endpoint) for one in logs_of}
        named |= {(one.region, one.resource) for one in events if one.name == "CreateEndpoint" and one.error is None}
        regions = sorted({region for region, _ in named})
        return self._begin(
            _task(
                metrics_of.read_invocations,
                self._client("cloudwatch", region),
                region,
                [name for where, name in named if where == region],
                self.now,
            )
            for region in regions
        )

    def _own(self, arns: Iterable[str | None]) -> frozenset[str]:
        """The roles of the account's own, where the lesson has roles."""
        if not self.plan.is_about("sagemaker"):
            return frozenset()
        return frozenset(arn for arn in arns if arn and arn.split(":")[4:5] == [self.identity.account])

    def _roles(self, arns: Iterable[str]) -> Begun[Role | roles.Missing]:
        return self._begin_waves(roles.read_role(self._client("iam"), arn) for arn in sorted(arns))

    def _close(
        self,
        listed: Iterable[Bucket],
        found_roles: Iterable[Role],
        jobs: Iterable[TrainingJob],
        events: Iterable[Event],
    ) -> frozenset[str]:
        """The buckets that may be the lesson's."""
        named = frozenset(_buckets_named(found_roles, jobs, events) if self.plan.is_about("sagemaker") else ())
        return frozenset(one.name for one in listed if one.name in named or _is_like(one.name, self.plan.buckets))

    def _look_into(self, listed: Iterable[Bucket], names: Collection[str]) -> Begun[Bucket]:
        return self._begin_waves(
            buckets.look_into(self._client("s3", one.region), one, self.plan) for one in listed if one.name in names
        )

    def _account_switches(self, looked: Iterable[Bucket], events: Iterable[Event]) -> Reading[PublicAccessBlock]:
        """Asked only where a bucket's own switches are not all known to be on: then the account's decide.

        Nor are those of one that is gone, where the lesson is about buckets, or somebody switched them.
        """
        telling = ("CreateBucket",) if self.plan.is_about("s3") else history.OF_SWITCHES
        is_gone = any(one.name in telling for one in events)
        own = [one.public_access_block for one in looked if one.looked_into]
        if not is_gone and all(one is not None and not one.off for one in own):
            return Reading()
        return buckets.account_public_access_block(self._client("s3control"), self.identity.account)

    def _invocations(
        self,
        there: _Things,
        samples: Samples | None,
    ) -> Begun[Invocation]:
        if samples is None or self.plan.algorithm is None:
            return Begun(())
        ours = {(one.region, one.name) for one in there.models.items if f"/{self.plan.algorithm}:" in (one.image or "")}
        configured = {(one.region, one.name) for one in there.configs.items if self._names(one, ours)}
        return self._begin(
            _task(predictions.ask_endpoint, self._runtime(one.region), one, samples)
            for one in there.served.items
            if one.status == "InService" and (one.region, one.config_name) in configured
        )

    def _runtime(self, region: str) -> Any:
        return self.connection.client("sagemaker-runtime", region, attempts=1)


def _is_like(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _begun(pool: ThreadPoolExecutor, task: Callable[[], T]) -> "Future[T]":
    """A task that other threads do, about the account that this one asks about."""
    return pool.submit(contextvars.copy_context().run, task)


def _task(read: Callable[..., Reading[T]], *arguments: Any) -> Task[T]:
    return lambda: read(*arguments)


def _each_gap_once(found: Reading[T]) -> Reading[T]:
    return Reading(found.items, tuple(dict.fromkeys(found.gaps)))


def _closed(
    lists: Iterable[_Lists], identity: Identity, unsure: frozenset[str], plan: SurveyPlan
) -> Iterator[ClosedRegion]:
    """The regions whose every list was refused as a closed region refuses.

    None where no region has answered at all: then it may be this caller who is shut out, and not the account. Where a
    region that is surely enabled takes the keys for bad, they went bad meanwhile, and no other is closed by that.
    """
    kept = list(lists)
    went_bad = any(gap.code in INVALID for one in kept if one.region not in unsure for gap in one.sagemaker_gaps)
    for one in kept if any(one.has_answered for one in kept) else ():
        gaps = one.gaps_of(plan)
        if {gap.call for gap in gaps} == _decisive(plan) and not one.is_active:
            reason = closed_because(gaps, identity, is_unsure=one.region in unsure and not went_bad)
            if reason is not None:
                yield ClosedRegion(one.region, reason)


def _unread_after_all(
    asked: Sequence[_Lists], shut: Iterable[ClosedRegion], gaps: Iterable[Gap], unsure: frozenset[str]
) -> list[_Lists]:
    """The regions that seemed not to be enabled, where it turns out that the keys are not taken elsewhere either.

    They may have gone bad just after the other regions had answered.
    """
    if not any(gap.code in INVALID and gap.region not in unsure for gap in gaps):
        return []
    doubtful = {one.region for one in shut if one.reason == "not opted in"}
    return [one for one in asked if one.region in doubtful]


def _decisive(plan: SurveyPlan) -> set[str]:
    """The calls of which a closed region refuses every one."""
    return {*LISTS, *(() if plan.is_about("sagemaker") else (LOGS,))}


def _regions(lists: Sequence[_Lists], closed: Iterable[ClosedRegion]) -> Regions:
    return Regions(
        answered=tuple(sorted(one.region for one in lists if not one.sagemaker_gaps)),
        closed=tuple(sorted(closed, key=lambda one: one.region)),
        unread=tuple(sorted(one.region for one in lists if one.sagemaker_gaps)),
    )


def _buckets_named(found_roles: Iterable[Role], jobs: Iterable[TrainingJob], events: Iterable[Event]) -> Iterator[str]:
    """The buckets that a role's own policies or a training job name, be it one that is gone."""
    for role in found_roles:
        yield from role.named_buckets
    for job in jobs:
        for uri in (*job.input_uris, job.output_uri, job.artifact_uri):
            if name := bucket_of(uri):
                yield name
    for event in events:
        for uri in event.refers_to if event.name == "CreateTrainingJob" else ():
            if name := bucket_of(uri):
                yield name


def _log_groups(lists: Iterable[_Lists]) -> Iterator[Resource]:
    """Logs bill for being kept."""
    for one in lists:
        yield from (logs.log_group(row, one.region) for row in one.groups.items)


def _place_of_event(one: Event) -> tuple[Any, ...]:
    """Events are told to the second: of one second a thing's end comes last, that of its settings before its own."""
    end = -len(one.name) if one.name.startswith("Delete") else -math.inf
    return (one.at, end, one.region, one.name, one.resource)


def _place_of_resource(one: Resource) -> tuple[Any, ...]:
    return (one.region, one.service, one.type, one.within, one.id)


def _place_of_app(app: App) -> tuple[str, ...]:
    """Most apps of a domain have one name, `default`."""
    return (app.region, app.domain_id, app.user_profile or "", app.space or "", app.app_type, app.name)


def _in_order(things: Iterable[Any]) -> tuple[Any, ...]:
    def name_of(thing: Any) -> str:
        return str(getattr(thing, "name", None) or getattr(thing, "domain_id", ""))

    return tuple(sorted(things, key=lambda one: (one.region, name_of(one))))


def _overlaid(listed: Reading[T], known: Reading[T]) -> Reading[T]:
    """The list, with those that were described in the place of their names alone."""
    described = {(one.region, one.name): one for one in known.items}  # type: ignore[attr-defined]
    names = {(one.region, one.name) for one in listed.items}  # type: ignore[attr-defined]
    items = (described.get((one.region, one.name), one) for one in listed.items)  # type: ignore[attr-defined]
    unlisted = (one for key, one in described.items() if key not in names)
    return Reading((*items, *unlisted), (*listed.gaps, *known.gaps))

"""What is there now: notebook instances, jobs, endpoints, roles, buckets, and what else bills."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from skymark.cause import NOT_ASKED
from skymark.evidence import (
    App,
    Bucket,
    Endpoint,
    EndpointConfig,
    EndpointLog,
    Event,
    Gap,
    Invocation,
    JupyterLog,
    Model,
    NotebookInstance,
    PublicAccessBlock,
    Resource,
    Role,
    TrainingJob,
    bucket_of,
)
from skymark.samples import Samples
from skymark.survey import (
    buckets,
    endpoints,
    history,
    inventory,
    notebooks,
    past,
    predictions,
    roles,
    studio,
    traces,
    training,
)
from skymark.survey.calls import LEFTOVERS
from skymark.survey.lists import Lists
from skymark.survey.reading import Reading
from skymark.survey.scope import Begun, Scope, Task, task
from skymark.survey.waves import Waves, side_by_side

T = TypeVar("T")

_NOT_LOOKED_FOR: Reading[Resource] = Reading(
    gaps=tuple(
        Gap(one.service, one.operation, None, NOT_ASKED, "Check the whole account, not only a part.")
        for one in LEFTOVERS
    )
)


@dataclass(frozen=True)
class Deployed:
    """Endpoints, and the configurations and models that they use."""

    served: Reading[Endpoint]
    configs: Reading[EndpointConfig]
    models: Reading[Model]


@dataclass(frozen=True)
class Things:
    """What is there now; what is still begun is waited for by whoever needs it.

    `close` are the names of the buckets that may be the lesson's, as far as that was known then.
    """

    lists: tuple[Lists, ...]
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
    lookups: past.Lookups


def read_things(scope: Scope, lists: Sequence[Lists]) -> Things:
    """What is begun early is waited for late: each wave costs an answer's way there and back."""
    active = [one.region for one in lists if one.is_active]
    instances = scope.begin(_describing(scope, lists, "instances", notebooks.describe_notebook_instance))
    begun_jobs = _jobs(scope, lists)
    begun_deployed = side_by_side(_deployed(scope, lists), scope.pools.calls)
    apps = _in_regions(scope, studio.list_apps, [one.region for one in lists if one.domains.items])
    configs = _in_regions(scope, endpoints.list_endpoint_configs, active)
    models = _in_regions(scope, endpoints.list_models, active)
    # After the jobs were listed, so that a bucket into which one writes is among them.
    begun_list = scope.begin([task(buckets.list_buckets, scope.client("s3"))])
    streams = traces.jupyter_streams(scope, lists)
    endpoint_logs = traces.endpoint_logs(scope, lists)
    kept = _inventory(scope, lists, active)
    jobs = _each_gap_once(begun_jobs.done())
    found_roles = read_roles(scope, roles_in_use(scope, instances.done().items, jobs.items))
    listed = begun_list.done()
    close = _close(scope, listed.items, (), jobs.items, ())
    looks, uploads = _look_into(scope, listed.items, close), _uploads(scope, listed.items, close)
    lookups = past.first_lookups(scope, lists, jobs.items, listed.items)
    jupyter_logs = traces.jupyter_logs(scope, streams)
    deployed = begun_deployed.result()
    known_configs = _overlaid(configs.done(), deployed.configs)
    known_models = _overlaid(models.done(), deployed.models)
    return Things(
        *(tuple(lists), instances.done(), jobs, deployed.served, known_configs, known_models, listed, close),
        *(apps, kept, found_roles, looks, uploads, jupyter_logs, endpoint_logs, lookups),
    )


def read_roles(scope: Scope, arns: Iterable[str]) -> Begun[Role | roles.Missing]:
    """The roles of these ARNs."""
    return scope.begin_waves(roles.read_role(scope.client("iam"), arn) for arn in sorted(arns))


def roles_in_use(scope: Scope, instances: Iterable[NotebookInstance], jobs: Iterable[TrainingJob]) -> frozenset[str]:
    """The ARNs of the roles that notebook instances and jobs have."""
    return own_roles(scope, [*(one.role_arn for one in instances), *(one.role_arn for one in jobs)])


def own_roles(scope: Scope, arns: Iterable[str | None]) -> frozenset[str]:
    """The roles of the account's own, where the lesson has roles."""
    if not scope.plan.is_about("sagemaker"):
        return frozenset()
    return frozenset(arn for arn in arns if arn and arn.split(":")[4:5] == [scope.identity.account])


def looked_into(
    scope: Scope, there: Things, found_roles: Reading[Role | roles.Missing], events: Sequence[Event]
) -> tuple[Reading[Bucket], Reading[Resource]]:
    """All buckets; those that may be the lesson's are looked into, with the uploads that were not finished."""
    known = [one for one in found_roles.items if isinstance(one, Role)]
    more = _close(scope, there.listed.items, known, there.jobs.items, events) - there.close
    looks, uploads = _look_into(scope, there.listed.items, more), _uploads(scope, there.listed.items, more)
    rest = Reading(tuple(one for one in there.listed.items if one.name not in more | there.close))
    return (
        Reading.merged((Reading(gaps=there.listed.gaps), there.looks.done(), looks.done(), rest)),
        Reading.merged((there.uploads.done(), uploads.done())),
    )


def account_switches(scope: Scope, looked: Iterable[Bucket], events: Iterable[Event]) -> Reading[PublicAccessBlock]:
    """Asked only where a bucket's own switches are not all known to be on: then the account's decide.

    Nor are those of one that is gone, where the lesson is about buckets, or somebody switched them.
    """
    telling = ("CreateBucket",) if scope.plan.is_about("s3") else history.OF_SWITCHES
    is_gone = any(one.name in telling for one in events)
    own = [one.public_access_block for one in looked if one.looked_into]
    if not is_gone and all(one is not None and not one.off for one in own):
        return Reading()
    return buckets.account_public_access_block(scope.client("s3control"), scope.identity.account)


def serving(scope: Scope, there: Things) -> frozenset[str]:
    """The regions in which an endpoint of the lesson's is in service.

    None where it matters when all ended, or who made what.
    """
    artifacts = {job.artifact_uri for job in there.jobs.items if job.has_completed and job.artifact_uri}
    ours = {(one.region, one.name) for one in there.models.items if one.artifact_uri in artifacts}
    return frozenset(
        one.region
        for one in _in_service(there, ours)
        if scope.window.holds(one.created_at) and not (scope.ends or scope.callers)
    )


def invocations(scope: Scope, there: Things, samples: Samples | None) -> Begun[Invocation]:
    """What endpoints of the lesson's algorithm answer; nothing is asked without samples."""
    if samples is None or scope.plan.algorithm is None:
        return Begun(())
    ours = {(one.region, one.name) for one in there.models.items if f"/{scope.plan.algorithm}:" in (one.image or "")}
    return scope.begin(
        task(predictions.ask_endpoint, _runtime(scope, one.region), one, samples) for one in _in_service(there, ours)
    )


def _in_service(there: Things, models: Collection[tuple[str, str]]) -> list[Endpoint]:
    """The endpoints in service whose configuration names one of these models, each a region and a name."""
    configured = {
        (one.region, one.name)
        for one in there.configs.items
        if any((one.region, variant.model_name) in models for variant in one.variants or ())
    }
    return [
        one for one in there.served.items if one.status == "InService" and (one.region, one.config_name) in configured
    ]


def _runtime(scope: Scope, region: str) -> Any:
    return scope.connection.client("sagemaker-runtime", region, attempts=1)


def _in_regions(scope: Scope, read: Callable[[Any, str], Reading[T]], names: Iterable[str]) -> Begun[T]:
    return scope.begin(task(read, scope.client("sagemaker", name), name) for name in names)


def _describing(
    scope: Scope, lists: Iterable[Lists], kind: str, describe: Callable[[Any, str, dict[str, Any]], Reading[T]]
) -> list[Task[T]]:
    return [
        task(describe, scope.client("sagemaker", one.region), one.region, row)
        for one in lists
        for row in getattr(one, kind).items
    ]


def _jobs(scope: Scope, lists: Iterable[Lists]) -> Begun[TrainingJob]:
    return scope.begin(
        read
        for one in lists
        for read in training.describe_training_jobs(scope.client("sagemaker", one.region), one.region, one.jobs.items)
    )


def _deployed(scope: Scope, lists: Iterable[Lists]) -> Waves[Deployed]:
    """Every endpoint is described; then its configuration, once whoever uses it, and then the models of that."""
    served: Reading[Endpoint] = Reading.merged(
        (yield _describing(scope, lists, "endpoints", endpoints.describe_endpoint))
    )
    used = {(one.region, one.config_name) for one in served.items if one.config_name}
    configs: Reading[EndpointConfig] = Reading.merged((yield _named(scope, endpoints.describe_endpoint_config, used)))
    wanted = {(one.region, v.model_name) for one in configs.items for v in one.variants or () if v.model_name}
    models: Reading[Model] = Reading.merged((yield _named(scope, endpoints.describe_model, wanted)))
    return Deployed(served, configs, models)


def _named(
    scope: Scope, describe: Callable[[Any, str, str], Reading[T]], names: Iterable[tuple[str, str]]
) -> list[Task[T]]:
    return [task(describe, scope.client("sagemaker", region), region, name) for region, name in sorted(names)]


def _inventory(scope: Scope, lists: Sequence[Lists], active: Collection[str]) -> Begun[Resource]:
    """What else bills or can be tidied away; not asked where no list of SageMaker's is answered at all.

    Kind by kind, so that no region is asked everything at once.
    """
    if not scope.leftovers:
        return scope.begin([lambda: _NOT_LOOKED_FOR])
    asked = [one for one in lists if one.has_answered]
    places: tuple[tuple[tuple[inventory.Reader, ...], list[str]], ...] = (
        (inventory.EVERYWHERE, [one.region for one in asked]),
        (inventory.WHERE_ACTIVE, [one.region for one in asked if one.region in active]),
        (inventory.WHERE_STUDIO_IS, [one.region for one in asked if one.domains.items]),
        (inventory.WHERE_ENDPOINTS_ARE, [one.region for one in asked if one.endpoints.items]),
    )
    return scope.begin(
        (
            task(reader.read, scope.client(reader.service, name), name)
            for readers, names in places
            for reader in readers
            for name in names
        ),
        scope.pools.rest,
    )


def _uploads(scope: Scope, listed: Iterable[Bucket], names: Collection[str]) -> Begun[Resource]:
    return scope.begin(
        task(buckets.list_uploads, scope.client("s3", one.region), one) for one in listed if one.name in names
    )


def _look_into(scope: Scope, listed: Iterable[Bucket], names: Collection[str]) -> Begun[Bucket]:
    return scope.begin_waves(
        buckets.look_into(scope.client("s3", one.region), one, scope.plan) for one in listed if one.name in names
    )


def _close(
    scope: Scope,
    listed: Iterable[Bucket],
    found_roles: Iterable[Role],
    jobs: Iterable[TrainingJob],
    events: Iterable[Event],
) -> frozenset[str]:
    """The buckets that may be the lesson's."""
    named = frozenset(_buckets_named(found_roles, jobs, events) if scope.plan.is_about("sagemaker") else ())
    return frozenset(one.name for one in listed if one.name in named or buckets.fits(one.name, scope.plan.buckets))


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


def _each_gap_once(found: Reading[T]) -> Reading[T]:
    return Reading(found.items, tuple(dict.fromkeys(found.gaps)))


def _overlaid(listed: Reading[T], known: Reading[T]) -> Reading[T]:
    """The list, with those that were described in the place of their names alone."""
    described = {(one.region, one.name): one for one in known.items}  # type: ignore[attr-defined]
    names = {(one.region, one.name) for one in listed.items}  # type: ignore[attr-defined]
    items = (described.get((one.region, one.name), one) for one in listed.items)  # type: ignore[attr-defined]
    unlisted = (one for key, one in described.items() if key not in names)
    return Reading((*items, *unlisted), (*listed.gaps, *known.gaps))

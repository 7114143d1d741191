"""What bills by the hour, or would, and what may be tidied away: each with what it costs and how to remove it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from skymark.cost import cleanup
from skymark.cost.commands import joined
from skymark.cost.kinds import HOURLY, NOT_OURS, REST, SAGEMAKERS_OWN, Kind
from skymark.cost.prices import Prices, PriceTable
from skymark.evidence import (
    App,
    Bucket,
    ConfigVariant,
    Domain,
    Endpoint,
    EndpointConfig,
    EndpointVariant,
    Model,
    NotebookInstance,
    Resource,
    Role,
    Survey,
    TrainingJob,
    is_free_app,
)
from skymark.result import Leftover

NOTHING: Final = Decimal(0)
HOUR: Final = Decimal(3600)
HUNDREDTH_OF_CENT: Final = Decimal("0.0001")
LARGEST: Final = Decimal(10) ** 20
"""US dollars. `Decimal` rounds nothing that has more digits than its precision."""

NOTEBOOK_FREE: Final = ("Stopped", "Failed", "Deleting")
ENDPOINT_FREE: Final = ("Failed", "OutOfService", "Deleting")
APP_RUNS: Final = ("InService", "Pending")
APP_GONE: Final = ("Deleted", "Failed")
WARM: Final = "Available"
USUAL_SIZE: Final = "Small"
"""Of an MLflow server that says nothing of its size. Source: SageMaker API, CreateMlflowTrackingServer."""


def leftovers(survey: Survey, prices: PriceTable) -> tuple[Leftover, ...]:
    """Everything in any region that bills by the hour or would once started; jobs only while they run.

    The order is endpoints (the costliest), notebook instances, Studio apps, then the kinds of `HOURLY`; within each the
    survey's. `hourly_usd` is not rounded: on demand, without disks, tax or free tier. It is 0 for what stands still,
    None where type, number or price is not known. In other regions than the table's the same price is taken as an
    estimate: they differ by a few to some thirty percent. `cost_so_far_usd` is None for what stands still, too: how
    long it ran is not known.
    """
    found = (
        *(_endpoint(one, survey, prices) for one in survey.endpoints),
        *(_notebook(one, survey, prices) for one in survey.notebook_instances),
        *(_app(one, survey, prices) for one in survey.apps if _can_bill(one)),
        *_of(HOURLY, (*map(_job, survey.training_jobs), *survey.resources), survey, prices),
    )
    return tuple(found)


def untidy(survey: Survey, prices: PriceTable, *, bucket: str | None, role: str | None) -> tuple[Leftover, ...]:
    """What costs nothing by the hour and may be tidied away, or is no part of the lesson; in the order of `REST`.

    Of the buckets only the one that is named and SageMaker's default ones (apart), if they hold objects; of the roles
    only the one that is named, if the console made it and it is there. What goes with something else is told of there:
    a Studio domain's file system with the domain.
    """
    things = (
        *survey.resources,
        *map(_config, survey.endpoint_configs),
        *map(_model, survey.models),
        *map(_domain, survey.domains),
        *(_bucket(one, survey) for one in survey.buckets if _is_to_empty(one, survey, bucket)),
        *(_role(one) for one in survey.roles if one.name == role and cleanup.is_the_consoles(one)),
    )
    domains = [one for one in (*map(_domain, survey.domains), *survey.resources) if one.type == "domain"]
    volumes = {
        one
        for one in survey.resources
        if one.type == "file-system" and any(cleanup.is_volume_of(domain, one) for domain in domains)
    }
    return tuple(_of(REST, (one for one in things if one not in volumes), survey, prices))


def hourly_usd(leftovers: Iterable[Leftover]) -> tuple[Decimal, int]:
    """What they cost together, in US dollars per hour, not rounded; and how many have a price that is not known.

    What has no known price is left out of the sum.
    """
    costs = [one.hourly_usd for one in leftovers]
    known = [cost for cost in costs if cost is not None]
    return sum(known, NOTHING), len(costs) - len(known)


def _notebook(one: NotebookInstance, survey: Survey, prices: PriceTable) -> Leftover:
    bills = one.status not in NOTEBOOK_FREE
    cost = _cost(prices.notebook, one.instance_type, 1) if bills else NOTHING
    return Leftover(
        "sagemaker",
        "notebook-instance",
        one.name,
        one.region,
        one.status,
        cost,
        joined(cleanup.of_notebook(one)),
        bills=bills,
        created_at=one.created_at,
        cost_so_far_usd=_so_far(cost, one.modified_at, survey.surveyed_at) if bills else None,
        monthly_usd=_stored(prices, "notebook-instance", one.volume_gib),
    )


def _endpoint(one: Endpoint, survey: Survey, prices: PriceTable) -> Leftover:
    asked_for = _asked_for(one, survey.endpoint_configs)
    bills = one.status not in ENDPOINT_FREE and _runs_instances(one, asked_for)
    cost = _endpoint_cost(one, asked_for, prices) if bills else NOTHING
    return Leftover(
        "sagemaker",
        "endpoint",
        one.name,
        one.region,
        one.status,
        cost,
        joined(cleanup.of_endpoint(one, survey)),
        bills=bills,
        created_at=one.created_at,
        cost_so_far_usd=_so_far(cost, one.created_at, survey.surveyed_at) if bills else None,
    )


def _asked_for(one: Endpoint, configs: Iterable[EndpointConfig]) -> tuple[ConfigVariant, ...]:
    asked_for = next((c.variants for c in configs if (c.name, c.region) == (one.config_name, one.region)), None)
    return asked_for or ()


def _runs_instances(one: Endpoint, asked_for: tuple[ConfigVariant, ...]) -> bool:
    """Serverless variants bill by use, but for provisioned concurrency. Before it runs only its configuration tells."""
    if not one.variants:
        return not asked_for or not all(variant.serverless for variant in asked_for)
    return any(v.provisioned if v.serverless else v.instance_count != 0 for v in one.variants)


def _endpoint_cost(one: Endpoint, asked_for: tuple[ConfigVariant, ...], prices: PriceTable) -> Decimal | None:
    """Type from the configuration, number and serverless from the endpoint as it runs."""
    if not one.variants:
        return None
    types = {variant.name: variant.instance_type for variant in asked_for}
    costs = [
        _serverless(variant)
        if variant.serverless
        else _cost(prices.hosting, types.get(variant.name), variant.instance_count)
        for variant in one.variants
    ]
    return _total(costs)


def _serverless(variant: EndpointVariant) -> Decimal | None:
    """Nothing by the hour, but for provisioned concurrency, whose price is not in the table."""
    return None if variant.provisioned else NOTHING


def _can_bill(one: App) -> bool:
    return one.status not in APP_GONE and not is_free_app(one.app_type, one.instance_type)


def _app(one: App, survey: Survey, prices: PriceTable) -> Leftover:
    bills = one.status in APP_RUNS
    price = prices.canvas.get("session") if one.app_type == "Canvas" else _cost(prices.studio, one.instance_type, 1)
    cost = price if bills else NOTHING
    return Leftover(
        "sagemaker",
        "app",
        one.path,
        one.region,
        one.status,
        cost,
        joined(cleanup.of_app(one)),
        bills=bills,
        created_at=one.created_at,
        cost_so_far_usd=_so_far(cost, one.created_at, survey.surveyed_at) if bills else None,
    )


def _of(kinds: Iterable[Kind], things: Iterable[Resource], survey: Survey, prices: PriceTable) -> Iterator[Leftover]:
    """These kinds' things, each once: the survey has some of them in two places."""
    first: dict[tuple[str, ...], Resource] = {}
    for one in things:
        first.setdefault((one.service, one.type, one.region, *one.within, one.id), one)
    for kind in kinds:
        yield from (_leftover(kind, one, survey, prices) for one in first.values() if kind.has(one))


def _leftover(kind: Kind, one: Resource, survey: Survey, prices: PriceTable) -> Leftover:
    bills = kind.bills_now(one)
    cost = _hourly(kind, one, prices) if bills else NOTHING
    apart = _why_apart(kind, one, survey)
    return Leftover(
        one.service,
        one.type,
        cleanup.name_of(one),
        one.region,
        one.status or "there",
        cost,
        "" if apart else joined(cleanup.of_resource(one, survey)),
        bills=bills,
        created_at=one.created_at,
        cost_so_far_usd=_so_far(cost, one.created_at, survey.surveyed_at) if bills else None,
        monthly_usd=_monthly(kind, one, survey, prices),
        apart=apart,
    )


def _why_apart(kind: Kind, one: Resource, survey: Survey) -> str | None:
    if not kind.is_the_lessons(one):
        return NOT_OURS
    is_default = one.service == "s3" and _default_bucket(one.region, survey) in (one.id, *one.within)
    return SAGEMAKERS_OWN if is_default else None


def _default_bucket(region: str | None, survey: Survey) -> str:
    """The one that SageMaker's SDK and console make, for everything that is done with them."""
    return f"sagemaker-{region}-{survey.identity.account}"


def _hourly(kind: Kind, one: Resource, prices: PriceTable) -> Decimal | None:
    if kind.table is None:
        return None
    table: Prices = getattr(prices, kind.table)
    match kind.type:
        case "mlflow-tracking-server":
            return table.get(one.instance_type or USUAL_SIZE)
        case "vpc-endpoint":
            return _cost(table, kind.type, one.instance_count)
        case "nat-gateway" | "address":
            return table.get(kind.type)
        case _:
            return _cost(table, one.instance_type, one.instance_count)


def _monthly(kind: Kind, one: Resource, survey: Survey, prices: PriceTable) -> Decimal | None:
    """What it costs for being kept; a Studio domain costs what its file systems hold."""
    if kind.is_free:
        return NOTHING
    if kind.kept:
        return prices.kept.get(kind.kept)
    if kind.type == "domain":
        sizes = [volume.size_gib for volume in survey.resources if cleanup.is_volume_of(one, volume)]
        return _total(_stored(prices, "file-system", size) for size in sizes) if sizes else None
    return _stored(prices, kind.stored, one.size_gib) if kind.stored else None


def _stored(prices: PriceTable, what: str, size_gib: float | None) -> Decimal | None:
    price = prices.storage.get(what)
    return None if price is None or size_gib is None else _estimate(price * Decimal(str(size_gib)))


def _cost(table: Mapping[str, Decimal], instance_type: str | None, count: int | None) -> Decimal | None:
    """Price times number; 0 of anything cost nothing, whatever its price."""
    if count == 0:
        return NOTHING
    price = None if instance_type is None else table.get(instance_type)
    return None if price is None or count is None else price * count


def _total(costs: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, None if a part of it is not known."""
    total = NOTHING
    for cost in costs:
        if cost is None:
            return None
        total += cost
    return total


def _so_far(hourly: Decimal | None, since: dt.datetime | None, now: dt.datetime) -> Decimal | None:
    """At least: it may have run before, or with more instances."""
    if hourly is None or since is None:
        return None
    return _estimate(hourly * max(Decimal(str((now - since).total_seconds())), NOTHING) / HOUR)


def _estimate(usd: Decimal) -> Decimal:
    """To the hundredth of a cent; as it is where it is more than anything costs: a hand-in can say that."""
    return usd.quantize(HUNDREDTH_OF_CENT) if abs(usd) < LARGEST else usd


def _job(one: TrainingJob) -> Resource:
    """One that has ended may keep its machines warm, and pay for them."""
    return Resource(
        "sagemaker",
        "training-job",
        one.name,
        one.region,
        one.warm_pool if one.warm_pool == WARM else one.status,
        one.created_at,
        instance_type=one.instance_type,
        instance_count=one.instance_count,
    )


def _config(one: EndpointConfig) -> Resource:
    return Resource("sagemaker", "endpoint-config", one.name, one.region, created_at=one.created_at)


def _model(one: Model) -> Resource:
    return Resource("sagemaker", "model", one.name, one.region, created_at=one.created_at)


def _domain(one: Domain) -> Resource:
    return Resource("sagemaker", "domain", one.domain_id, one.region, one.status, one.created_at)


def _bucket(one: Bucket, survey: Survey) -> Resource:
    return Resource("s3", "bucket", one.name, one.region or survey.region, created_at=one.created_at)


def _is_to_empty(one: Bucket, survey: Survey, named: str | None) -> bool:
    """What holds nothing costs nothing; anything but the lesson's bucket may be somebody else's work."""
    return one.has_objects is True and one.name in (named, _default_bucket(one.region, survey))


def _role(one: Role) -> Resource:
    return Resource("iam", "role", one.name, cleanup.GLOBAL, created_at=one.created_at)

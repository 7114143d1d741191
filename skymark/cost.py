"""What is left in an account that bills by the hour, what it costs now, and how to remove it."""

import functools
import shlex
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec

from skymark.errors import UsageError
from skymark.evidence import (
    App,
    ConfigVariant,
    Endpoint,
    EndpointConfig,
    EndpointVariant,
    NotebookInstance,
    Struct,
    Survey,
    TrainingJob,
)
from skymark.result import Leftover

PRICES_FILE: Final = Path(__file__).parent / "prices.json"
NOTHING: Final = Decimal(0)

NOTEBOOK_FREE: Final = ("Stopped", "Failed", "Deleting")
ENDPOINT_FREE: Final = ("Failed", "OutOfService", "Deleting")
JOB_RUNNING: Final = ("InProgress", "Stopping")
APP_GONE: Final = ("Deleted", "Failed")


class PriceTable(Struct, frozen=True):
    """Prices per instance and hour, by kind of use and instance type; in `studio` also `Canvas`, an app type.

    `currency` is that of every price, `region` where they hold, `source` where they were read, at `date`.
    """

    source: str
    date: str
    currency: str
    region: str
    note: str
    notebook: Mapping[str, Decimal]
    hosting: Mapping[str, Decimal]
    training: Mapping[str, Decimal]
    studio: Mapping[str, Decimal]


@functools.cache
def load_prices(path: Path | None = None) -> PriceTable:
    """Read a price table; without a path the one that Skymark brings along.

    Raises:
        UsageError: the file cannot be read, or is no price table.
    """
    file = PRICES_FILE if path is None else path
    try:
        return msgspec.json.decode(file.read_bytes(), type=PriceTable)
    except OSError as error:
        raise UsageError(
            f"{file}: cannot be read ({error.strerror}). Give a file like Skymark's prices.json."
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: is no price table ({error}). Give a file like Skymark's prices.json.") from error


def leftovers(survey: Survey, prices: PriceTable) -> tuple[Leftover, ...]:
    """Everything in any region that bills by the hour or would once started.

    The order is endpoints (the costliest), notebook instances, Studio apps, training jobs; within each the
    survey's. `hourly_usd` is not rounded: on demand, without disks, tax or free tier. It is 0 for what stands
    still, None where type, number or price is not known. In other regions than the table's the same price is
    taken as an estimate: they differ by a few to some thirty percent.
    """
    return (
        *(_endpoint(one, survey.endpoint_configs, prices) for one in survey.endpoints),
        *(_notebook(one, prices) for one in survey.notebook_instances),
        *(_app(one, prices) for one in survey.apps if _can_bill(one)),
        *(_job(one, prices) for one in survey.training_jobs if one.status in JOB_RUNNING),
    )


def hourly_usd(leftovers: Iterable[Leftover]) -> tuple[Decimal, int]:
    """What they cost together, in US dollars per hour, not rounded; and how many have a price that is not known.

    What has no known price is left out of the sum.
    """
    costs = [one.hourly_usd for one in leftovers]
    known = [cost for cost in costs if cost is not None]
    return sum(known, NOTHING), len(costs) - len(known)


def _notebook(one: NotebookInstance, prices: PriceTable) -> Leftover:
    cost = NOTHING if one.status in NOTEBOOK_FREE else prices.notebook.get(one.instance_type)
    steps = _notebook_steps(one.status)
    cleanup = _commands(steps, one.region, {"--notebook-instance-name": one.name})
    return Leftover("sagemaker", "notebook-instance", one.name, one.region, one.status, cost, cleanup)


def _notebook_steps(status: str) -> tuple[str, ...]:
    """An instance can be stopped only when it is in service, and deleted only when it is stopped or failed."""
    delete = ("delete-notebook-instance",)
    stopped = ("wait notebook-instance-stopped", *delete)
    match status:
        case "Stopped" | "Failed":
            return delete
        case "Deleting":
            return ("wait notebook-instance-deleted",)
        case "Stopping" | "Updating":
            return stopped
        case "Pending":
            return ("wait notebook-instance-in-service", "stop-notebook-instance", *stopped)
        case _:
            return ("stop-notebook-instance", *stopped)


def _endpoint(one: Endpoint, configs: Iterable[EndpointConfig], prices: PriceTable) -> Leftover:
    asked_for = next((c.variants for c in configs if (c.name, c.region) == (one.config_name, one.region)), None)
    cost = NOTHING if one.status in ENDPOINT_FREE else _endpoint_cost(one, asked_for or (), prices)
    steps = _endpoint_steps(one.status)
    cleanup = _commands(steps, one.region, {"--endpoint-name": one.name})
    return Leftover("sagemaker", "endpoint", one.name, one.region, one.status, cost, cleanup)


def _endpoint_cost(one: Endpoint, asked_for: tuple[ConfigVariant, ...], prices: PriceTable) -> Decimal | None:
    """Type from the configuration, number and serverless from the endpoint as it runs."""
    if not one.variants:
        return NOTHING if asked_for and all(variant.serverless for variant in asked_for) else None
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


def _endpoint_steps(status: str) -> tuple[str, ...]:
    """An endpoint can be deleted in every state but while AWS makes or changes it."""
    match status:
        case "Deleting":
            return ("wait endpoint-deleted",)
        case "Creating" | "Updating" | "SystemUpdating" | "RollingBack":
            return ("wait endpoint-in-service", "delete-endpoint")
        case _:
            return ("delete-endpoint",)


def _can_bill(one: App) -> bool:
    """Apps on `system` are free, and JupyterServer runs on nothing else. A Canvas session bills by itself.

    Source: SageMaker API, ResourceSpec; Studio's pricing.
    """
    free = one.app_type != "Canvas" and (one.instance_type == "system" or one.app_type == "JupyterServer")
    return one.status not in APP_GONE and not free


def _app(one: App, prices: PriceTable) -> Leftover:
    priced_as = one.app_type if one.app_type == "Canvas" else one.instance_type
    owner = {"--space-name": one.space} if one.space else {"--user-profile-name": one.user_profile or ""}
    options = {"--domain-id": one.domain_id, **owner, "--app-type": one.app_type, "--app-name": one.name}
    cleanup = _commands(("delete-app",), one.region, options)
    id = "/".join((one.domain_id, *owner.values(), one.app_type, one.name))
    return Leftover("sagemaker", "app", id, one.region, one.status, _cost(prices.studio, priced_as, 1), cleanup)


def _job(one: TrainingJob, prices: PriceTable) -> Leftover:
    cost = _cost(prices.training, one.instance_type, one.instance_count)
    steps = ("wait training-job-completed-or-stopped",) if one.status == "Stopping" else ("stop-training-job",)
    cleanup = _commands(steps, one.region, {"--training-job-name": one.name})
    return Leftover("sagemaker", "training-job", one.name, one.region, one.status, cost, cleanup)


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


def _commands(steps: Iterable[str], region: str, options: Mapping[str, str]) -> str:
    """One line for a shell; each command runs only if the one before it worked."""
    return " && ".join(_command(step, region, options) for step in steps)


def _command(step: str, region: str, options: Mapping[str, str]) -> str:
    return " ".join(["aws sagemaker", step, *_words({**options, "--region": region})])


def _words(options: Mapping[str, str]) -> Iterator[str]:
    for option, value in options.items():
        yield option
        yield shlex.quote(value)

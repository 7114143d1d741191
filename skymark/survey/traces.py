"""What was left in logs and counts, of things that may be gone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from skymark.evidence import EndpointLog, EndpointMetric, Event, JupyterLog, TrainingLog
from skymark.survey import logs, metrics
from skymark.survey.lists import Lists
from skymark.survey.reading import Reading
from skymark.survey.scope import Begun, Scope, task


def jupyter_streams(scope: Scope, lists: Iterable[Lists]) -> dict[str, Begun[Any]]:
    """The names of the notebook instances' logs, by region."""
    groups = [(one.region, group) for one in lists for group in one.groups.items]
    about = scope.plan.is_about("sagemaker")
    return {
        region: scope.begin([task(logs.list_jupyter_streams, scope.client("logs", region), region)])
        for region, group in groups
        if about and group["logGroupName"] == logs.NOTEBOOKS
    }


def jupyter_logs(scope: Scope, streams: Mapping[str, Begun[Any]]) -> Begun[JupyterLog]:
    """Waits for the streams; what could not be read of them comes first."""
    found = {region: begun.done() for region, begun in streams.items()}
    gaps: Reading[JupyterLog] = Reading(gaps=tuple(gap for one in found.values() for gap in one.gaps))
    tasks = (
        read
        for region, one in found.items()
        for read in logs.read_jupyter_logs(scope.client("logs", region), region, one.items)
    )
    return scope.begin((lambda: gaps, *tasks))


def endpoint_logs(scope: Scope, lists: Iterable[Lists]) -> Begun[EndpointLog]:
    """What endpoints wrote, be they there or gone."""
    return scope.begin(
        read
        for one in (lists if scope.plan.is_about("sagemaker") else ())
        for read in logs.read_endpoint_logs(scope.client("logs", one.region), one.region, one.groups.items)
    )


def training_logs(scope: Scope, gone: Sequence[Event]) -> Begun[TrainingLog]:
    """Of jobs that are gone, by their making: those that are there say themselves how they ended."""
    return scope.begin(
        read
        for region in sorted({one.region for one in gone})
        for read in logs.read_training_logs(
            scope.client("logs", region), region, [one.resource for one in gone if one.region == region]
        )
    )


def endpoint_metrics(scope: Scope, logs_of: Iterable[EndpointLog], events: Iterable[Event]) -> Begun[EndpointMetric]:
    """How often endpoints were asked that wrote a log, or that were made."""
    named = {(one.region, one.endpoint) for one in logs_of}
    named |= {(one.region, one.resource) for one in events if one.name == "CreateEndpoint" and one.error is None}
    return scope.begin(
        task(
            metrics.read_invocations,
            scope.client("cloudwatch", region),
            region,
            [name for where, name in named if where == region],
            scope.now,
        )
        for region in sorted({region for region, _ in named})
    )

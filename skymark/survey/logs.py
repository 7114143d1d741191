"""CloudWatch logs: what Jupyter did, how often an endpoint was asked, and whether a training job came to its end.

Groups, streams and lines: SageMaker developer guide, "CloudWatch Logs for Amazon SageMaker AI".
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Literal, TypeVar

from skymark.evidence import EndpointLog, JupyterLog, LogLine, Resource, TrainingLog
from skymark.survey.reading import GONE, Reading, pages, truncated
from skymark.survey.redact import redacted

SERVICE = "logs"
PREFIX = "/aws/sagemaker/"
NOTEBOOKS = "/aws/sagemaker/NotebookInstances"
ENDPOINTS = "/aws/sagemaker/Endpoints/"
TRAINING = "/aws/sagemaker/TrainingJobs"
STREAM = "/jupyter.log"

T = TypeVar("T")
Log = TypeVar("Log", JupyterLog, EndpointLog, TrainingLog)
Task = Callable[[], Reading[T]]
Kind = Literal["created", "kernel", "uploaded", "saved"]

JUPYTER_LINES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("created", re.compile(r"Creating new notebook in")),
    ("kernel", re.compile(r"Kernel started: [0-9a-f-]{36}")),
    ("uploaded", re.compile(r"Uploading file to /?(.+\.ipynb)")),
    ("saved", re.compile(r"Saving file at /?(.+\.ipynb)")),
)
# The server filters, so that no other line, which may hold a student's own text, ever leaves the account.
JUPYTER_FILTER = '?"Creating new notebook" ?"Kernel started" ?"Uploading file" ?"Saving file"'
INVOCATIONS_FILTER = '"invocations.count"'
# The last thing that the algorithm measures is how long it took altogether.
END_FILTER = '"totaltime"'
# What one log may cost: a lesson's fills a page or two, one of years would be read for minutes.
MOST_PAGES = 100
# How many logs of one region are read, newest first: AWS allows five to ten such calls a second.
MOST_LOGS = 50


def list_log_groups(client: Any, region: str) -> Reading[dict[str, Any]]:
    """A row for each of SageMaker's log groups in one region. Source: CloudWatch Logs API, DescribeLogGroups."""
    return pages(client, SERVICE, "DescribeLogGroups", "logGroups", region, logGroupNamePrefix=PREFIX)


def log_group(row: dict[str, Any], region: str) -> Resource:
    """What a group takes up. AWS counts what is stored once a day or so."""
    stored, created = row.get("storedBytes"), _moment(row.get("creationTime"))
    size = None if stored is None else stored / 2**30
    return Resource(SERVICE, "log-group", row["logGroupName"], region, created_at=created, size_gib=size)


def list_jupyter_streams(client: Any, region: str) -> Reading[dict[str, Any]]:
    """A row for each notebook instance that wrote Jupyter's log. Source: CloudWatch Logs API, DescribeLogStreams."""
    rows = pages(client, SERVICE, "DescribeLogStreams", "logStreams", region, logGroupName=NOTEBOOKS)
    if _is_gone(rows):
        return Reading()
    return Reading(tuple(row for row in rows.items if row["logStreamName"].endswith(STREAM)), rows.gaps)


def read_jupyter_logs(client: Any, region: str, streams: Iterable[dict[str, Any]]) -> list[Task[JupyterLog]]:
    """A task for each instance's log; only the newest are read."""
    ordered = sorted(streams, key=lambda row: row.get("lastEventTimestamp", row.get("creationTime", 0)), reverse=True)
    read = [partial(read_jupyter_log, client, region, stream) for stream in ordered[:MOST_LOGS]]
    return [*read, *(partial(_unread, _jupyter_log(region, row, None)) for row in ordered[MOST_LOGS:])]


def read_endpoint_logs(client: Any, region: str, groups: Iterable[dict[str, Any]]) -> list[Task[EndpointLog]]:
    """A task for each endpoint's log; only the newest are read. Groups that are no endpoint's are passed over."""
    ours = (group for group in groups if group["logGroupName"].startswith(ENDPOINTS))
    ordered = sorted(ours, key=lambda row: row.get("creationTime", 0), reverse=True)
    read = [partial(read_endpoint_log, client, region, group) for group in ordered[:MOST_LOGS]]
    return [*read, *(partial(_unread, _endpoint_log(region, row, None)) for row in ordered[MOST_LOGS:])]


def read_jupyter_log(client: Any, region: str, stream: dict[str, Any]) -> Reading[JupyterLog]:
    """One instance's log, oldest line first; none if it is gone. Source: CloudWatch Logs API, FilterLogEvents.

    Half a log is none: a line that stands in the other half would be taken to be absent.
    """
    name = stream["logStreamName"]
    instance = name.removesuffix(STREAM)
    events = _events(client, region, instance, NOTEBOOKS, JUPYTER_FILTER, logStreamNames=[name])
    if _is_gone(events):
        return Reading()
    lines = sorted((line for event in events.items for line in _jupyter_lines(event)), key=lambda line: line.at)
    return Reading((_jupyter_log(region, stream, None if events.gaps else tuple(lines)),), events.gaps)


def jupyter_lines_since(client: Any, region: str, since: dt.datetime) -> Reading[dict[str, Any]]:
    """A row for each line that Jupyter wrote since then about notebooks, whatever the instance.

    Source: CloudWatch Logs API, FilterLogEvents.
    """
    start = int(since.timestamp() * 1000)
    return _events(client, region, "Jupyter", NOTEBOOKS, JUPYTER_FILTER, startTime=start)


def read_endpoint_log(client: Any, region: str, group: dict[str, Any]) -> Reading[EndpointLog]:
    """How often one endpoint was asked, by the algorithm's own count; none if its log is gone.

    Source: CloudWatch Logs API, FilterLogEvents.
    """
    name = group["logGroupName"]
    events = _events(client, region, name.removeprefix(ENDPOINTS), name, INVOCATIONS_FILTER)
    if _is_gone(events):
        return Reading()
    asked = sum(_invocations(event.get("message", "")) for event in events.items)
    return Reading((_endpoint_log(region, group, None if events.gaps else asked),), events.gaps)


def read_training_logs(client: Any, region: str, jobs: Iterable[str]) -> list[Task[TrainingLog]]:
    """A task for each of these jobs' logs, newest job first; only the newest are read."""
    named = list(jobs)
    read = [partial(read_training_log, client, region, job) for job in named[:MOST_LOGS]]
    return [*read, *(partial(_unread, TrainingLog(job, region, None)) for job in named[MOST_LOGS:])]


def read_training_log(client: Any, region: str, job: str) -> Reading[TrainingLog]:
    """Whether one job's algorithm came to its end; none if its log is gone.

    One that is stopped, runs out of time or fails ends without a word.
    Source: CloudWatch Logs API, FilterLogEvents.
    """
    events = _events(client, region, job, TRAINING, END_FILTER, logStreamNamePrefix=f"{job}/")
    if _is_gone(events):
        return Reading()
    ended = any(_is_end(event.get("message", "")) for event in events.items)
    return Reading((TrainingLog(job, region, ended or (None if events.gaps else False)),), events.gaps)


def _events(
    client: Any, region: str, resource: str, group: str, pattern: str, **arguments: Any
) -> Reading[dict[str, Any]]:
    """The lines of one group that match a pattern; a gap says that there are more than are read."""
    return pages(
        client,
        SERVICE,
        "FilterLogEvents",
        "events",
        region,
        resource,
        MOST_PAGES,
        logGroupName=group,
        filterPattern=pattern,
        **arguments,
    )


def _unread(log: Log) -> Reading[Log]:
    """A log that is one too many."""
    match log:
        case JupyterLog():
            name = log.instance
        case EndpointLog():
            name = log.endpoint
        case _:
            name = log.job
    return Reading((log,), (truncated(SERVICE, "FilterLogEvents", log.region, name),))


def _is_gone(reading: Reading[Any]) -> bool:
    """Whether the log was deleted since it was listed: it has gone as one that never was."""
    return any(gap.code in GONE for gap in reading.gaps)


def _jupyter_log(region: str, stream: dict[str, Any], lines: tuple[LogLine, ...] | None) -> JupyterLog:
    return JupyterLog(
        instance=stream["logStreamName"].removesuffix(STREAM),
        region=region,
        began_at=_moment(stream.get("firstEventTimestamp")),
        ended_at=_moment(stream.get("lastEventTimestamp")),
        lines=lines,
    )


def _endpoint_log(region: str, group: dict[str, Any], invocations: int | None) -> EndpointLog:
    return EndpointLog(
        endpoint=group["logGroupName"].removeprefix(ENDPOINTS),
        region=region,
        began_at=_moment(group.get("creationTime")),
        invocations=invocations,
    )


def _jupyter_lines(event: dict[str, Any]) -> list[LogLine]:
    at = _moment(event.get("timestamp"))
    found = ((kind, pattern.search(event.get("message", ""))) for kind, pattern in JUPYTER_LINES)
    return [LogLine(at, kind, _file(match)) for kind, match in found if match and at]


def _file(match: re.Match[str]) -> str | None:
    """The last part of the path alone: folders may hold personal data."""
    return redacted(match[1].rsplit("/", 1)[-1]) if match.re.groups else None


def _is_end(message: str) -> bool:
    """Whether it is the line `#metrics {"Metrics": {"totaltime": {"sum": 52413.3, …}}}`."""
    return _sum(message, "totaltime") is not None


def _invocations(message: str) -> int:
    """The count of one line `#metrics {"Metrics": {"invocations.count": {"sum": 1.0, …}}}`, 0 for any other line."""
    return _sum(message, "invocations.count") or 0


def _sum(message: str, name: str) -> int | None:
    """The sum of one of the algorithm's metrics, rounded down; None where the line does not tell it."""
    _, found, text = message.partition("#metrics ")
    try:
        return int(json.loads(text)["Metrics"][name]["sum"]) if found else None
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _moment(milliseconds: int | None) -> dt.datetime | None:
    return None if milliseconds is None else dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)

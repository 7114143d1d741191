"""CloudWatch logs: what Jupyter did, and how often an endpoint was asked.

Groups, streams and lines: SageMaker developer guide, "CloudWatch Logs for Amazon SageMaker AI".
"""

import datetime as dt
import json
import re
from typing import Any, Literal

from skymark.evidence import EndpointLog, JupyterLog, LogLine
from skymark.survey.reading import Reading, pages

SERVICE = "logs"
PREFIX = "/aws/sagemaker/"
NOTEBOOKS = "/aws/sagemaker/NotebookInstances"
ENDPOINTS = "/aws/sagemaker/Endpoints/"
STREAM = "/jupyter.log"

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


def list_log_groups(client: Any, region: str) -> Reading[dict[str, Any]]:
    """A row for each of SageMaker's log groups in one region. Source: CloudWatch Logs API, DescribeLogGroups."""
    return pages(client, SERVICE, "DescribeLogGroups", "logGroups", region, logGroupNamePrefix=PREFIX)


def list_jupyter_streams(client: Any, region: str) -> Reading[dict[str, Any]]:
    """A row for each notebook instance that wrote Jupyter's log. Source: CloudWatch Logs API, DescribeLogStreams."""
    rows = pages(client, SERVICE, "DescribeLogStreams", "logStreams", region, logGroupName=NOTEBOOKS)
    return Reading(tuple(row for row in rows.items if row["logStreamName"].endswith(STREAM)), rows.gaps)


def read_jupyter_log(client: Any, region: str, stream: dict[str, Any]) -> Reading[JupyterLog]:
    """One instance's log, oldest line first. Source: CloudWatch Logs API, FilterLogEvents."""
    name = stream["logStreamName"]
    events = pages(
        client,
        SERVICE,
        "FilterLogEvents",
        "events",
        region,
        logGroupName=NOTEBOOKS,
        logStreamNames=[name],
        filterPattern=JUPYTER_FILTER,
    )
    lines = sorted((line for event in events.items for line in _jupyter_lines(event)), key=lambda line: line.at)
    log = JupyterLog(
        instance=name.removesuffix(STREAM),
        region=region,
        began_at=_moment(stream.get("firstEventTimestamp")),
        ended_at=_moment(stream.get("lastEventTimestamp")),
        lines=None if events.gaps else tuple(lines),
    )
    return Reading((log,), events.gaps)


def read_endpoint_log(client: Any, region: str, group: dict[str, Any]) -> Reading[EndpointLog]:
    """How often one endpoint was asked, by the algorithm's own count. Source: CloudWatch Logs API, FilterLogEvents."""
    name = group["logGroupName"]
    events = pages(
        client, SERVICE, "FilterLogEvents", "events", region, logGroupName=name, filterPattern=INVOCATIONS_FILTER
    )
    asked = sum(_invocations(event["message"]) for event in events.items)
    log = EndpointLog(
        endpoint=name.removeprefix(ENDPOINTS),
        region=region,
        began_at=_moment(group.get("creationTime")),
        invocations=None if events.gaps else asked,
    )
    return Reading((log,), events.gaps)


def _jupyter_lines(event: dict[str, Any]) -> list[LogLine]:
    at = _moment(event["timestamp"])
    found = ((kind, pattern.search(event["message"])) for kind, pattern in JUPYTER_LINES)
    return [LogLine(at, kind, _file(match)) for kind, match in found if match and at]


def _file(match: re.Match[str]) -> str | None:
    """The last part of the path alone: folders may hold personal data."""
    return match[1].rsplit("/", 1)[-1] if match.re.groups else None


def _invocations(message: str) -> int:
    """The count of one line `#metrics {"Metrics": {"invocations.count": {"sum": 1.0, …}}}`, 0 for any other line."""
    _, found, text = message.partition("#metrics ")
    try:
        return int(json.loads(text)["Metrics"]["invocations.count"]["sum"]) if found else 0
    except (ValueError, KeyError, TypeError, OverflowError):
        return 0


def _moment(milliseconds: int | None) -> dt.datetime | None:
    return None if milliseconds is None else dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)

"""How often endpoints were asked, as CloudWatch counted.

Source: SageMaker guide, "Metrics for monitoring Amazon SageMaker AI with Amazon CloudWatch"; CloudWatch API,
GetMetricData.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from skymark.evidence import EndpointMetric, Gap
from skymark.survey.reading import Reading, pages

SERVICE = "cloudwatch"
# The one that the console and the SDK call their only variant.
VARIANT = "AllTraffic"
PERIOD_S = 3600
BACK = dt.timedelta(days=90)
MOST = 500  # metrics in one call
FAILED = ("InternalError", "Forbidden")
"""By which CloudWatch tells that it has no sum for one metric, in an answer that is a success."""


def read_invocations(client: Any, region: str, endpoints: Sequence[str], now: dt.datetime) -> Reading[EndpointMetric]:
    """The invocations of each of these endpoints in the last 90 days; of one that was never asked there are none."""
    names = sorted(set(endpoints))[:MOST]
    if not names:
        return Reading()
    queries = [_query(number, name) for number, name in enumerate(names)]
    end = now.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    rows = pages(
        client,
        SERVICE,
        "GetMetricData",
        "MetricDataResults",
        region,
        MetricDataQueries=queries,
        StartTime=end - BACK,
        EndTime=end,
    )
    if rows.gaps:  # half of a sum is none
        return Reading((), rows.gaps)
    failed = next((row["StatusCode"] for row in rows.items if row.get("StatusCode") in FAILED), None)
    if failed is not None:
        return Reading((), (Gap(SERVICE, "GetMetricData", region, failed, "Wait a minute, then check again."),))
    sums = Counter[str]()
    for row in rows.items:
        sums[row["Id"]] += int(sum(row.get("Values", ())))
    return Reading(tuple(EndpointMetric(name, region, sums[f"m{number}"]) for number, name in enumerate(names)))


def _query(number: int, endpoint: str) -> dict[str, Any]:
    dimensions = [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": VARIANT}]
    metric = {"Namespace": "AWS/SageMaker", "MetricName": "Invocations", "Dimensions": dimensions}
    return {"Id": f"m{number}", "MetricStat": {"Metric": metric, "Period": PERIOD_S, "Stat": "Sum"}}

"""How often endpoints were asked, as CloudWatch counted.

Source: SageMaker guide, "Metrics for monitoring Amazon SageMaker AI with Amazon CloudWatch"; CloudWatch API,
GetMetricData.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from skymark.evidence import EndpointMetric
from skymark.survey.reading import REFUSALS, Reading, gap

SERVICE = "cloudwatch"
# The one that the console and the SDK call their only variant.
VARIANT = "AllTraffic"
PERIOD_S = 3600
BACK = dt.timedelta(days=90)
MOST = 500  # metrics in one call


def read_invocations(client: Any, region: str, endpoints: Sequence[str], now: dt.datetime) -> Reading[EndpointMetric]:
    """The invocations of each of these endpoints in the last 90 days; of one that was never asked there are none."""
    names = sorted(set(endpoints))[:MOST]
    if not names:
        return Reading()
    queries = [_query(number, name) for number, name in enumerate(names)]
    end = now.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    try:
        answer = client.get_metric_data(MetricDataQueries=queries, StartTime=end - BACK, EndTime=end)
    except REFUSALS as error:
        return Reading((), (gap(SERVICE, "GetMetricData", region, error),))
    sums = {row["Id"]: int(sum(row["Values"])) for row in answer["MetricDataResults"]}
    return Reading(tuple(EndpointMetric(name, region, sums.get(f"m{number}", 0)) for number, name in enumerate(names)))


def _query(number: int, endpoint: str) -> dict[str, Any]:
    dimensions = [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": VARIANT}]
    metric = {"Namespace": "AWS/SageMaker", "MetricName": "Invocations", "Dimensions": dimensions}
    return {"Id": f"m{number}", "MetricStat": {"Metric": metric, "Period": PERIOD_S, "Stat": "Sum"}}

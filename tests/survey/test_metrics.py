"""How often endpoints were asked, as CloudWatch counted."""

import datetime as dt

import pytest
from botocore.stub import Stubber

from skymark.evidence import EndpointMetric
from skymark.survey.metrics import read_invocations
from skymark.survey.reading import Reading

NOW = dt.datetime(2026, 7, 2, 10, 30, tzinfo=dt.UTC)


def test_the_hours_are_summed_for_each_endpoint(client):
    """One that was never asked has none."""
    cloudwatch = client("cloudwatch")
    with Stubber(cloudwatch) as aws:
        aws.add_response("get_metric_data", {"MetricDataResults": [{"Id": "m0", "Values": [51.0, 50.0]}]})
        found = read_invocations(cloudwatch, "us-east-1", ["asked", "quiet"], NOW)

    assert found.gaps == ()
    assert found.items == (EndpointMetric("asked", "us-east-1", 101), EndpointMetric("quiet", "us-east-1", 0))


def test_hours_that_stand_on_further_pages_are_summed_too(client):
    """CloudWatch answers so many at a time."""
    cloudwatch = client("cloudwatch")
    with Stubber(cloudwatch) as aws:
        for more in ({"NextToken": "more"}, {}):
            aws.add_response("get_metric_data", {"MetricDataResults": [{"Id": "m0", "Values": [51.0]}]} | more)
        found = read_invocations(cloudwatch, "us-east-1", ["asked"], NOW)

    assert found == Reading((EndpointMetric("asked", "us-east-1", 102),))


@pytest.mark.parametrize("first", [{"StatusCode": "InternalError"}, {"NextToken": "more"}])
def test_half_of_a_sum_is_none(client, first):
    """A metric that CloudWatch failed to sum, or a page that did not come."""
    cloudwatch = client("cloudwatch")
    row = {"Id": "m0", "Values": [1.0]} | {name: first[name] for name in first if name != "NextToken"}
    with Stubber(cloudwatch) as aws:
        aws.add_response(
            "get_metric_data", {"MetricDataResults": [row]} | {name: first[name] for name in first if name not in row}
        )
        aws.add_client_error("get_metric_data", "Throttling")
        found = read_invocations(cloudwatch, "us-east-1", ["asked"], NOW)

    assert (found.items, [gap.call for gap in found.gaps]) == ((), ["GetMetricData"])


def test_a_refusal_is_a_gap(client):
    """Nobody knows then how often."""
    cloudwatch = client("cloudwatch")
    with Stubber(cloudwatch) as aws:
        aws.add_client_error("get_metric_data", "AccessDenied")
        found = read_invocations(cloudwatch, "us-east-1", ["asked"], NOW)

    assert (found.items, [(gap.call, gap.code) for gap in found.gaps]) == ((), [("GetMetricData", "AccessDenied")])


def test_nothing_is_asked_about_no_endpoint(client):
    """No call is made."""
    with Stubber(cloudwatch := client("cloudwatch")):
        assert read_invocations(cloudwatch, "us-east-1", [], NOW).items == ()

"""How often endpoints were asked, as CloudWatch counted."""

import datetime as dt

from botocore.stub import Stubber

from skymark.evidence import EndpointMetric
from skymark.survey.metrics import read_invocations

NOW = dt.datetime(2026, 7, 2, 10, 30, tzinfo=dt.UTC)


def test_the_hours_are_summed_for_each_endpoint(client):
    """One that was never asked has none."""
    cloudwatch = client("cloudwatch")
    with Stubber(cloudwatch) as aws:
        aws.add_response("get_metric_data", {"MetricDataResults": [{"Id": "m0", "Values": [51.0, 50.0]}]})
        found = read_invocations(cloudwatch, "us-east-1", ["asked", "quiet"], NOW)

    assert found.gaps == ()
    assert found.items == (EndpointMetric("asked", "us-east-1", 101), EndpointMetric("quiet", "us-east-1", 0))


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

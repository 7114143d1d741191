"""Which calls are in the event history, under which names, and where."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.cloudtrail import Event

Happened = Callable[..., Event | None]


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("sagemaker-runtime", "InvokeEndpoint", {"EndpointName": "e"}),
        ("sagemaker-metrics", "BatchPutMetrics", {}),
        ("s3", "PutObject", {"Bucket": "b", "Key": "k"}),
        ("s3", "UploadPart", {"Bucket": "b", "Key": "k"}),
        ("s3", "ListObjectsV2", {"Bucket": "b"}),
        ("s3", "HeadBucket", {"Bucket": "b"}),
        ("s3", "DeleteObjects", {"Bucket": "b"}),
        ("logs", "PutLogEvents", {}),
        ("logs", "GetLogEvents", {}),
        ("logs", "FilterLogEvents", {}),
        ("cloudwatch", "GetMetricData", {}),
        ("cloudwatch", "ListMetrics", {}),
        ("cloudwatch", "PutMetricData", {}),
        ("sagemaker", None, {}),
        ("sagemaker", "CreateNonsense", {}),
        ("nosuchservice", "CreateNonsense", {}),
    ],
)
def test_data_plane_and_nonsense_are_not_recorded(
    happened: Happened, service: str, operation: str | None, params: dict[str, Any]
) -> None:
    """Predictions, objects, log lines and metrics leave no trace in the event history."""
    assert happened(service, operation, params) is None


@pytest.mark.parametrize(
    ("service", "operation", "source", "read_only"),
    [
        ("sagemaker", "DescribeEndpoint", "sagemaker.amazonaws.com", "true"),
        ("sagemaker", "Search", "sagemaker.amazonaws.com", "true"),
        ("sagemaker", "StopTrainingJob", "sagemaker.amazonaws.com", "false"),
        ("sagemaker", "AddTags", "sagemaker.amazonaws.com", "false"),
        ("logs", "CreateLogStream", "logs.amazonaws.com", "false"),
        ("logs", "DescribeLogStreams", "logs.amazonaws.com", "true"),
        ("cloudwatch", "DescribeAlarms", "monitoring.amazonaws.com", "true"),
        ("cloudtrail", "LookupEvents", "cloudtrail.amazonaws.com", "true"),
        ("ec2", "RunInstances", "ec2.amazonaws.com", "false"),
        ("iam", "SimulatePrincipalPolicy", "iam.amazonaws.com", "true"),
        ("iam", "PutRolePolicy", "iam.amazonaws.com", "false"),
        ("kms", "Decrypt", "kms.amazonaws.com", "false"),
        ("ecr", "DescribeRepositories", "ecr.amazonaws.com", "true"),
        ("service-quotas", "ListServiceQuotas", "servicequotas.amazonaws.com", "true"),
        ("sts", "GetCallerIdentity", "sts.amazonaws.com", "true"),
        ("sts", "AssumeRole", "sts.amazonaws.com", "true"),
        ("sts", "GetFederationToken", "sts.amazonaws.com", "false"),
    ],
)
def test_source_and_whether_it_reads_only(
    happened: Happened, service: str, operation: str, source: str, read_only: str
) -> None:
    """The source is the service's short name, which is not always botocore's; reading is told by the call's name."""
    event = happened(service, operation, {})

    assert event is not None
    assert (event.EventSource, event.EventName, event.ReadOnly) == (source, operation, read_only)


@pytest.mark.parametrize(
    ("service", "operation", "response", "region"),
    [
        ("sagemaker", "ListModels", {}, "eu-west-1"),
        ("iam", "ListRoles", {}, "us-east-1"),
        ("sts", "GetCallerIdentity", {}, "eu-west-1"),
        ("s3", "GetBucketLocation", {"LocationConstraint": "ap-south-1"}, "ap-south-1"),
        ("s3", "GetBucketLocation", {"LocationConstraint": None}, "us-east-1"),
        ("s3", "GetBucketAcl", {}, "eu-west-1"),
    ],
)
def test_region_of_a_call_made_in_eu_west_1(
    recorded: Callable[..., dict[str, Any]], service: str, operation: str, response: dict[str, Any], region: str
) -> None:
    """IAM is in us-east-1, a bucket where it says that it is, all else where it was asked."""
    params = {"Bucket": "b"} if service == "s3" else {}
    event = recorded(service, operation, params, response, region="eu-west-1")

    assert event["awsRegion"] == region


def test_a_bucket_that_was_not_made_is_kept_where_it_was_asked(recorded: Callable[..., dict[str, Any]]) -> None:
    """What was refused made no bucket elsewhere."""
    params = {"Bucket": "b", "CreateBucketConfiguration": {"LocationConstraint": "us-west-2"}}
    refused = ("IllegalLocationConstraintException", "The us-west-2 location constraint is incompatible.")
    event = recorded("s3", "CreateBucket", params, region="eu-west-1", status=400, error=refused)

    assert event["awsRegion"] == "eu-west-1"

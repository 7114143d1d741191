"""What `LookupEvents` lists as an event's resources."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.cloudtrail import Event

ROLE = "AWS::IAM::Role"


@pytest.mark.parametrize(
    ("service", "operation", "params", "response", "resources"),
    [
        ("s3", "DeleteBucket", {"Bucket": "b"}, {}, (("AWS::S3::Bucket", "b"),)),
        ("s3", "ListBuckets", {}, {}, ()),
        ("sagemaker", "DeleteEndpoint", {"EndpointName": "e"}, {}, ()),
        (
            "iam",
            "CreateRole",
            {"RoleName": "r"},
            {"Role": {"RoleName": "r", "RoleId": "AROA", "Arn": "arn:aws:iam::111122223333:role/r"}},
            ((ROLE, "r"), (ROLE, "AROA"), (ROLE, "arn:aws:iam::111122223333:role/r")),
        ),
        (
            "iam",
            "AttachRolePolicy",
            {"RoleName": "r", "PolicyArn": "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"},
            {},
            (("AWS::IAM::Policy", "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"), (ROLE, "r")),
        ),
        (
            "sts",
            "AssumeRole",
            {"RoleArn": "arn:aws:iam::111122223333:role/r", "RoleSessionName": "s"},
            {
                "Credentials": {"AccessKeyId": "ASIANEW"},
                "AssumedRoleUser": {"AssumedRoleId": "AROA:s", "Arn": "arn:aws:sts::111122223333:assumed-role/r/s"},
            },
            (
                ("AWS::IAM::AccessKey", "ASIANEW"),
                ("AWS::STS::AssumedRole", "s"),
                ("AWS::STS::AssumedRole", "AROA:s"),
                ("AWS::STS::AssumedRole", "arn:aws:sts::111122223333:assumed-role/r/s"),
                (ROLE, "arn:aws:iam::111122223333:role/r"),
            ),
        ),
    ],
)
def test_resources(
    happened: Callable[..., Event | None],
    service: str,
    operation: str,
    params: dict[str, Any],
    response: dict[str, Any],
    resources: tuple[tuple[str, str], ...],
) -> None:
    """Buckets, IAM's things and sessions are listed, each once; SageMaker's things are not."""
    event = happened(service, operation, params, response)

    assert event is not None
    assert event.Resources == resources

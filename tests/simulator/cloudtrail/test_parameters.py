"""Names and values of parameters, as CloudTrail writes them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

Recorded = Callable[..., dict[str, Any]]


def test_keys_of_maps_stay_and_keys_of_structures_do_not(recorded: Recorded) -> None:
    """A container's environment keeps its keys; the tags' `Key` and `Value` are names of the API."""
    event = recorded(
        "sagemaker",
        "CreateModel",
        {
            "ModelName": "M",
            "PrimaryContainer": {"Image": "I", "Environment": {"SAGEMAKER_Program": "Train.py"}},
            "Tags": [{"Key": "Course", "Value": "Intro"}],
            "EnableNetworkIsolation": False,
        },
    )

    assert event["requestParameters"] == {
        "modelName": "M",
        "primaryContainer": {"image": "I", "environment": {"SAGEMAKER_Program": "Train.py"}},
        "tags": [{"key": "Course", "value": "Intro"}],
        "enableNetworkIsolation": False,
    }


def test_a_secret_key_is_never_recorded(recorded: Recorded) -> None:
    """Of a new access key all is told but the secret."""
    event = recorded(
        "iam",
        "CreateAccessKey",
        {"UserName": "student"},
        {
            "AccessKey": {
                "UserName": "student",
                "AccessKeyId": "AKIAEXAMPLE",
                "Status": "Active",
                "SecretAccessKey": "secret",
                "CreateDate": dt.datetime(2026, 7, 1, 17, 5, 9, tzinfo=dt.UTC),
            }
        },
    )

    assert event["responseElements"] == {
        "accessKey": {
            "userName": "student",
            "accessKeyId": "AKIAEXAMPLE",
            "status": "Active",
            "createDate": "Jul 1, 2026, 5:05:09 PM",
        }
    }


def test_a_session_is_told_without_its_secret_key(recorded: Recorded) -> None:
    """AssumeRole changes nothing, and yet its answer is recorded; its secret key is not."""
    event = recorded(
        "sts",
        "AssumeRole",
        {"RoleArn": "arn:aws:iam::111122223333:role/R", "RoleSessionName": "s", "DurationSeconds": 900},
        {
            "Credentials": {
                "AccessKeyId": "ASIANEW",
                "SecretAccessKey": "secret",
                "SessionToken": "token",
                "Expiration": dt.datetime(2026, 11, 30, 0, 0, 0, tzinfo=dt.UTC),
            },
            "AssumedRoleUser": {"AssumedRoleId": "AROA:s", "Arn": "arn:aws:sts::111122223333:assumed-role/R/s"},
        },
    )

    assert event["requestParameters"] == {
        "roleArn": "arn:aws:iam::111122223333:role/R",
        "roleSessionName": "s",
        "durationSeconds": 900,
    }
    assert event["responseElements"] == {
        "credentials": {
            "accessKeyId": "ASIANEW",
            "sessionToken": "token",
            "expiration": "Nov 30, 2026, 12:00:00 AM",
        },
        "assumedRoleUser": {"assumedRoleId": "AROA:s", "arn": "arn:aws:sts::111122223333:assumed-role/R/s"},
    }


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("iam", "CreateLoginProfile", {"UserName": "student", "Password": "secret"}),
        ("kms", "Encrypt", {"KeyId": "k", "Plaintext": b"secret"}),
        ("sts", "AssumeRoleWithWebIdentity", {"RoleSessionName": "s", "WebIdentityToken": "secret"}),
    ],
)
def test_passwords_tokens_and_bytes_are_left_out(
    recorded: Recorded, service: str, operation: str, params: dict[str, Any]
) -> None:
    """What AWS's description calls sensitive, or what is no text, is not written down."""
    event = recorded(service, operation, params)

    assert "secret" not in str(event)


def test_ec2_writes_lists_as_sets_of_items(recorded: Recorded) -> None:
    """EC2's own way with lists."""
    event = recorded(
        "ec2",
        "DescribeVolumes",
        {"Filters": [{"Name": "status", "Values": ["available", "in-use"]}], "VolumeIds": ["vol-1"], "MaxResults": 5},
    )

    assert event["requestParameters"] == {
        "filterSet": {
            "items": [{"name": "status", "valueSet": {"items": [{"value": "available"}, {"value": "in-use"}]}}]
        },
        "volumeSet": {"items": [{"volumeId": "vol-1"}]},
        "maxResults": 5,
    }


def test_what_the_api_does_not_know_is_left_out(recorded: Recorded) -> None:
    """A parameter of no name in the API's description, or without a value, is not recorded."""
    event = recorded("sagemaker", "DeleteModel", {"ModelName": "m", "Nonsense": 1, "Another": None})

    assert event["requestParameters"] == {"modelName": "m"}

"""Which of IAM's actions a call is."""

import json
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from moto.core.utils import get_service_model

from simulator.authorization.actions import action_of
from simulator.call import Call

# Read and not imported: importing policyuniverse leaves this file open, which pytest reports.
_LIBRARY = json.loads(Path(distribution("policyuniverse").locate_file("policyuniverse/data.json")).read_bytes())
# S3 operations without an action of their own, and those that came after the library's data of 2023-11.
_BEYOND_THE_LIBRARY = {
    "s3:BucketCORSPreflightCheck",
    "s3:CreateBucketMetadataConfiguration",
    "s3:CreateBucketMetadataTableConfiguration",
    "s3:CreateSession",
    "s3:DeleteBucketMetadataConfiguration",
    "s3:DeleteBucketMetadataTableConfiguration",
    "s3:DeleteObjectAnnotation",
    "s3:GetBucketAbac",
    "s3:GetBucketMetadataConfiguration",
    "s3:GetBucketMetadataTableConfiguration",
    "s3:GetObjectAnnotation",
    "s3:ListDirectoryBuckets",
    "s3:ListObjectAnnotations",
    "s3:ObjectCORSPreflightCheck",
    "s3:PutBucketAbac",
    "s3:PutObjectAnnotation",
    "s3:RenameObject",
    "s3:UpdateBucketMetadataAnnotationTableConfiguration",
    "s3:UpdateBucketMetadataInventoryTableConfiguration",
    "s3:UpdateBucketMetadataJournalTableConfiguration",
    "s3:UpdateObjectEncryption",
    "s3:WriteGetObjectResponse",
}


def _action(service: str, operation: str, **params: Any) -> str:
    return action_of(Call(service, operation, "us-east-1", "AKIAEXAMPLE", params))


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("s3", "ListBuckets", "s3:ListAllMyBuckets"),
        ("s3", "ListObjectsV2", "s3:ListBucket"),
        ("s3", "ListObjects", "s3:ListBucket"),
        ("s3", "HeadBucket", "s3:ListBucket"),
        ("s3", "HeadObject", "s3:GetObject"),
        ("s3", "GetObject", "s3:GetObject"),
        ("s3", "PutObject", "s3:PutObject"),
        ("s3", "CreateMultipartUpload", "s3:PutObject"),
        ("s3", "UploadPart", "s3:PutObject"),
        ("s3", "CompleteMultipartUpload", "s3:PutObject"),
        ("s3", "AbortMultipartUpload", "s3:AbortMultipartUpload"),
        ("s3", "CopyObject", "s3:PutObject"),
        ("s3", "DeleteObjects", "s3:DeleteObject"),
        ("s3", "GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
        ("s3", "GetBucketEncryption", "s3:GetEncryptionConfiguration"),
        ("s3", "GetBucketPolicyStatus", "s3:GetBucketPolicyStatus"),
        ("s3", "GetBucketLocation", "s3:GetBucketLocation"),
        ("s3control", "GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock"),
        ("s3control", "PutPublicAccessBlock", "s3:PutAccountPublicAccessBlock"),
        ("cloudwatch", "GetMetricData", "cloudwatch:GetMetricData"),
        ("sagemaker", "CreateModel", "sagemaker:CreateModel"),
        ("sagemaker-runtime", "InvokeEndpoint", "sagemaker:InvokeEndpoint"),
        ("sagemaker-metrics", "BatchPutMetrics", "sagemaker:BatchPutMetrics"),
        ("logs", "FilterLogEvents", "logs:FilterLogEvents"),
        ("iam", "GetRole", "iam:GetRole"),
        ("sts", "AssumeRole", "sts:AssumeRole"),
        ("ec2", "DescribeRegions", "ec2:DescribeRegions"),
        ("account", "ListRegions", "account:ListRegions"),
        ("cloudtrail", "LookupEvents", "cloudtrail:LookupEvents"),
        ("service-quotas", "ListServiceQuotas", "servicequotas:ListServiceQuotas"),
        ("resourcegroupstaggingapi", "GetResources", "tag:GetResources"),
        ("efs", "DescribeFileSystems", "elasticfilesystem:DescribeFileSystems"),
        ("lambda", "Invoke", "lambda:InvokeFunction"),
    ],
)
def test_action(service: str, operation: str, expected: str) -> None:
    """The names that are known by heart."""
    assert _action(service, operation) == expected


def test_versions_have_actions_of_their_own() -> None:
    """To read or delete one version is another permission."""
    assert _action("s3", "GetObject", VersionId="v") == "s3:GetObjectVersion"
    assert _action("s3", "HeadObject", VersionId="v") == "s3:GetObjectVersion"
    assert _action("s3", "DeleteObject", VersionId="v") == "s3:DeleteObjectVersion"


def test_s3s_actions_are_actions_that_aws_has() -> None:
    """Every operation of S3's leads to an action that the library policyuniverse knows, or to one listed here."""
    services = [each for each in _LIBRARY.values() if each["prefix"] == "s3"]
    known = {f"s3:{action}".lower() for each in services for action in each["actions"]}

    unknown = {_action("s3", each) for each in get_service_model("s3").operation_names}

    assert {each for each in unknown if each.lower() not in known} == _BEYOND_THE_LIBRARY

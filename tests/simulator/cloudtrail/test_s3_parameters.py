"""S3's calls, as CloudTrail writes them."""

from collections.abc import Callable
from typing import Any

import pytest

Recorded = Callable[..., dict[str, Any]]

XMLNS = "http://s3.amazonaws.com/doc/2006-03-01/"
BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


@pytest.mark.parametrize(
    ("operation", "params", "name", "written"),
    [
        ("GetBucketAcl", {}, "GetBucketAcl", {"acl": ""}),
        (
            "GetBucketVersioning",
            {"ExpectedBucketOwner": "1"},
            "GetBucketVersioning",
            {"versioning": "", "x-amz-expected-bucket-owner": "1"},
        ),
        (
            "PutPublicAccessBlock",
            {"PublicAccessBlockConfiguration": BLOCKED},
            "PutBucketPublicAccessBlock",
            {"publicAccessBlock": "", "PublicAccessBlockConfiguration": {"xmlns": XMLNS, **BLOCKED}},
        ),
        (
            "PutBucketOwnershipControls",
            {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
            "PutBucketOwnershipControls",
            {
                "ownershipControls": "",
                "OwnershipControls": {"xmlns": XMLNS, "Rule": {"ObjectOwnership": "BucketOwnerEnforced"}},
            },
        ),
        (
            "PutBucketTagging",
            {"Tagging": {"TagSet": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}},
            "PutBucketTagging",
            {
                "tagging": "",
                "Tagging": {
                    "xmlns": XMLNS,
                    "TagSet": {"Tag": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]},
                },
            },
        ),
        (
            "PutBucketPolicy",
            {"Policy": '{"Version": "2012-10-17"}'},
            "PutBucketPolicy",
            {"policy": "", "bucketPolicy": {"Version": "2012-10-17"}},
        ),
        ("PutBucketPolicy", {"Policy": "no policy"}, "PutBucketPolicy", {"policy": "", "bucketPolicy": "no policy"}),
        ("GetBucketLifecycleConfiguration", {}, "GetBucketLifecycle", {"lifecycle": ""}),
        ("DeleteBucket", {}, "DeleteBucket", {}),
    ],
)
def test_headers_query_and_body_in_their_own_spelling(
    recorded: Recorded, operation: str, params: dict[str, Any], name: str, written: dict[str, Any]
) -> None:
    """What was asked for, the bucket's host, headers by name, and the body as XML has it."""
    event = recorded("s3", operation, {"Bucket": "b", **params}, region="eu-west-1")

    assert (event["eventName"], event["awsRegion"]) == (name, "eu-west-1")
    assert event["requestParameters"] == {"bucketName": "b", "Host": "b.s3.eu-west-1.amazonaws.com", **written}


def test_list_buckets_has_no_bucket(recorded: Recorded) -> None:
    """Nothing but the host, and no resources."""
    event = recorded("s3", "ListBuckets", {"Prefix": "sagemaker-"})

    assert event["requestParameters"] == {"Host": "s3.us-east-1.amazonaws.com", "prefix": "sagemaker-"}
    assert "resources" not in event


def test_the_accounts_own_public_access_block(recorded: Recorded) -> None:
    """The account's setting is an event of S3 under another name."""
    params = {"AccountId": "111122223333", "PublicAccessBlockConfiguration": BLOCKED}
    event = recorded("s3control", "PutPublicAccessBlock", params)

    assert (event["eventSource"], event["eventName"]) == ("s3.amazonaws.com", "PutAccountPublicAccessBlock")
    assert event["requestParameters"] == {
        "Host": "111122223333.s3-control.us-east-1.amazonaws.com",
        "x-amz-account-id": "111122223333",
        "PublicAccessBlockConfiguration": {"xmlns": XMLNS, **BLOCKED},
    }

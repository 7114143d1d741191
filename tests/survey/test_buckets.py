"""Buckets: what is not set is an answer, what is not answered is a gap."""

import datetime as dt

import pytest
from botocore.stub import Stubber
from msgspec.structs import replace

from skymark.evidence import Bucket, PublicAccessBlock, Resource
from skymark.survey.buckets import account_public_access_block, list_buckets, list_uploads, look_into
from skymark.survey.reading import Reading
from skymark.survey.waves import in_turn

MADE = dt.datetime(2019, 7, 1, 18, 20, tzinfo=dt.UTC)
LISTED = Bucket("sagemaker-20190701-1820", MADE)
ALL_ON = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
ON = PublicAccessBlock(True, True, True, True)
NEW = Bucket(
    LISTED.name, MADE, None, True, ON, policy_is_public=False, acl_is_public=False, versioned=False, versioning="Off"
)
OWNER = {"Grantee": {"Type": "CanonicalUser", "ID": "1"}, "Permission": "FULL_CONTROL"}
EVERYBODY = {
    "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"},
    "Permission": "READ",
}


def looked(client, *answers):
    """Look into the bucket; answers are operation and response, or operation and error code."""
    s3 = client("s3")
    with Stubber(s3) as aws:
        for operation, answer in answers:
            if isinstance(answer, str):
                aws.add_client_error(operation, answer)
            else:
                aws.add_response(operation, answer)
        return in_turn(look_into(s3, LISTED))


def answers(**different):
    """What S3 answers of a new bucket, but for some."""
    usual = {
        "get_bucket_location": {"LocationConstraint": "us-west-2"},
        "get_public_access_block": {"PublicAccessBlockConfiguration": ALL_ON},
        "get_bucket_policy_status": "NoSuchBucketPolicy",
        "get_bucket_acl": {"Grants": [OWNER]},
        "list_objects_v2": {"Contents": [{"Key": "x"}]},
        "get_bucket_versioning": {},
    }
    return tuple((usual | different).items())


def test_a_new_bucket(client):
    """All is read, nothing is unknown."""
    reading = looked(client, *answers())

    assert reading == Reading((replace(NEW, region="us-west-2", has_objects=True),))


@pytest.mark.parametrize(
    ("place", "region"),
    [
        ({}, "us-east-1"),
        ({"LocationConstraint": ""}, "us-east-1"),
        ({"LocationConstraint": "EU"}, "eu-west-1"),
        ({"LocationConstraint": "eu-west-3"}, "eu-west-3"),
    ],
)
def test_old_ways_to_name_a_region(client, place, region):
    """Nothing stands for us-east-1."""
    assert looked(client, *answers(get_bucket_location=place)).items[0].region == region


def test_no_switches_are_all_off(client):
    """S3 answers with an error code that is an answer."""
    reading = looked(client, *answers(get_public_access_block="NoSuchPublicAccessBlockConfiguration"))

    assert reading.items[0].public_access_block == PublicAccessBlock()
    assert reading.gaps == ()


def test_whoever_is_in_the_access_control_list(client):
    """Everybody is public."""
    assert looked(client, *answers(get_bucket_acl={"Grants": [OWNER, EVERYBODY]})).items[0].acl_is_public is True


@pytest.mark.parametrize(
    ("operation", "call", "field"),
    [
        ("get_bucket_location", "GetBucketLocation", "region"),
        ("get_public_access_block", "GetPublicAccessBlock", "public_access_block"),
        ("get_bucket_policy_status", "GetBucketPolicyStatus", "policy_is_public"),
        ("get_bucket_acl", "GetBucketAcl", "acl_is_public"),
        ("list_objects_v2", "ListObjectsV2", "has_objects"),
        ("get_bucket_versioning", "GetBucketVersioning", "versioned"),
    ],
)
def test_what_was_refused_is_unknown_and_a_gap(client, operation, call, field):
    """And everything else is still read."""
    reading = looked(client, *answers(**{operation: "AccessDenied"}))

    assert getattr(reading.items[0], field) is None
    assert [(one.call, one.code, one.resource) for one in reading.gaps] == [(call, "AccessDenied", LISTED.name)]


@pytest.mark.parametrize("last", range(6))
def test_a_bucket_that_was_deleted_meanwhile_is_left_out(client, last):
    """Whenever that shows: it is not there, and nothing is unknown."""
    until = [*answers()[:last], (answers()[last][0], "NoSuchBucket")]

    assert looked(client, *until) == Reading()


def test_a_public_policy_is_told_and_an_empty_bucket_too(client):
    """By S3's own judgement of the policy."""
    public = {"PolicyStatus": {"IsPublic": True}}
    (found,) = looked(client, *answers(get_bucket_policy_status=public, list_objects_v2={"KeyCount": 0})).items

    assert (found.policy_is_public, found.has_objects) == (True, False)


@pytest.mark.parametrize("status", ["Enabled", "Suspended"])
def test_a_bucket_that_keeps_versions_or_once_did(client, status):
    """Either way there may be some, which deleting its objects leaves behind."""
    (found,) = looked(client, *answers(get_bucket_versioning={"Status": status})).items

    assert (found.versioned, found.versioning) == (True, status)


UPLOAD = {"UploadId": "u", "Key": "train/data", "Initiated": MADE}


def uploads(client, *pages):
    """List the bucket's unfinished uploads; pages are responses or an error code."""
    s3 = client("s3")
    with Stubber(s3) as aws:
        for page in pages:
            if isinstance(page, str):
                aws.add_client_error("list_multipart_uploads", page)
            else:
                aws.add_response("list_multipart_uploads", page)
        return list_uploads(s3, Bucket(LISTED.name, MADE, "eu-west-3"))


def test_unfinished_uploads_are_named_by_bucket_and_key(client):
    """Every page of them."""
    more = {"IsTruncated": True, "NextKeyMarker": "k", "NextUploadIdMarker": "m"}

    assert uploads(client, more, {"Uploads": [UPLOAD]}) == Reading(
        (Resource("s3", "multipart-upload", "u", "eu-west-3", None, MADE, (LISTED.name, "train/data")),)
    )


def test_refused_uploads_are_a_gap_and_those_of_a_bucket_that_is_gone_are_none(client):
    """What is gone has none."""
    refused = uploads(client, "AccessDenied")

    assert [(one.call, one.resource) for one in refused.gaps] == [("ListMultipartUploads", LISTED.name)]
    assert uploads(client, "NoSuchBucket") == Reading()


def test_every_page_of_buckets_is_read_and_what_was_read_before_a_refusal_is_kept(client):
    """With the region, which S3 tells if it is asked by pages."""
    row = {"Name": "b", "CreationDate": MADE, "BucketRegion": "us-west-2"}
    s3 = client("s3")
    with Stubber(s3) as aws:
        aws.add_response("list_buckets", {"Buckets": [], "ContinuationToken": "1"}, {"MaxBuckets": 1000})
        aws.add_response("list_buckets", {"Buckets": [row]})
        aws.add_response("list_buckets", {"Buckets": [row], "ContinuationToken": "2"})
        aws.add_client_error("list_buckets", "AccessDenied")
        whole, half = list_buckets(s3), list_buckets(s3)

    assert whole == Reading((Bucket("b", MADE, "us-west-2"),))
    assert half.items == whole.items
    assert [(one.service, one.call, one.region, one.code) for one in half.gaps] == [
        ("s3", "ListBuckets", None, "AccessDenied")
    ]


def test_a_bucket_in_another_region_is_read_from_home(account, connection):
    """S3 leads the way."""
    account.make_bucket("sagemaker-20190701-1820", "eu-west-3")
    reading = in_turn(look_into(connection.client("s3"), LISTED))

    assert reading == Reading((replace(NEW, region="eu-west-3", has_objects=False),))


@pytest.mark.parametrize(
    ("answer", "items", "codes"),
    [
        ({"PublicAccessBlockConfiguration": ALL_ON}, (PublicAccessBlock(True, True, True, True),), []),
        ("NoSuchPublicAccessBlockConfiguration", (PublicAccessBlock(),), []),
        ("AccessDenied", (), ["AccessDenied"]),
    ],
)
def test_the_accounts_own_switches(client, answer, items, codes):
    """None set is all off; refused is unknown."""
    s3control = client("s3control")
    with Stubber(s3control) as aws:
        if isinstance(answer, str):
            aws.add_client_error("get_public_access_block", answer)
        else:
            aws.add_response("get_public_access_block", answer)
        reading = account_public_access_block(s3control, "123456789012")

    assert (reading.items, [one.code for one in reading.gaps]) == (items, codes)

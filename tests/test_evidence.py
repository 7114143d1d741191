"""What a survey's values say about themselves."""

import datetime as dt

import pytest
from msgspec.structs import replace

from skymark.evidence import (
    App,
    Event,
    Gap,
    HistoryRead,
    Identity,
    Policy,
    PublicAccessBlock,
    Regions,
    Role,
    Website,
    bucket_of,
    is_free_app,
)

AT = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("uri", "bucket"),
    [
        ("s3://sagemaker-20190701-1820/train/a.csv", "sagemaker-20190701-1820"),
        ("s3://sagemaker-20190701-1820", "sagemaker-20190701-1820"),
        ("https://example.com/train", None),
        ("see s3://sagemaker-20190701-1820", None),
        ("", None),
        (None, None),
    ],
)
def test_a_bucket_is_read_from_an_s3_uri_and_from_nothing_else(uri, bucket):
    """Whatever follows it."""
    assert bucket_of(uri) == bucket


@pytest.mark.parametrize(
    ("arn", "partition", "is_root", "is_learner_lab"),
    [
        ("arn:aws:iam::123456789012:root", "aws", True, False),
        ("arn:aws-cn:iam::123456789012:user/root", "aws-cn", False, False),
        ("arn:aws-us-gov:sts::123456789012:assumed-role/Admin", "aws-us-gov", False, False),
        ("arn:aws:sts::123456789012:assumed-role/voclabs/", "aws", False, True),
        ("arn:aws:iam::123456789012:user/voclabs", "aws", False, False),
    ],
)
def test_an_identity_is_told_by_its_arn(arn, partition, is_root, is_learner_lab):
    """Its partition, whether it is root's, and whether Learner Lab made it."""
    identity = Identity("123456789012", arn)

    assert (identity.partition, identity.is_root, identity.is_learner_lab) == (partition, is_root, is_learner_lab)


@pytest.mark.parametrize(
    ("status", "artifact", "completed"),
    [
        ("Completed", "s3://b/model.tar.gz", True),
        ("Completed", None, True),
        ("Deleting", "s3://b/model.tar.gz", True),
        ("Deleting", None, False),
        ("Failed", "s3://b/model.tar.gz", False),
        ("InProgress", None, False),
    ],
)
def test_a_job_has_completed_by_its_status_or_while_it_is_deleted_by_what_it_left(good, status, artifact, completed):
    """A job that is being deleted says nothing else any more."""
    job = replace(good.training_jobs[0], status=status, artifact_uri=artifact)

    assert job.has_completed is completed


@pytest.mark.parametrize(
    ("app_type", "instance_type", "is_free"),
    [
        ("JupyterServer", "system", True),
        ("JupyterServer", None, True),
        ("KernelGateway", "system", True),
        ("KernelGateway", "ml.t3.medium", False),
        ("KernelGateway", None, False),
        ("JupyterLab", "ml.t3.medium", False),
        ("Canvas", "system", False),
        ("Canvas", None, False),
    ],
)
def test_an_app_is_free_on_system_except_canvas(app_type, instance_type, is_free):
    """A Canvas session bills by itself; what is not known is not free."""
    assert is_free_app(app_type, instance_type) is is_free


def test_an_app_is_told_from_others_by_its_domain_owner_type_and_name():
    """Most are called `default`."""
    app = App("d-1", "KernelGateway", "default", "us-east-1", "InService")

    assert replace(app, user_profile="ann").path == "d-1/ann/KernelGateway/default"
    assert replace(app, space="lab").path == "d-1/lab/KernelGateway/default"
    assert app.path == "d-1//KernelGateway/default"


def test_a_public_access_block_of_bucket_and_account_is_the_stricter_switch_by_switch():
    """Neither takes away what the other blocks."""
    bucket = PublicAccessBlock(block_public_acls=True, block_public_policy=True)
    account = PublicAccessBlock(ignore_public_acls=True, block_public_policy=True)

    assert bucket | account == account | bucket == PublicAccessBlock(True, True, True, False)
    assert bucket | PublicAccessBlock() == bucket


def test_switches_that_are_off_have_aws_s_names():
    """In the console's order."""
    every = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")

    assert PublicAccessBlock().off == every
    assert PublicAccessBlock(True, False, True, False).off == ("IgnorePublicAcls", "RestrictPublicBuckets")
    assert PublicAccessBlock(True, True, True, True).off == ()


@pytest.mark.parametrize(
    ("website", "is_on"),
    [
        (Website(), False),
        (Website(error_document="404.html"), False),
        (Website(index_document="index.html"), True),
        (Website(redirects_to="example.com"), True),
    ],
)
def test_a_website_is_on_with_an_index_document_or_somewhere_to_lead_to(website, is_on):
    """An error document alone answers nothing."""
    assert website.is_on is is_on


def test_the_buckets_that_a_role_names_are_those_of_its_own_policies():
    """Neither AWS's policies nor the boundary are the student's words; one that was not read names none."""

    def naming(bucket):
        return f'{{"Resource": ["arn:aws:s3:::{bucket}", "arn:aws:s3:::{bucket}/*", "arn:aws:s3:::*"]}}'

    role = Role("r", "arn:aws:iam::123456789012:role/r", AT, "{}")
    policies = (
        Policy("Own", "customer", naming("first-bucket")),
        Policy("Inline", "inline", naming("second-bucket")),
        Policy("AWS", "aws", naming("third-bucket")),
        Policy("Bound", "boundary", naming("fourth-bucket")),
        Policy("Closed", "customer", None),
    )

    assert replace(role, policies=policies).named_buckets == {"first-bucket", "second-bucket"}
    assert role.named_buckets == frozenset()


ONE = Gap("sagemaker", "DescribeEndpoint", "eu-west-1", "AccessDenied", "Grant it.", resource="mine")
OTHER = replace(ONE, region="us-east-1", resource="yours")
GLOBAL = replace(ONE, region=None, resource=None)
ELSE = replace(ONE, call="ListBuckets")


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ({}, (ONE, OTHER, GLOBAL)),
        ({"region": "eu-west-1"}, (ONE, GLOBAL)),
        ({"resource": "yours"}, (OTHER, GLOBAL)),
        ({"region": "eu-west-1", "resource": "yours"}, (GLOBAL,)),
        ({"region": "eu-west-1", "resource": "mine"}, (ONE, GLOBAL)),
        ({"region": "eu-north-1"}, (GLOBAL,)),
    ],
)
def test_gaps_of_a_call_are_those_that_concern_the_place(good, place, found):
    """One without a region or a resource concerns all of them."""
    survey = replace(good, gaps=(ONE, OTHER, GLOBAL, ELSE))

    assert survey.gaps_of("DescribeEndpoint", **place) == found


MADE = Event("CreateEndpoint", AT, "eu-west-1", "mine")
ELSEWHERE = replace(MADE, region="us-east-1", resource="yours")
REFUSED = replace(MADE, error="ResourceLimitExceeded")
DELETED = replace(MADE, name="DeleteEndpoint")


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ({}, (MADE, ELSEWHERE)),
        ({"region": "eu-west-1"}, (MADE,)),
        ({"resource": "yours"}, (ELSEWHERE,)),
        ({"region": "eu-west-1", "resource": "yours"}, ()),
    ],
)
def test_what_happened_is_what_was_not_refused(good, place, found):
    """Of a call that AWS refused nothing came."""
    survey = replace(good, events=(MADE, ELSEWHERE, REFUSED, DELETED))

    assert survey.happened("CreateEndpoint", **place) == found
    assert survey.happened("CreateEndpoint", "DeleteEndpoint", resource="mine") == (MADE, DELETED)


def test_a_history_is_there_where_all_events_were_read_in_all_regions_that_can_have_some(good):
    """A region that could not be read can have something, too; one that is closed cannot."""
    read = tuple(
        HistoryRead(name, region, AT)
        for name, region in (("CreateEndpoint", "eu-west-1"), ("CreateEndpoint", "us-east-1"), ("Stop", "eu-west-1"))
    )
    survey = replace(good, history=read, regions=Regions(("eu-west-1",), unread=("us-east-1",)))

    assert survey.has_history("CreateEndpoint") is True
    assert survey.has_history("CreateEndpoint", "Stop") is False
    assert survey.has_history("CreateEndpoint", "Stop", region="eu-west-1") is True
    assert survey.has_history("Stop", region="us-east-1") is False
    assert replace(survey, regions=Regions(("eu-west-1", "us-east-1", "eu-north-1"))).has_history("Stop") is False


def test_where_nothing_can_be_no_history_was_read(good):
    """Nobody looked anywhere: that proves nothing."""
    assert replace(good, regions=Regions(())).has_history("CreateEndpoint") is False

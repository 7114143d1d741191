"""A survey for a lesson about buckets: what it asks, what it leaves out, and what it makes of refusals."""

from collections import Counter

import pytest
from botocore.exceptions import ClientError

from simulator.students.steps import follow
from skymark.evidence import Event, PublicAccessBlock, Website
from skymark.rubric import SurveyPlan
from skymark.survey.connection import identify
from skymark.survey.history import of_buckets
from skymark.survey.sweep import take_survey

REGIONS = ("eu-west-1", "us-east-1")
PLAN = SurveyPlan(
    about=("s3",),
    buckets=("*",),
    bucket="website-*",
    settings=("policy", "website"),
    objects=("index.html",),
)
SITE = {"IndexDocument": {"Suffix": "index.html"}}
SAGEMAKER = ("ListNotebookInstances", "ListEndpoints", "ListTrainingJobs", "ListDomains")
SHUT = ("AccessDeniedException", "with an explicit deny in a service control policy")


@pytest.fixture
def calls(connection):
    """The operations that the connection's clients call from now on."""
    made = Counter()
    connection.session.events.register("before-call", lambda model, **_: made.update([model.name]))
    return made


@pytest.fixture
def refusing(connection):
    """Let AWS refuse calls, all or by operation, in one region or all."""

    def refuse(code, message="no", *, operations=None, region=None):
        def answer(model, context, **_):
            if (operations is None or model.name in operations) and region in (None, context["client_region"]):
                raise ClientError({"Error": {"Code": code, "Message": message}}, model.name)

        connection.session.events.register("before-call", answer)

    return refuse


@pytest.fixture
def look(connection):
    """Take a survey."""

    def run(plan=PLAN, **more):
        return take_survey(connection, identify(connection), plan, None, REGIONS, **more)

    return run


def host(account, name="website-otter"):
    """Make a bucket and let it be a website."""
    account.make_bucket(name)
    account.s3().put_bucket_website(Bucket=name, WebsiteConfiguration=SITE)
    return name


def test_while_the_lessons_bucket_is_there_its_history_is_not_asked(account, look, calls):
    """Nor is anything of SageMaker's lessons, though this account is full of them; what bills is."""
    follow(account)
    host(account)
    calls.clear()

    found = look()

    unasked = {"LookupEvents", "GetRole", "DescribeLogStreams", "FilterLogEvents", "GetMetricData", "InvokeEndpoint"}
    assert unasked & calls.keys() == set()
    assert (calls["ListEndpoints"], calls["DescribeNatGateways"]) == (2, 2)
    assert {one.name: one.website for one in found.buckets if one.website and one.website.is_on} == {
        "website-otter": Website("index.html")
    }
    assert found.roles == ()


@pytest.mark.parametrize("left", [(), ("holiday-photos",)])
def test_of_a_bucket_that_is_gone_all_is_asked_that_was_done_to_it(account, look, left):
    """Where it was made, and whatever other bucket is there."""
    for name in left:
        account.make_bucket(name)
    account.s3().delete_bucket(Bucket=host(account))

    found = look()

    told = [(one.name, one.website) for one in found.events if one.resource == "website-otter"]
    assert told == [("CreateBucket", None), ("PutBucketWebsite", Website("index.html")), ("DeleteBucket", None)]
    assert found.has_history("CreateBucket")
    assert found.has_history(*of_buckets(PLAN), region="us-east-1")
    assert found.account_public_access_block == PublicAccessBlock()


def test_where_buckets_had_to_be_gone_their_ends_are_read_in_every_region(account, look):
    """Though one is there: it may be one too many."""
    host(account)
    account.s3().delete_bucket(Bucket=host(account, "website-older"))

    found = look(ends=True)

    assert found.has_history("CreateBucket", "DeleteBucket")
    assert [one.resource for one in found.events if one.name == "DeleteBucket"] == ["website-older"]


def test_of_a_lesson_about_sagemaker_buckets_need_not_be_gone(account, look):
    """Their ends are then nobody's question."""
    host(account)

    found = look(SurveyPlan(buckets=("website-*",)), ends=True)

    assert not found.has_history("DeleteBucket")


def test_who_made_each_bucket_is_read_in_an_account_of_several(account, look):
    """Though the lesson's is there: it may be another student's."""
    host(account)

    found = look(callers=True)

    (made,) = found.happened("CreateBucket")
    assert (made.resource, made.by is not None) == ("website-otter", True)


def test_where_only_sagemaker_is_forbidden_buckets_are_still_followed(account, look, refusing):
    """The region is unread, so that nothing is called clean there; it is not closed: a bucket may have been made."""
    account.s3().delete_bucket(Bucket=host(account))
    refusing(*SHUT, operations=SAGEMAKER, region="us-east-1")

    found = look()

    assert (found.regions.answered, found.regions.unread) == (("eu-west-1",), ("us-east-1",))
    assert isinstance(next(iter(found.happened("DeleteBucket"))), Event)


def test_a_region_in_which_everything_is_forbidden_is_closed(account, look, refusing):
    """Nobody can have made a bucket there."""
    refusing(*SHUT, operations=(*SAGEMAKER, "DescribeLogGroups", "LookupEvents"), region="eu-west-1")

    found = look()

    assert [(one.region, one.reason) for one in found.regions.closed if one.region == "eu-west-1"] == [
        ("eu-west-1", "denied by the organisation")
    ]
    assert found.has_history("CreateBucket")

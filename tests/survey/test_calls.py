"""The table of calls: nothing is made that is not in it, nothing is in it that is not made."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError

from simulator.account import scope_document
from simulator.students.choices import own_bucket
from simulator.students.leftovers import USER, leave_everything
from simulator.students.steps import follow
from skymark.permissions import USUAL
from skymark.rubric import SurveyPlan
from skymark.rubric_file import load_rubric
from skymark.samples import read_samples
from skymark.survey.calls import CALLS, HOURLY_CALLS, OTHER_CALLS, QUOTA_CALLS, action_of, needs_leftovers
from skymark.survey.connection import Connection, identify
from skymark.survey.reading import gap
from skymark.survey.sweep import take_survey

DECLARED = {(call.service, call.operation) for call in CALLS if call.is_made_for(USUAL)}


@pytest.fixture
def made(connection: Connection) -> set[tuple[str, str]]:
    """Service and operation of every call from now on."""
    calls: set[tuple[str, str]] = set()

    def note(model: Any, **_: Any) -> None:
        calls.add((model.service_model.service_name, model.name))

    connection.session.events.register("before-call", note)
    return calls


@pytest.fixture
def look(connection, lesson) -> Callable[[], Any]:
    """Survey the account in two regions; in one of them there is nothing, so that the event history is asked."""
    plan = load_rubric(lesson, "sagemaker-intro").survey

    def run() -> Any:
        samples = read_samples(lesson.root / plan.samples)
        return take_survey(connection, identify(connection), plan, samples, ("us-east-1", "us-west-2"))

    return run


def test_an_account_with_everything_in_it_needs_every_call_of_the_table_and_no_other(account, made, look, connection):
    """The policy asks for nothing that is not used: each rarer call by what makes it necessary."""
    follow(account)
    role = "AmazonSageMaker-ExecutionRole-20190701T182197"
    own = json.dumps(scope_document("any"))
    account.iam.put_role_policy(RoleName=role, PolicyName="own", PolicyDocument=own)  # GetRolePolicy
    leave_everything(account)  # what is asked only of those who have such things
    (domain,) = account.sagemaker().list_domains()["Domains"]
    account.sagemaker().create_app(  # DescribeApp
        DomainId=domain["DomainId"], UserProfileName=USER, AppType="KernelGateway", AppName="default"
    )
    account.s3().delete_public_access_block(Bucket=own_bucket(account))  # the account's own switches

    def no_regions(model: Any, **_: Any) -> None:
        if model.name == "DescribeRegions":  # ListRegions
            raise ClientError({"Error": {"Code": "UnauthorizedOperation", "Message": "no"}}, model.name)

    connection.session.events.register_last("before-call", no_regions)
    found = look()

    assert made == DECLARED
    assert [(app.name, app.space) for app in found.apps] == [("default", "lab"), ("default", None)]
    assert found.regions.answered == ("us-east-1", "us-west-2")


def test_the_lesson_alone_needs_fewer(account, made, look):
    """What was left out above is for what is rarer."""
    follow(account)
    made.clear()
    look()

    assert DECLARED - made == {
        ("account", "ListRegions"),
        ("efs", "DescribeMountTargets"),
        ("iam", "GetRolePolicy"),
        ("kms", "DescribeKey"),
        ("s3control", "GetPublicAccessBlock"),
        ("sagemaker", "DescribeApp"),
        ("sagemaker", "DescribeCluster"),
        ("sagemaker", "DescribeMlflowTrackingServer"),
        ("sagemaker", "DescribeProcessingJob"),
        ("sagemaker", "DescribeTransformJob"),
        ("sagemaker", "ListApps"),
        ("sagemaker", "ListPipelineExecutions"),
        ("sagemaker", "ListSpaces"),
        ("sagemaker", "ListTrials"),
        ("sagemaker", "ListUserProfiles"),
    }


ABOUT_BUCKETS = SurveyPlan(
    about=("s3",),
    buckets=("*",),
    settings=("encryption", "lifecycle", "ownership", "policy", "tags", "website"),
    objects=("index.html",),
)


def test_a_lesson_about_buckets_asks_for_all_that_it_may_and_nothing_of_sagemakers_lessons(account, made, connection):
    """Though the account is full of those; only what bills is still looked for."""
    follow(account)
    bucket = account.make_bucket("website-20261124-otter")
    account.s3().put_object(Bucket=bucket, Key="index.html", Body=b"<h1>Hello</h1>")
    made.clear()

    take_survey(connection, identify(connection), ABOUT_BUCKETS, None, ("us-east-1", "us-west-2"))

    usual = {(call.service, call.operation) for call in CALLS if call.is_made_for(SurveyPlan(about=("s3",)))}
    asked = {(call.service, call.operation) for call in CALLS if call.is_made_for(ABOUT_BUCKETS)}
    assert made <= asked
    assert asked - usual <= made


def test_a_call_that_is_not_in_the_table_is_a_mistake_of_ours():
    """It could not be granted."""
    with pytest.raises(KeyError):
        action_of("sagemaker", "DeleteEndpoint")


def test_what_decides_about_leftovers_is_a_call_that_is_made():
    """By AWS's names, each once and in order; what bills by the hour may be tidied away by another name, too."""
    names = {call.operation for call in CALLS}

    assert {*HOURLY_CALLS, *OTHER_CALLS} <= names
    assert [sorted(set(calls)) for calls in (HOURLY_CALLS, OTHER_CALLS)] == [list(HOURLY_CALLS), list(OTHER_CALLS)]


def test_no_call_is_declared_twice():
    """One reason for each."""
    assert len({(call.service, call.operation) for call in CALLS}) == len(CALLS)


@pytest.mark.parametrize("call", [*CALLS, *QUOTA_CALLS], ids=lambda call: f"{call.service}:{call.operation}")
def test_a_refusal_of_any_call_is_a_gap(call):
    """With the action to grant: doctor's calls are no survey's, and are refused like them."""
    error = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, call.operation)

    assert call.action in gap(call.service, call.operation, "us-east-1", error).advice


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ((), True),
        (("account.access",), False),
        (("bucket.name", "teardown.instance"), False),
        (("bucket.name", "teardown.everywhere"), True),
    ],
)
def test_what_else_bills_is_asked_for_where_a_criterion_is_judged_by_it(lesson, only, expected):
    """And where all are, since people want to know the bill."""
    assert needs_leftovers(load_rubric(lesson, "sagemaker-intro"), only) is expected


def test_a_criterion_that_names_no_calls_may_be_judged_by_anything(lesson):
    """A rubric need not say."""
    rubric = load_rubric(lesson, "sagemaker-intro")
    silent = msgspec.structs.replace(rubric.criterion("bucket.name"), calls=())

    assert needs_leftovers(msgspec.structs.replace(rubric, criteria=(silent,)), ("bucket.name",))

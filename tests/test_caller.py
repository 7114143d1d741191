"""Marks of callers: one person has one mark, two never share it, and no name can be read back from it."""

import datetime as dt
import json
import re

import pytest
from botocore.stub import Stubber
from hypothesis import assume, example, given
from hypothesis import strategies as st

from skymark.caller import ROLE, mark_of, role_mark
from skymark.survey.clients import Clients
from skymark.survey.history import read_history

ACCOUNT = "111122223333"
AT = dt.datetime(2026, 7, 1, 18, 22, tzinfo=dt.UTC)
ACCOUNTS = st.from_regex(r"[0-9]{12}", fullmatch=True)
# What IAM and STS take. Source: IAM API, CreateUser, CreateRole; STS API, AssumeRole (RoleSessionName).
NAMES = st.from_regex(r"[A-Za-z0-9_+=,.@-]{2,64}", fullmatch=True)
# What an assistant may type into a roster.
TYPED = st.text(min_size=1)


@pytest.fixture(scope="module")
def client():
    """CloudTrail, to be stubbed."""
    return Clients().client("cloudtrail", "us-east-1")


@pytest.fixture(scope="module")
def by(client):
    """The mark of whoever made a bucket, as the event history tells it of this `userIdentity`."""

    def read(identity):
        record = {
            "eventName": "CreateBucket",
            "eventSource": "s3.amazonaws.com",
            "requestParameters": {"bucketName": "b"},
            "userIdentity": identity,
        }
        row = {"EventName": "CreateBucket", "EventTime": AT, "CloudTrailEvent": json.dumps(record)}
        with Stubber(client) as aws:
            aws.add_response("lookup_events", {"Events": [row]})
            found = read_history(client, "us-east-1", ("CreateBucket",), AT)
        return found.items[0].by

    return read


def session(role, name, **more):
    """A `userIdentity` of somebody who acts in a role."""
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{name}"
    return {"type": "AssumedRole", "accountId": ACCOUNT, "arn": arn, **more}


@given(ACCOUNTS, TYPED)
@example(ACCOUNT, "ada@example.edu")
@example(ACCOUNT, "user3277609=Ada_Lovelace")
def test_a_mark_is_the_same_each_time_and_tells_nothing(account, name):
    """Sixteen hexadecimal digits, however it is typed; a role's begin otherwise."""
    mark = mark_of(account, name)

    assert re.fullmatch(r"[0-9a-f]{16}", mark)
    assert mark == mark_of(account, f" {name}\t")
    assert not mark.startswith(ROLE)


@given(ACCOUNTS, NAMES)
def test_case_makes_no_other_person(account, name):
    """Two users of one account cannot differ by it alone."""
    assert mark_of(account, name.upper()) == mark_of(account, name.lower()) == mark_of(account, name)


@given(st.tuples(ACCOUNTS, NAMES), st.tuples(ACCOUNTS, NAMES))
@example(("111122223333", "ana"), ("444455556666", "ana"))
@example(("111122223333", "ana"), ("111122223333", "an_a"))
def test_two_people_never_have_one_mark(one, other):
    """Not even of one name in two accounts."""
    assume((one[0], one[1].casefold()) != (other[0], other[1].casefold()))

    assert mark_of(*one) != mark_of(*other)


@given(NAMES, NAMES)
def test_a_role_is_never_taken_for_a_person(role, name):
    """Whatever it is called."""
    assert role_mark(role) == f"role:{role}"
    assert role_mark(role) != mark_of(ACCOUNT, name)


@given(NAMES, st.lists(NAMES, max_size=2))
@example("ana", ["team", "one"])
@example("SageMaker", [])
def test_an_iam_user_is_told_by_name_whatever_its_path(by, name, path):
    """By `userName`, or where CloudTrail leaves it out, by the end of the ARN."""
    arn = f"arn:aws:iam::{ACCOUNT}:user/{'/'.join([*path, name])}"
    user = {"type": "IAMUser", "accountId": ACCOUNT, "arn": arn}

    assert by(user | {"userName": name}) == by(user) == mark_of(ACCOUNT, name)


@given(NAMES, NAMES)
@example("voclabs", "user3277609=Ada_Lovelace")
@example("AWSReservedSSO_Student_1a2b", "ada+lab@example.edu")
def test_a_person_who_acts_in_a_role_is_told_by_the_session(by, role, name):
    """Single sign-on and Learner Lab: many people, one role."""
    assume(name != "SageMaker")

    assert by(session(role, name)) == mark_of(ACCOUNT, name)


@given(NAMES)
@example("AmazonSageMaker-ExecutionRole-20190701T182197")
def test_code_and_services_are_told_by_their_role(by, role):
    """They are no person; whose they are, the notebook instances of the role tell."""
    service = session(role, "any", invokedBy="sagemaker.amazonaws.com")

    assert by(session(role, "SageMaker")) == by(service) == role_mark(role)


def test_the_root_user_is_told_by_that_word(by):
    """It has no name."""
    root = {"type": "Root", "accountId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root"}

    assert by(root) == mark_of(ACCOUNT, "root")


@pytest.mark.parametrize(
    "identity",
    [
        {"type": "FederatedUser", "accountId": ACCOUNT, "arn": f"arn:aws:sts::{ACCOUNT}:federated-user/ana"},
        {"type": "SAMLUser", "accountId": ACCOUNT, "userName": "ana"},
        {"type": "WebIdentityUser", "userName": "ana"},
        {"type": "AWSAccount", "accountId": "444455556666", "principalId": "AIDAEXAMPLE"},
        {"type": "AWSService", "invokedBy": "sagemaker.amazonaws.com"},
        {"type": "Unknown"},
        {"type": "AssumedRole", "accountId": ACCOUNT},
        {"type": "AssumedRole", "accountId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:role/ana"},
        {"type": "AssumedRole", "accountId": ACCOUNT, "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/only"},
        {},
        "ana",
        None,
    ],
)
def test_whoever_cannot_be_told_is_nobody(by, identity):
    """Better nobody's than another's."""
    assert by(identity) is None


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), NAMES)
def test_nobody_of_another_account_is_taken_for_the_student(by, other, name):
    """The account of whoever called counts, not the one that was looked into."""
    assume(other != ACCOUNT)
    arn = f"arn:aws:sts::{other}:assumed-role/r/{name}"
    assume(name != "SageMaker")

    assert by({"type": "AssumedRole", "accountId": other, "arn": arn}) != mark_of(ACCOUNT, name)

"""Roles and every policy on them."""

import copy
import datetime as dt
import json

import pytest
from botocore.stub import Stubber

from skymark.evidence import Policy, Role
from skymark.survey.reading import Reading
from skymark.survey.roles import Missing, read_role

MADE = dt.datetime(2019, 7, 1, 18, 21, tzinfo=dt.UTC)
ARN = "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-20190701T182197"
NAME = ARN.rsplit("/", 1)[-1]
OWN = "arn:aws:iam::123456789012:policy/service-role/mine"
MANAGED = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
TEXT = json.dumps({"Version": "2012-10-17", "Statement": []})
ROLE = {
    "Path": "/service-role/",
    "RoleName": NAME,
    "RoleId": "AROAEXAMPLEEXAMPLE",
    "Arn": ARN,
    "CreateDate": MADE,
    "AssumeRolePolicyDocument": TEXT,
}
POLICY = {"Policy": {"DefaultVersionId": "v2"}}
VERSION = {"PolicyVersion": {"Document": TEXT, "VersionId": "v2", "IsDefaultVersion": True}}

ATTACHED = ("get_policy 1", "get_policy_version 1", "get_policy 2", "get_policy_version 2")
ANSWERS = {
    "get_role": [{"Role": ROLE}],
    "list_attached_role_policies": [
        {"AttachedPolicies": [{"PolicyName": "mine", "PolicyArn": OWN}, {"PolicyName": "x", "PolicyArn": MANAGED}]}
    ],
    "get_policy 1": [POLICY],
    "get_policy_version 1": [VERSION],
    "get_policy 2": [POLICY],
    "get_policy_version 2": [VERSION],
    "list_role_policies": [{"PolicyNames": ["inline"]}],
    "get_role_policy": [{"RoleName": NAME, "PolicyName": "inline", "PolicyDocument": TEXT}],
}


@pytest.fixture
def read(client):
    """Read the role; some calls refused, others left out."""

    def run(refused=None, left_out=(), **different):
        iam = client("iam")
        with Stubber(iam) as aws:
            for name, (answer,) in (
                {key: value for key, value in ANSWERS.items() if key not in left_out} | different
            ).items():
                if name == refused:
                    aws.add_client_error(name.split()[0], "AccessDenied")
                else:
                    aws.add_response(name.split()[0], copy.deepcopy(answer))
            return read_role(iam, ARN)

    return run


def test_every_policy_is_read_in_its_default_version(read):
    """Attached and inline, the account's own and AWS's."""
    assert read() == Reading(
        (
            Role(
                NAME,
                ARN,
                MADE,
                TEXT,
                (
                    Policy("mine", "customer", TEXT, OWN),
                    Policy("AmazonSageMakerFullAccess", "aws", TEXT, MANAGED),
                    Policy("inline", "inline", TEXT),
                ),
            ),
        )
    )


def test_a_boundary_is_read_as_well(read):
    """It limits what the policies allow."""
    boundary = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": OWN}
    reading = read(
        get_role=[{"Role": ROLE | {"PermissionsBoundary": boundary}}],
        **{"get_policy 3": [POLICY], "get_policy_version 3": [VERSION]},
    )

    assert reading.items[0].boundary == Policy("mine", "boundary", TEXT, OWN)


@pytest.mark.parametrize(
    ("refused", "left_out", "call"),
    [
        ("list_attached_role_policies", ATTACHED, "ListAttachedRolePolicies"),
        ("list_role_policies", ("get_role_policy",), "ListRolePolicies"),
    ],
)  # fmt: skip
def test_policies_that_could_not_be_listed_are_unknown(read, refused, left_out, call):
    """None, not an empty list."""
    reading = read(refused, left_out)

    assert reading.items[0].policies is None
    assert [(one.call, one.resource) for one in reading.gaps] == [(call, NAME)]


@pytest.mark.parametrize(
    ("refused", "left_out", "position", "call"),
    [
        ("get_policy 1", ("get_policy_version 1",), 0, "GetPolicy"),
        ("get_policy_version 1", (), 0, "GetPolicyVersion"),
        ("get_role_policy", (), 2, "GetRolePolicy"),
    ],
)
def test_a_policy_that_could_not_be_read_has_no_document(read, refused, left_out, position, call):
    """And the others have theirs."""
    reading = read(refused, left_out)

    documents = [policy.document for policy in reading.items[0].policies]
    assert documents == [None if number == position else TEXT for number in range(3)]
    assert [one.call for one in reading.gaps] == [call]


def test_a_role_that_is_gone_is_missing_and_one_that_was_refused_is_a_gap(client):
    """Two different things."""
    iam = client("iam")
    with Stubber(iam) as aws:
        aws.add_client_error("get_role", "NoSuchEntity")
        aws.add_client_error("get_role", "AccessDenied")
        gone, refused = read_role(iam, ARN), read_role(iam, ARN)

    assert gone == Reading((Missing(ARN),))
    assert (refused.items, [one.call for one in refused.gaps]) == ((), ["GetRole"])

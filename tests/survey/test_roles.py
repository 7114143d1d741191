"""Roles and every policy on them."""

import copy
import datetime as dt
import json

import pytest
from botocore.stub import Stubber

from skymark.evidence import Policy, Role
from skymark.survey.reading import Reading
from skymark.survey.roles import Missing, read_role
from skymark.survey.waves import in_turn

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
    "list_role_policies": [{"PolicyNames": ["inline"]}],
    "get_policy 1": [POLICY],
    "get_policy_version 1": [VERSION],
    "get_policy 2": [POLICY],
    "get_policy_version 2": [VERSION],
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
            return in_turn(read_role(iam, ARN))

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
        for code in ("NoSuchEntity", "AccessDenied"):
            for call in ("get_role", "list_attached_role_policies", "list_role_policies"):
                aws.add_client_error(call, code)
        gone, refused = in_turn(read_role(iam, ARN)), in_turn(read_role(iam, ARN))

    assert gone == Reading((Missing(ARN),))
    assert (refused.items, [one.call for one in refused.gaps]) == ((), ["GetRole"])


@pytest.mark.parametrize("last", ["list_attached_role_policies", "list_role_policies"])
def test_a_role_that_goes_while_it_is_read_is_missing(client, last):
    """Not one without policies."""
    iam = client("iam")
    with Stubber(iam) as aws:
        aws.add_response("get_role", {"Role": dict(ROLE)})
        for call, empty in (("list_attached_role_policies", "AttachedPolicies"), ("list_role_policies", "PolicyNames")):
            if call == last:
                aws.add_client_error(call, "NoSuchEntity", f"The role with name {NAME} cannot be found.")
            else:
                aws.add_response(call, {empty: []})

        assert in_turn(read_role(iam, ARN)) == Reading((Missing(ARN),))


@pytest.mark.parametrize(
    ("gone", "left_out", "kept"),
    [
        ("get_policy 1", ("get_policy_version 1",), ["AmazonSageMakerFullAccess", "inline"]),
        ("get_role_policy", (), ["mine", "AmazonSageMakerFullAccess"]),
    ],
)
def test_a_policy_that_goes_while_it_is_read_is_left_out(client, gone, left_out, kept):
    """IAM deletes none that is still on a role."""
    iam = client("iam")
    with Stubber(iam) as aws:
        for name, (answer,) in ANSWERS.items():
            if name == gone:
                aws.add_client_error(name.split()[0], "NoSuchEntity")
            elif name not in left_out:
                aws.add_response(name.split()[0], copy.deepcopy(answer))
        reading = in_turn(read_role(iam, ARN))

    assert [policy.name for policy in reading.items[0].policies] == kept
    assert reading.gaps == ()


def test_a_boundary_that_is_gone_is_unknown(client):
    """AWS still heeds it, so it is not as if there were none."""
    boundary = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": OWN}
    iam = client("iam")
    with Stubber(iam) as aws:
        aws.add_response("get_role", {"Role": ROLE | {"PermissionsBoundary": boundary}})
        aws.add_response("list_attached_role_policies", {"AttachedPolicies": []})
        aws.add_response("list_role_policies", {"PolicyNames": []})
        aws.add_client_error("get_policy", "NoSuchEntity")
        reading = in_turn(read_role(iam, ARN))

    assert reading.items[0].boundary == Policy("mine", "boundary", None, OWN)
    assert [(one.call, one.code, one.resource) for one in reading.gaps] == [("GetPolicy", "NoSuchEntity", "mine")]


def test_policies_are_read_from_every_page(client):
    """IAM's pages are told by a marker."""
    iam = client("iam")
    with Stubber(iam) as aws:
        aws.add_response("get_role", {"Role": dict(ROLE)})
        aws.add_response("list_attached_role_policies", {"AttachedPolicies": [], "IsTruncated": True, "Marker": "1"})
        aws.add_response(
            "list_attached_role_policies", {"AttachedPolicies": [{"PolicyName": "mine", "PolicyArn": OWN}]}
        )
        aws.add_response("list_role_policies", {"PolicyNames": []})
        aws.add_response("get_policy", POLICY)
        aws.add_response("get_policy_version", copy.deepcopy(VERSION))
        reading = in_turn(read_role(iam, ARN))

    assert reading.items[0].policies == (Policy("mine", "customer", TEXT, OWN),)


def test_documents_over_http_are_json_text(account, connection):
    """IAM sends them URL-encoded; what is kept can be parsed."""
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/%2F+*"}],
    }
    arn = account.make_execution_role(("sagemaker-20190701-1820",))
    name = arn.rsplit("/", 1)[-1]
    account.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(document))
    limit = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    boundary = account.attach_own_policy(name, limit, "limit")
    account.iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)

    reading = in_turn(read_role(connection.client("iam"), arn))

    (role,) = reading.items
    assert reading.gaps == ()
    assert json.loads(role.trust)["Statement"][0]["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert sorted((one.name, one.kind) for one in role.policies) == [
        ("AmazonSageMaker-ExecutionPolicy-20190701T182197", "customer"),
        ("AmazonSageMakerFullAccess", "aws"),
        ("limit", "customer"),
        ("own", "inline"),
    ]
    assert [json.loads(one.document) for one in role.policies if one.name == "own"] == [document]
    assert json.loads(role.boundary.document) == limit

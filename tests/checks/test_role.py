"""Who may assume the role, and what it reaches."""

import datetime as dt
import json

import msgspec
import pytest

from skymark.evidence import Event, Policy

BUCKET = "sagemaker-20190701-1820"
FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"


def document(*statements):
    """A policy's JSON text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource, **more):
    """One statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trusting(*principals):
    """A trust policy."""
    return document(*({"Effect": "Allow", "Principal": one, "Action": "sts:AssumeRole"} for one in principals))


SAGEMAKER = {"Service": "sagemaker.amazonaws.com"}
OBJECTS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
LIST_ONE = allow("s3:ListBucket", f"arn:aws:s3:::{BUCKET}")
DENY_ELSEWHERE = {
    "Effect": "Deny",
    "Action": "s3:*",
    "NotResource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
}
WRITE_ONE = allow(OBJECTS, f"arn:aws:s3:::{BUCKET}/*")


@pytest.fixture
def with_policies(good, changed):
    """The good account whose role has these policies of its own, beside AmazonSageMakerFullAccess."""

    def build(*documents):
        own = tuple(Policy(f"own-{number}", "customer", text) for number, text in enumerate(documents))
        return changed(good, "roles", policies=(*own, good.roles[0].policies[1]))

    return build


@pytest.mark.criterion("role.trust")
@pytest.mark.parametrize(
    ("principals", "expected"),
    [
        ([SAGEMAKER, {"Service": "glue.amazonaws.com"}], {}),
        ([SAGEMAKER, {"AWS": "arn:aws:iam::123456789012:root"}], {}),
        ([{"Service": "ec2.amazonaws.com"}], {"role.trust": "failed"}),
        ([SAGEMAKER, {"AWS": "*"}], {"role.trust": "failed"}),
        ([SAGEMAKER, {"AWS": "arn:aws:iam::999988887777:root"}], {"role.trust": "failed"}),
    ],
)
def test_sagemaker_may_and_outsiders_may_not(principals, expected, good, changed, difference):
    """AWS's own services and the account's own people are tolerated."""
    assert difference(changed(good, "roles", trust=trusting(*principals))) == expected


@pytest.mark.criterion("role.scoped")
@pytest.mark.parametrize(
    ("documents", "words"),
    [
        ([document(allow(["s3:ListBucket", *OBJECTS], "arn:aws:s3:::*"))], "own-0"),
        ([], ""),
        ([document(allow("*", "*"))], "own-0"),
        ([document(LIST_ONE, WRITE_ONE, allow(OBJECTS, "arn:aws:s3:::grades/*"))], "grades"),
        ([document(allow("s3:ListBucket", "arn:aws:s3:::sagemaker-20190701-1802"))], "sagemaker-20190701-1802"),
        ([document(LIST_ONE)], "s3:GetObject"),
    ],
    ids=["any bucket", "none", "administrator", "a second bucket", "mistyped", "list only"],
)
def test_each_mistake_has_a_message_of_its_own(documents, words, with_policies, difference, verdicts):
    """It names the statement of the policy, or the bucket."""
    survey = with_policies(*documents)

    assert difference(survey) == {"role.scoped": "failed"}
    assert words in verdicts(survey)["role.scoped"].message


@pytest.mark.criterion("role.scoped")
@pytest.mark.parametrize(
    "documents",
    [
        [document(LIST_ONE), document(WRITE_ONE)],
        [document(allow("s3:*", "*"), DENY_ELSEWHERE)],
        [document(LIST_ONE, WRITE_ONE, allow(["s3:ListAllMyBuckets", "s3:GetBucketLocation"], "*"))],
        [document(LIST_ONE, WRITE_ONE, allow(OBJECTS, "arn:aws:s3:::sagemaker-us-east-1-123456789012/*"))],
    ],
    ids=["two policies", "denied elsewhere", "no data access", "SageMaker's own bucket"],
)
def test_effective_access_is_what_counts(documents, with_policies, difference):
    """However it is written."""
    assert difference(with_policies(*documents)) == {}


@pytest.mark.criterion("role.scoped")
def test_a_boundary_that_takes_it_away_fails(good, changed, difference):
    """What the boundary does not allow is not allowed."""
    boundary = Policy("boundary", "boundary", document(allow("ec2:*", "*")))

    assert difference(changed(good, "roles", boundary=boundary)) == {"role.scoped": "failed"}


@pytest.mark.criterion("role.scoped")
def test_policies_that_could_not_be_read_are_unverified(good, changed, denied, difference, verdicts):
    """The action that is missing is named."""
    role = good.roles[0].name
    unlisted = denied(changed(good, "roles", policies=None), "iam", "ListAttachedRolePolicies", resource=role)

    assert difference(unlisted) == {"role.scoped": "unverified"}
    assert [gap.call for gap in verdicts(unlisted)["role.scoped"].gaps] == ["ListAttachedRolePolicies"]


@pytest.mark.criterion("role.scoped")
def test_an_unread_policy_is_unverified(good, changed, difference):
    """It might hold anything."""
    own, managed = good.roles[0].policies
    survey = changed(good, "roles", policies=(msgspec.structs.replace(own, document=None), managed))

    assert difference(survey) == {"role.scoped": "unverified"}


@pytest.mark.criterion("role.scoped")
def test_without_a_bucket_the_scope_is_blocked(good, verdicts):
    """There is nothing that it should be scoped to, and nothing says that it was."""
    survey = msgspec.structs.replace(good, buckets=(), training_jobs=())

    assert (verdicts(survey)["role.scoped"].outcome, verdicts(survey)["role.scoped"].blocked_by) == (
        "blocked",
        "bucket.name",
    )


@pytest.mark.criterion("role.trust")
def test_a_role_that_iam_did_not_show_is_unverified(good, denied, difference):
    """All three criteria of the role hang on it."""
    survey = denied(msgspec.structs.replace(good, roles=()), "iam", "GetRole", resource=good.roles[0].name)

    assert difference(survey) == dict.fromkeys(["role.trust", "role.scoped", "instance.role"], "unverified")


@pytest.mark.criterion("role.trust")
def test_without_an_instance_or_a_job_the_role_is_blocked(empty, verdicts):
    """Nothing runs under a role yet."""
    found = verdicts(empty)

    assert {found[id].blocked_by for id in ("role.trust", "instance.role")} == {"instance.name"}


@pytest.fixture
def deleted_role(with_policies):
    """Its role had a policy too many and is gone; this many minutes before, that policy was taken off it."""

    def delete(*documents, minutes):
        survey = with_policies(*documents)
        name, at = survey.roles[0].name, survey.surveyed_at
        off_at = at - dt.timedelta(minutes=minutes)
        events = (
            Event("DetachRolePolicy", off_at, "us-east-1", name, refers_to=("arn:aws:iam::123456789012:policy/own-1",)),
            Event("DeleteRole", at, "us-east-1", name),
        )
        roles = (msgspec.structs.replace(survey.roles[0], as_of=off_at),)
        return msgspec.structs.replace(survey, roles=roles, events=events)

    return delete


@pytest.mark.criterion("role.scoped")
@pytest.mark.parametrize(
    ("minutes", "documents", "outcome"),
    [
        (0, [document(LIST_ONE, WRITE_ONE)], "passed"),
        (90, [document(LIST_ONE, WRITE_ONE)], "passed"),
        (0, [document(LIST_ONE, WRITE_ONE), document(allow("s3:*", "*"))], "failed"),
        (5, [document(LIST_ONE, WRITE_ONE), document(allow("s3:*", "*"))], "failed"),
        (6, [document(LIST_ONE, WRITE_ONE), document(allow("s3:*", "*"))], "unverified"),
    ],
)
def test_a_role_that_is_gone_is_as_it_was_before_it_was_taken_apart(
    minutes, documents, outcome, deleted_role, verdicts
):
    """What is taken off long before a role is deleted may have put it right; right before, it was to delete it."""
    found = verdicts(deleted_role(*documents, minutes=minutes), final=True)["role.scoped"]

    assert found.outcome == outcome
    assert found.source == "trace"

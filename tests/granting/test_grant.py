"""Who is let in, and on what terms."""

import pytest

from skymark.errors import UsageError
from skymark.granting.grant import Grader, Grant, grader, grant, trust_policy

ROLE = "arn:aws:iam::210987654321:role/teaching/Grader"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("210987654321", Grader("210987654321")),
        ("arn:aws:iam::210987654321:root", Grader("210987654321")),
        ("arn:aws-cn:iam::210987654321:root", Grader("210987654321", partition="aws-cn")),
        (ROLE, Grader("210987654321", ROLE)),
        ("arn:aws:iam::210987654321:user/ta", Grader("210987654321", "arn:aws:iam::210987654321:user/ta")),
    ],
)
def test_a_grader_is_an_account_or_a_role_or_user_of_it(text, meant):
    """As people copy them."""
    assert grader(text) == meant


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("21098765432", "12 digits"),
        ("*", "12 digits"),
        ("arn:aws:iam::*:role/Grader", "12 digits"),
        ("arn:aws:iam::210987654321:role/*", "12 digits"),
        ("٢١٠٩٨٧٦٥٤٣٢١", "12 digits"),
        ("210987654321\n", "12 digits"),
        ("arn:aws:sts::210987654321:assumed-role/Grader/ta", "the ARN of its role"),
    ],
)
def test_nobody_else_is_let_in(text, told):
    """Least of all everybody."""
    with pytest.raises(UsageError, match=told):
        grader(text)


@pytest.mark.parametrize("external_id", ["", "x", "two words", "näher", "line\n", "x" * 1225])
def test_an_external_id_that_aws_would_not_take_is_told(external_id):
    """Before a class sets it up."""
    with pytest.raises(UsageError, match="--external-id"):
        grant(Grader("210987654321"), external_id)


@pytest.mark.parametrize("name", ["", "with space", "a/path", "x" * 65])
def test_a_role_name_that_aws_would_not_take_is_told(name):
    """Before a class sets it up."""
    with pytest.raises(UsageError, match="--role-name"):
        grant(Grader("210987654321"), "an-id", name)


def test_the_role_of_an_account_is_known_before_it_is_there():
    """By its name."""
    assert Grant(Grader("210987654321")).role_arn("123456789012") == "arn:aws:iam::123456789012:role/SkymarkGrader"


def test_one_role_is_a_condition_so_that_it_may_be_made_anew():
    """As a principal, IAM would take down the id of today's role."""
    (statement,) = trust_policy("arn:aws:iam::210987654321:root", "an-id", ROLE)["Statement"]

    assert statement == {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::210987654321:root"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "an-id"}, "ArnEquals": {"aws:PrincipalArn": ROLE}},
    }

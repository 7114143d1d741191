"""What is said of missing permissions, by who one is."""

from decimal import Decimal

import pytest

from skymark.cause import DENIED_BY_ORGANISATION, DENIED_EXPLICITLY
from skymark.doctor.finding import State
from skymark.doctor.observed import Tried
from skymark.doctor.permissions import permissions
from skymark.evidence import Identity
from skymark.rubric import RubricCriterion

ACCOUNT = "123456789012"
USER = Identity(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/class/ada")
ROLE = Identity(ACCOUNT, f"arn:aws:sts::{ACCOUNT}:assumed-role/Student/*")
SSO = Identity(ACCOUNT, f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Student_0123456789abcdef/*")
LAB = Identity(ACCOUNT, f"arn:aws:sts::{ACCOUNT}:assumed-role/voclabs/user")
CALL = "iam:GetRole"


def criterion(id, *calls, points=1):
    """One that is judged by these calls."""
    return RubricCriterion(id, "T", "S", Decimal(points), "H.", calls=calls)


CRITERIA = (criterion("a.one", CALL), criterion("a.two", CALL, "iam:GetPolicy"), criterion("a.tidy", "s3:X", points=0))


def found(identity, code):
    """What is said where the call is refused like this."""
    (one,) = permissions(identity, (Tried(CALL, CALL, code),), CRITERIA)
    return one


@pytest.mark.parametrize(
    ("identity", "command"),
    [
        (USER, f"aws iam attach-user-policy --user-name ada --policy-arn arn:aws:iam::{ACCOUNT}:policy/Skymark"),
        (ROLE, f"aws iam attach-role-policy --role-name Student --policy-arn arn:aws:iam::{ACCOUNT}:policy/Skymark"),
    ],
)
def test_a_policy_is_given_to_whoever_asks(identity, command):
    """A user or a role, each by its name without a path."""
    one = found(identity, "AccessDenied")

    assert (one.about, one.criteria, one.commands[-1]) == (CALL, ("a.one", "a.two"), command)
    assert one.links


def test_single_sign_on_keeps_its_roles_itself():
    """No policy can be attached to them."""
    one = found(SSO, "AccessDenied")

    assert (len(one.commands), one.links) == (2, ())


@pytest.mark.parametrize(
    ("identity", "code", "words"),
    [
        (USER, DENIED_BY_ORGANISATION, "service control policy"),
        (USER, DENIED_EXPLICITLY, "explicit Deny"),
        (LAB, DENIED_EXPLICITLY, "AWS Academy decides"),
    ],
)
def test_what_no_grant_mends(identity, code, words):
    """There is nobody's command to paste."""
    one = found(identity, code)

    assert one.commands == ()
    assert words in one.advice


def test_each_rubric_has_a_policy_of_its_own():
    """The one that was named is named in the command, too."""
    (one,) = permissions(USER, (Tried(CALL, CALL, "AccessDenied"),), CRITERIA, "my week.yaml")

    assert one.commands[0] == "grade.py policy --rubric 'my week.yaml' > skymark-policy.json"


def test_what_could_not_be_told():
    """A network that is lost is no permission that is missing."""
    one = found(USER, "ReadTimeoutError")

    assert (one.state, one.about) == (State.UNKNOWN, CALL)


def test_advice_alone():
    """Whose criteria are all worth nothing."""
    (one,) = permissions(USER, (Tried("s3:X", "s3:X", "AccessDenied"), Tried(CALL, CALL)), CRITERIA)

    assert (one.state, one.found) == (
        State.OK, "Tried and allowed: 1 call. Not allowed, and needed for advice alone: s3:X."
    )  # fmt: skip

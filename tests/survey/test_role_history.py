"""A role that is gone, put together again from the event history."""

import datetime as dt
import json
from typing import Any

from botocore.stub import Stubber

from skymark.evidence import Event, Policy, Role
from skymark.survey.role_history import rebuild
from skymark.survey.roles import Missing
from skymark.survey.waves import in_turn

NOON = dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)
ARN = Missing("arn:aws:iam::111122223333:role/service-role/r")
OWN = "arn:aws:iam::111122223333:policy/p"
LIMITS = "arn:aws:iam::111122223333:policy/limits"
AWSS = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"


def event(minute: float, name: str, resource: str = "r", **more: Any) -> Event:
    return Event(name, NOON + dt.timedelta(minutes=minute), "us-east-1", resource, **more)


MADE = (
    event(0, "CreateRole", document="trust"),
    event(1, "CreatePolicy", "p", refers_to=(OWN,), document="first"),
    event(2, "AttachRolePolicy", refers_to=(OWN,)),
)


def rebuilt(client: Any, *events: Event, minute: float = 30) -> Any:
    iam = client("iam")
    with Stubber(iam) as aws:
        policy = {"Policy": {"DefaultVersionId": "v29"}}
        document = json.dumps({"Statement": []})
        aws.add_response("get_policy", policy, {"PolicyArn": AWSS})
        aws.add_response("get_policy_version", {"PolicyVersion": {"Document": document}})
        return in_turn(rebuild(iam, ARN, events, NOON + dt.timedelta(minutes=minute)))


def test_a_role_is_as_it_was_before_it_was_taken_apart(client):
    """Trust, its own policies with their documents, and AWS's."""
    after = event(40, "DetachRolePolicy", refers_to=(OWN,))
    inline = event(4, "PutRolePolicy", refers_to=("inline",), document="inline's")

    (role,) = rebuilt(client, *MADE, event(3, "AttachRolePolicy", refers_to=(AWSS,)), inline, after).items

    assert role == Role(
        "r",
        str(ARN),
        NOON,
        "trust",
        policies=(
            Policy("p", "customer", "first", OWN),
            Policy("AmazonSageMakerFullAccess", "aws", json.dumps({"Statement": []}), AWSS),
            Policy("inline", "inline", "inline's"),
        ),
        as_of=NOON + dt.timedelta(minutes=40),
    )


def test_changes_before_it_was_used_count(client):
    """Another trust, a newer version, a policy that was taken off, one that was deleted."""
    changes = (
        event(5, "UpdateAssumeRolePolicy", document="newer trust"),
        event(6, "CreatePolicyVersion", OWN, document="second"),
        event(7, "PutRolePolicy", refers_to=("inline",), document="inline's"),
        event(8, "DeleteRolePolicy", refers_to=("inline",)),
    )

    (role,) = rebuilt(client, *MADE, *changes).items
    (bare,) = rebuilt(client, *MADE, event(9, "DetachRolePolicy", refers_to=(OWN,))).items

    assert (role.trust, [policy.document for policy in role.policies]) == ("newer trust", ["second"])
    assert bare.policies == ()


def test_changes_after_it_was_used_count(client):
    """As they do while it is there. What is taken off last of all, before it is deleted, was on it."""
    (role,) = rebuilt(
        client,
        *MADE,
        event(40, "UpdateAssumeRolePolicy", document="newer trust"),
        event(41, "CreatePolicyVersion", OWN, document="second"),
        event(42, "DetachRolePolicy", refers_to=(AWSS,)),
        event(43, "PutRolePolicy", refers_to=("inline",), document="inline's"),
        event(44, "DeleteRolePolicy", refers_to=("inline",)),
        event(44, "DetachRolePolicy", refers_to=(OWN,)),
        event(44, "DeleteRole"),
    ).items

    assert (role.trust, role.as_of) == ("newer trust", NOON + dt.timedelta(minutes=44))
    assert [policy.document for policy in role.policies] == ["second", "inline's"]


def test_another_role_of_its_name_is_none_of_it(client):
    """It was made when the first one was gone."""
    later = (event(50, "DeleteRole"), event(60, "CreateRole", document="another's trust"))

    (role,) = rebuilt(client, *MADE, *later, event(61, "UpdateAssumeRolePolicy", document="newer trust")).items

    assert (role.trust, role.as_of) == ("trust", NOON + dt.timedelta(minutes=50))


def test_a_boundary_that_was_taken_off_bounds_nothing(client):
    """Unless that was part of its end."""
    limits = (event(3, "CreatePolicy", "limits", refers_to=(LIMITS,), document="limits"),)
    bounded = (*MADE, *limits, event(4, "PutRolePermissionsBoundary", refers_to=(LIMITS,)))

    (freed,) = rebuilt(client, *bounded, event(5, "DeleteRolePermissionsBoundary")).items
    (bound,) = rebuilt(client, *bounded, event(40, "DeleteRolePermissionsBoundary"), event(41, "DeleteRole")).items

    assert freed.boundary is None
    assert bound.boundary == Policy("limits", "boundary", "limits", LIMITS)


def test_an_older_version_that_was_chosen_again_is_not_known(client):
    """Which one it was is a number, and the event of its making has none."""
    newer = event(5, "CreatePolicyVersion", OWN, document="second")

    (role,) = rebuilt(client, *MADE, newer, event(6, "SetDefaultPolicyVersion", OWN)).items

    assert [policy.document for policy in role.policies] == [None]


def test_a_refused_change_changed_nothing(client):
    """What AWS refused did not happen."""
    refused = event(5, "DetachRolePolicy", refers_to=(OWN,), error="AccessDenied")

    (role,) = rebuilt(client, *MADE, refused).items

    assert [policy.name for policy in role.policies] == ["p"]


def test_a_policy_whose_making_was_not_seen_has_no_document(client):
    """It was there, and what it said is not known: the role's reach is then unverified."""
    (role,) = rebuilt(client, MADE[0], MADE[2]).items

    assert role.policies == (Policy("p", "customer", None, OWN),)


def test_a_role_whose_making_was_not_seen_stays_missing(client):
    """Older than the history, or of before a refusal."""
    assert rebuilt(client, MADE[1], MADE[2]).items == (ARN,)


def test_what_is_taken_away_in_the_same_second_was_there_before(client):
    """CloudTrail tells whole seconds."""
    (role,) = rebuilt(client, *MADE, event(10, "DetachRolePolicy", refers_to=(OWN,)), minute=10).items

    assert [policy.name for policy in role.policies] == ["p"]

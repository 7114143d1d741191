"""Conditions, three-valued."""

import json
from typing import Any

import pytest

from skymark.policy.conditions import Context, applies, undecided_keys
from skymark.policy.document import Statement, parse_policy

CONTEXT = Context(
    {
        "aws:securetransport": ("true",),
        "aws:principalaccount": ("111122223333",),
        "aws:principalarn": ("arn:aws:iam::111122223333:role/service-role/Mine",),
        "aws:username": None,
    }
)


def statement(condition: dict[str, Any], version: str = "2012-10-17") -> Statement:
    """A statement with this condition."""
    raw = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    return parse_policy(json.dumps({"Version": version, "Statement": raw}), "P")[0]


ACCOUNT, ARN, USER, ADDRESS = "aws:PrincipalAccount", "aws:PrincipalArn", "aws:username", "aws:SourceIp"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, True),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"Bool": {"AWS:securetransport": ["True"]}}, True),
        ({"Bool": {"aws:SecureTransport": False}}, False),
        ({"BoolIfExists": {"aws:SecureTransport": "false"}}, False),
        ({"StringEquals": {ACCOUNT: "111122223333"}}, True),
        ({"stringequals": {ACCOUNT: ["1", "111122223333"]}}, True),
        ({"StringEquals": {ACCOUNT: "1111*"}}, False),
        ({"StringLike": {ACCOUNT: "1111*"}}, True),
        ({"StringNotLike": {ACCOUNT: "1111*"}}, False),
        ({"StringLike": {ACCOUNT: "${aws:PrincipalAccount}"}}, True),
        ({"StringEquals": {ACCOUNT: "${ aws:PrincipalAccount , 'nobody'}"}}, True),
        ({"StringLike": {ACCOUNT: "*${aws:PrincipalTag/home}"}}, None),
        ({"StringNotEquals": {ACCOUNT: ["1", "2"]}}, True),
        ({"StringNotEquals": {ACCOUNT: ["1", "111122223333"]}}, False),
        ({"StringEqualsIgnoreCase": {ARN: "ARN:aws:iam::111122223333:ROLE/service-role/mine"}}, True),
        ({"StringEqualsIgnoreCase": {ARN: "ARN:AWS:IAM::${aws:PrincipalAccount}:ROLE/SERVICE-ROLE/MINE"}}, True),
        ({"StringEqualsIgnoreCase": {ARN: "arn:aws:iam::*:role/service-role/mine"}}, False),
        ({"StringEqualsIgnoreCase": {ARN: "arn:aws:iam::111122223333:role/service-role/${aws:PrincipalTag/a}"}}, None),
        ({"StringNotEqualsIgnoreCase": {ARN: "x"}}, True),
        ({"ArnLike": {ARN: "arn:aws:iam::*:role/*"}}, True),
        ({"ArnEquals": {ARN: "arn:aws:iam::111122223333:role/*/Mine"}}, True),
        ({"ArnLike": {ARN: "arn:aws:*:role/service-role/Mine"}}, False),
        ({"ArnNotLike": {ARN: "arn:aws:iam::111122223333:role/*"}}, False),
        ({"Null": {ACCOUNT: "false"}}, True),
        ({"Null": {ACCOUNT: "true"}}, False),
        ({"Null": {USER: "true"}}, True),
        ({"StringEquals": {USER: "ann"}}, False),
        ({"StringNotEquals": {USER: "ann"}}, True),
        ({"StringEqualsIfExists": {USER: "ann"}}, True),
        ({"ForAllValues:StringEquals": {USER: "ann"}}, True),
        ({"ForAnyValue:StringNotEquals": {USER: "ann"}}, False),
        ({"ForAnyValue:StringEquals": {ACCOUNT: "111122223333"}}, True),
        ({"StringEquals": {ACCOUNT: "${aws:PrincipalAccount}"}}, True),
        ({"StringEquals": {ACCOUNT: "${aws:PrincipalTag/home}"}}, None),
        ({"ArnLike": {ARN: "arn:aws:iam::${aws:PrincipalAccount}:role/*"}}, True),
        ({"ArnLike": {ARN: "arn:aws:iam::${aws:PrincipalTag/home}:role/*"}}, None),
        ({"IpAddress": {ADDRESS: "1.2.3.4"}}, None),
        ({"Null": {ADDRESS: "true"}}, None),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}, None),
        ({"NumericEquals": {ACCOUNT: "111122223333"}}, None),
        ({"NoSuchOperator": {ACCOUNT: "1"}}, None),
        ({"StringEquals": {ACCOUNT: []}}, None),
        ({"StringEquals": {ACCOUNT: "1"}, "IpAddress": {ADDRESS: "1.2.3.4"}}, False),
        ({"StringEquals": {ACCOUNT: "111122223333", ADDRESS: "1.2.3.4"}}, None),
    ],
)
def test_a_condition_is_decided_where_what_it_asks_is_known(condition: dict[str, Any], expected: bool | None) -> None:
    """What is known decides; what is not known is never guessed."""
    assert applies(statement(condition), CONTEXT) is expected


def test_without_a_version_a_variable_in_a_condition_is_plain_text() -> None:
    """Policies of before 2012-10-17 know no variables."""
    condition = {"StringEquals": {ACCOUNT: "${aws:PrincipalAccount}"}}

    assert applies(statement(condition, version="2008-10-17"), CONTEXT) is False


def test_the_keys_that_leave_it_open_are_named() -> None:
    """The report can say what could not be known, in the policy's own spelling."""
    condition = {"StringEquals": {ACCOUNT: "111122223333"}, "IpAddress": {ADDRESS: "1.2.3.4"}}

    assert undecided_keys(statement(condition), CONTEXT) == ("aws:SourceIp",)


@pytest.mark.parametrize(
    ("value", "version", "keys"),
    [
        ("${aws:PrincipalTag/home}", "2012-10-17", (ACCOUNT,)),
        ("${aws:PrincipalAccount}", "2012-10-17", ()),
        ("${aws:PrincipalTag/home}", "2008-10-17", ()),
    ],
)
def test_a_key_that_is_compared_with_what_nobody_knows_is_named(
    value: str, version: str, keys: tuple[str, ...]
) -> None:
    """It is the value that leaves it open, and only where a variable is one."""
    assert undecided_keys(statement({"StringEquals": {ACCOUNT: value}}, version), CONTEXT) == keys

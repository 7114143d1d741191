"""Reading policy documents."""

import json
from typing import Any

import pytest

from simulator.authorization.documents import Document, MalformedPolicy, Principals, parse

_ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def _principals(element: Any) -> Principals | None:
    return parse({"Statement": _ALLOW | {"Principal": element}}).statements[0].principals


def test_a_single_value_may_stand_where_a_list_may() -> None:
    """Statement, Action, Resource, Principal and a condition's value may each be one or a list."""
    one = {
        "Version": "2012-10-17",
        "Statement": _ALLOW
        | {"Principal": {"AWS": "111122223333"}, "Condition": {"StringEquals": {"aws:username": "ada"}}},
    }
    many = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject"],
                "Resource": ["*"],
                "Principal": {"AWS": ["111122223333"]},
                "Condition": {"StringEquals": {"aws:username": ["ada"]}},
            }
        ],
    }

    assert parse(one) == parse(many)


def test_the_same_text_is_read_once() -> None:
    """AWS's own policies are long, and many callers have the same."""
    text = json.dumps({"Statement": _ALLOW})

    assert parse(text, "arn:aws:iam::aws:policy/X") is parse(text, "arn:aws:iam::aws:policy/X")
    assert parse(text).source == ""


def test_no_statement_is_a_policy_too() -> None:
    """An empty list grants nothing."""
    assert parse({"Statement": []}) == Document(())


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ("*", Principals(everybody=True)),
        ({"AWS": "*"}, Principals(everybody=True)),
        ({"AWS": "111122223333"}, Principals(accounts=frozenset({"111122223333"}))),
        ({"AWS": "arn:aws:iam::111122223333:root"}, Principals(accounts=frozenset({"111122223333"}))),
        (
            {"AWS": ["arn:aws:iam::111122223333:user/ada", "AIDAEXAMPLE"]},
            Principals(named=frozenset({"arn:aws:iam::111122223333:user/ada", "AIDAEXAMPLE"})),
        ),
        ({"Service": "sagemaker.amazonaws.com"}, Principals(services=frozenset({"sagemaker.amazonaws.com"}))),
        ({"Federated": "cognito-identity.amazonaws.com"}, Principals()),
    ],
)
def test_principals(element: Any, expected: Principals) -> None:
    """Accounts, ARNs and services are told apart."""
    assert _principals(element) == expected


@pytest.mark.parametrize(
    "policy",
    [
        "no JSON",
        "[]",
        "{}",
        {"Statement": ["text"]},
        {"Statement": {"Effect": "Maybe", "Action": "*", "Resource": "*"}},
        {"Statement": {"Effect": "Allow", "Resource": "*"}},
        {"Statement": _ALLOW | {"Action": 7}},
        {"Statement": _ALLOW | {"Principal": "ada"}},
        {"Statement": _ALLOW | {"Condition": ["x"]}},
        {"Statement": _ALLOW | {"Condition": {"StringEquals": "x"}}},
        {"Statement": _ALLOW | {"Condition": {"StringIs": {"aws:username": "ada"}}}},
    ],
)
def test_what_is_no_policy(policy: Any) -> None:
    """One exception for whatever AWS would not have taken."""
    with pytest.raises(MalformedPolicy):
        parse(policy)

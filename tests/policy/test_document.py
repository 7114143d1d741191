"""Policy documents as statements."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skymark.policy.document import (
    Condition,
    PolicyDocumentError,
    Principal,
    Principals,
    Selection,
    Statement,
    parse_bucket_policy,
    parse_policy,
    parse_trust,
)


def test_every_element_of_a_statement_is_kept() -> None:
    """Nothing that decides about access gets lost in reading."""
    text = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "Mine",
                    "Effect": "Deny",
                    "NotAction": ["s3:Get*", "s3:List*"],
                    "NotResource": "arn:aws:s3:::mine",
                    "Condition": {"Bool": {"aws:SecureTransport": False}, "StringLike": {"s3:prefix": ["a/*", "b"]}},
                }
            ],
        }
    )

    assert parse_policy(text, "Own") == (
        Statement(
            policy="Own",
            number=1,
            effect="Deny",
            actions=Selection(("s3:Get*", "s3:List*"), inverted=True),
            resources=Selection(("arn:aws:s3:::mine",), inverted=True),
            conditions=(
                Condition("Bool", "aws:SecureTransport", ("false",)),
                Condition("StringLike", "s3:prefix", ("a/*", "b")),
            ),
            sid="Mine",
            variables=True,
        ),
    )


def test_the_principals_of_a_trust_policy_are_kept() -> None:
    """Each principal keeps its kind."""
    text = json.dumps(
        {
            "Statement": [
                {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"},
                {
                    "Effect": "Allow",
                    "NotPrincipal": {"AWS": ["1", "2"], "Service": "sagemaker.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                },
                {"Effect": "Allow", "NotPrincipal": "*", "Action": "sts:AssumeRole"},
            ]
        }
    )

    statements = parse_trust(text, "trust")

    assert {statement.resources for statement in statements} == {Selection(())}
    assert [statement.principals for statement in statements] == [
        Principals((Principal("*", "*"),)),
        Principals(
            (Principal("AWS", "1"), Principal("AWS", "2"), Principal("Service", "sagemaker.amazonaws.com")),
            inverted=True,
        ),
        Principals((Principal("*", "*"),), inverted=True),
    ]


@given(
    action=st.sampled_from(["s3:GetObject", "*"]),
    resource=st.sampled_from(["*", "arn:aws:s3:::b/*"]),
    value=st.sampled_from(["true", "x"]),
)
def test_one_value_and_a_list_of_one_are_the_same(action: str, resource: str, value: str) -> None:
    """AWS takes scalars and lists; it makes no difference which."""
    scalar = {
        "Effect": "Allow",
        "Action": action,
        "Resource": resource,
        "Condition": {"Bool": {"aws:SecureTransport": value}},
    }
    listed = {
        "Effect": "Allow",
        "Action": [action],
        "Resource": [resource],
        "Condition": {"Bool": {"aws:SecureTransport": [value]}},
    }

    one = parse_policy(json.dumps({"Statement": scalar}), "P")

    assert one == parse_policy(json.dumps({"Statement": [listed]}), "P")


def test_a_statement_is_labelled_by_its_sid_or_its_number() -> None:
    """People find a statement by its Sid, or by counting."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    text = json.dumps({"Statement": [statement, {**statement, "Sid": "Second"}, {**statement, "Sid": ""}]})

    assert [one.label for one in parse_policy(text, "P")] == ["statement 1", 'statement "Second"', "statement 3"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is not JSON"),
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it has no Statement"),
        ("{}", "it has no Statement"),
        ('{"Statement": ["Allow"]}', "statement 1 is not an object"),
        ('{"Statement": {"Action": "*", "Resource": "*"}}', "statement 1 has no Effect of Allow or Deny"),
        ('{"Statement": {"Effect": "allow"}}', "statement 1 has no Effect of Allow or Deny"),
        ('{"Statement": {"Effect": "Allow", "Resource": "*"}}', "statement 1 needs one of Action and NotAction"),
        (
            '{"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": "*"}}',
            "statement 1 needs one of Action and NotAction",
        ),
        ('{"Statement": {"Effect": "Allow", "Action": "*"}}', "statement 1 needs one of Resource and NotResource"),
        ('{"Statement": {"Effect": "Allow", "Action": [null], "Resource": "*"}}', "Action of statement 1 is not text"),
        (
            '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": 1}}}',
            "Condition of statement 1 is not an object of objects",
        ),
        (
            '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": []}}',
            "Condition of statement 1 is not an object of objects",
        ),
        (
            '{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"a": [{}]}}}}',
            "Condition of statement 1 is not text",
        ),
        (
            '{"Statement": [{"Effect": "Deny", "NotAction": [1.5, true], "Resource": "*"}, '
            '{"Effect": "Deny", "Action": "*", "NotResource": {}}]}',
            "Resource of statement 2 is not text",
        ),
    ],
)
def test_what_is_no_policy_is_refused_with_the_reason(text: str, reason: str) -> None:
    """A text that cannot be understood is never read as a policy that allows nothing."""
    with pytest.raises(PolicyDocumentError) as caught:
        parse_policy(text, "Own")

    assert (caught.value.policy, caught.value.reason) == ("Own", reason)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ({}, "statement 1 needs one of Principal and NotPrincipal"),
        ({"Principal": "*", "NotPrincipal": "*"}, "statement 1 needs one of Principal and NotPrincipal"),
        ({"Principal": "x"}, "Principal of statement 1 is neither * nor an object"),
        ({"Principal": {"AWS": [None]}}, "Principal of statement 1 is not text"),
    ],
)
def test_a_trust_policy_needs_to_name_somebody(statement: dict[str, object], reason: str) -> None:
    """A trust policy's statement without Principal is no statement."""
    text = json.dumps({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", **statement}})

    with pytest.raises(PolicyDocumentError) as caught:
        parse_trust(text, "trust")

    assert (str(caught.value), caught.value.policy) == (f"trust: {reason}", "trust")


def test_a_bucket_policy_names_somebody_and_something() -> None:
    """It is called as the bucket is; a bucket without one has no statement."""
    both = {"Effect": "Allow", "Action": "*", "Principal": {"AWS": "1"}, "Resource": "*"}

    assert parse_bucket_policy(json.dumps({"Statement": both}), "mine") == (
        Statement(
            policy="mine",
            number=1,
            effect="Allow",
            actions=Selection(("*",)),
            resources=Selection(("*",)),
            principals=Principals((Principal("AWS", "1"),)),
        ),
    )
    assert parse_bucket_policy("", "mine") == ()
    for missing in ("Principal", "Resource"):
        with pytest.raises(PolicyDocumentError, match=f"^mine: statement 1 needs one of {missing} and Not{missing}$"):
            parse_bucket_policy(
                json.dumps({"Statement": {key: value for key, value in both.items() if key != missing}}), "mine"
            )


def test_values_that_are_no_text_are_as_json_writes_them() -> None:
    """AWS takes true and 1 for their texts; variables mean something in one version only."""
    condition = {"Bool": {"aws:SecureTransport": [True, False]}, "NumericLessThan": {"s3:max-keys": [10, 1.5]}}
    raw = {"Effect": "Allow", "Action": "*", "Resource": "*", "Sid": 5, "Condition": condition}

    (statement,) = parse_policy(json.dumps({"Version": "2008-10-17", "Statement": raw}), "P")

    assert [one.values for one in statement.conditions] == [("true", "false"), ("10", "1.5")]
    assert (statement.sid, statement.variables) == (None, False)

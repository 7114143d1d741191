"""Conditions, each operator by hand."""

from typing import Any

import pytest

from simulator.authorization.conditions import Values, conditions

_CONTEXT: dict[str, Values] = {
    "aws:username": "ada",
    "aws:sourceip": "127.0.0.1",
    "aws:currenttime": "2026-07-01T18:20:00Z",
    "aws:securetransport": "true",
    "aws:tagkeys": ("team", "cost"),
    "aws:principalarn": "arn:aws:iam::111122223333:role/service-role/Lab",
    "s3:max-keys": "10",
    "s3:prefix": "home/ada/",
}


def _holds(block: dict[str, Any]) -> bool:
    def lookup(key: str) -> str | None:
        value = _CONTEXT.get(key.lower())
        return value if isinstance(value, str) else None

    return all(each.holds(_CONTEXT, lookup) for each in conditions(block, variables=True))


@pytest.mark.parametrize(
    ("operator", "key", "value", "expected"),
    [
        ("StringEquals", "aws:username", "ada", True),
        ("StringEquals", "AWS:UserName", "ada", True),
        ("StringEquals", "aws:username", "Ada", False),
        ("StringEquals", "aws:username", "a*", False),
        ("StringEquals", "aws:username", ["basil", "ada"], True),
        ("StringEquals", "aws:missing", "ada", False),
        ("StringNotEquals", "aws:username", "basil", True),
        ("StringNotEquals", "aws:username", ["basil", "ada"], False),
        ("StringNotEquals", "aws:missing", "ada", True),
        ("StringEqualsIgnoreCase", "aws:username", "ADA", True),
        ("StringNotEqualsIgnoreCase", "aws:username", "ADA", False),
        ("StringLike", "s3:prefix", "home/*", True),
        ("StringLike", "s3:prefix", "home/${aws:username}/*", True),
        ("StringLike", "s3:prefix", "home/${aws:PrincipalTag/none}/*", False),
        ("StringNotLike", "s3:prefix", "home/${aws:PrincipalTag/none}/*", True),
        ("StringNotLike", "s3:prefix", "home/*", False),
        ("NumericEquals", "s3:max-keys", "10.0", True),
        ("NumericEquals", "s3:max-keys", 10, True),
        ("NumericNotEquals", "s3:max-keys", "10", False),
        ("NumericLessThan", "s3:max-keys", "10", False),
        ("NumericLessThanEquals", "s3:max-keys", "10", True),
        ("NumericGreaterThan", "s3:max-keys", "9", True),
        ("NumericGreaterThanEquals", "s3:max-keys", "11", False),
        ("NumericEquals", "aws:username", "10", False),
        ("NumericEquals", "s3:max-keys", "ten", False),
        ("NumericLessThan", "aws:missing", "10", False),
        ("DateEquals", "aws:CurrentTime", "2026-07-01T20:20:00+02:00", True),
        ("DateNotEquals", "aws:CurrentTime", "2026-07-01", True),
        ("DateLessThan", "aws:CurrentTime", "2026-07-02", True),
        ("DateLessThanEquals", "aws:CurrentTime", "2026-07-01T18:20:00Z", True),
        ("DateGreaterThan", "aws:CurrentTime", "1782930000", False),
        ("DateGreaterThan", "aws:CurrentTime", "1782929999", True),
        ("DateGreaterThanEquals", "aws:CurrentTime", "2026-07-01T18:20:01Z", False),
        ("DateLessThan", "aws:CurrentTime", "tomorrow", False),
        ("Bool", "aws:SecureTransport", "true", True),
        ("Bool", "aws:SecureTransport", True, True),
        ("Bool", "aws:SecureTransport", "false", False),
        ("Bool", "aws:missing", "false", False),
        ("BoolIfExists", "aws:missing", "false", True),
        ("BinaryEquals", "aws:username", "ada", True),
        ("IpAddress", "aws:SourceIp", "127.0.0.0/8", True),
        ("IpAddress", "aws:SourceIp", ["10.0.0.0/8", "127.0.0.1"], True),
        ("IpAddress", "aws:SourceIp", "::1/128", False),
        ("IpAddress", "aws:SourceIp", "nowhere", False),
        ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8", True),
        ("NotIpAddress", "aws:SourceIp", "127.0.0.1/32", False),
        ("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/service-role/Lab", True),
        ("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/*", True),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*", True),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*", False),
        ("ArnLike", "aws:PrincipalArn", "arn:*:role/service-role/Lab", False),
        ("ArnLike", "aws:username", "*", False),
        ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::444455556666:*", True),
        ("ArnNotEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*", False),
        ("Null", "aws:username", "true", False),
        ("Null", "aws:username", "false", True),
        ("Null", "aws:missing", "true", True),
        ("Null", "aws:missing", False, False),
        ("StringEqualsIfExists", "aws:missing", "ada", True),
        ("StringEqualsIfExists", "aws:username", "basil", False),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["team", "other"], True),
        ("ForAnyValue:StringEquals", "aws:TagKeys", "other", False),
        ("ForAnyValue:StringEquals", "aws:missing", "team", False),
        ("ForAnyValue:StringNotEquals", "aws:TagKeys", "team", True),
        ("ForAnyValue:StringNotEquals", "aws:missing", "team", False),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["team", "cost", "other"], True),
        ("ForAllValues:StringEquals", "aws:TagKeys", "team", False),
        ("ForAllValues:StringEquals", "aws:missing", "team", True),
        ("ForAllValues:StringLike", "aws:TagKeys", ["t*", "c?st"], True),
        ("ForAllValues:StringNotEquals", "aws:TagKeys", ["other"], True),
        ("ForAllValues:StringNotEquals", "aws:TagKeys", ["team"], False),
        ("ForAnyValue:StringEqualsIfExists", "aws:missing", "team", True),
    ],
)
def test_operator(operator: str, key: str, value: Any, *, expected: bool) -> None:
    """What the IAM user guide says of each operator."""
    assert _holds({operator: {key: value}}) is expected


def test_all_of_them_must_hold() -> None:
    """Operators and keys are joined by and."""
    good = {"StringEquals": {"aws:username": "ada", "s3:prefix": "home/ada/"}, "Bool": {"aws:SecureTransport": "true"}}
    bad = good | {"Bool": {"aws:SecureTransport": "false"}}

    assert _holds(good)
    assert not _holds(bad)


def test_an_operator_that_does_not_exist_is_an_error() -> None:
    """IAM takes no such policy."""
    with pytest.raises(ValueError, match="Invalid Condition type : StringIs"):
        conditions({"StringIs": {"aws:username": "ada"}}, variables=True)


def test_variables_stand_only_for_strings() -> None:
    """A number's or an address's text is taken as it stands."""
    assert not _holds({"IpAddress": {"aws:SourceIp": "${aws:SourceIp}"}})

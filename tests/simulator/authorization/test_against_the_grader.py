"""The practice cloud's evaluator and the grader's, which share no code, decide alike."""

import datetime as dt
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.authorization.callers import Caller, service
from simulator.authorization.conditions import Values
from simulator.authorization.documents import Document, parse
from simulator.authorization.evaluation import Policies, Request, evaluate
from skymark.evidence import Policy, Role
from skymark.policy.access import s3_access
from skymark.policy.trust import trust_of

ACCOUNT = "111122223333"
BUCKET = "sagemaker-20190701-1820"
KEY = "sagemaker/DEMO/train.csv"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/Lab"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/Lab/SageMaker"
CALLER = Caller(ACCOUNT, SESSION, "AssumedRole", "AROALAB:SageMaker", "SageMaker", ROLE, None)
CONTEXT: dict[str, Values] = {
    "aws:SecureTransport": "true",
    "aws:PrincipalAccount": ACCOUNT,
    "aws:PrincipalArn": ROLE,
    "aws:PrincipalType": "AssumedRole",
    "aws:PrincipalIsAWSService": "false",
    "aws:ResourceAccount": ACCOUNT,
    "s3:ResourceAccount": ACCOUNT,
}

_ACTIONS = st.sampled_from(
    ["s3:*", "*", "s3:Get*", "s3:GetObject", "S3:putobject", "s3:*Object", "s3:ListBucket", "ec2:*"]
)
_NAMES = ["*", "sagemaker-*", "sagemaker-20190701-182?", BUCKET, "other", f"sagemaker-{ACCOUNT}", f"{BUCKET}-x"]
_RESOURCES = st.sampled_from(
    [
        "*",
        *(f"arn:aws:s3:::{name}" for name in _NAMES),
        *(f"arn:aws:s3:::{name}/*" for name in _NAMES),
        f"arn:aws:s3:::{BUCKET}*",
        f"arn:aws:s3:::{BUCKET}/sagemaker/*",
        f"arn:aws:s3:::{BUCKET}/{KEY}",
        "arn:aws:s3:::${aws:PrincipalAccount}/*",
        "arn:aws:s3:::sagemaker-${s3:ResourceAccount}*",
        "arn:aws-cn:s3:::*",
    ]
)
_CONDITIONS = st.sampled_from(
    [
        {},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"Bool": {"aws:SecureTransport": "false"}},
        {"StringEquals": {"aws:ResourceAccount": [ACCOUNT, "444455556666"]}},
        {"StringNotEquals": {"aws:ResourceAccount": ACCOUNT}},
        {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}},
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/service-role/*"}},
        {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}},
        {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Lab"}},
        {"StringEqualsIgnoreCase": {"aws:PrincipalType": "assumedrole"}},
    ]
)


def _lists(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(values, min_size=1, max_size=3)


@st.composite
def _statements(draw: st.DrawFn) -> list[dict[str, Any]]:
    def one() -> dict[str, Any]:
        statement: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
        statement[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(_lists(_ACTIONS))
        statement[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(_lists(_RESOURCES))
        condition = draw(_CONDITIONS)
        return statement | ({"Condition": condition} if condition else {})

    return [one() for _ in range(draw(st.integers(1, 4)))]


def _text(statements: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _grader(policies: tuple[Policy, ...], boundary: Policy | None) -> list[tuple[str, bool | None]]:
    role = Role("Lab", ROLE, dt.datetime(2026, 7, 1, tzinfo=dt.UTC), "{}", policies, boundary)
    access = s3_access(
        role, bucket=BUCKET, also_allowed=(), keys=(KEY,), partition="aws", account=ACCOUNT, known_buckets=()
    )
    return [(need.action, need.allowed) for need in access.needs]


def _cloud(identity: tuple[Document, ...], boundary: Document | None) -> list[tuple[str, bool | None]]:
    def may(action: str, resource: str) -> bool:
        request = Request(action, f"arn:aws:s3:::{resource}", CALLER, CONTEXT)
        return evaluate(request, Policies(identity, boundary)).allowed

    objects = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
    return [
        ("s3:ListBucket", may("s3:ListBucket", BUCKET)),
        *((each, may(each, f"{BUCKET}/{KEY}")) for each in objects),
    ]


@settings(max_examples=300, deadline=None)
@given(st.lists(_statements(), min_size=1, max_size=3), st.none() | _statements())
def test_what_a_role_may_do_with_the_lessons_bucket(
    written: list[list[dict[str, Any]]], limit: list[dict[str, Any]] | None
) -> None:
    """List, read, write and delete: both allow it or neither does."""
    texts = [_text(statements) for statements in written]
    boundary = None if limit is None else _text(limit)

    grader = _grader(
        tuple(Policy(f"p{at}", "inline", text) for at, text in enumerate(texts)),
        None if boundary is None else Policy("limit", "boundary", boundary),
    )

    assert grader == _cloud(tuple(map(parse, texts)), None if boundary is None else parse(boundary))


_PRINCIPALS = st.sampled_from(
    [
        "*",
        {"AWS": "*"},
        {"AWS": ACCOUNT},
        {"AWS": "arn:aws:iam::444455556666:root"},
        {"Service": "sagemaker.amazonaws.com"},
        {"Service": ["ec2.amazonaws.com", "sagemaker.amazonaws.com"]},
        {"Service": "lambda.amazonaws.com"},
    ]
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "Effect": st.sampled_from(["Allow", "Deny"]),
                "Principal": _PRINCIPALS,
                "Action": st.sampled_from(["sts:AssumeRole", "sts:*", "sts:TagSession"]),
            }
        ),
        min_size=1,
        max_size=4,
    )
)
def test_whether_sagemaker_may_act_in_a_role(statements: list[dict[str, Any]]) -> None:
    """The grader's `role.trust` and the practice cloud's SageMaker read a trust policy alike."""
    text = _text(statements)
    request = Request("sts:AssumeRole", ROLE, service("sagemaker.amazonaws.com", ACCOUNT), {})

    cloud = evaluate(request, Policies(resource=parse(text)), trust=True).allowed

    assert trust_of(text, ACCOUNT, "aws", ROLE).sagemaker is cloud

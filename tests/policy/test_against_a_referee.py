"""What a role reaches, held against a second opinion that shares no code with it: thousands of generated roles."""

import datetime as dt
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from skymark.evidence import Policy, Role
from skymark.policy.access import Found, S3Access, s3_access
from skymark.policy.s3_actions import DATA_ACTIONS
from tests.policy.referee import Documents, World, allows, hangs_on_unknown, worlds

ACCOUNT = "111122223333"
B = "sagemaker-20190701-1820"
DEFAULT = f"sagemaker-us-east-1-{ACCOUNT}"
KEY = "sagemaker/DEMO/train.csv"
ARN = "arn:aws:s3:::"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/Mine"

# What is settled of a request that SageMaker makes with the role, to a bucket of the same account.
KNOWN: World = {
    "aws:securetransport": ("true",),
    "aws:principalaccount": (ACCOUNT,),
    "aws:principalarn": (ROLE,),
    "aws:principaltype": ("AssumedRole",),
    "aws:principalisawsservice": ("false",),
    "aws:resourceaccount": (ACCOUNT,),
    "s3:resourceaccount": (ACCOUNT,),
}
ABSENT = ("aws:username",)

Raw = dict[str, Any]
BUCKETS = (B, B[:-1], f"{B}-2", B[:-1] + "1", DEFAULT, "abc", "abd", "bba", "my-photos", "sagemaker-x", "zzz")
KEYS = ("k", "k1", "train.csv", KEY, "a/b/c")

ACTIONS = (
    *("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "S3:getobject", "s3:ListBucketVersions"),
    *("s3:*", "*", "s3:Get*", "s3:*Object", "s3:List*", "s3:?etObject", "s3:PutLifecycle*", "iam:*", "sagemaker:*"),
)
RESOURCES = (
    *("*", f"{ARN}*", f"{ARN}*/*", ARN + B, f"{ARN}{B}/*", f"{ARN}{B}*", f"{ARN}{B}/sagemaker/*", f"{ARN}{B[:-1]}?"),
    *(ARN + DEFAULT, f"{ARN}{DEFAULT}/*", f"{ARN}sagemaker*", f"{ARN}my-photos", f"{ARN}my-photos/*", f"{ARN}ab?/k*"),
    *(f"{ARN}*a", f"{ARN}*/k?", "arn:aws:s3:*", "arn:*", "arn:aws:*:::abc/*", "arn:aws-cn:s3:::*", B, f"s3://{B}/*"),
    *("arn:aws:sagemaker:*:*:*", f"{ARN}sagemaker-us-east-1-${{aws:PrincipalAccount}}/*", f"{ARN}${{*}}", f"{ARN}abc"),
    *(f"{ARN}home-${{aws:username}}/*", f"{ARN}${{aws:PrincipalTag/team}}", f"{ARN}${{aws:PrincipalTag/team}}/*"),
)
CONDITIONS: tuple[Raw, ...] = (
    {"Bool": {"aws:SecureTransport": "true"}},
    {"Bool": {"aws:SecureTransport": "false"}},
    {"BoolIfExists": {"aws:SecureTransport": ["false"]}},
    {"StringEquals": {"aws:ResourceAccount": [ACCOUNT, "999988887777"]}},
    {"StringNotEquals": {"s3:ResourceAccount": ACCOUNT}},
    {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}},
    {"StringEqualsIgnoreCase": {"aws:PrincipalType": "assumedrole"}},
    {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/service-role/M?ne"}},
    {"StringNotLike": {"aws:PrincipalArn": "*:role/service-role/*"}},
    {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}},
    {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam:*:role/*"}},
    {"Null": {"aws:username": "true"}},
    {"Null": {"aws:PrincipalArn": "true"}},
    {"StringEquals": {"aws:username": "ana"}},
    {"StringNotEquals": {"aws:username": "ana"}},
    {"StringEqualsIfExists": {"aws:username": "ana"}},
    {"ForAllValues:StringEquals": {"aws:username": ["ana"]}},
    {"ForAnyValue:StringEquals": {"aws:username": ["ana"]}},
    {"Bool": {"aws:PrincipalIsAWSService": False}, "StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
    # From here on nobody knows.
    {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    {"NotIpAddress": {"aws:SourceIp": ["10.0.0.0/8"]}},
    {"StringEquals": {"aws:PrincipalTag/team": "abc"}},
    {"StringNotEquals": {"aws:PrincipalTag/team": ["abc", "abd"]}},
    {"StringLikeIfExists": {"aws:PrincipalTag/team": "ab*"}},
    {"Null": {"aws:PrincipalTag/team": "false"}},
)

statements = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Allow", "Deny"])},
).flatmap(
    lambda start: st.tuples(
        st.sampled_from(["Action"] * 5 + ["NotAction"]),
        st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=3, unique=True),
        st.sampled_from(["Resource"] * 5 + ["NotResource"]),
        st.lists(st.sampled_from(RESOURCES), min_size=1, max_size=3, unique=True),
        st.none() | st.sampled_from(CONDITIONS),
    ).map(
        lambda said: {
            **start,
            said[0]: said[1] if len(said[1]) > 1 else said[1][0],
            said[2]: said[3],
            **({} if said[4] is None else {"Condition": said[4]}),
        }
    )
)
# The console's own, so that many a role is right but for something small.
CONSOLES: list[Raw] = [
    {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": [ARN + B]},
    {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        "Resource": [f"{ARN}{B}/*"],
    },
]
documents = st.builds(
    lambda own, more, version: {"Version": version, "Statement": [*(CONSOLES if own else ()), *more]},
    st.booleans(),
    st.lists(statements, min_size=1, max_size=3),
    st.sampled_from(["2012-10-17"] * 4 + ["2008-10-17"]),
)
EVERYTHING: Raw = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
kinds = st.sampled_from(["customer", "customer", "inline", "aws"])


def without_allows(document: Raw) -> Raw:
    """As a policy counts that AWS manages: what it denies, and nothing that it allows."""
    return {**document, "Statement": [one for one in document["Statement"] if one["Effect"] == "Deny"]}


@st.composite
def roles(draw: st.DrawFn) -> tuple[Role, Documents]:
    """A role as a survey finds it, and what a referee needs to know of it."""
    said = [(draw(kinds), draw(documents)) for _ in range(draw(st.integers(1, 3)))]
    bounded = draw(st.none() | st.none() | documents)
    policies = [policy_of(kind, number, document) for number, (kind, document) in enumerate(said)]
    counted = [document if kind != "aws" else without_allows(document) for kind, document in said]
    if draw(st.integers(0, 9)) == 0:
        policies.append(
            Policy("AdministratorAccess", "aws", None, "arn:aws:iam::aws:policy/AdministratorAccess"),
        )
        counted.append(EVERYTHING)
    bound = None if bounded is None else policy_of("boundary", 9, bounded)
    made = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    return Role("Mine", ROLE, made, "{}", tuple(policies), bound), Documents(tuple(counted), bounded)


def policy_of(kind: Literal["customer", "inline", "aws", "boundary"], number: int, document: Raw) -> Policy:
    """A policy of this kind."""
    owner = "aws" if kind == "aws" else ACCOUNT
    arn = None if kind == "inline" else f"arn:aws:iam::{owner}:policy/P{number}"
    return Policy(f"P{number}", kind, json.dumps(document), arn)


def judged(role: Role) -> S3Access:
    """What Skymark says."""
    return s3_access(
        role,
        bucket=B,
        also_allowed=(DEFAULT,),
        keys=(KEY,),
        partition="aws",
        account=ACCOUNT,
        known_buckets=("my-photos", B),
    )


def instances(documents: Documents) -> Iterator[tuple[str, str]]:
    """Buckets and keys that the patterns match: a wildcard stands for nothing, a letter, a word, or a whole bucket."""
    texts = {
        text
        for document in documents.all
        for one in ([document["Statement"]] if isinstance(document["Statement"], dict) else document["Statement"])
        for text in (one.get("Resource") or one.get("NotResource"))
        if text.startswith(ARN)
    }
    for text, star, mark in itertools.product(sorted(texts), ("", "x", "-other", "k1", "abc/"), "xka"):
        bucket, _, key = text.removeprefix(ARN).replace("*", star).replace("?", mark).partition("/")
        yield bucket, key


def is_named_well(bucket: str) -> bool:
    """Whether S3 knows such names."""
    return re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket) is not None and ".." not in bucket


def agree(role: Role, documents: Documents) -> S3Access:
    """Hold Skymark's answer against the referee's, in every world that may be."""
    access = judged(role)
    may_be = list(worlds(documents, KNOWN, ABSENT))
    is_settled = not hangs_on_unknown(documents, KNOWN, ABSENT) and "${aws:username}" not in str(documents)

    for need in access.needs:
        answers = {allows(documents, need.action, ARN + need.resource, world) for world in may_be}
        assert answers == {need.allowed} if need.allowed is not None else not is_settled, need

    made_up = list(instances(documents))
    names = {*BUCKETS, *(name for name, _ in made_up)} - {B, DEFAULT}
    keys = tuple({*KEYS, *(key for _, key in made_up if key)})
    certain = possible = None
    for name, action in itertools.product(sorted(filter(is_named_well, names)), DATA_ACTIONS):
        for resource in (name,) if action.level == "bucket" else (f"{name}/{key}" for key in keys):
            answers = {allows(documents, action.name, ARN + resource, world) for world in may_be}
            certain = certain or ((action.name, resource) if answers == {True} else None)
            possible = possible or ((action.name, resource) if True in answers else None)
        if certain is not None:
            break
    is_told = access.excess is not None or access.found is Found.UNKNOWN
    assert possible is None or is_told, possible
    if is_settled and certain is not None:
        assert access.excess is not None, certain
        assert access.excess.certain, certain
    if access.excess is not None and access.excess.certain:
        confirm(access, documents, may_be, keys)
    return access


def confirm(access: S3Access, documents: Documents, may_be: list[World], keys: tuple[str, ...]) -> None:
    """The bucket that Skymark names is open in every world, by each action that it names."""
    assert access.excess is not None
    assert access.excess.bucket not in (B, DEFAULT)
    levels = {action.name: action.level for action in DATA_ACTIONS}
    tried = {*keys, *map("".join, itertools.product(keys, repeat=2))}
    for action in access.excess.actions:
        bucket = access.excess.bucket
        resources = [bucket] if levels[action] == "bucket" else [f"{bucket}/{key}" for key in tried]
        assert any(
            all(allows(documents, action, ARN + resource, world) for world in may_be) for resource in resources
        ), (action, bucket)


@settings(max_examples=150)
@given(roles())
def test_the_referee_agrees(case: tuple[Role, Documents]) -> None:
    """On each need, on whether any other bucket is open, and on the one that is named."""
    role, documents = case
    note(json.dumps([*documents.policies, {"boundary": documents.boundary}], indent=1))

    agree(role, documents)


@pytest.mark.long
@settings(max_examples=3000, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(roles())
def test_the_referee_agrees_thousands_of_times(case: tuple[Role, Documents]) -> None:
    """The same, for longer; the shorter one finds the simplest case."""
    agree(*case)

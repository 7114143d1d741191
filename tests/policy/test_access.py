"""What a role reaches in S3: each finding, each subtlety of IAM, and the sentence for the student."""

import datetime as dt
import fnmatch
import json
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skymark.evidence import Policy, Role
from skymark.policy.access import Found, S3Access, explain, s3_access
from skymark.policy.findings import Excess, Need, Opening
from skymark.policy.s3_actions import DATA_ACTIONS

B = "sagemaker-20190701-1820"
ACCOUNT = "111122223333"
DEFAULT = f"sagemaker-us-east-1-{ACCOUNT}"
KEY = "sagemaker/DEMO/train.csv"
ARN = "arn:aws:s3:::"
ALL_DATA = tuple(action.name for action in DATA_ACTIONS)
OBJECT_ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
WANTED = (
    f"; wanted: the role can list {B} (s3:ListBucket), can read, write and delete objects in it "
    "(s3:GetObject, s3:PutObject, s3:DeleteObject), and reaches no other bucket"
)

Raw = dict[str, Any]


def allow(action: Any, *resources: str, **more: Any) -> Raw:
    """An Allow statement."""
    return {"Effect": "Allow", "Action": action, "Resource": list(resources), **more}


def deny(action: Any, *resources: str, **more: Any) -> Raw:
    """A Deny statement."""
    return {**allow(action, *resources, **more), "Effect": "Deny"}


def text(*statements: Raw, version: str = "2012-10-17") -> str:
    """A policy document."""
    return json.dumps({"Version": version, "Statement": list(statements)})


def specific(*buckets: str) -> list[Raw]:
    """What the console writes for "Specific S3 buckets" (aws-facts 2.2)."""
    return [
        allow(["s3:ListBucket"], *(ARN + bucket for bucket in buckets)),
        allow(OBJECT_ACTIONS, *(f"{ARN}{bucket}/*" for bucket in buckets)),
    ]


def any_bucket() -> Raw:
    """What the console writes for "Any S3 bucket" (aws-facts 2.3)."""
    return allow([*OBJECT_ACTIONS, "s3:ListBucket"], f"{ARN}*")


def customer(*statements: Raw, name: str = "Own", version: str = "2012-10-17") -> Policy:
    """A customer-managed policy."""
    return Policy(name, "customer", text(*statements, version=version), f"arn:aws:iam::{ACCOUNT}:policy/{name}")


def managed(name: str, *statements: Raw, partition: str = "aws") -> Policy:
    """An AWS-managed policy; without statements, its text was not read."""
    document = text(*statements) if statements else None
    return Policy(name, "aws", document, f"arn:{partition}:iam::aws:policy/{name}")


def boundary(*statements: Raw) -> Policy:
    """A permissions boundary."""
    return Policy("Bound", "boundary", text(*statements), f"arn:aws:iam::{ACCOUNT}:policy/Bound")


def unread(kind: Literal["customer", "inline", "boundary"], name: str = "Closed") -> Policy:
    """A policy whose text could not be read."""
    return Policy(name, kind, None, f"arn:aws:iam::{ACCOUNT}:policy/{name}")


FULL_ACCESS = managed(
    "AmazonSageMakerFullAccess",
    allow("s3:ListBucket", "*"),
    allow([*OBJECT_ACTIONS, "s3:AbortMultipartUpload"], f"{ARN}*SageMaker*", f"{ARN}*sagemaker*"),
)


def role(*policies: Policy, bound: Policy | None = None) -> Role:
    """A role with these policies."""
    return Role(
        name="Mine",
        arn=f"arn:aws:iam::{ACCOUNT}:role/service-role/Mine",
        created_at=dt.datetime(2026, 11, 24, tzinfo=dt.UTC),
        trust="{}",
        policies=policies,
        boundary=bound,
    )


def judge(subject: Role, *, known: tuple[str, ...] = (B, DEFAULT, "my-photos")) -> S3Access:
    """The role's reach, measured by the lesson's bucket."""
    return s3_access(
        subject,
        bucket=B,
        also_allowed=(DEFAULT,),
        keys=(KEY,),
        partition="aws",
        account=ACCOUNT,
        known_buckets=known,
    )


def of(*statements: Raw, bound: Policy | None = None) -> S3Access:
    """The reach of a role with AmazonSageMakerFullAccess and one policy of its own."""
    return judge(role(FULL_ACCESS, customer(*statements), bound=bound))


# --- the three documents that the console writes ---


def test_specific_buckets_is_right() -> None:
    """The console's "Specific S3 buckets" with the lesson's bucket passes, beside AmazonSageMakerFullAccess."""
    access = of(*specific(B))

    assert access == S3Access(
        found=Found.OK,
        bucket=B,
        also_allowed=(DEFAULT,),
        needs=(
            Need("s3:ListBucket", B, True),
            Need("s3:GetObject", f"{B}/{KEY}", True),
            Need("s3:PutObject", f"{B}/{KEY}", True),
            Need("s3:DeleteObject", f"{B}/{KEY}", True),
        ),
        typed=(B,),
    )
    assert access.is_right is True
    assert explain(access) == f"the role can list, read, write and delete in {B}, and reaches no other bucket"


def test_any_bucket_opens_all_of_them() -> None:
    """The console's "Any S3 bucket" fails, and a real bucket of the account shows what that means."""
    access = of(any_bucket())

    assert access.found is Found.ANY_BUCKET
    assert access.is_right is False
    assert access.excess == Excess(
        bucket="my-photos",
        actions=("s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"),
        opened_by=(Opening("Own", "statement 1", (f"{ARN}*",)),),
        exists=True,
        certain=True,
        anywhere=True,
    )
    assert access.others == ()
    assert explain(access) == (
        "the role reaches any S3 bucket, my-photos for example: opened by statement 1 of policy Own "
        f"(arn:aws:s3:::*){WANTED}"
    )


def test_where_no_other_bucket_is_known_none_is_named_as_an_example() -> None:
    """A made-up name would say nothing where every bucket is open."""
    access = judge(role(customer(any_bucket())), known=())

    assert explain(access) == (
        f"the role reaches any S3 bucket: opened by statement 1 of policy Own (arn:aws:s3:::*){WANTED}"
    )


def test_none_grants_nothing_that_counts() -> None:
    """The console's "None" leaves AmazonSageMakerFullAccess alone, which does not count."""
    access = judge(role(FULL_ACCESS))

    assert (access.found, access.excess) == (Found.NONE, None)
    assert explain(access) == (
        "none of the role's own policies opens an S3 bucket (AWS's general ones, such as AmazonSageMakerFullAccess, "
        f"do not count here){WANTED}"
    )


# --- every finding ---

EVERYTHING_IN_B = allow("s3:*", ARN + B, f"{ARN}{B}/*")
UNKNOWN_CONDITION = {"IpAddress": {"aws:SourceIp": "192.0.2.1"}}

FINDINGS: list[tuple[str, Role, Found, str]] = [
    (
        "administrator by AWS's policy",
        role(customer(*specific(B)), managed("AdministratorAccess")),
        Found.ADMINISTRATOR,
        "the role may do everything, in every S3 bucket too, like an administrator: "
        "opened by statement 1 of policy AdministratorAccess (*)",
    ),
    (
        "administrator by a statement",
        role(customer(allow("*", "*", Sid="All"))),
        Found.ADMINISTRATOR,
        "the role may do everything, in every S3 bucket too, like an administrator: "
        'opened by statement "All" of policy Own (*)',
    ),
    (
        "S3 full access",
        role(customer(*specific(B)), managed("AmazonS3FullAccess", allow(["s3:*", "s3-object-lambda:*"], "*"))),
        Found.S3_FULL_ACCESS,
        "the role has full access to every S3 bucket, my-photos for example: "
        "opened by statement 1 of policy AmazonS3FullAccess (*)",
    ),
    (
        "a second bucket",
        role(customer(*specific(B, "my-photos", "my-music"))),
        Found.SECOND_BUCKET,
        f"the role reaches my-photos and my-music besides {B}: opened by statement 1 of policy Own "
        f"({ARN}{B}, {ARN}my-photos and {ARN}my-music) and statement 2 of policy Own "
        f"({ARN}{B}/*, {ARN}my-photos/* and {ARN}my-music/*)",
    ),
    (
        "more other buckets than are named one by one",
        role(customer(*specific(B, "a-one", "b-two", "c-three", "d-four"))),
        Found.SECOND_BUCKET,
        f"the role reaches a-one, b-two, c-three and 1 more besides {B}: opened by statement 1 of policy Own "
        f"({ARN}{B}, {ARN}a-one, {ARN}b-two and 2 more) and statement 2 of policy Own "
        f"({ARN}{B}/*, {ARN}a-one/*, {ARN}b-two/* and 2 more)",
    ),
    (
        "a second bucket instead of the first one's objects",
        role(customer(allow("s3:GetObject", f"{ARN}my-photos/*"), allow("s3:ListBucket", ARN + B))),
        Found.SECOND_BUCKET,
        f"the role reaches my-photos: opened by statement 1 of policy Own ({ARN}my-photos/*); "
        f"and s3:GetObject, s3:PutObject and s3:DeleteObject on {B} are not allowed",
    ),
    (
        "a second bucket, and one action too few on the first",
        role(
            customer(
                allow(["s3:ListBucket", *OBJECT_ACTIONS[:2]], ARN + B, f"{ARN}{B}/*"),
                allow("s3:GetObject", f"{ARN}my-photos/*"),
            )
        ),
        Found.SECOND_BUCKET,
        f"the role reaches my-photos: opened by statement 2 of policy Own ({ARN}my-photos/*); "
        f"and s3:DeleteObject on {B} is not allowed",
    ),
    (
        "wider, and not enough",
        role(customer(allow("s3:GetObject", f"{ARN}{B}*"))),
        Found.WIDER,
        f"the role reaches further than {B}, also a bucket called {B}-other: opened by statement 1 of policy Own "
        f"({ARN}{B}*); and s3:ListBucket, s3:PutObject and s3:DeleteObject on {B} are not allowed",
    ),
    (
        "wider, up to a bucket that is there",
        role(customer(*specific(B), allow("s3:GetObject", f"{ARN}my-*"))),
        Found.WIDER,
        f"the role reaches further than {B}, also my-photos: opened by statement 3 of policy Own ({ARN}my-*)",
    ),
    (
        "all but one bucket",
        role(customer({"Effect": "Allow", "Action": "s3:Get*", "NotResource": f"{ARN}private/*"})),
        Found.ANY_BUCKET,
        "the role reaches any S3 bucket, my-photos for example: opened by statement 1 of policy Own "
        f"(everything but {ARN}private/*)",
    ),
    (
        "three letters mistyped",
        role(customer(*specific("sagemaker-20190701-1999"))),
        Found.MISTYPED,
        f'the role\'s policies name "sagemaker-20190701-1999", not "{B}" (it looks like a typing slip)',
    ),
    (
        "four letters mistyped",
        role(customer(*specific("sagemaker-20190702-1999"))),
        Found.MISTYPED,
        f'the role\'s policies name "sagemaker-20190702-1999", not "{B}"',
    ),
    (
        "several mistyped",
        role(customer(*specific("sagemaker-1", "sagemaker-2", "sagemaker-20190701-1821"))),
        Found.MISTYPED,
        f'the role\'s policies name "sagemaker-20190701-1821" and 2 more, not "{B}" (it looks like a typing slip)',
    ),
    (
        "nothing typed, and another bucket",
        role(customer(*specific("SageMaker", "other-one"))),
        Found.MISTYPED,
        f'the role\'s policies name "SageMaker" and 1 more, not "{B}"',
    ),
    (
        "one object of a bucket that is not the account's",
        role(customer(*specific(B), allow("s3:GetObject", f"{ARN}some-photos/cat.png"))),
        Found.SECOND_BUCKET,
        f"the role reaches some-photos besides {B}: opened by statement 3 of policy Own ({ARN}some-photos/cat.png)",
    ),
    (
        "all actions missing",
        role(customer(allow("s3:PutLifecycleConfiguration", ARN + B))),
        Found.MISSING,
        f"the role's policies do not allow s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject on {B}",
    ),
    (
        "all actions missing but one",
        role(customer(allow("s3:Get*", f"{ARN}{B}/*"))),
        Found.MISSING,
        f"the role's policies do not allow s3:ListBucket, s3:PutObject and s3:DeleteObject on {B}",
    ),
    (
        "wider",
        role(customer(*specific(f"{B}*"))),
        Found.WIDER,
        f"the role reaches further than {B}, also a bucket called {B}-other: opened by statement 1 of policy Own "
        f"({ARN}{B}*) and statement 2 of policy Own ({ARN}{B}*/*)",
    ),
    (
        "mistyped",
        role(FULL_ACCESS, customer(*specific("sagemaker-20190701-1802"))),
        Found.MISTYPED,
        f'the role\'s policies name "sagemaker-20190701-1802", not "{B}" (it looks like a typing slip)',
    ),
    (
        "another bucket",
        role(customer(*specific("my-photos"))),
        Found.MISTYPED,
        f'the role\'s policies name "my-photos", not "{B}"',
    ),
    (
        "nothing typed",
        role(FULL_ACCESS, customer(*specific("SageMaker"))),
        Found.MISTYPED,
        'the role\'s policy names a bucket "SageMaker", and no bucket can be called that: '
        "the console writes this when no bucket's name was typed in, as a rule",
    ),
    (
        "an address typed",
        role(customer(*specific(f"s3://{B}"))),
        Found.MISTYPED,
        f'the role\'s policies name "s3://{B}", not "{B}" (right bucket, but only its bare name belongs there)',
    ),
    (
        "a slash typed",
        role(customer(*specific(f"{B}/"))),
        Found.MISTYPED,
        f'the role\'s policies name "{B}/", not "{B}" (right bucket, but only its bare name belongs there)',
    ),
    (
        "an ARN typed",
        role(customer(*specific(f"{ARN}{B}"))),
        Found.MISTYPED,
        f'the role\'s policies name "{ARN}{B}", not "{B}" (right bucket, but only its bare name belongs there)',
    ),
    (
        "denied",
        role(customer(*specific(B), deny(["s3:Delete*"], "*", Sid="Keep"))),
        Found.DENIED,
        f'statement "Keep" of policy Own denies s3:DeleteObject on {B}, and a Deny wins over every Allow',
    ),
    (
        "outside the boundary",
        role(customer(*specific(B)), bound=boundary(allow(["sagemaker:*", "s3:Get*", "s3:List*"], "*"))),
        Found.DENIED,
        f"the permissions boundary Bound does not let s3:PutObject and s3:DeleteObject on {B} through",
    ),
    (
        "an action missing",
        role(customer(allow("s3:ListBucket", ARN + B), allow(OBJECT_ACTIONS[:2], f"{ARN}{B}/*"))),
        Found.MISSING,
        f"the role's policies do not allow s3:DeleteObject on {B}",
    ),
    (
        "objects without the bucket",
        role(customer(allow("s3:*", f"{ARN}{B}/*"))),
        Found.MISSING,
        f"the role's policies do not allow s3:ListBucket on {B} "
        "(for that a statement has to name the bucket itself, without /*)",
    ),
    (
        "a condition that nobody knows",
        role(customer(*specific(B), allow("s3:*", "*", Condition=UNKNOWN_CONDITION))),
        Found.UNKNOWN,
        "statement 3 of policy Own has a condition that cannot be decided from outside (aws:SourceIp)",
    ),
    (
        "too little, and perhaps more elsewhere",
        role(customer(allow("s3:ListBucket", ARN + B), allow("s3:*", f"{ARN}x-*", Condition=UNKNOWN_CONDITION))),
        Found.MISSING,
        f"the role's policies do not allow s3:GetObject, s3:PutObject and s3:DeleteObject on {B}",
    ),
    (
        "a boundary that was not read",
        role(customer(*specific(B)), bound=unread("boundary")),
        Found.UNKNOWN,
        "Closed could not be read",
    ),
    (
        "a policy that was not read",
        role(customer(*specific(B)), unread("inline")),
        Found.UNKNOWN,
        "Closed could not be read",
    ),
]


@pytest.mark.parametrize(
    ("subject", "found", "said"), [case[1:] for case in FINDINGS], ids=[case[0] for case in FINDINGS]
)
def test_each_finding_has_its_own_words(subject: Role, found: Found, said: str) -> None:
    """People learn which statement of which policy opens what, and what was wanted."""
    access = judge(subject)

    assert access.found is found
    if found is Found.UNKNOWN:
        assert access.is_right is None
        assert explain(access) == f"whether the role reaches {B} and no other bucket cannot be told: {said}"
    else:
        assert access.is_right is False
        assert explain(access) == said + WANTED


def test_every_finding_has_a_test() -> None:
    """No message is left untried."""
    tried = {found for *_, found, _ in FINDINGS} | {Found.OK, Found.ANY_BUCKET, Found.NONE}

    assert tried == set(Found)


# --- subtleties: what is allowed in the end ---

EXCEPT_B = {"NotResource": [ARN + B, f"{ARN}{B}/*"]}
ONLY_B = {"Effect": "Deny", "Action": "s3:*", **EXCEPT_B}
OWN_ACCOUNT = {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}
OTHER_ACCOUNT = {"StringEquals": {"s3:ResourceAccount": "999999999999"}}
SECURE = {"Bool": {"aws:SecureTransport": "true"}}
INSECURE = {"Bool": {"aws:SecureTransport": "false"}}

# Of letters that are not in the bucket's name.
TANGLED = tuple(f"{ARN}*{one}*{two}*{one}*" for one in "bcfh" for two in "wxyz")

RIGHT = {
    "several statements add up": [
        allow("s3:ListBucket", ARN + B),
        *(allow(one, f"{ARN}{B}/*") for one in OBJECT_ACTIONS),
    ],
    "actions by wildcard": [EVERYTHING_IN_B],
    "action names in any case": [
        allow(["S3:listbucket", "s3:GETOBJECT", "s3:putobject", "S3:DELETE*"], ARN + B, f"{ARN}{B}/*")
    ],
    "a question mark in an action": [
        allow("s3:ListBucke?", ARN + B),
        allow(["s3:?etObject", "s3:PutObject", "s3:DeleteObject"], f"{ARN}{B}/*"),
    ],
    "every action on the bucket": [allow("*", ARN + B, f"{ARN}{B}/*")],
    "any partition": [allow("s3:*", f"arn:*:s3:::{B}", f"arn:*:s3:::{B}/*")],
    "any region and account": [allow("s3:*", f"arn:aws:s3:*:*:{B}", f"arn:aws:s3:*:*:{B}/*")],
    "a deny for everything but the bucket": [allow("s3:*", "*"), ONLY_B],
    "an administrator kept to the bucket": [allow("*", "*"), ONLY_B],
    "NotAction in a deny": [
        *specific(B),
        allow("s3:*", "*"),
        {"Effect": "Deny", "NotAction": ["s3:ListAllMyBuckets", "iam:*"], **EXCEPT_B},
    ],
    "all names and places of buckets": [*specific(B), allow(["s3:ListAllMyBuckets", "s3:GetBucketLocation"], "*")],
    "configuration of all buckets": [*specific(B), allow(["s3:GetBucket*", "s3:GetLifecycleConfiguration"], "*")],
    "SageMaker's default bucket too": [*specific(B, DEFAULT)],
    "a deny for insecure transport": [*specific(B), deny("s3:*", "*", Condition=INSECURE)],
    "a condition that is surely true": [allow("s3:*", ARN + B, f"{ARN}{B}/*", Condition={**SECURE, **OWN_ACCOUNT})],
    "other accounts' buckets": [*specific(B), allow("s3:*", "*", Condition=OTHER_ACCOUNT)],
    "a deny for other accounts' buckets": [
        *specific(B),
        deny("s3:*", "*", Condition={"StringNotEquals": {"aws:ResourceAccount": ACCOUNT}}),
    ],
    "object actions on a bucket's ARN have no effect": [*specific(B), allow(OBJECT_ACTIONS, f"{ARN}another-bucket")],
    "listing of objects' ARNs has no effect": [*specific(B), allow("s3:ListBucket", f"{ARN}*/*")],
    "other services": [*specific(B), allow("*", "arn:aws:sagemaker:*:*:*"), allow("dynamodb:*", "*")],
    "a bucket that cannot exist": [*specific(B, "SageMaker")],
    "an upper-case star": [*specific(B), allow("s3:*", f"{ARN}A*")],
    "another partition": [*specific(B), allow("s3:*", "arn:aws-cn:s3:::*")],
    "the other bucket denied": [*specific(B, "my-photos"), deny("*", f"{ARN}my-photos", f"{ARN}my-photos/*")],
    "an exact question mark": [allow("s3:*", f"{ARN}sagemaker-20190701-1820", f"{ARN}sagemaker-20190701-1820/?*")],
    "a variable of before 2012": [*specific(B), allow("s3:*", f"{ARN}my-${{aws:username}}!")],
    "a deny that nobody meets": [*specific(B), deny("s3:*", f"{ARN}{B}/secret/*")],
    "a deny for another service": [*specific(B), deny("*", "arn:aws:sqs:*:*:*")],
    "a deny for all others that is no tangle": [*specific(B), deny("s3:*", *TANGLED)],
    "all old versions denied, however tangled the grant": [
        deny("s3:GetObjectVersion", f"{ARN}*"),
        *specific(B),
        allow("s3:GetObjectVersion", *TANGLED),
    ],
    "a tangle for actions that reach no data": [
        *specific(B),
        allow("s3:GetObject", f"{ARN}x*/*"),
        deny("s3:GetObject", f"{ARN}x*/*"),
        allow("s3:GetObjectTagging", *TANGLED),
    ],
    "a role has no user name": [*specific(B), allow("s3:*", "*", Condition={"StringEquals": {"aws:username": "ann"}})],
}


@pytest.mark.parametrize("statements", RIGHT.values(), ids=RIGHT.keys())
def test_what_amounts_to_the_bucket_alone_is_right(statements: list[Raw]) -> None:
    """However it is written: what counts is what is allowed in the end."""
    version = "2008-10-17" if any("username}!" in json.dumps(one) for one in statements) else "2012-10-17"

    access = judge(role(FULL_ACCESS, customer(*statements, version=version)))

    assert (access.found, access.reasons) == (Found.OK, ())


WRONG = {
    "all but a few actions": ([{"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}], Found.ANY_BUCKET),
    "all but one bucket": (
        [{"Effect": "Allow", "Action": "s3:*", "NotResource": [f"{ARN}private", f"{ARN}private/*"]}],
        Found.ANY_BUCKET,
    ),
    "one action on all buckets": ([*specific(B), allow("s3:List*", "*")], Found.ANY_BUCKET),
    "only objects of all buckets": ([*specific(B), allow("s3:GetObject", f"{ARN}*/*")], Found.ANY_BUCKET),
    "old versions of all objects": ([*specific(B), allow("s3:GetObjectVersion", f"{ARN}*")], Found.ANY_BUCKET),
    "emptying all buckets by a rule": ([*specific(B), allow("s3:PutLifecycleConfiguration", "*")], Found.ANY_BUCKET),
    "an incomplete ARN": ([*specific(B), allow("s3:*", "arn:aws:s3")], Found.ANY_BUCKET),
    "an incomplete ARN and nothing else": ([allow("s3:*", "arn:aws:s3")], Found.ANY_BUCKET),
    "a deny that excepts another bucket": (
        [
            *specific(B),
            allow("s3:GetObject", "*"),
            {"Effect": "Deny", "Action": "s3:*", "NotResource": [*EXCEPT_B["NotResource"], f"{ARN}my-photos/*"]},
        ],
        Found.WIDER,
    ),
    "another bucket, after another service": (
        [allow("s3:*", "arn:aws:sagemaker:*:*:*", f"{ARN}my-photos", f"{ARN}my-photos/*")],
        Found.MISTYPED,
    ),
    "another bucket of any partition": ([allow("s3:*", "arn:*:s3:::my-photos")], Found.MISTYPED),
    "another bucket of any service": ([allow("s3:*", "arn:aws:*:::my-photos")], Found.MISTYPED),
    "a bucket that only AWS can name": (
        [allow("s3:*", f"{ARN}home-${{aws:PrincipalTag/name}}")],
        Found.MISSING,
    ),
    "a deny for deleting only": ([allow("s3:*", "*"), {**ONLY_B, "Action": "s3:Delete*"}], Found.ANY_BUCKET),
    "a deny with a condition that is false": (
        [allow("s3:*", "*"), {**ONLY_B, "Condition": INSECURE}],
        Found.ANY_BUCKET,
    ),
    "a deny for buckets only, not for objects": (
        [allow("s3:*", "*"), deny("s3:*", f"{ARN}*"), EVERYTHING_IN_B],
        Found.DENIED,
    ),
    "one prefix of all buckets": ([*specific(B), allow("s3:*", f"{ARN}*/public/*")], Found.ANY_BUCKET),
    "buckets of one prefix": ([*specific(B), allow("s3:*", f"{ARN}sagemaker-2019*")], Found.WIDER),
    "one letter more": ([*specific(B), allow("s3:*", f"{ARN}{B}?")], Found.WIDER),
    "one letter open": ([allow("s3:*", f"{ARN}sagemaker-2019070?-1820", f"{ARN}{B}/*")], Found.WIDER),
    "without the slash": ([allow("s3:ListBucket", ARN + B), allow(OBJECT_ACTIONS, f"{ARN}{B}*")], Found.WIDER),
    "a bucket that is not there": ([*specific(B, "no-such-bucket")], Found.SECOND_BUCKET),
    "one object of another bucket": (
        [*specific(B), allow("s3:GetObject", f"{ARN}my-photos/cat.png")],
        Found.SECOND_BUCKET,
    ),
    "listing of another bucket": (
        [*specific(B), allow("s3:ListBucketVersions", f"{ARN}my-photos")],
        Found.SECOND_BUCKET,
    ),
    "only the default bucket": ([*specific(DEFAULT)], Found.MISTYPED),
    "a folder in the bucket": ([*specific(f"{B}/data")], Found.MISTYPED),
    "the wrong partition": ([allow("s3:*", f"arn:aws-cn:s3:::{B}", f"arn:aws-cn:s3:::{B}/*")], Found.MISTYPED),
    "the bucket in capitals": ([*specific(B.upper())], Found.MISTYPED),
    "objects on the bucket's ARN": ([allow([*OBJECT_ACTIONS, "s3:ListBucket"], ARN + B)], Found.MISSING),
    "only a folder's objects": ([allow("s3:*", ARN + B, f"{ARN}{B}/data/*")], Found.MISSING),
    "an action that does not exist": (
        [allow("s3:ListObjects", ARN + B), allow(OBJECT_ACTIONS, f"{ARN}{B}/*")],
        Found.MISSING,
    ),
    "a condition that is surely false": ([allow("s3:*", ARN + B, f"{ARN}{B}/*", Condition=INSECURE)], Found.NONE),
    "only names of buckets": ([allow(["s3:ListAllMyBuckets", "s3:GetBucketLocation"], "*")], Found.NONE),
    "only other services": ([allow("*", "arn:aws:sagemaker:*:*:*")], Found.NONE),
    "everything denied": ([*specific(B), deny("*", "*")], Found.DENIED),
    "the boundary's deny": ([*specific(B), deny("s3:PutObject", f"{ARN}{B}/*")], Found.DENIED),
}


@pytest.mark.parametrize(("statements", "found"), WRONG.values(), ids=WRONG.keys())
def test_what_amounts_to_less_or_more_is_found(statements: list[Raw], found: Found) -> None:
    """However it is written: what counts is what is allowed in the end."""
    assert of(*statements).found is found


OPEN = "{} of policy Own has a condition that cannot be decided from outside ({})"
LONGEST = "l" * 63


@pytest.mark.parametrize(
    ("statements", "bucket"),
    [
        ([allow("s3:*", f"{ARN}{B}?")], f"{B}x"),
        ([allow("s3:GetObject", f"{ARN}data-*/x*")], "data--other"),
        ([allow("s3:ListBucket", f"{ARN}*.data")], "other.data"),
        ([allow("s3:*", f"{ARN}{LONGEST}*")], LONGEST),
        (
            [
                allow("s3:GetObject", f"{ARN}zz*/old/*"),
                deny("s3:*", f"{ARN}zz-other*", f"{ARN}zzother*", f"{ARN}zz/*"),
            ],
            "zza",
        ),
    ],
)
def test_where_no_real_bucket_is_open_one_that_could_be_is_named(statements: list[Raw], bucket: str) -> None:
    """A name that says what it is, where there is one; else the shortest."""
    access = of(*specific(B), *statements)

    assert access.excess is not None
    assert (access.found, access.excess.bucket, access.excess.exists) == (Found.WIDER, bucket, False)


def test_what_is_perhaps_open_is_kept_as_that() -> None:
    """With a real bucket where there is one, and else one that could be."""
    perhaps = {"Condition": UNKNOWN_CONDITION}
    closed = deny("s3:*", f"{ARN}zz-other*", f"{ARN}zzother*", f"{ARN}zz/*")

    everywhere = of(*specific(B), allow("s3:GetObject", "*", **perhaps))
    elsewhere = of(*specific(B), allow("s3:GetObject", f"{ARN}zz*/*", **perhaps), closed)

    assert everywhere.excess == Excess(
        "my-photos", ("s3:GetObject",), (Opening("Own", "statement 3", ("*",)),), True, certain=False, anywhere=True
    )
    assert elsewhere.excess == Excess(
        "zza", ("s3:GetObject",), (Opening("Own", "statement 3", (f"{ARN}zz*/*",)),), exists=False, certain=False
    )


def test_what_is_perhaps_open_is_not_told_as_what_surely_is() -> None:
    """Of the bucket that is named, of the actions, of the others, and of whether all are as open."""
    perhaps = {"Condition": UNKNOWN_CONDITION}

    access = of(
        *specific(B),
        allow("s3:*", f"{ARN}my-music", f"{ARN}my-music/*", **perhaps),
        allow("s3:GetObject", f"{ARN}my-photos/*"),
        allow("s3:PutObject", "*", **perhaps),
    )

    assert (access.found, access.others) == (Found.WIDER, ("my-photos",))
    assert access.excess == Excess(
        "my-photos",
        ("s3:GetObject",),
        (Opening("Own", "statement 4", (f"{ARN}my-photos/*",)),),
        exists=True,
        certain=True,
    )


def test_what_opens_another_bucket_is_not_what_opens_a_third() -> None:
    """The statement that is named is the one that opens the bucket that is."""
    access = of(*specific(B), allow("s3:GetObject", f"{ARN}a-one/*"), allow("s3:PutObject", f"{ARN}b-two/*"))

    assert access.others == ("a-one", "b-two")
    assert access.excess == Excess(
        "a-one",
        ("s3:GetObject",),
        (Opening("Own", "statement 3", (f"{ARN}a-one/*",)),),
        exists=True,
        certain=True,
    )


UNDECIDED = {
    "an address": (
        [allow("s3:*", ARN + B, f"{ARN}{B}/*", Condition=UNKNOWN_CONDITION)],
        OPEN.format("statement 1", "aws:SourceIp"),
    ),
    "a deny with an unknown condition": (
        [*specific(B), deny("s3:*", "*", Condition=UNKNOWN_CONDITION)],
        OPEN.format("statement 3", "aws:SourceIp"),
    ),
    "more for some callers": (
        [*specific(B), allow("s3:*", "*", Condition={"StringEquals": {"aws:PrincipalTag/team": "a"}})],
        OPEN.format("statement 3", "aws:PrincipalTag/team"),
    ),
    "two conditions": (
        [*specific(B), allow("s3:*", "*", Sid="Two", Condition={"StringEquals": {"aws:b": "1", "aws:a": "1"}})],
        OPEN.format('statement "Two"', "aws:b, aws:a"),
    ),
    "any bucket, perhaps taken away": (
        [any_bucket(), {**ONLY_B, "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}],
        OPEN.format("statement 2", "aws:SourceVpc"),
    ),
    "tagged objects of all buckets": (
        [
            *specific(B),
            allow("s3:GetObject", "*", Condition={"StringEquals": {"s3:ExistingObjectTag/SageMaker": "true"}}),
        ],
        OPEN.format("statement 3", "s3:ExistingObjectTag/SageMaker"),
    ),
    "a variable": (
        [*specific(B), allow("s3:*", f"{ARN}home-${{aws:PrincipalTag/name}}")],
        f"statement 3 of policy Own names {ARN}home-${{aws:PrincipalTag/name}}, which only AWS can fill in",
    ),
    "two variables": (
        [
            *specific(B),
            allow("s3:*", f"{ARN}a-${{aws:PrincipalTag/a}}", f"{ARN}{B}", f"{ARN}c-${{aws:PrincipalTag/c}}/*"),
        ],
        f"statement 3 of policy Own names {ARN}a-${{aws:PrincipalTag/a}}, {ARN}c-${{aws:PrincipalTag/c}}/*, "
        "which only AWS can fill in",
    ),
    "unknown conditions of other services do not matter": (
        [
            *specific(B),
            allow("dynamodb:*", "*", Condition=UNKNOWN_CONDITION),
            allow("s3:ListAllMyBuckets", f"{ARN}${{aws:PrincipalTag/a}}"),
            allow("s3:*", "*", Condition=UNKNOWN_CONDITION),
        ],
        OPEN.format("statement 5", "aws:SourceIp"),
    ),
}


@pytest.mark.parametrize(("statements", "reason"), UNDECIDED.values(), ids=UNDECIDED.keys())
def test_what_hangs_on_an_unknown_is_not_decided(statements: list[Raw], reason: str) -> None:
    """Nothing is guessed, and the reason is named."""
    access = of(*statements)

    assert (access.found, access.is_right) == (Found.UNKNOWN, None)
    assert access.reasons == (reason,)


def test_all_that_leaves_it_open_is_named() -> None:
    """What was not read first, each once; then statements, of the boundary too."""
    bound = boundary(allow("s3:*", "*", Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}}))
    subject = role(
        unread("customer", "One"),
        customer(allow("s3:*", "*", Condition=UNKNOWN_CONDITION), deny("s3:Put*", "*", Condition=UNKNOWN_CONDITION)),
        unread("inline", "Two"),
        bound=bound,
    )

    access = judge(subject)

    assert access.reasons == (
        "One could not be read",
        "Two could not be read",
        OPEN.format("statement 1", "aws:SourceIp"),
        OPEN.format("statement 2", "aws:SourceIp"),
        "statement 1 of policy Bound has a condition that cannot be decided from outside (aws:SourceVpc)",
    )
    assert explain(access) == (
        f"whether the role reaches {B} and no other bucket cannot be told: {'; '.join(access.reasons)}"
    )


def test_what_is_undecided_without_a_reason_has_words_too() -> None:
    """Nobody is left with half a sentence."""
    assert explain(S3Access(Found.UNKNOWN, B, (), ())) == (
        f"whether the role reaches {B} and no other bucket cannot be told: its policies could not be evaluated"
    )


def test_an_unknown_condition_beside_a_certain_grant_changes_nothing() -> None:
    """An unknown condition matters only where the result hangs on it."""
    harmless = allow("s3:GetObject", f"{ARN}{B}/*", Condition=UNKNOWN_CONDITION)

    right = of(*specific(B), harmless)

    assert (right.found, right.reasons) == (Found.OK, ())
    assert of(any_bucket(), harmless).found is Found.ANY_BUCKET


def test_what_is_plain_text_without_a_version_is_no_reason() -> None:
    """In policies of before 2012-10-17 there is nothing for AWS to fill in."""
    old = customer(allow("s3:GetObject", f"{ARN}{B}/${{aws:username}}"), name="Old", version="2008-10-17")

    access = judge(role(old, unread("inline")))

    assert access.reasons == ("Closed could not be read",)


# --- several policies, boundaries, denies from everywhere ---


def test_policies_add_up() -> None:
    """Listing may come from one policy, objects from another, inline or managed."""
    listing, objects = specific(B)
    inline = Policy("Inline", "inline", text(objects))

    assert judge(role(customer(listing), inline)).found is Found.OK


def test_an_aws_managed_policy_grants_nothing_here() -> None:
    """Other AWS-managed policies are tolerated: neither do they open too much, nor enough."""
    reader = managed("AmazonS3ReadOnlyAccess", allow(["s3:Get*", "s3:List*"], "*"))

    assert judge(role(reader, customer(*specific(B)))).found is Found.OK
    assert judge(role(managed("PowerUserAccess", allow("*", "*")))).found is Found.NONE


def test_a_customer_policy_with_the_name_of_aws_s_is_the_customer_s() -> None:
    """What AWS manages is told by the ARN, not by the name."""
    assert judge(role(customer(*specific(B), name="AdministratorAccess"))).found is Found.OK


def test_a_deny_counts_from_an_aws_managed_policy() -> None:
    """A Deny counts from wherever it comes."""
    access = judge(role(customer(*specific(B)), managed("AWSDenyAll", deny("*", "*", Sid="DenyAll"))))

    taken_by = Opening("AWSDenyAll", 'statement "DenyAll"', ("*",))
    assert access.found is Found.DENIED
    assert access.needs[:2] == (
        Need("s3:ListBucket", B, False, taken_by),
        Need("s3:GetObject", f"{B}/{KEY}", False, taken_by),
    )


def test_a_boundary_narrows() -> None:
    """What the boundary does not let through is not allowed; a boundary alone grants nothing."""
    narrow = boundary(EVERYTHING_IN_B, allow("sagemaker:*", "*"))

    assert of(any_bucket(), bound=narrow).found is Found.OK
    assert judge(role(customer(*specific(B)), bound=boundary(allow("*", "*")))).found is Found.OK
    assert judge(role(bound=boundary(allow("*", "*")))).found is Found.NONE


def test_a_deny_in_the_boundary_counts() -> None:
    """A boundary's own Deny takes away, too."""
    bound = boundary(allow("*", "*"), deny("s3:PutObject", f"{ARN}{B}/*", Sid="ReadOnly"))

    access = of(*specific(B), bound=bound)

    assert access.found is Found.DENIED
    assert explain(access).startswith('statement "ReadOnly" of policy Bound denies s3:PutObject')


def test_an_aws_managed_boundary_is_known_unread() -> None:
    """AdministratorAccess as boundary limits nothing, and everybody knows its text."""
    bound = Policy("AdministratorAccess", "boundary", None, "arn:aws:iam::aws:policy/AdministratorAccess")

    assert of(*specific(B), bound=bound).found is Found.OK


def test_the_partition_is_the_account_s() -> None:
    """In China everything is called aws-cn, AWS's own policies too."""
    own = [json.loads(json.dumps(one).replace("arn:aws:", "arn:aws-cn:")) for one in specific(B)]

    def found(*policies: Policy) -> Found:
        return s3_access(
            role(*policies),
            bucket=B,
            also_allowed=(),
            keys=(KEY,),
            partition="aws-cn",
            account=ACCOUNT,
            known_buckets=(),
        ).found

    assert found(customer(*own)) is Found.OK
    assert found(customer(*own), managed("AdministratorAccess", partition="aws-cn")) is Found.ADMINISTRATOR


# --- what was not read ---


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        (role(unread("customer")), Found.UNKNOWN),
        (role(customer(*specific(B)), unread("customer")), Found.UNKNOWN),
        (role(customer(any_bucket()), unread("inline")), Found.UNKNOWN),
        (role(customer(*specific("my-photos")), unread("inline")), Found.UNKNOWN),
        (
            role(
                customer(*specific(B)),
                unread("customer", "AmazonSageMaker-ExecutionPolicy-1"),
                bound=boundary(EVERYTHING_IN_B),
            ),
            Found.UNKNOWN,
        ),
        (role(customer(*specific(B)), bound=unread("boundary")), Found.UNKNOWN),
        (role(customer(*specific(B)), managed("SomeOtherPolicy")), Found.UNKNOWN),
        (role(customer(*specific(B)), managed("AmazonSageMakerFullAccess")), Found.OK),
        (role(customer(*specific(B)), managed("service-role/AmazonSageMakerServiceCatalogPolicy")), Found.OK),
        (role(customer(*specific(B)), Policy("Odd", "inline", "{}")), Found.UNKNOWN),
        (role(managed("SomeOtherPolicy")), Found.NONE),
        (role(unread("customer"), bound=boundary(allow("sagemaker:*", "*"))), Found.DENIED),
        (role(managed("AmazonS3FullAccess"), managed("AmazonSageMakerFullAccess")), Found.S3_FULL_ACCESS),
    ],
)
def test_what_was_not_read_is_unknown_and_never_empty(subject: Role, found: Found) -> None:
    """An unread policy may grant and deny; AWS's own for SageMaker do not deny, and its two great ones are known."""
    assert judge(subject).found is found


def test_what_was_not_read_may_open_any_bucket() -> None:
    """Whatever is known beside it."""
    access = judge(role(customer(*specific(B)), unread("inline")))

    assert access.excess == Excess("my-photos", ALL_DATA, (), exists=True, certain=False, anywhere=True)


def test_a_role_whose_policies_could_not_be_listed_is_unknown() -> None:
    """No list is not an empty list."""
    subject = Role("Mine", f"arn:aws:iam::{ACCOUNT}:role/Mine", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "{}")

    access = judge(subject)

    assert access.found is Found.UNKNOWN
    assert access.reasons == ("the list of the policies of Mine could not be read",)


def test_policies_too_tangled_to_compare_are_unknown() -> None:
    """Above the cap of the search nothing is claimed."""
    access = of(*specific(B), allow("s3:GetObject", *TANGLED), deny("s3:GetObject", *TANGLED))

    assert access.found is Found.UNKNOWN
    assert access.reasons == ("its policies have too many wildcards to be compared",)


def test_a_bucket_that_is_spelled_out_is_seen_in_the_worst_tangle() -> None:
    """What can be tried is tried where not everything can."""
    access = of(
        *specific(B),
        allow("s3:GetObject", *TANGLED, f"{ARN}photos-from-the-last-summer/*"),
        deny("s3:GetObject", *TANGLED),
    )

    assert (access.found, access.others) == (Found.WIDER, ("photos-from-the-last-summer",))


def test_what_is_not_granted_needs_no_untangling() -> None:
    """Where a boundary opens everything, the grants still say where to look."""
    assert of(*specific(B), deny("s3:*", *TANGLED), bound=boundary(allow("*", "*"))).found is Found.OK


def test_a_deny_that_leaves_one_bucket_untangles_everything() -> None:
    """However many wildcards are granted: where a Deny leaves the bucket alone, that is seen at once."""
    assert of(*specific(B), allow("s3:*", *TANGLED), ONLY_B).found is Found.OK
    assert of(allow("s3:*", *TANGLED), *specific(B), bound=boundary(EVERYTHING_IN_B)).found is Found.OK


# --- what always holds ---

RESOURCES = [
    "*",
    f"{ARN}*",
    f"{ARN}*/*",
    ARN + B,
    f"{ARN}{B}/*",
    f"{ARN}{B}*",
    f"{ARN}my-photos",
    f"{ARN}my-*/x?",
    DEFAULT,
]
CONDITIONS: list[Raw] = [{}, {}, {"Condition": SECURE}, {"Condition": INSECURE}, {"Condition": UNKNOWN_CONDITION}]
raw_statements = st.builds(
    lambda effect, actions, resources, inverted, condition: {
        "Effect": effect,
        inverted[0]: actions,
        inverted[1]: resources,
        **condition,
    },
    st.sampled_from(["Allow", "Deny"]),
    st.lists(
        st.sampled_from(["*", "s3:*", "s3:Get*", "s3:PutObject", "s3:DeleteObject", "s3:List*", "iam:*"]),
        min_size=1,
        max_size=3,
    ),
    st.lists(st.sampled_from(RESOURCES), min_size=1, max_size=3),
    st.sampled_from([("Action", "Resource")] * 4 + [("NotAction", "Resource"), ("Action", "NotResource")]),
    st.sampled_from(CONDITIONS),
)
many = st.lists(raw_statements, max_size=4)


def reach(access: S3Access) -> tuple[int, ...]:
    """How far each need and the excess are allowed: 0 not, 1 perhaps, 2 surely."""
    order = {False: 0, None: 1, True: 2}
    excess = 0 if access.excess is None else 1 + access.excess.certain
    return (*(order[need.allowed] for need in access.needs), excess)


@settings(max_examples=100, deadline=None)
@given(statements=many, more=raw_statements, bounded=st.none() | many)
def test_a_deny_never_widens_and_an_allow_never_narrows(
    statements: list[Raw], more: Raw, bounded: list[Raw] | None
) -> None:
    """One statement more moves everything in one direction, if at all."""
    bound = None if bounded is None else boundary(*bounded)
    before = reach(judge(role(customer(*statements), bound=bound)))
    after = reach(judge(role(customer(*statements), customer(more, name="More"), bound=bound)))

    pairs = list(zip(before, after, strict=True))

    assert all(new >= old for old, new in pairs) if more["Effect"] == "Allow" else all(new <= old for old, new in pairs)


@settings(max_examples=100, deadline=None)
@given(statements=many)
def test_a_verdict_always_agrees_with_its_facts(statements: list[Raw]) -> None:
    """Right is only said of a role that can all it must and reaches nothing else; and everything has its words."""
    access = judge(role(customer(*statements)))

    able = all(need.allowed for need in access.needs)
    certainly_wrong = any(need.allowed is False for need in access.needs) or (
        access.excess is not None and access.excess.certain
    )
    assert (access.found is Found.OK) is (able and access.excess is None)
    assert (access.is_right is False) is certainly_wrong
    assert explain(access)
    assert (access.found is Found.UNKNOWN) is bool(access.reasons)
    if access.excess is not None:
        assert access.excess.actions
        assert access.excess.opened_by
        assert access.excess.bucket not in (B, DEFAULT)


SMALL_PATTERNS = [
    f"{B}*",
    f"{B[:-1]}?",
    "a*",
    "*a",
    "*b*",
    "ab?",
    "abc",
    "ab*/k*",
    "*/k?",
    "abc/*",
    "*c/*",
    "*",
    B,
    f"{B}/*",
]
SMALL_NAMES = [f"{B}2", B[:-1] + "1", "abc", "abd", "bba", "xyz", "aza", "bbc", "xbx", B, DEFAULT]
SMALL_KEYS = ["k", "k1", "k12", "z", "a"]
small_statements = st.lists(
    st.builds(
        lambda effect, actions, kind, patterns, condition: {
            "Effect": effect,
            "Action": actions,
            kind: [ARN + pattern for pattern in patterns],
            **condition,
        },
        st.sampled_from(["Allow", "Allow", "Deny"]),
        st.sampled_from(["s3:GetObject", "s3:ListBucket", "s3:*"]),
        st.sampled_from(["Resource", "Resource", "Resource", "NotResource"]),
        st.lists(st.sampled_from(SMALL_PATTERNS), min_size=1, max_size=3),
        st.sampled_from(CONDITIONS),
    ),
    min_size=1,
    max_size=5,
)


def allowed_by_hand(statements: list[Raw], action: str, resource: str, *, unknown_conditions: bool) -> bool:
    """The same question, answered in the simplest way; every unknown Allow (Deny) applies, or none (all)."""
    granted = denied = False
    for one in statements:
        condition = one.get("Condition")
        is_allow = one["Effect"] == "Allow"
        if condition == INSECURE or (condition == UNKNOWN_CONDITION and unknown_conditions is not is_allow):
            continue
        patterns = one.get("Resource") or one["NotResource"]
        named = any(fnmatch.fnmatchcase(ARN + resource, pattern) for pattern in patterns)
        if one["Action"] in (action, "s3:*") and named is ("Resource" in one):
            granted, denied = granted or is_allow, denied or not is_allow
    return granted and not denied


@settings(max_examples=300, deadline=None)
@given(statements=small_statements)
def test_the_search_for_other_buckets_agrees_with_trying_them(statements: list[Raw]) -> None:
    """What trying out finds open, the evaluation finds open; and the bucket that it names is open."""
    resources = {
        "s3:ListBucket": SMALL_NAMES,
        "s3:GetObject": [f"{name}/{key}" for name in SMALL_NAMES for key in SMALL_KEYS],
    }

    def found_by_hand(unknown_conditions: bool) -> bool:
        return any(
            allowed_by_hand(statements, action, resource, unknown_conditions=unknown_conditions)
            for action, names in resources.items()
            for resource in names
            if resource.partition("/")[0] not in (B, DEFAULT)
        )

    access = judge(role(customer(*statements)), known=())

    assert access.excess is not None or not found_by_hand(unknown_conditions=True)
    assert (access.excess is not None and access.excess.certain) or not found_by_hand(unknown_conditions=False)
    for need in access.needs[:2]:
        least, most = (
            allowed_by_hand(statements, need.action, need.resource, unknown_conditions=way) for way in (False, True)
        )
        assert need.allowed is (most if least is most else None)


@settings(max_examples=50, deadline=None)
@given(statements=many)
def test_the_order_of_statements_does_not_matter(statements: list[Raw]) -> None:
    """IAM looks at all statements, whatever their order."""
    assert reach(of(*statements)) == reach(of(*reversed(statements)))


def test_the_account_s_buckets_decide_nothing() -> None:
    """Known buckets make the message concrete, and never the verdict."""
    wide = role(customer(*specific(f"{B}*")))

    assert judge(wide, known=()).found is judge(wide, known=(f"{B}-2", B)).found is Found.WIDER
    assert "also a bucket called" in explain(judge(wide, known=()))
    assert f"also {B}-2: opened by" in explain(judge(wide, known=(B, f"{B}-2")))


KNOWN = {
    "aws:PrincipalAccount": ACCOUNT,
    "aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/service-role/Mine",
    "aws:PrincipalIsAWSService": "false",
    "aws:PrincipalType": "AssumedRole",
    "aws:ResourceAccount": ACCOUNT,
    "aws:SecureTransport": "true",
    "s3:ResourceAccount": ACCOUNT,
}


@pytest.mark.parametrize(("key", "value"), KNOWN.items())
def test_what_is_known_of_a_request_with_the_role_decides_a_condition(key: str, value: str) -> None:
    """It is met, or it is not: neither leaves anything unknown."""
    met = [{**one, "Condition": {"StringEquals": {key: value}}} for one in specific(B)]
    unmet = [{**one, "Condition": {"StringEquals": {key: "another"}}} for one in specific(B)]

    assert of(*met).found is Found.OK
    assert of(*unmet).found is Found.NONE

"""Buckets, which have a say of their own: policies, ACLs, blocks of public access."""

import itertools
import json
from typing import Any

import pytest

from simulator.account import SimulatedAccount
from simulator.authorization import Denied, authorize
from simulator.authorization.buckets import bucket_policy, is_public
from simulator.authorization.callers import ANONYMOUS, root
from simulator.authorization.documents import parse
from simulator.call import Call

_NAMES = itertools.count(1)
_STRANGER = Denied("AccessDenied", "Access Denied", 403)


@pytest.fixture
def bucket(account: SimulatedAccount) -> str:
    """A bucket of the student's with one object, as AWS makes it today."""
    name = account.make_bucket(f"sagemaker-authorization-{next(_NAMES)}")
    account.s3().put_object(Bucket=name, Key="digits.csv", Body=b"0,1")
    return name


def _open(account: SimulatedAccount, bucket: str, **kept: bool) -> None:
    """Switch the blocks off, all but those named; S3 then takes ACLs, too."""
    off = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False)
    account.s3().put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=off | kept)  # type: ignore[arg-type]
    account.s3().put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    )


def _put_policy(account: SimulatedAccount, bucket: str, *statements: dict[str, Any]) -> None:
    both = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    filled = [{"Effect": "Allow", "Resource": both} | each for each in statements]
    account.s3().put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": filled}))


def _reads(person: Any, bucket: str, key: str = "digits.csv") -> Denied | None:
    denied: Denied | None = person.asks("s3", "GetObject", Bucket=bucket, Key=key)
    return denied


def _nobody(person: Any, operation: str, **params: Any) -> Denied | None:
    """The same asked by somebody who did not sign."""
    return authorize(Call("s3", operation, "us-east-1", None, params), ANONYMOUS, person.now)


# -- policies -----------------------------------------------------------------------------------------------------


def test_a_private_bucket(bucket: str, student: Any, stranger: Any, assistant: Any) -> None:
    """The owner's people need a policy; strangers are not told why they may not."""
    assert _reads(student, bucket) is None
    assert _reads(stranger, bucket) == _STRANGER
    assert _nobody(student, "GetObject", Bucket=bucket, Key="digits.csv") == _STRANGER
    assert stranger.asks("s3", "HeadBucket", Bucket=bucket) == _STRANGER
    assert _reads(assistant, bucket) == Denied(
        "AccessDenied",
        f"User: {assistant.caller.arn} is not authorized to perform: s3:GetObject on resource: "
        f'"arn:aws:s3:::{bucket}/digits.csv" because no identity-based policy allows the s3:GetObject action',
        403,
    )


def test_the_buckets_policy_lets_a_user_of_the_account_in(
    account: SimulatedAccount, bucket: str, assistant: Any
) -> None:
    """In one account the bucket's policy alone is enough."""
    _put_policy(account, bucket, {"Principal": {"AWS": assistant.caller.arn}, "Action": "s3:GetObject"})

    assert _reads(assistant, bucket) is None
    assert assistant.asks("s3", "PutObject", Bucket=bucket, Key="k") is not None


def test_the_buckets_policy_denies_even_administrators(account: SimulatedAccount, bucket: str, student: Any) -> None:
    """The refusal says that it was the bucket's policy; root can always get its bucket back."""
    _put_policy(account, bucket, {"Effect": "Deny", "Principal": "*", "Action": "s3:*"})

    assert _reads(student, bucket) == Denied(
        "AccessDenied",
        f"User: {student.caller.arn} is not authorized to perform: s3:GetObject on resource: "
        f'"arn:aws:s3:::{bucket}/digits.csv" with an explicit deny in a resource-based policy',
        403,
    )
    delete = Call("s3", "DeleteBucketPolicy", "us-east-1", "AKIAROOT", {"Bucket": bucket})
    assert authorize(delete, root(account.number), student.now) is None
    listing = Call("s3", "ListObjectsV2", "us-east-1", "AKIAROOT", {"Bucket": bucket})
    assert isinstance(authorize(listing, root(account.number), student.now), Denied)


def test_another_account_is_let_in_by_name(account: SimulatedAccount, bucket: str, stranger: Any) -> None:
    """A policy that names an account is not public, so that no block is in its way."""
    _put_policy(account, bucket, {"Principal": {"AWS": stranger.caller.account}, "Action": "s3:GetObject"})

    assert _reads(stranger, bucket) is None
    assert stranger.asks("s3", "DeleteObject", Bucket=bucket, Key="digits.csv") == _STRANGER


def test_a_public_bucket(account: SimulatedAccount, bucket: str, stranger: Any) -> None:
    """With the blocks off, whoever asks."""
    _open(account, bucket)
    _put_policy(account, bucket, {"Principal": "*", "Action": "s3:GetObject"})

    assert _reads(stranger, bucket) is None
    assert _nobody(stranger, "GetObject", Bucket=bucket, Key="digits.csv") is None
    assert _nobody(stranger, "ListObjectsV2", Bucket=bucket) == _STRANGER


def test_restricted_public_buckets(account: SimulatedAccount, bucket: str, stranger: Any, assistant: Any) -> None:
    """RestrictPublicBuckets shuts strangers out, however public the policy, and nobody of the account."""
    _open(account, bucket)
    _put_policy(account, bucket, {"Principal": "*", "Action": "s3:GetObject"})
    account.block_public_access()

    assert _reads(stranger, bucket) == _STRANGER
    assert _nobody(stranger, "GetObject", Bucket=bucket, Key="digits.csv") == _STRANGER
    assert _reads(assistant, bucket) is None


def test_the_policy_of_a_call(account: SimulatedAccount, bucket: str) -> None:
    """None where there is no bucket, or no policy."""
    call = Call("s3", "GetObject", "us-east-1", None, {"Bucket": bucket, "Key": "k"})
    assert bucket_policy(call) is None

    _put_policy(account, bucket, {"Principal": {"AWS": account.number}, "Action": "s3:GetObject"})

    document = bucket_policy(call)
    assert document is not None
    assert [each.effect for each in document.statements] == ["Allow"]
    assert bucket_policy(Call("s3", "ListBuckets", "us-east-1", None)) is None


# -- what is public -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"Principal": "*"}, True),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Principal": {"AWS": "111122223333"}}, False),
        ({"Principal": "*", "Effect": "Deny"}, False),
        ({"NotPrincipal": {"AWS": "111122223333"}}, True),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}}, False),
        ({"Principal": "*", "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}}, True),
        ({"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}, False),
        ({"Principal": "*", "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}}, True),
        ({"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, True),
    ],
)
def test_public(statement: dict[str, Any], *, expected: bool) -> None:
    """S3's own idea of a public policy."""
    filled = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"} | statement

    assert is_public(parse({"Version": "2012-10-17", "Statement": filled})) is expected


def test_blocked_public_policy(account: SimulatedAccount, bucket: str, student: Any, stranger: Any) -> None:
    """A new bucket takes no public policy; it takes others."""
    document = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    public = json.dumps({"Version": "2012-10-17", "Statement": document | {"Principal": "*"}})
    named = json.dumps({"Version": "2012-10-17", "Statement": document | {"Principal": {"AWS": "111122223333"}}})

    assert student.asks("s3", "PutBucketPolicy", Bucket=bucket, Policy=public) == Denied(
        "AccessDenied",
        f"User: {student.caller.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "
        f'"arn:aws:s3:::{bucket}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block '
        "Public Access.",
        403,
    )
    assert student.asks("s3", "PutBucketPolicy", Bucket=bucket, Policy=named) is None
    assert student.asks("s3", "PutBucketPolicy", Bucket=bucket, Policy="no JSON") is None  # another error of S3's
    _open(account, bucket)
    assert student.asks("s3", "PutBucketPolicy", Bucket=bucket, Policy=public) is None


@pytest.mark.parametrize(
    "asked",
    [
        {"ACL": "public-read"},
        {"GrantRead": 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'},
        {"AccessControlPolicy": {"Grants": [{"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers"}}]}},
    ],
)
def test_blocked_public_acl(account: SimulatedAccount, bucket: str, student: Any, asked: dict[str, Any]) -> None:
    """A new bucket takes no public ACL; a private one is no matter."""
    denied = student.asks("s3", "PutBucketAcl", Bucket=bucket, **asked)

    assert denied.message.endswith(
        "because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access."
    )
    assert student.asks("s3", "PutBucketAcl", Bucket=bucket, ACL="private") is None
    _open(account, bucket)
    assert student.asks("s3", "PutBucketAcl", Bucket=bucket, **asked) is None


# -- ACLs ---------------------------------------------------------------------------------------------------------


def test_public_acls(account: SimulatedAccount, bucket: str, stranger: Any) -> None:
    """A bucket's ACL lets list it, an object's lets read it; neither does the other's."""
    _open(account, bucket)
    account.s3().put_object_acl(Bucket=bucket, Key="digits.csv", ACL="public-read")

    assert _nobody(stranger, "GetObject", Bucket=bucket, Key="digits.csv") is None
    assert _reads(stranger, bucket) is None
    assert _nobody(stranger, "ListObjectsV2", Bucket=bucket) == _STRANGER
    assert _nobody(stranger, "PutObject", Bucket=bucket, Key="digits.csv") == _STRANGER

    account.s3().put_object_acl(Bucket=bucket, Key="digits.csv", ACL="private")
    account.s3().put_bucket_acl(Bucket=bucket, ACL="public-read")

    assert _nobody(stranger, "ListObjectsV2", Bucket=bucket) is None
    assert _nobody(stranger, "GetObject", Bucket=bucket, Key="digits.csv") == _STRANGER


@pytest.mark.parametrize("how", ["ignored", "switched off"])
def test_public_acls_that_count_for_nothing(account: SimulatedAccount, bucket: str, stranger: Any, how: str) -> None:
    """IgnorePublicAcls, or ownership enforced, and the ACL is but a memory."""
    _open(account, bucket)
    account.s3().put_object_acl(Bucket=bucket, Key="digits.csv", ACL="public-read")
    if how == "ignored":
        _open(account, bucket, IgnorePublicAcls=True)
    else:
        account.s3().put_bucket_ownership_controls(
            Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        )

    assert _nobody(stranger, "GetObject", Bucket=bucket, Key="digits.csv") == _STRANGER


# -- what is not there --------------------------------------------------------------------------------------------


def test_a_missing_object_is_told_only_to_those_who_may_list(bucket: str, assistant: Any, grant: Any) -> None:
    """Otherwise S3 says 403, and that it is for want of s3:ListBucket."""
    reading = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    grant(reading)
    assert _reads(assistant, bucket) is None
    assert _reads(assistant, bucket, "missing") == Denied(
        "AccessDenied",
        f"User: {assistant.caller.arn} is not authorized to perform: s3:ListBucket on resource: "
        f'"arn:aws:s3:::{bucket}" because no identity-based policy allows the s3:ListBucket action',
        403,
    )

    grant(reading, {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{bucket}"})
    assert _reads(assistant, bucket, "missing") is None


def test_a_missing_bucket_says_so_itself(student: Any) -> None:
    """Also to those who did not sign; making or listing buckets is for those who did."""
    assert _reads(student, "no-such-bucket-at-all") is None
    assert _nobody(student, "GetObject", Bucket="no-such-bucket-at-all", Key="k") is None
    assert _nobody(student, "CreateBucket", Bucket="no-such-bucket-at-all") == _STRANGER
    assert _nobody(student, "ListBuckets") == _STRANGER


def test_a_name_that_is_taken_is_no_question_of_permission(bucket: str, stranger: Any) -> None:
    """S3 answers BucketAlreadyExists to another account, which the policies must let through."""
    assert stranger.asks("s3", "CreateBucket", Bucket=bucket) is None


def test_a_key_with_colons(account: SimulatedAccount, bucket: str, assistant: Any, grant: Any) -> None:
    """Keys may look like ARNs."""
    grant({"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/a:::b/*"})

    assert assistant.asks("s3", "PutObject", Bucket=bucket, Key="a:::b/c") is None
    assert assistant.asks("s3", "PutObject", Bucket=bucket, Key="a::b/c") is not None

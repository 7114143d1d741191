"""What a bucket itself says about who may do what: its policy, its ACLs, and its blocks of public access.

Source: S3 user guide, "Blocking public access to your Amazon S3 storage" with "The meaning of 'public'", and "Access
control list (ACL) overview".
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from moto.s3.models import FakeBucket, FakeKey, PublicAccessBlock, s3_backends
from moto.s3control.models import s3control_backends

from simulator.authorization.callers import Caller
from simulator.authorization.conditions import Condition
from simulator.authorization.documents import Document, MalformedPolicy, Statement, parse
from simulator.call import Call

# A policy open to everybody is not public where one of these holds it to a fixed value.
_FIXING_KEYS = frozenset(
    key.lower()
    for key in (
        "aws:PrincipalAccount",
        "aws:PrincipalArn",
        "aws:PrincipalOrgID",
        "aws:PrincipalOrgPaths",
        "aws:SourceAccount",
        "aws:SourceArn",
        "aws:SourceIp",
        "aws:SourceOrgID",
        "aws:SourceOwner",
        "aws:SourceVpc",
        "aws:SourceVpce",
        "aws:userid",
        "s3:DataAccessPointAccount",
        "s3:DataAccessPointArn",
    )
)
_PUBLIC_ACLS = frozenset({"public-read", "public-read-write", "authenticated-read"})
_PUBLIC_GROUPS = ("/global/AllUsers", "/global/AuthenticatedUsers")
_NOTHING = Document(())
_TO_EVERYBODY = {"Effect": "Allow", "Principal": "*", "Resource": "*"}
_READS_OBJECT = parse({"Statement": _TO_EVERYBODY | {"Action": ["s3:GetObject", "s3:GetObjectVersion"]}}).statements
_LISTS_BUCKET = parse({"Statement": _TO_EVERYBODY | {"Action": ["s3:ListBucket", "s3:ListBucketVersions"]}}).statements


def bucket_of(call: Call) -> FakeBucket | None:
    """The bucket that an S3 call names, whosever it is; None where there is none."""
    return bucket_named(call.params.get("Bucket")) if call.service == "s3" else None


def bucket_named(name: str | None) -> FakeBucket | None:
    """The bucket of this name, whosever it is; None where there is none."""
    if name is None or name not in s3_backends.bucket_accounts:
        return None
    partition, account = s3_backends.bucket_accounts[name]
    return s3_backends[account][partition].buckets.get(name)


def bucket_policy(call: Call) -> Document | None:
    """The policy of the bucket that an S3 call names; None where there is no bucket or it has no policy."""
    bucket = bucket_of(call)
    return _policy(bucket) if bucket is not None else None


def _policy(bucket: FakeBucket) -> Document | None:
    text = bucket.policy
    if not text:
        return None
    try:
        return parse(text.decode() if isinstance(text, bytes) else text)
    except MalformedPolicy:
        return _NOTHING  # moto took what S3 would not have


def tags_of(bucket: FakeBucket, key: str | None) -> dict[str, str]:
    """The tags of an object, as policies ask for them; none for a bucket, or for what is not there."""
    found = bucket.keys.get(key) if key is not None else None
    if not isinstance(found, FakeKey):  # nothing, or the mark of a deletion
        return {}
    tagger = s3_backends[bucket.account_id][bucket.partition].tagger
    tags = tagger.get_tag_dict_for_resource(found.arn)
    return {f"s3:ExistingObjectTag/{name}": value or "" for name, value in tags.items()}


def what_it_grants(bucket: FakeBucket, caller: Caller, key: str | None) -> Document | None:
    """The bucket's policy for this caller, and what its ACLs grant to everybody, as one policy.

    `key` is the object that is asked for, if one is. Strangers have nothing of a public policy where the bucket or its
    account restricts public buckets.
    """
    document = _policy(bucket)
    stranger = caller.account != bucket.account_id and caller.kind != "AWSService"
    if document is not None and stranger and blocks(bucket, "restrict_public_buckets") and is_public(document):
        document = replace(document, statements=tuple(each for each in document.statements if each.effect == "Deny"))
    opened = _by_acl(bucket, key) if stranger else ()
    return Document((*(document or _NOTHING).statements, *opened)) if opened else document


def _by_acl(bucket: FakeBucket, key: str | None) -> tuple[Statement, ...]:
    if _owner_enforced(bucket) or blocks(bucket, "ignore_public_acls"):
        return ()
    found: Any = bucket if key is None else bucket.keys.get(key)
    acl = getattr(found, "acl", None)
    if acl is None or not acl.public_read:
        return ()
    return _LISTS_BUCKET if key is None else _READS_OBJECT


def _owner_enforced(bucket: FakeBucket) -> bool:
    # moto keeps the word itself, or the whole of what was put.
    return "BucketOwnerEnforced" in str(bucket.ownership_rule)


def blocks(bucket: FakeBucket, setting: str) -> bool:
    """Whether a block of public access, called as moto calls it, is on for the bucket or for its account."""
    accounts = s3control_backends.get(bucket.account_id)
    control = accounts.get(bucket.partition) if accounts else None
    both: tuple[PublicAccessBlock | None, ...] = (
        bucket.public_access_block,
        control.public_access_block if control else None,
    )
    return any(block is not None and getattr(block, setting) for block in both)


def is_public(document: Document) -> bool:
    """Whether a bucket's policy is public in S3's sense."""
    return any(each.effect == "Allow" and _is_open(each) for each in document.statements)


def _is_open(statement: Statement) -> bool:
    everybody = statement.not_principals or (statement.principals is not None and statement.principals.everybody)
    return everybody and not any(_fixes(condition) for condition in statement.conditions)


def _fixes(condition: Condition) -> bool:
    if condition.key not in _FIXING_KEYS or condition.negated or condition.if_exists or condition.kind == "Null":
        return False
    return not any(each.variable or "*" in each.text or "?" in each.text for each in condition.values)


def prevented(call: Call) -> str | None:
    """Why a block of public access does not let this call open the bucket; None where none does."""
    bucket = bucket_of(call)
    if bucket is None:
        return None
    if call.operation == "PutBucketPolicy" and blocks(bucket, "block_public_policy") and _puts_public_policy(call):
        return "because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access."
    if blocks(bucket, "block_public_acls") and _puts_public_acl(call.params):
        return "because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access."
    return None


def _puts_public_policy(call: Call) -> bool:
    try:
        return is_public(parse(str(call.params.get("Policy", ""))))
    except MalformedPolicy:
        return False


def _puts_public_acl(params: Mapping[str, Any]) -> bool:
    if params.get("ACL") in _PUBLIC_ACLS:
        return True
    granted = " ".join(str(value) for name, value in params.items() if name.startswith("Grant"))
    granted += str(params.get("AccessControlPolicy", ""))
    return any(group in granted for group in _PUBLIC_GROUPS)

"""Judges requests to buckets, which have a say of their own.

Source: S3 user guide, "How Amazon S3 authorizes a request"; S3 API reference, GetObject and PutBucketPolicy.
"""

from dataclasses import replace

from moto.s3.models import FakeBucket

from simulator.authorization.buckets import bucket_named, bucket_of, prevented, tags_of, what_it_grants
from simulator.authorization.evaluation import Policies, Request, evaluate
from simulator.authorization.wording import Denied, denied
from simulator.call import Call

# A bucket's owner cannot lock itself out.
_ROOTS_OWN = ("s3:DeleteBucketPolicy", "s3:GetBucketPolicy", "s3:PutBucketPolicy")
_READS = ("GetObject", "HeadObject")


def refused_by_s3(call: Call, request: Request, policies: Policies) -> Denied | None:
    """None when the caller may do this with the bucket or object; `policies` are the caller's own.

    A bucket that is not there is judged like the caller's own; to those who did not sign it says itself that it is
    not there. Whether a bucket's name is free is not kept from anybody who may make buckets.
    """
    name, key = _parts(request.resource)
    bucket = None if request.action == "s3:CreateBucket" else bucket_named(name)
    if bucket is None:
        decision = evaluate(request, policies)
        passed_on = request.caller.kind == "Anonymous" and _asks_a_bucket(call)
        return None if decision.allowed or passed_on else _denied(call, request, decision.by)
    ours = request.caller.account == bucket.account_id
    if ours and request.caller.kind == "Root" and request.action in _ROOTS_OWN:
        return None
    grants = what_it_grants(bucket, request.caller, key)
    decision = evaluate(_of(bucket, key, request), replace(policies, resource=grants))
    return None if decision.allowed else _denied(call, request, decision.by, ours=ours)


def refused_afterwards(call: Call, request: Request, policies: Policies) -> Denied | None:
    """What S3 still refuses to one whom the policies allow the request.

    Opening a bucket whose public access is blocked; and whoever may not list the bucket is not told that an object is
    missing.
    """
    why = prevented(call)
    if why is not None:
        return _denied(call, request, why)
    bucket = bucket_of(call)
    if bucket is None or call.operation not in _READS or bucket.keys.get(str(call.params.get("Key"))) is not None:
        return None
    whole = request.resource.split("/", 1)[0]
    return refused_by_s3(call, replace(request, action="s3:ListBucket", resource=whole), policies)


def _asks_a_bucket(call: Call) -> bool:
    return "Bucket" in call.params and call.operation != "CreateBucket"


def _parts(arn: str) -> tuple[str, str | None]:
    """Bucket and key of `arn:aws:s3:::bucket/key`."""
    bucket, _, key = arn.partition(":::")[2].partition("/")
    return bucket, key or None


def _of(bucket: FakeBucket, key: str | None, request: Request) -> Request:
    owner = {"aws:ResourceAccount": bucket.account_id, "s3:ResourceAccount": bucket.account_id}
    about = {**owner, **tags_of(bucket, key)}
    return replace(request, context={**request.context, **about})


def _denied(call: Call, request: Request, why: str, *, ours: bool = True) -> Denied:
    return denied(call, request.caller, request.action, request.resource, why, ours=ours)

"""Buckets: which there are, what is in them and how they are set."""

import fnmatch
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from msgspec.structs import replace

from skymark.evidence import Bucket, PublicAccessBlock, Resource
from skymark.rubric import SurveyPlan
from skymark.survey.bucket_objects import list_objects, objects_among
from skymark.survey.bucket_settings import SERVICE, BucketGone, error_code, setting, switches_of
from skymark.survey.reading import GONE, REFUSALS, Reading, gap, pages
from skymark.survey.waves import Waves

NOTHING_MORE = SurveyPlan()


def list_buckets(client: Any) -> Reading[Bucket]:
    """Every bucket of the account. With a page size, S3 tells regions, too. Source: S3 API, ListBuckets."""
    rows = pages(client, SERVICE, "ListBuckets", "Buckets", None, PaginationConfig={"PageSize": 1000})
    found = (Bucket(row["Name"], row["CreationDate"], row.get("BucketRegion")) for row in rows.items)
    return Reading(tuple(found), rows.gaps)


def fits(name: str, patterns: Iterable[str]) -> bool:
    """Whether a bucket's name is like one of those that a lesson's plan names."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def look_into(client: Any, bucket: Bucket, plan: SurveyPlan = NOTHING_MORE) -> Waves[Reading[Bucket]]:
    """One bucket with its region, its settings and what is in it, as far as the plan asks; none if it is gone."""
    questions = tuple(_questions(bucket, plan))
    listing = [partial(list_objects, client, bucket.name)] if plan.objects else []
    try:
        answers = yield [*(partial(setting, client, bucket.name, one) for one in questions), *listing]
    except BucketGone:
        return Reading()
    told = {question: one.items[0] for question, one in zip(questions, answers, strict=False)}
    gaps = Reading.merged(answers[: len(questions)]).gaps
    if plan.objects:
        found = yield from objects_among(client, bucket.name, answers[-1], plan.objects)
        told |= {"has_objects": found.is_anything, "objects": found.objects}
        gaps += found.gaps
    versioned = None if told["versioning"] is None else told["versioning"] != "Off"
    return Reading((replace(bucket, looked_into=True, versioned=versioned, **told),), gaps)


def _questions(bucket: Bucket, plan: SurveyPlan) -> Iterator[str]:
    """What is asked of its settings: methods of `Settings`, and what the evidence calls the answers."""
    if not bucket.region:
        yield "region"
    yield from ("public_access_block", "policy_is_public", "acl_is_public")
    if not plan.objects:
        yield "has_objects"
    yield from ("versioning", *plan.settings)


def list_uploads(client: Any, bucket: Bucket) -> Reading[Resource]:
    """The uploads into one bucket that were begun and never finished: they bill, and no list of objects shows them.

    Source: S3 API, ListMultipartUploads.
    """
    rows = pages(client, SERVICE, "ListMultipartUploads", "Uploads", None, bucket.name, Bucket=bucket.name)
    if any(gap.code in GONE for gap in rows.gaps):
        return Reading()
    found = (
        Resource(
            SERVICE,
            "multipart-upload",
            row["UploadId"],
            bucket.region or "us-east-1",
            created_at=row.get("Initiated"),
            within=(bucket.name, row["Key"]),
        )
        for row in rows.items
    )
    return Reading(tuple(found), rows.gaps)


def account_public_access_block(client: Any, account: str) -> Reading[PublicAccessBlock]:
    """The account's own switches; none set is all four off. Source: S3 Control API, GetPublicAccessBlock."""
    try:
        answer = client.get_public_access_block(AccountId=account)
    except REFUSALS as error:
        if error_code(error) == "NoSuchPublicAccessBlockConfiguration":
            return Reading((PublicAccessBlock(),))
        return Reading((), (gap("s3control", "GetPublicAccessBlock", None, error),))
    return Reading((switches_of(answer),))

"""Buckets: which there are, what is in them and how they are set."""

from typing import Any

from msgspec.structs import replace

from skymark.evidence import Bucket, PublicAccessBlock, Resource
from skymark.rubric import SurveyPlan
from skymark.survey.bucket_objects import read_objects
from skymark.survey.bucket_settings import SERVICE, BucketGone, Settings, error_code, switches_of
from skymark.survey.reading import GONE, REFUSALS, Reading, gap, pages

NOTHING_MORE = SurveyPlan()


def list_buckets(client: Any) -> Reading[Bucket]:
    """Every bucket of the account. With a page size, S3 tells regions, too. Source: S3 API, ListBuckets."""
    rows = pages(client, SERVICE, "ListBuckets", "Buckets", None, PaginationConfig={"PageSize": 1000})
    found = (Bucket(row["Name"], row["CreationDate"], row.get("BucketRegion")) for row in rows.items)
    return Reading(tuple(found), rows.gaps)


def look_into(client: Any, bucket: Bucket, plan: SurveyPlan = NOTHING_MORE) -> Reading[Bucket]:
    """One bucket with its region, its settings and what is in it, as far as the plan asks; none if it is gone."""
    asked = Settings(client, bucket.name)
    try:
        looked = replace(
            bucket,
            looked_into=True,
            region=bucket.region or asked.region(),
            public_access_block=asked.public_access_block(),
            policy_is_public=asked.policy_is_public(),
            acl_is_public=asked.acl_is_public(),
            has_objects=None if plan.objects else asked.has_objects(),
            versioning=(versioning := asked.versioning()),
            versioned=None if versioning is None else versioning != "Off",
            **{name: getattr(asked, name)() for name in plan.settings},
        )
        if plan.objects:
            found = read_objects(client, bucket.name, plan.objects)
            looked = replace(looked, has_objects=found.is_anything, objects=found.objects)
            asked.gaps += found.gaps
    except BucketGone:
        return Reading()
    return Reading((looked,), tuple(asked.gaps))


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

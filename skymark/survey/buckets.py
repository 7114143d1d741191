"""Buckets."""

from collections.abc import Callable
from typing import Any, TypeVar

from botocore.exceptions import ClientError
from msgspec.structs import replace

from skymark.evidence import Bucket, Gap, PublicAccessBlock, Resource
from skymark.survey.reading import GONE, REFUSALS, Reading, gap, is_absent, pages

T = TypeVar("T")

SERVICE = "s3"
EVERYBODY = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)


class BucketGone(Exception):
    """The bucket was deleted since it was listed."""


def list_buckets(client: Any) -> Reading[Bucket]:
    """Every bucket of the account. With a page size, S3 tells regions, too. Source: S3 API, ListBuckets."""
    rows = pages(client, SERVICE, "ListBuckets", "Buckets", None, PaginationConfig={"PageSize": 1000})
    found = (Bucket(row["Name"], row["CreationDate"], row.get("BucketRegion")) for row in rows.items)
    return Reading(tuple(found), rows.gaps)


def look_into(client: Any, bucket: Bucket) -> Reading[Bucket]:
    """One bucket with its region, its settings, and whether anything is in it; none if it is gone."""
    asked = _Asked(client, bucket.name)
    try:
        looked = replace(
            bucket,
            looked_into=True,
            region=bucket.region or asked.region(),
            public_access_block=asked.public_access_block(),
            policy_is_public=asked.policy_is_public(),
            acl_is_public=asked.acl_is_public(),
            has_objects=asked.has_objects(),
            versioned=asked.versioned(),
        )
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
        if _code(error) == "NoSuchPublicAccessBlockConfiguration":
            return Reading((PublicAccessBlock(),))
        return Reading((), (gap("s3control", "GetPublicAccessBlock", None, error),))
    return Reading((_switches(answer),))


class _Asked:
    """The questions about one bucket; what was not answered is among `gaps`, and None."""

    def __init__(self, client: Any, name: str) -> None:
        self.client = client
        self.name = name
        self.gaps: list[Gap] = []

    def region(self) -> str | None:
        """Nothing stands for us-east-1, and EU for eu-west-1, as they did when S3 was young."""
        answer = self._answer("GetBucketLocation", lambda: self.client.get_bucket_location(Bucket=self.name))
        if answer is None:
            return None
        place = answer.get("LocationConstraint") or "us-east-1"
        return "eu-west-1" if place == "EU" else str(place)

    def public_access_block(self) -> PublicAccessBlock | None:
        """The bucket's own switches; none set is all four off."""
        answer = self._answer(
            "GetPublicAccessBlock",
            lambda: self.client.get_public_access_block(Bucket=self.name),
            NoSuchPublicAccessBlockConfiguration={},
        )
        return None if answer is None else _switches(answer)

    def policy_is_public(self) -> bool | None:
        """What S3 itself makes of the bucket policy; none is not public."""
        answer = self._answer(
            "GetBucketPolicyStatus",
            lambda: self.client.get_bucket_policy_status(Bucket=self.name),
            NoSuchBucketPolicy={"PolicyStatus": {"IsPublic": False}},
        )
        return None if answer is None else bool(answer["PolicyStatus"]["IsPublic"])

    def acl_is_public(self) -> bool | None:
        """Whether everybody, or every AWS user, is among the grantees."""
        answer = self._answer("GetBucketAcl", lambda: self.client.get_bucket_acl(Bucket=self.name))
        if answer is None:
            return None
        return any(grant.get("Grantee", {}).get("URI") in EVERYBODY for grant in answer.get("Grants", ()))

    def has_objects(self) -> bool | None:
        """Whether at least one object is in it."""
        answer = self._answer("ListObjectsV2", lambda: self.client.list_objects_v2(Bucket=self.name, MaxKeys=1))
        return None if answer is None else bool(answer.get("Contents"))

    def versioned(self) -> bool | None:
        """Whether it keeps versions of what is deleted, or has kept some before that was suspended."""
        answer = self._answer("GetBucketVersioning", lambda: self.client.get_bucket_versioning(Bucket=self.name))
        return None if answer is None else bool(answer.get("Status"))

    def _answer(self, call: str, ask: Callable[[], Any], **none: Any) -> Any:
        """The answer; `none` are the error codes by which S3 says that nothing is set, and what that means."""
        try:
            return ask()
        except REFUSALS as error:
            if _code(error) in none:
                return none[_code(error)]
            if is_absent(error):
                raise BucketGone from error
            self.gaps.append(gap(SERVICE, call, None, error, self.name))
            return None


def _code(error: BaseException) -> str:
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def _switches(answer: dict[str, Any]) -> PublicAccessBlock:
    found = answer.get("PublicAccessBlockConfiguration", {})
    return PublicAccessBlock(
        found.get("BlockPublicAcls", False),
        found.get("IgnorePublicAcls", False),
        found.get("BlockPublicPolicy", False),
        found.get("RestrictPublicBuckets", False),
    )

"""How one bucket is set.

Source: S3 API, the Get calls that the evidence of a bucket names; S3 API, "Error responses", for what is not set.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from botocore.exceptions import ClientError

from skymark.evidence import Gap, LifecycleRule, PublicAccessBlock, Tag, Website
from skymark.survey.reading import REFUSALS, Reading, gap, is_absent

SERVICE = "s3"
EVERYBODY = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)

Versioning = Literal["Off", "Enabled", "Suspended"]


class BucketGone(Exception):
    """The bucket was deleted since it was listed."""


def setting(client: Any, bucket: str, name: str) -> Reading[Any]:
    """What one of the `Settings` is, by its name. Its one item is None where that is a gap.

    Raises:
        BucketGone: the bucket is not there any more.
    """
    asked = Settings(client, bucket)
    answer = getattr(asked, name)()
    return Reading((answer,), tuple(asked.gaps))


class Settings:
    """The questions about one bucket's settings; what was not answered is among `gaps`, and None.

    What a rubric's plan asks for is a method of its name.
    """

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
        return None if answer is None else switches_of(answer)

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

    def versioning(self) -> Versioning | None:
        """Whether it keeps versions of what is deleted, or has kept some before that was suspended."""
        answer = self._answer("GetBucketVersioning", lambda: self.client.get_bucket_versioning(Bucket=self.name))
        return None if answer is None else answer.get("Status") or "Off"

    def website(self) -> Website | None:
        """Static website hosting; none set is off."""
        answer = self._answer(
            "GetBucketWebsite",
            lambda: self.client.get_bucket_website(Bucket=self.name),
            NoSuchWebsiteConfiguration={},
        )
        return None if answer is None else website_of(answer)

    def policy(self) -> str | None:
        """The bucket policy's JSON text, empty where there is none."""
        answer = self._answer(
            "GetBucketPolicy",
            lambda: self.client.get_bucket_policy(Bucket=self.name),
            NoSuchBucketPolicy={"Policy": ""},
        )
        return None if answer is None else str(answer["Policy"])

    def tags(self) -> tuple[Tag, ...] | None:
        """By key."""
        answer = self._answer(
            "GetBucketTagging", lambda: self.client.get_bucket_tagging(Bucket=self.name), NoSuchTagSet={"TagSet": []}
        )
        if answer is None:
            return None
        return tuple(sorted((Tag(row["Key"], row["Value"]) for row in answer["TagSet"]), key=lambda one: one.key))

    def encryption(self) -> str | None:
        """AWS's word for how new objects are encrypted, empty where that is not set."""
        answer = self._answer(
            "GetBucketEncryption",
            lambda: self.client.get_bucket_encryption(Bucket=self.name),
            ServerSideEncryptionConfigurationNotFoundError={},
        )
        rules = (answer or {}).get("ServerSideEncryptionConfiguration", {}).get("Rules", ())
        named = [row.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm", "") for row in rules]
        return None if answer is None else str(next(iter(named), ""))

    def ownership(self) -> str | None:
        """AWS's word for who owns objects, empty where that is not set."""
        answer = self._answer(
            "GetBucketOwnershipControls",
            lambda: self.client.get_bucket_ownership_controls(Bucket=self.name),
            OwnershipControlsNotFoundError={},
        )
        rules = (answer or {}).get("OwnershipControls", {}).get("Rules", ())
        return None if answer is None else str(next((row["ObjectOwnership"] for row in rules), ""))

    def lifecycle(self) -> tuple[LifecycleRule, ...] | None:
        """In the order in which they were written."""
        answer = self._answer(
            "GetBucketLifecycleConfiguration",
            lambda: self.client.get_bucket_lifecycle_configuration(Bucket=self.name),
            NoSuchLifecycleConfiguration={"Rules": []},
        )
        return None if answer is None else tuple(_rule(row) for row in answer["Rules"])

    def _answer(self, call: str, ask: Callable[[], Any], **none: Any) -> Any:
        """The answer; `none` are the error codes by which S3 says that nothing is set, and what that means."""
        try:
            return ask()
        except REFUSALS as error:
            if error_code(error) in none:
                return none[error_code(error)]
            if is_absent(error):
                raise BucketGone from error
            self.gaps.append(gap(SERVICE, call, None, error, self.name))
            return None


def error_code(error: BaseException) -> str:
    """AWS's own code, empty for what never reached AWS."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def switches_of(answer: dict[str, Any]) -> PublicAccessBlock:
    """Block Public Access, as S3 and S3 Control answer; what is not there is off."""
    found = answer.get("PublicAccessBlockConfiguration", {})
    return PublicAccessBlock(
        found.get("BlockPublicAcls", False),
        found.get("IgnorePublicAcls", False),
        found.get("BlockPublicPolicy", False),
        found.get("RestrictPublicBuckets", False),
    )


def website_of(answer: Mapping[str, Any]) -> Website:
    """Static website hosting as S3 answers it, and as CloudTrail tells that it was set."""
    return Website(
        (answer.get("IndexDocument") or {}).get("Suffix"),
        (answer.get("ErrorDocument") or {}).get("Key"),
        (answer.get("RedirectAllRequestsTo") or {}).get("HostName"),
    )


def _rule(row: dict[str, Any]) -> LifecycleRule:
    """A filter has a prefix of its own, or one among several conditions; rules of old have it beside the filter."""
    condition = row.get("Filter", {})
    prefix = row.get("Prefix") or condition.get("Prefix") or condition.get("And", {}).get("Prefix") or ""
    return LifecycleRule(
        row.get("ID", ""),
        row.get("Status") == "Enabled",
        prefix,
        row.get("Expiration", {}).get("Days"),
        row.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays"),
        tuple(one["StorageClass"] for one in row.get("Transitions", ())),
    )

"""S3 as it is today: what a new bucket has by default.

Source: S3 user guide, "Blocking public access to your Amazon S3 storage", "Controlling ownership of objects" and
"Default encryption" (new buckets since 2023).
"""

import json
import re

from moto.s3.exceptions import InvalidBucketName, S3ClientError
from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend

# Source: S3 user guide, "General purpose bucket naming rules".
NAME = re.compile(r"(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class MalformedPolicy(S3ClientError):
    """A bucket policy that is no policy."""

    def __init__(self) -> None:
        super().__init__("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")


class PracticeS3Backend(S3Backend):
    """moto's S3, whose new buckets are closed."""

    def create_bucket(self, bucket_name: str, region_name: str, bucket_namespace: str | None = None) -> FakeBucket:
        """CreateBucket, with the defaults of today."""
        if not NAME.fullmatch(bucket_name):
            raise InvalidBucketName
        bucket = super().create_bucket(bucket_name, region_name, bucket_namespace)
        bucket.public_access_block = PublicAccessBlock("true", "true", "true", "true")
        bucket.ownership_rule = "BucketOwnerEnforced"  # type: ignore[assignment]
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}
        bucket.encryption = {"Rule": rule}
        return bucket

    def put_bucket_policy(self, bucket_name: str, policy: bytes) -> None:
        """PutBucketPolicy: only a document that can be read."""
        try:
            document = json.loads(policy)
        except ValueError as error:
            raise MalformedPolicy from error
        if not isinstance(document, dict) or not document.get("Statement"):
            raise MalformedPolicy
        super().put_bucket_policy(bucket_name, policy)

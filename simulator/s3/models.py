"""S3 as it is today: what a new bucket has by default.

Source: S3 user guide, "Blocking public access to your Amazon S3 storage", "Controlling ownership of objects" and
"Default encryption" (new buckets since 2023).
"""

import datetime as dt
import json
import re
import weakref
from typing import Any

from moto.s3.exceptions import InvalidBucketName, S3ClientError
from moto.s3.models import FakeBucket, FakeMultipart, PublicAccessBlock, S3Backend

from simulator.clock import clock

# Source: S3 user guide, "General purpose bucket naming rules".
NAME = re.compile(r"(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")

# When each unfinished upload was begun, in UTC; whoever lists it may be of another account than the bucket.
BEGUN: weakref.WeakKeyDictionary[FakeMultipart, dt.datetime] = weakref.WeakKeyDictionary()


class MalformedPolicy(S3ClientError):
    """A bucket policy that is no policy."""

    def __init__(self) -> None:
        super().__init__("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")


class PracticeS3Backend(S3Backend):
    """moto's S3, whose new buckets are closed."""

    @property
    def _url_module(self) -> Any:
        """Ours, where moto's S3 always takes moto's."""
        from simulator.s3 import urls  # it imports this module

        return urls

    def create_multipart_upload(self, *args: Any, **kwargs: Any) -> FakeMultipart:
        """CreateMultipartUpload."""
        upload = super().create_multipart_upload(*args, **kwargs)
        BEGUN[upload] = clock.utcnow()
        return upload

    def create_bucket(self, bucket_name: str, region_name: str, bucket_namespace: str | None = None) -> FakeBucket:
        """CreateBucket, with the defaults of today."""
        if not NAME.fullmatch(bucket_name):
            raise InvalidBucketName
        bucket = super().create_bucket(bucket_name, region_name, bucket_namespace)
        bucket.creation_date = clock.now()
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

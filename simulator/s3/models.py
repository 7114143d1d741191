"""S3 as it is today: what a new bucket has by default.

Source: S3 user guide, "Blocking public access to your Amazon S3 storage", "Controlling ownership of objects" and
"Default encryption" (new buckets since 2023).
"""

from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend


class PracticeS3Backend(S3Backend):
    """moto's S3, whose new buckets are closed."""

    def create_bucket(self, bucket_name: str, region_name: str, bucket_namespace: str | None = None) -> FakeBucket:
        """CreateBucket, with the defaults of today."""
        bucket = super().create_bucket(bucket_name, region_name, bucket_namespace)
        bucket.public_access_block = PublicAccessBlock("true", "true", "true", "true")
        bucket.ownership_rule = "BucketOwnerEnforced"  # type: ignore[assignment]
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}
        bucket.encryption = {"Rule": rule}
        return bucket

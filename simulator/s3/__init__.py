"""S3: moto's, with the defaults of today and AWS's sample data."""

from moto.s3.models import s3_backends

from simulator.s3.models import PracticeS3Backend
from simulator.s3.samples import put_samples

__all__ = ["install", "put_samples"]


def install() -> None:
    """Put the backend into moto's place; before moto has made any."""
    s3_backends.backend = PracticeS3Backend

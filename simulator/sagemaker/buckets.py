"""What SageMaker reads from and writes into a student's buckets, with the role that it was given."""

from typing import Any
from urllib.parse import urlsplit

from moto.s3.exceptions import S3ClientError
from moto.s3.models import S3Backend, s3_backends
from moto.utilities.utils import get_partition

from simulator.authorization import authorize
from simulator.authorization.callers import Caller
from simulator.call import Call
from simulator.clock import clock


class Refused(Exception):
    """The role may not, or there is no such bucket in this region."""


class RoleBuckets:
    """S3 as a job of SageMaker's reaches it: in its region, with its role's permissions."""

    def __init__(self, account: str, region: str, role_arn: str) -> None:
        self._account, self._region, self._role_arn = account, region, role_arn

    def keys(self, uri: str) -> list[str]:
        """The keys under an `s3://` address, in order.

        Raises:
            Refused: no such bucket in this region, or the role may not list it.
        """
        bucket, prefix = split(uri)
        backend = self._backend(bucket)
        self._ask("ListObjectsV2", Bucket=bucket, Prefix=prefix)
        names: list[str] = sorted(name for name in backend.buckets[bucket].keys if name.startswith(prefix))
        return names

    def read(self, bucket: str, key: str) -> bytes:
        """What is in an object.

        Raises:
            Refused: it is not there, or the role may not get it.
        """
        backend = self._backend(bucket)
        self._ask("GetObject", Bucket=bucket, Key=key)
        found: Any = backend.get_object(bucket, key)
        if found is None:
            raise Refused(f"s3://{bucket}/{key} is not there")
        value: bytes = found.value
        return value

    def write(self, uri: str, body: bytes) -> None:
        """Put an object at an `s3://` address.

        Raises:
            Refused: no such bucket in this region, or the role may not put into it.
        """
        bucket, key = split(uri)
        backend = self._backend(bucket)
        self._ask("PutObject", Bucket=bucket, Key=key)
        backend.put_object(bucket, key, body)

    def _backend(self, bucket: str) -> S3Backend:
        owner = s3_backends.bucket_accounts.get(bucket)
        if owner is None:
            raise Refused(f"the bucket {bucket} does not exist")
        partition, account = owner
        backend = s3_backends[account][partition]
        try:
            found = backend.get_bucket(bucket)
        except S3ClientError as error:
            raise Refused(f"the bucket {bucket} does not exist") from error
        if found.region_name != self._region:
            raise Refused(f"the bucket {bucket} is in {found.region_name}, not in {self._region}")
        return backend

    def _ask(self, operation: str, **params: str) -> None:
        denied = authorize(Call("s3", operation, self._region, None, params), self._caller(), clock.now())
        if denied is not None:
            raise Refused(denied.message)

    def _caller(self) -> Caller:
        name = self._role_arn.rpartition("/")[2]
        arn = f"arn:{get_partition(self._region)}:sts::{self._account}:assumed-role/{name}/SageMaker"
        return Caller(self._account, arn, "AssumedRole", "AROAEXAMPLE:SageMaker", name, self._role_arn, None)


def split(uri: str) -> tuple[str, str]:
    """Bucket and key of an `s3://` address."""
    parts = urlsplit(uri)
    return parts.netloc, parts.path.removeprefix("/")

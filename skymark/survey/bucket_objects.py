"""Which of the objects that a lesson asks for are in a bucket, and as what they are sent.

Source: S3 API, ListObjectsV2, HeadObject.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from skymark.evidence import BucketObject, Gap
from skymark.survey.bucket_settings import SERVICE, BucketGone
from skymark.survey.reading import GONE, REFUSALS, Reading, gap, pages

# Ten thousand keys: no lesson asks for as many, and nobody waits for more.
MOST_PAGES = 10
MOST_ALIKE = 20


@dataclass(frozen=True)
class Objects:
    """What was found. None is what nobody knows; the reason is then among `gaps`, as for keys beyond the last page."""

    is_anything: bool | None
    objects: tuple[BucketObject, ...] | None
    gaps: tuple[Gap, ...]


def read_objects(client: Any, bucket: str, keys: Sequence[str]) -> Objects:
    """The objects of these keys, with their content types, in the order of `keys`; then those that are called alike.

    Raises:
        BucketGone: the bucket is not there any more.
    """
    rows = pages(client, SERVICE, "ListObjectsV2", "Contents", None, bucket, MOST_PAGES, Bucket=bucket)
    if any(one.code in GONE for one in rows.gaps):
        raise BucketGone
    if rows.gaps and not rows.items:
        return Objects(None, None, rows.gaps)
    listed = {row["Key"]: BucketObject(row["Key"], row["Size"], row["LastModified"]) for row in rows.items}
    asked = Reading.merged(_told(client, bucket, listed[key]) for key in keys if key in listed)
    alike = sorted((one for key, one in listed.items() if _is_like(key, keys)), key=lambda one: one.key)
    return Objects(bool(listed), (*asked.items, *alike[:MOST_ALIKE]), (*rows.gaps, *asked.gaps))


def _told(client: Any, bucket: str, one: BucketObject) -> Reading[BucketObject]:
    """With its content type. Any refusal is a gap: the answer to a HEAD has no body that tells what a 404 is about."""
    try:
        answer = client.head_object(Bucket=bucket, Key=one.key)
    except REFUSALS as error:
        return Reading((one,), (gap(SERVICE, "HeadObject", None, error, f"{bucket}/{one.key}"),))
    return Reading((replace(one, content_type=answer.get("ContentType")),))


def _is_like(key: str, keys: Iterable[str]) -> bool:
    """Whether somebody may have meant one of the keys: `site/index.html`, `Index.html`, `index.html.txt`."""
    return key not in keys and _stem(key) in {_stem(one) for one in keys}


def _stem(key: str) -> str:
    """The name up to its first dot, in small letters."""
    return key.rpartition("/")[2].partition(".")[0].casefold()

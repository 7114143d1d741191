"""Which of the objects that a lesson asks for are in a bucket, and as what they are sent.

Source: S3 API, ListObjectsV2, HeadObject.
"""

import fnmatch
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from msgspec.structs import replace

from skymark.evidence import BucketObject, Gap
from skymark.survey.bucket_settings import SERVICE, BucketGone
from skymark.survey.reading import GONE, REFUSALS, Reading, gap, pages, truncated
from skymark.survey.waves import Waves

# Ten thousand keys: no lesson asks for as many, and nobody waits for more.
MOST_PAGES = 10
MOST_OBJECTS = 100
MOST_ALIKE = 20


@dataclass(frozen=True)
class Objects:
    """What was found. None is what nobody knows; the reason is then among `gaps`, as for keys beyond the last page."""

    is_anything: bool | None
    objects: tuple[BucketObject, ...] | None
    gaps: tuple[Gap, ...]


def list_objects(client: Any, bucket: str) -> Reading[BucketObject]:
    """All objects of a bucket, those in the fewest folders first.

    Raises:
        BucketGone: the bucket is not there any more.
    """
    rows = pages(client, SERVICE, "ListObjectsV2", "Contents", None, bucket, MOST_PAGES, Bucket=bucket)
    if any(one.code in GONE for one in rows.gaps):
        raise BucketGone
    listed = (BucketObject(row["Key"], row["Size"], row["LastModified"]) for row in rows.items)
    return Reading(tuple(sorted(listed, key=lambda one: (one.key.count("/"), one.key))), rows.gaps)


def objects_among(client: Any, bucket: str, listed: Reading[BucketObject], patterns: Sequence[str]) -> Waves[Objects]:
    """The objects whose keys match, with their content types; then those alike.

    A pattern's `*` stands for any text, also with slashes in it, and `?` for one character, as in a policy.
    """
    if listed.gaps and not listed.items:
        return Objects(None, None, listed.gaps)
    wanted = [one for one in listed.items if _matches(one.key, patterns)]
    alike = [one for one in listed.items if one not in wanted and _is_like(one.key, patterns)]
    told: list[Reading[BucketObject]] = yield [partial(_told, client, bucket, one) for one in wanted[:MOST_OBJECTS]]
    asked = Reading.merged(told)
    is_cut = len(wanted) > MOST_OBJECTS and not listed.gaps
    more = (truncated(SERVICE, "ListObjectsV2", None, bucket),) if is_cut else ()
    return Objects(bool(listed.items), (*asked.items, *alike[:MOST_ALIKE]), (*listed.gaps, *asked.gaps, *more))


def _told(client: Any, bucket: str, one: BucketObject) -> Reading[BucketObject]:
    """With its content type. Any refusal is a gap: the answer to a HEAD has no body that tells what a 404 is about."""
    try:
        answer = client.head_object(Bucket=bucket, Key=one.key)
    except REFUSALS as error:
        return Reading((one,), (gap(SERVICE, "HeadObject", None, error, f"{bucket}/{one.key}"),))
    return Reading((replace(one, content_type=answer.get("ContentType")),))


def _matches(key: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(key, pattern) for pattern in patterns)


def _is_like(key: str, patterns: Iterable[str]) -> bool:
    """Whether somebody may have meant one of them: `site/index.html`, `Index.html`, `index.html.txt`."""
    return _stem(key) in {_stem(one) for one in patterns}


def _stem(key: str) -> str:
    """The name up to its first dot, in small letters."""
    return key.rpartition("/")[2].partition(".")[0].casefold()

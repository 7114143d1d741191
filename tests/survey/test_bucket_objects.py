"""The objects that a lesson asks for: there, not there, alike, or not to be seen."""

import datetime as dt

import pytest
from botocore.stub import Stubber

from skymark.evidence import BucketObject
from skymark.survey import bucket_objects
from skymark.survey.bucket_objects import list_objects, objects_among
from skymark.survey.bucket_settings import BucketGone
from skymark.survey.waves import in_turn

BUCKET = "website-20261124-otter"
PUT_AT = dt.datetime(2026, 11, 24, 10, 30, tzinfo=dt.UTC)


def row(key, size=20):
    """An object as S3 lists it."""
    return {"Key": key, "Size": size, "LastModified": PUT_AT}


def told(key, content_type=None):
    """The same as evidence."""
    return BucketObject(key, 20, PUT_AT, content_type)


@pytest.fixture
def read(client):
    """Read objects; answers are operation and response, or operation and error code."""

    def run(*answers, status=400, patterns=("index.html", "error.html")):
        s3 = client("s3")
        with Stubber(s3) as aws:
            for operation, answer in answers:
                if isinstance(answer, str):
                    aws.add_client_error(operation, answer, http_status_code=status)
                else:
                    aws.add_response(operation, answer)
            found = in_turn(objects_among(s3, BUCKET, list_objects(s3, BUCKET), patterns))
            aws.assert_no_pending_responses()
            return found

    return run


def listed(*keys, **more):
    """A page of the bucket's list."""
    return ("list_objects_v2", {"Contents": [row(key) for key in keys], **more})


def test_what_is_asked_for_has_a_content_type(read):
    """Only that is asked for one by one; what else is in the bucket is nobody's business."""
    found = read(
        listed("cat.jpg", "error.html", "index.html"),
        ("head_object", {"ContentType": "binary/octet-stream"}),
        ("head_object", {"ContentType": "text/html"}),
    )

    assert found.objects == (told("error.html", "binary/octet-stream"), told("index.html", "text/html"))
    assert (found.is_anything, found.gaps) == (True, ())


def test_what_somebody_may_have_meant_is_told_and_not_asked_about(read):
    """In a folder, in other letters, with the ending that Windows hides."""
    found = read(listed("Error.HTML", "cat.jpg", "index.html.txt", "indexes.html", "site/index.html"))

    assert found.objects == (told("Error.HTML"), told("index.html.txt"), told("site/index.html"))


def test_a_pattern_stands_for_many_and_those_in_no_folder_come_first(read):
    """`*` goes on behind a slash, as in the policy that allows to ask."""
    jpeg = ("head_object", {"ContentType": "image/jpeg"})

    found = read(listed("a/b/1.jpg", "a/z.jpg", "b.jpg", "c.png"), jpeg, jpeg, jpeg, patterns=("*.jpg",))

    assert found.objects == tuple(told(key, "image/jpeg") for key in ("b.jpg", "a/z.jpg", "a/b/1.jpg"))


def test_of_very_many_not_all_are_asked_about(read, monkeypatch):
    """And it is told that there are more."""
    monkeypatch.setattr(bucket_objects, "MOST_OBJECTS", 1)

    found = read(listed("a/1.jpg", "b.jpg"), ("head_object", {"ContentType": "image/jpeg"}), patterns=("*.jpg",))

    assert found.objects == (told("b.jpg", "image/jpeg"),)
    assert [(gap.call, gap.code) for gap in found.gaps] == [("ListObjectsV2", "Truncated")]


def test_an_empty_bucket_has_nothing(read):
    """And that is known."""
    found = read(listed())

    assert (found.is_anything, found.objects, found.gaps) == (False, (), ())


def test_a_list_that_was_refused_leaves_all_unknown(read):
    """No answer is no absence."""
    found = read(("list_objects_v2", "AccessDenied"))

    assert (found.is_anything, found.objects) == (None, None)
    assert [(gap.call, gap.resource) for gap in found.gaps] == [("ListObjectsV2", BUCKET)]


@pytest.mark.parametrize(("code", "status", "known"), [("403", 403, "HTTP 403"), ("404", 404, "HTTP 404")])
def test_a_content_type_that_was_refused_is_a_gap_and_the_object_is_there(read, code, status, known):
    """The answer to a HEAD has no words: it is never taken for an absence."""
    found = read(listed("index.html"), ("head_object", code), status=status)

    assert found.objects == (told("index.html"),)
    assert [(gap.call, gap.code, gap.resource) for gap in found.gaps] == [("HeadObject", known, f"{BUCKET}/index.html")]


def test_a_bucket_of_too_many_objects_may_hold_more(read, monkeypatch):
    """What was not read to the end proves no absence."""
    monkeypatch.setattr(bucket_objects, "MOST_PAGES", 1)

    found = read(listed("a.jpg", IsTruncated=True, NextContinuationToken="more"))

    assert (found.is_anything, found.objects) == (True, ())
    assert [(gap.call, gap.code, gap.resource) for gap in found.gaps] == [("ListObjectsV2", "Truncated", BUCKET)]


def test_a_bucket_that_was_deleted_meanwhile_has_none(read):
    """It is gone, and nothing is unknown."""
    with pytest.raises(BucketGone):
        read(("list_objects_v2", "NoSuchBucket"))

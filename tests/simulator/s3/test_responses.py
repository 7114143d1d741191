"""What S3 tells of unfinished uploads, and of what is marked as deleted."""

import datetime as dt

KEY = "train/digits"


def test_an_unfinished_upload_was_begun_when_it_was(account, standing) -> None:
    """Not at a time of moto's."""
    bucket, s3 = account.make_bucket(f"sagemaker-uploads-{account.number}"), account.s3()
    upload = s3.create_multipart_upload(Bucket=bucket, Key=KEY)["UploadId"]
    begun = standing.now()
    standing.advance(3_600)

    (found,) = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    assert (found["Key"], found["UploadId"]) == (KEY, upload)
    assert found["Initiated"].astimezone(dt.UTC) == begun


def test_an_upload_is_aborted(account) -> None:
    """And no longer listed."""
    bucket, s3 = account.make_bucket(f"sagemaker-uploads-{account.number}"), account.s3()
    upload = s3.create_multipart_upload(Bucket=bucket, Key=KEY)["UploadId"]
    s3.abort_multipart_upload(Bucket=bucket, Key=KEY, UploadId=upload)

    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


def test_all_versions_of_a_deleted_object_can_be_deleted(account) -> None:
    """The mark of its deletion, too; then the bucket."""
    bucket, s3 = account.make_bucket(f"sagemaker-versions-{account.number}"), account.s3()
    s3.put_object(Bucket=bucket, Key=KEY, Body=b"before")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=bucket, Key=KEY, Body=b"after")
    s3.delete_object(Bucket=bucket, Key=KEY)

    found = s3.list_object_versions(Bucket=bucket)
    for version in (*found["Versions"], *found["DeleteMarkers"]):
        s3.delete_object(Bucket=bucket, Key=KEY, VersionId=version["VersionId"])

    s3.delete_bucket(Bucket=bucket)
    assert len(found["Versions"]) + len(found["DeleteMarkers"]) == 3

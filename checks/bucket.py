"""The bucket that the lesson asks for."""


def check_name(bucket):
    """The bucket is named after the current date and time."""
    assert bucket.name_problem is None, (
        f"bucket {bucket.name} is not named sagemaker-<date>-<time>: {bucket.name_problem}"
    )


def check_region(bucket, workplace):
    """The bucket lives in the region of the notebook instance."""
    assert bucket.region == workplace.region, (
        f"bucket {bucket.name} is in {bucket.region}, {workplace.name} in {workplace.region}"
    )


def check_private(privacy):
    """The bucket is closed to the public, as new buckets are."""
    assert not privacy.openings, (
        f"bucket {privacy.name} should be private, as it was made: {' and '.join(privacy.openings)}"
    )

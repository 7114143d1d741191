"""The bucket that the website lives in."""


def check_name(bucket):
    """The bucket is named website-<date>-<word>."""
    assert bucket.name_problem is None, (
        f"bucket {bucket.name} is not named website-<date>-<word>: {bucket.name_problem}"
    )


def check_region(bucket, criterion):
    """The bucket is in the lesson's region."""
    assert bucket.region == criterion.parameters["region"], (
        f"bucket {bucket.name} is in {bucket.region}, it should be in {criterion.parameters['region']}"
    )

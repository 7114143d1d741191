"""What is left when the lesson is over."""


def check_bucket(buckets_left):
    """The bucket is deleted."""
    assert not buckets_left.left, f"still there: {', '.join(buckets_left.left)}"

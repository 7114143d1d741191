"""Failure on demand: a resource that is created with a certain tag fails, for the reason that the tag gives."""

from collections.abc import Mapping, Sequence

FAIL_TAG = "practice:fail"


def failing(reason: str | None) -> list[dict[str, str]]:
    """The tags that make a resource fail for this reason; none for None."""
    return [{"Key": FAIL_TAG, "Value": reason}] if reason else []


def failure_on_demand(tags: Sequence[Mapping[str, str]] | None) -> str | None:
    """The reason for which a resource with these tags is to fail; None if it is not."""
    return next((tag["Value"] for tag in tags or () if tag.get("Key") == FAIL_TAG), None)

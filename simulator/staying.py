"""Staying on demand: a resource that is created with a certain tag stays in the state that the tag names.

It leaves it only by a call: StopProcessingJob, DeleteCluster. So there can be a running job where nothing takes time.
"""

from collections.abc import Mapping, Sequence

STAY_TAG = "practice:stay"


def staying(state: str | None) -> list[dict[str, str]]:
    """The tags that make a resource stay in this state; none for None."""
    return [{"Key": STAY_TAG, "Value": state}] if state else []


def stays_in(tags: Sequence[Mapping[str, str]] | None, state: str) -> bool:
    """Whether a resource with these tags is to stay in this state."""
    return any(tag.get("Key") == STAY_TAG and tag.get("Value") == state for tag in tags or ())

"""A survey of all regions, brought up to date by a later one of a few. Pure."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from msgspec.structs import replace

from skymark.evidence import Gap, Regions, Survey

T = TypeVar("T")

BY_REGION = (
    *("notebook_instances", "training_jobs", "endpoints", "endpoint_configs", "models", "domains", "apps"),
    *("resources", "jupyter_logs", "endpoint_logs", "training_logs", "invocations", "events", "history"),
    "endpoint_metrics",
)
"""What of a survey is of a region each."""


def refreshed(whole: Survey, near: Survey) -> Survey:
    """What `near` saw in the regions that it looked into, and of all others what `whole` saw.

    Buckets are those of `near`, which lists them all. Of roles and predictions the newer one counts; what only `whole`
    knows of them is kept, unless `near` says that it is not there any more. `near` is of the same account, and later.
    """
    looked = frozenset((*near.regions.answered, *near.regions.unread))
    kept = {name: _joined(getattr(whole, name), getattr(near, name), looked) for name in BY_REGION}
    kept["events"] = tuple(sorted(kept["events"], key=lambda one: one.at))
    kept["training_jobs"] = tuple(sorted(kept["training_jobs"], key=lambda one: one.created_at, reverse=True))
    kept["invocations"] = _newer(whole.invocations, near.invocations, lambda one: (one.region, one.endpoint))
    gone = frozenset(near.missing_roles)
    roles = _newer(whole.roles, near.roles, lambda one: one.arn)
    there = {one.arn for one in near.roles}
    return replace(
        near,
        **kept,
        roles=tuple(one for one in roles if one.arn not in gone or one.arn in there),
        missing_roles=tuple(sorted({*whole.missing_roles, *gone} - there)),
        account_public_access_block=near.account_public_access_block or whole.account_public_access_block,
        regions=_regions(whole.regions, near.regions, looked),
        gaps=(*(one for one in whole.gaps if _is_elsewhere(one, looked)), *near.gaps),
        notebooks=whole.notebooks,
    )


def _joined(whole: tuple[Any, ...], near: tuple[Any, ...], looked: Collection[str]) -> tuple[Any, ...]:
    return (*(one for one in whole if one.region not in looked), *near)


def _newer(whole: tuple[T, ...], near: tuple[T, ...], key: Callable[[T], Any]) -> tuple[T, ...]:
    return tuple({key(one): one for one in (*whole, *near)}.values())


def _regions(whole: Regions, near: Regions, looked: Collection[str]) -> Regions:
    """Closed is what is closed to the account; what the later look merely passed over is not."""
    answered = (*(name for name in whole.answered if name not in looked), *near.answered)
    unread = (*(name for name in whole.unread if name not in looked), *near.unread)
    return Regions(
        answered=tuple(sorted(answered)),
        closed=tuple(one for one in whole.closed if one.region not in looked),
        unread=tuple(sorted(unread)),
    )


def _is_elsewhere(gap: Gap, looked: Collection[str]) -> bool:
    """Whether the later look says nothing of it: what concerns no region it asked again."""
    return gap.region is not None and gap.region not in looked

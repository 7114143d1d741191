"""What was made while a survey was under way: the event history tells of it, the lists before it could not. Pure.

Such a thing must not look as though it was made and is gone.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from skymark.evidence import Event
from skymark.lives import MADE_BY, Key
from skymark.survey.reading import Reading

Place = tuple[str, str]
"""A list: of what this call makes, in this region."""
BUCKETS: Final[Place] = ("CreateBucket", "")
"""Those of all regions are in one list."""


def missed(
    events: Iterable[Event], listings: Mapping[Place, Reading[str]]
) -> dict[Place, dict[str, tuple[Event, ...]]]:
    """What was made, is not said to be deleted, and is not in its list though that was read; by list and by name.

    Of each thing the events since it was last made. `events` are the oldest first, `listings` the names that are there.
    """
    found: dict[Place, dict[str, tuple[Event, ...]]] = {}
    for key, told in _newest_lives(events).items():
        place = BUCKETS if key[0] == BUCKETS[0] else key[:2]
        listed = listings.get(place)
        if listed is not None and not listed.gaps and key[2] not in listed.items:
            found.setdefault(place, {})[key[2]] = told
    return found


def _newest_lives(events: Iterable[Event]) -> dict[Key, tuple[Event, ...]]:
    found: dict[Key, tuple[Event, ...]] = {}
    for one in (one for one in events if one.error is None and one.name in MADE_BY):
        key = (MADE_BY[one.name], one.region, one.resource)
        if one.name == key[0]:
            found[key] = (one,)
        elif one.name == f"Delete{key[0].removeprefix('Create')}":
            found.pop(key, None)
        elif key in found:
            found[key] = (*found[key], one)
    return found

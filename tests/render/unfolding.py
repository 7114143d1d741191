"""What the script of a class's page does, in Python."""

import re
from collections.abc import Iterable, Sequence

from skymark.render.alike import SLOT, Alike


def unfolded(found: Alike) -> tuple[tuple[str, ...], ...]:
    """The texts of each row."""
    return tuple(tuple(_texts(found.sentences, own, iter(places))) for own, places in found.rows)


def _texts(sentences: Sequence[str], own: Sequence[str], places: Iterable[int]) -> Iterable[str]:
    at = iter(places)
    for sentence in at:
        yield re.sub(SLOT, lambda _: own[next(at)], sentences[sentence])

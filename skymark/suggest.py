"""“Did you mean …?”"""

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known word, `""` where none is near.

    One of the same letters comes first: two of them in the wrong order are the most usual slip.
    """
    near = difflib.get_close_matches(word, list(known))
    nearest = min(near, key=lambda one: sorted(one) != sorted(word), default=None)
    return f'Did you mean "{nearest}"?' if nearest else ""


def one_of(known: Iterable[str]) -> str:
    """The known words as a list for people, in the given order; `none` where there are none."""
    return ", ".join(known) or "none"

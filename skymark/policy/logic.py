"""Three-valued logic: True, False, and None for what cannot be decided (Kleene's tables)."""

from collections.abc import Iterable


def negate(value: bool | None) -> bool | None:
    """Not; what is undecided stays so."""
    return None if value is None else not value


def some(values: Iterable[bool | None]) -> bool | None:
    """Or: True as soon as one is True, None when only undecided ones are left; False of nothing."""
    undecided = False
    for value in values:
        if value:
            return True
        undecided = undecided or value is None
    return None if undecided else False


def every(values: Iterable[bool | None]) -> bool | None:
    """And: False as soon as one is False, None when only undecided ones are left; True of nothing."""
    return negate(some(negate(value) for value in values))

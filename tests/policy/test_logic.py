"""Three-valued logic."""

import itertools

import pytest

from skymark.policy.logic import every, negate, some

VALUES = (True, False, None)


@pytest.mark.parametrize(
    ("values", "expected"),
    [((), False), ((False, None), None), ((None, True), True), ((False, False), False), ((None,), None)],
)
def test_some_is_true_as_soon_as_one_is(values: tuple[bool | None, ...], expected: bool | None) -> None:
    """An undecided value never outweighs a True one, and is never taken for False."""
    assert some(values) is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [((), True), ((True, None), None), ((None, False), False), ((True, True), True), ((None,), None)],
)
def test_every_is_false_as_soon_as_one_is(values: tuple[bool | None, ...], expected: bool | None) -> None:
    """An undecided value never outweighs a False one, and is never taken for True."""
    assert every(values) is expected


def test_deciding_an_undecided_value_never_contradicts_what_was_said() -> None:
    """What is said with a value undecided holds whichever way it turns out."""
    for one, other in itertools.product(VALUES, VALUES):
        for combine in (some, every):
            said = combine((one, other))
            for decided in (True, False):
                turned_out = combine((decided if one is None else one, other))
                assert said is None or turned_out is said

    assert [negate(value) for value in VALUES] == [False, True, None]

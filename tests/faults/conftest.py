"""An account that is looked at through something in between."""

import contextlib
from collections.abc import Callable, Iterator

import pytest

from tests.faults.walk import STATES, State, Walk, practising


@pytest.fixture(scope="module")
def walk_in() -> Iterator[Callable[[State], Walk]]:
    """A walk in a state of the account; the one before is over then."""
    with contextlib.ExitStack() as stack:
        cloud, way = stack.enter_context(practising())
        yield lambda state: Walk(cloud, way, state)


@pytest.fixture(scope="module", params=STATES, ids=("done", "torn down"))
def state(request: pytest.FixtureRequest) -> State:
    """What the student has done."""
    found: State = request.param
    return found


@pytest.fixture(scope="module")
def walk(walk_in: Callable[[State], Walk], state: State) -> Walk:
    """A walk in that state for all tests that only look, in a module that begins no other."""
    return walk_in(state)

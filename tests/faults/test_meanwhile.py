"""The student goes on working while Skymark looks: each verdict is one of before, one of after, or none yet."""

import pytest

from simulator.students.steps import follow, tear_down
from tests.between import Exchange, Fault
from tests.faults.walk import NOTHING_DONE, STATES, State, Walk

UNDECIDED = {"unverified", "pending", "blocked"}


@pytest.mark.long
@pytest.mark.parametrize(
    ("begun", "does"),
    [(STATES[0], tear_down), (State("as it is", (follow,), final=True), tear_down), (NOTHING_DONE, follow)],
    ids=["torn down", "torn down, for good", "done"],
)
def test_what_is_done_meanwhile_is_judged_as_of_before_or_after_it(walk_in, begun, does):
    """At each seventh call of a look, all of it happens at once."""
    walk = walk_in(begun)
    counted = Fault(print, lambda _: True, after=10_000)
    before = walk.outcomes(walk.look(counted))
    does(walk.account)
    walk.kept = {}
    after = walk.outcomes(walk.look())
    wrong = []
    for at in range(3, counted.met, 7):
        walk = walk_in(begun)
        walk.kept = None
        now = walk.outcomes(walk.look(happening(walk, does, at)))
        wrong += [
            (at, id, now[id], before[id], after[id])
            for id in before
            if now[id] not in {before[id], after[id], *UNDECIDED}
        ]

    assert wrong == []


def happening(walk: Walk, does, at: int) -> Fault:
    """Before a call is answered as always."""

    def do(exchange: Exchange) -> None:
        does(walk.account)
        exchange.send(exchange.ask())

    return Fault(do, lambda _: True, after=at, times=1)

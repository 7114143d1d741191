"""Whatever goes wrong on the way to AWS: a look ends in time, and no verdict is another, but for `unverified`."""

import pytest

from skymark.survey.calls import CALLS
from tests.between import Fault
from tests.faults.kinds import KINDS
from tests.faults.table import DOCUMENT, put_into, read
from tests.faults.walk import NO_START, SERVICES, STATES, of_service, unverified, wrongly

BY_NAME = {kind.name: kind for kind in KINDS}
TRIED_AGAIN = ("throttled", "500", "503", "502 with a web page", "connection reset", "answer cut off")
"""What botocore tries again: over after a moment, it is as though nothing had been."""
ASKED_ONCE = "sagemaker-runtime"  # each request costs something


def test_the_document_tells_of_every_service_and_every_fault():
    """All services that a survey calls, in each state; `python -m tests.faults` writes it anew."""
    text = DOCUMENT.read_text("utf-8")

    assert set(SERVICES) == {call.service for call in CALLS}
    for state in STATES:
        told = read(text, state)
        assert {service: set(cells) for service, cells in told.items()} == {one: set(BY_NAME) for one in SERVICES}
        assert put_into(text, state, told) == text


def test_without_the_first_call_nothing_begins():
    """STS says whose account it is: whatever goes wrong there, it could not start. Its answer has no pages."""
    text = DOCUMENT.read_text("utf-8")
    told = {cell for state in STATES for name, cell in read(text, state)["sts"].items() if "second" not in name}

    assert told == {NO_START}


def test_a_few_faults_are_as_the_document_tells(walk, state):
    """All of them are tried by the test of many minutes."""
    told, names = read(DOCUMENT.read_text("utf-8"), state), ("answer cut off", "`{}`")

    found = {service: walk.cells(service, [BY_NAME[name] for name in names]) for service in ("sagemaker", "logs")}

    assert found == {service: {name: told[service][name] for name in names} for service in found}


@pytest.mark.long
@pytest.mark.parametrize("service", SERVICES)
def test_every_fault_of_a_service_is_as_the_document_tells(walk, state, service):
    """Broken from the first call on; a wrong verdict, or one that is late, ends the walk."""
    told = read(DOCUMENT.read_text("utf-8"), state)[service]

    assert walk.cells(service) == told


@pytest.mark.long
def test_what_is_over_after_a_moment_leaves_no_trace(walk):
    """Or `unverified`, where no second try mends it."""
    before = walk.outcomes(walk.look())
    wrong, lasting = [], []
    for service in (one for one in SERVICES if one != "sts"):
        for kind in (one for one in KINDS if one.passes and not one.waits):
            now = walk.outcomes(walk.look(Fault(kind.does, of_service(service), times=1)))
            wrong += [(service, kind.name, id, now[id]) for id in wrongly(before, now)]
            if kind.name in TRIED_AGAIN and service != ASKED_ONCE:
                lasting += [(service, kind.name, id) for id in unverified(before, now)]

    assert (wrong, lasting) == ([], [])


@pytest.mark.long
@pytest.mark.parametrize("name", ["keys expired", "keys unknown", "answer cut off", "connection reset", "throttled"])
def test_from_whichever_moment_on_everything_fails_no_verdict_is_wrong(walk, name):
    """Keys that are over, a network that is gone, in the middle of a look: at each fourth call."""
    counted = Fault(BY_NAME[name].does, lambda call: call.service != "sts", after=10_000)
    before = walk.outcomes(walk.look(counted))
    wrong = []
    for after in range(0, counted.met, 4):
        fault = Fault(BY_NAME[name].does, lambda call: call.service != "sts", after=after)
        now = walk.outcomes(walk.look(fault))
        wrong += [(after, id, now[id]) for id in wrongly(before, now)]
        assert after > 0 or len(unverified(before, now)) > 10

    assert wrong == []

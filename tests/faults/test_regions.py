"""Regions that are closed hold nothing back; regions that only seem to be are not taken to be empty."""

from skymark.survey import sweep
from tests.between import Fault
from tests.faults.kinds import NOBODYS, ORGANISATION, forbidden, hang, refusing, unknown
from tests.faults.walk import PATIENCE, STATES, Walk, of_service, wrongly

THREE = ("us-east-1", "eu-west-1", "ap-east-1")
"""At home, enabled in every account, and to be opted into."""
NOT_ENABLED = refusing(403, unknown, NOBODYS)
DENIED = refusing(403, forbidden, "not authorized to perform: {0}:{1}")
NOBODY_SAYS = Fault(DENIED, lambda call: call.operation in ("DescribeRegions", "ListRegions"))
"""Which regions are enabled."""


def closed_and_unread(walk: Walk, *faults: Fault):
    """The regions of three that are closed, with the reason, those that were not read, and how it is judged."""
    survey = walk.look(*faults, regions=THREE)
    closed = {one.region: one.reason for one in survey.regions.closed if one.region in THREE}
    return closed, survey.regions.unread, walk.outcomes(survey)


def test_a_region_that_the_organisation_denies_holds_nothing_back(walk_in, state):
    """A service control policy denies every call in it: nothing can be there."""
    walk = walk_in(state)
    _, _, before = closed_and_unread(walk)
    denied = Fault(refusing(403, forbidden, ORGANISATION), lambda call: call.region == "eu-west-1")

    closed, unread, now = closed_and_unread(walk, denied)

    assert (closed["eu-west-1"], unread, now) == ("denied by the organisation", (), before)


def test_a_region_that_is_not_opted_into_holds_nothing_back(walk_in, state):
    """It answers good keys as if they were bad, and nobody says that it is enabled."""
    walk = walk_in(state)
    _, _, before = closed_and_unread(walk)
    shut = Fault(NOT_ENABLED, lambda call: call.region == "ap-east-1")

    closed, unread, now = closed_and_unread(walk, NOBODY_SAYS, shut)

    assert (closed["ap-east-1"], unread, now) == ("not opted in", (), before)


def test_a_region_that_is_enabled_everywhere_is_unread_if_it_answers_so(walk_in):
    """Then it is the keys, and what is in it nobody knows."""
    walk = walk_in(STATES[1])
    shut = Fault(NOT_ENABLED, lambda call: call.region == "eu-west-1")

    closed, unread, now = closed_and_unread(walk, shut)

    assert "eu-west-1" not in closed
    assert unread == ("eu-west-1",)
    assert now["teardown.endpoint"] == "unverified"


def test_keys_that_go_bad_after_the_other_regions_answered_close_no_region(walk_in):
    """The last region refuses them as one would that is not enabled, and so does everything that is asked later."""
    walk = walk_in(STATES[1])
    _, _, before = closed_and_unread(walk)
    over = Fault(NOT_ENABLED, lambda call: call.region == "ap-east-1" or call.service in ("s3", "iam", "cloudtrail"))

    closed, unread, now = closed_and_unread(walk, NOBODY_SAYS, over)

    assert "ap-east-1" not in closed
    assert "ap-east-1" in unread
    assert now["teardown.endpoint"] == now["teardown.instance"] == "unverified"
    assert wrongly(before, now) == {}


def test_regions_that_are_all_silent_are_waited_for_together(walk_in, monkeypatch):
    """A thread for each: all are asked, tried again, and then no more. Who asked another meanwhile stops at one try."""
    walk = walk_in(STATES[1])
    walk.look(regions=THREE)
    monkeypatch.setattr(sweep, "THREADS", len(THREE))
    silent = Fault(hang, of_service("sagemaker"))

    walk.look(silent, regions=THREE)

    assert len(THREE) * PATIENCE <= silent.met < len(THREE) * PATIENCE + len(THREE)

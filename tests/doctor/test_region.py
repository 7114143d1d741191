"""What is said of a region, and how another one is set."""

import pytest

from skymark.doctor.finding import State
from skymark.doctor.observed import Configured, Setting
from skymark.doctor.region import Place, region
from skymark.evidence import ClosedRegion

LAB = ("us-west-2", "us-east-1")
WRITTEN = Configured(region=Setting("eu-west-1", "the configuration"))


@pytest.mark.parametrize(
    ("place", "found", "advice"),
    [
        (Place("x", is_malformed=True), '"x" is not a region.', "have names like us-east-1. Use us-east-1."),
        (
            Place("us-east-9", meant='Did you mean "us-east-2"?', is_known=False, is_reached=False),
            "There is no region us-east-9",
            'Did you mean "us-east-2"?',
        ),
        (Place("xy-new-1", is_known=False), "Skymark knows of no region xy-new-1", "Use us-east-1."),
        (Place("eu-west-1", is_reached=False), "does not answer in eu-west-1, and does in us-east-1", "Try again"),
        (Place("af-south-1", takes_keys=False), "af-south-1 is not enabled", "or enable the region first"),
        (
            Place("af-south-1", closed=ClosedRegion("af-south-1", "not opted in")),
            "af-south-1 is not enabled",
            "or enable the region first",
        ),
        (Place("eu-west-1", organisation_denies=True), "Your organisation has closed eu-west-1", "whoever runs"),
    ],
)
def test_a_region_that_cannot_be_used(place, found, advice):
    """What is wrong with it, what to do, and of which region the rest is told."""
    one = region(place, WRITTEN, None, "linux")

    assert (one.state, one.about, one.commands) == (
        State.TO_MEND, place.region, ("aws configure set region us-east-1",)
    )  # fmt: skip
    assert found in one.found
    assert advice in one.advice
    assert one.advice.endswith("What follows is of us-east-1.")


def test_the_lessons_own_region_comes_first():
    """A rubric may allow a few alone."""
    place = Place("eu-west-1", closed=ClosedRegion("eu-west-1", "outside the rubric"))

    one = region(place, WRITTEN, LAB, "linux")

    assert one.found == "The lesson is done in us-west-2 or us-east-1, and your region is eu-west-1."
    assert one.commands == ("aws configure set region us-west-2",)


@pytest.mark.parametrize(
    ("setting", "platform", "commands", "words"),
    [
        (Setting("x", "AWS_DEFAULT_REGION"), "linux", ("export AWS_DEFAULT_REGION=us-east-1",), "is set by AWS_"),
        (Setting("x", "AWS_DEFAULT_REGION"), "win32", ('$Env:AWS_DEFAULT_REGION = "us-east-1"',), "is set by AWS_"),
        (Setting("x", "--region"), "linux", (), "Give --region us-east-1, or leave it out."),
    ],
)
def test_another_region_is_set_where_this_one_is(setting, platform, commands, words):
    """Elsewhere it would change nothing."""
    one = region(Place("x", is_malformed=True), Configured(region=setting), None, platform)

    assert one.commands == commands
    assert words in one.advice


def test_no_region_at_all():
    """Skymark has one that it goes by, others have not; the profile is the one that is in use."""
    one = region(Place("us-east-1"), Configured(profile=Setting("ada", "--profile")), None, "linux")

    assert (one.state, one.commands) == (State.TO_MEND, ("aws configure set region us-east-1 --profile ada",))

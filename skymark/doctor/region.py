"""Whether the lesson can be done in the region that is set."""

from collections.abc import Sequence
from typing import Final

from skymark.doctor.commands import assign, aws
from skymark.doctor.finding import Finding, State, Topic
from skymark.doctor.observed import Configured
from skymark.evidence import ClosedRegion, Struct
from skymark.result import Link

REGIONS = Link("The account's regions", "https://us-east-1.console.aws.amazon.com/billing/home#/account")
USUAL: Final = "us-east-1"


class Place(Struct, frozen=True):
    """The region, and what is known of it.

    `meant` asks whether another one was meant, `""` where this one is known. `is_reached` is whether AWS answers
    there; `takes_keys` is False where it does not take keys there that it takes elsewhere, None where it takes them.
    """

    region: str
    is_malformed: bool = False
    meant: str = ""
    is_known: bool = True
    is_reached: bool = True
    takes_keys: bool | None = None
    closed: ClosedRegion | None = None
    organisation_denies: bool = False

    @property
    def is_usable(self) -> bool:
        """Whether the lesson can be done there."""
        is_open = self.takes_keys is not False and self.closed is None and not self.organisation_denies
        return self.is_known and self.is_reached and not self.is_malformed and is_open


def region(place: Place, configured: Configured, wanted: Sequence[str] | None, platform: str) -> Finding:
    """What is said of the region; `wanted` are the lesson's, None for all."""
    better = wanted[0] if wanted else USUAL
    if not place.is_usable:
        found, advice, links = _unusable(place, wanted, better)
        choice, commands = _choosing(better, configured, platform)
        advice = f"{advice} {choice}What follows is of {better}."
        return Finding(Topic.REGION, State.TO_MEND, found, advice, commands, links, about=place.region)
    if configured.region is None:
        found = f"No region is set; {place.region} is looked at. The AWS CLI and others ask for one."
        _, commands = _choosing(better, configured, platform)
        return Finding(Topic.REGION, State.TO_MEND, found, f"Set one: {better} is the usual one.", commands)
    return Finding(Topic.REGION, State.OK, f"The lesson can be done in {place.region}.")


def _choosing(better: str, configured: Configured, platform: str) -> tuple[str, tuple[str, ...]]:
    """How another region is set, in the place that now decides."""
    profile = configured.profile.value if configured.profile else None
    by = configured.region.by if configured.region else ""
    if by.startswith("--"):
        return f"Give {by} {better}, or leave it out. ", ()
    if by.startswith("AWS_"):
        return f"The region is set by {by}. ", (assign(by, better, platform),)
    return "", (aws("configure", "set", "region", better, profile=profile),)


def _unusable(place: Place, wanted: Sequence[str] | None, better: str) -> tuple[str, str, tuple[Link, ...]]:
    """What is found, what to do, and where."""
    name, meant = place.region, place.meant or f"Use {better}."
    if place.is_malformed:
        return f'"{name}" is not a region.', f"Regions have names like us-east-1. {meant}", ()
    if not place.is_known and not place.is_reached:
        return f"There is no region {name}: AWS does not answer there.", meant, ()
    if not place.is_known:
        return f"Skymark knows of no region {name} that has SageMaker.", meant, ()
    if not place.is_reached:
        advice = f"Try again in a minute. If it stays like that, work in {better}."
        return f"AWS does not answer in {name}, and does in {USUAL}.", advice, ()
    if place.closed and place.closed.reason == "outside the rubric" and wanted:
        found = f"The lesson is done in {' or '.join(wanted)}, and your region is {name}."
        return found, "What is made elsewhere does not count.", ()
    if place.organisation_denies:
        found = f"Your organisation has closed {name} to this account (service control policy)."
        return found, f"Work in a region that is open, such as {better}, or ask whoever runs your AWS accounts.", ()
    found = f"{name} is not enabled for this account."
    return found, f"Work in {better}, or enable the region first, which takes some minutes.", (REGIONS,)

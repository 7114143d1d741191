"""The steps of an examination: each asks something of this computer or of AWS, and puts what it heard into findings."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from skymark.doctor.account import account
from skymark.doctor.configuration import configuration
from skymark.doctor.credentials import failing, working
from skymark.doctor.finding import Finding
from skymark.doctor.network import clock, network
from skymark.doctor.observed import Configured, Reached, Tried
from skymark.doctor.permissions import permissions
from skymark.doctor.quotas import quotas
from skymark.doctor.region import USUAL, Place, region
from skymark.errors import ConfigurationError, CredentialsError
from skymark.evidence import Gap, Identity
from skymark.fault import Fault
from skymark.rubric import Rubric

if TYPE_CHECKING:
    from skymark.survey.connection import Connection
    from skymark.survey.regions import RegionPlan

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """What is asked for: a lesson's rubric, and the profile and the region of the command line, if any.

    `named` is how the rubric was named there, None for the lesson's own.
    """

    rubric: Rubric
    profile: str | None
    region: str | None
    named: str | None = None

    @property
    def better(self) -> str:
        """A region in which the lesson can surely be done."""
        return self.rubric.regions[0] if self.rubric.regions else USUAL


@dataclass(frozen=True)
class Step(Generic[T]):
    """What a step found, and what the later ones go on with; None: they cannot."""

    findings: tuple[Finding, ...]
    result: T | None = None


@dataclass(frozen=True)
class Way:
    """The way to AWS. `connection` is one that leads there, if any does; `region` is the one that is set, or usual."""

    configured: Configured
    region: str
    reached: Reached
    connection: "Connection"
    is_malformed: bool = False

    @property
    def leads(self) -> bool:
        """Whether AWS answers."""
        return self.reached.code is None or self.reached.elsewhere


@dataclass(frozen=True)
class Entered:
    """The account, and a connection to it. `takes_keys` is False where the region that is set does not take the keys
    that another one does."""

    identity: Identity
    connection: "Connection"
    plan: "RegionPlan"
    takes_keys: bool | None = None


def find_way(asked: Asked, configured: Configured) -> Step[Way]:
    """From the configuration to an answer of AWS's."""
    from skymark.survey.connection import connect
    from skymark.survey.reachability import reach

    wanted = configured.region.value if configured.region else USUAL
    is_malformed = False
    try:
        try:
            connection = connect(asked.profile, asked.region)
        except ConfigurationError as error:
            is_malformed = error.fault is Fault.REGION
            if not is_malformed:
                raise
            connection = connect(asked.profile, asked.better)
        reached = reach(connection)
        if reached.elsewhere:
            connection = connect(asked.profile, USUAL)
    except ConfigurationError as error:
        return Step(configuration(configured, error, sys.platform))
    return Step(
        (
            *configuration(configured, None, sys.platform),
            network(reached, configured, sys.platform),
            clock(reached, sys.platform),
        ),
        Way(configured, wanted, reached, connection, is_malformed),
    )


def enter(asked: Asked, way: Way) -> Step[Entered]:
    """Whose account it is, and which of its regions are open."""
    from skymark.survey.clients import asking
    from skymark.survey.connection import source_of_keys
    from skymark.survey.regions import plan_regions

    try:
        identity, connection = _identified(asked, way.connection)
        with asking(connection.asking):
            plan = plan_regions(connection, identity, asked.rubric.regions)
    except CredentialsError as error:
        return Step((failing(error, way.configured, sys.platform),))
    finding = working(identity, source_of_keys(connection), asked.rubric.learner_lab)
    takes_keys = None if connection is way.connection else False
    return Step((finding,), Entered(identity, connection, plan, takes_keys))


def _identified(asked: Asked, connection: "Connection") -> tuple[Identity, "Connection"]:
    """A region that is not enabled refuses good keys as if they were bad, so another one is asked, too.

    Source: aws-facts, "Credential, region and permission errors".
    """
    from skymark.survey.connection import connect, identify
    from skymark.survey.regions import ENABLED_BY_DEFAULT

    try:
        return identify(connection), connection
    except CredentialsError as error:
        if error.fault is not Fault.UNKNOWN_KEYS or connection.region in ENABLED_BY_DEFAULT:
            raise
        other = connect(asked.profile, USUAL)
        try:
            return identify(other), other
        except CredentialsError:
            raise error from None


def look_at_region(asked: Asked, way: Way, entered: Entered) -> Step["Connection"]:
    """Whether the region is one for the lesson; the later steps ask in it, or where the lesson can be done."""
    from skymark.survey.connection import connect, meant

    name, connection = way.region, entered.connection
    place = Place(
        name,
        is_malformed=way.is_malformed,
        meant=meant(name, connection),
        is_known=name in connection.sagemaker_regions(entered.identity.partition),
        is_reached=not way.reached.elsewhere,
        takes_keys=entered.takes_keys,
        closed=next((one for one in entered.plan.closed if one.region == name), None),
        organisation_denies=_is_denied(asked, connection) if connection.region == name else False,
    )
    finding = region(place, way.configured, asked.rubric.regions, sys.platform)
    return Step((finding,), connection if place.is_usable else connect(asked.profile, asked.better))


def _is_denied(asked: Asked, connection: "Connection") -> bool:
    """By SageMaker's lists, which only a lesson about it may ask for."""
    from skymark.survey.probes import is_closed_by_organisation

    return asked.rubric.survey.is_about("sagemaker") and is_closed_by_organisation(connection)


def try_permissions(asked: Asked, entered: Entered, connection: "Connection") -> Step[tuple[Tried, ...]]:
    """Which of the calls are allowed that the lesson's criteria are judged by, and whether the account is active."""
    from skymark.survey.probes import try_calls

    calls = (call for one in asked.rubric.criteria for call in one.calls)
    tried = try_calls(connection, entered.identity, calls, asked.rubric.survey.buckets)
    already = tuple(_tried(gap) for gap in entered.plan.gaps)
    findings = permissions(entered.identity, tried, asked.rubric.criteria, asked.named)
    return Step((account(entered.identity, (*already, *tried)), *findings), tried)


def _tried(gap: Gap) -> Tried:
    """A call of the plan of regions that was refused."""
    return Tried(f"{gap.service}:{gap.call}", f"{gap.service}:{gap.call}", gap.code)


def look_at_quotas(asked: Asked, connection: "Connection") -> Step[None]:
    """Whether the account may have the machines that the lesson needs."""
    from skymark.survey.quotas import read_quotas

    needs = asked.rubric.quotas
    return Step(quotas(needs, read_quotas(connection, needs), connection.region, asked.profile))

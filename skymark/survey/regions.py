"""Which regions to look into."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from skymark.cause import DENIED_BY_ORGANISATION, DENIED_EXPLICITLY, INVALID
from skymark.errors import CredentialsError
from skymark.evidence import ClosedRegion, Gap, Identity
from skymark.survey.connection import EXPIRED_KEYS, Connection
from skymark.survey.reading import REFUSALS, gap, is_ended_lab

Reason = Literal["not opted in", "denied by the organisation", "outside the rubric"]

# Source: AWS account management guide, "Regions that are enabled by default".
OPT_IN = {"opted-in": True, "not-opted-in": False, "ENABLED": True, "DISABLING": True, "ENABLED_BY_DEFAULT": None}
ENABLED_BY_DEFAULT = (
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2",
    "eu-west-3", "eu-central-1", "eu-north-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
    "ap-northeast-2", "ap-northeast-3",
)  # fmt: skip


@dataclass(frozen=True)
class RegionPlan:
    """The regions to ask, those that are closed before anybody asks, and what could not be found out about them.

    `unsure` are those open ones of which nobody says whether the account has enabled them.
    """

    open: tuple[str, ...]
    closed: tuple[ClosedRegion, ...]
    gaps: tuple[Gap, ...]
    unsure: frozenset[str] = frozenset()


def plan_regions(connection: Connection, identity: Identity, wanted: tuple[str, ...] | None) -> RegionPlan:
    """The regions that have SageMaker and are enabled for the account; `wanted` closes all others, None closes none.

    EC2 says which are enabled; where it may not be asked, the account service; where that may not be asked
    either, all are looked into, and a region that is not enabled shows itself by its answers.

    Raises:
        CredentialsError: the account is of a Learner Lab that has ended.

    Source: EC2 API, DescribeRegions; Account Management API, ListRegions.
    """
    known = connection.sagemaker_regions(identity.partition)
    status, gaps = _opt_in_status(connection)
    if status is None:
        status = dict.fromkeys(known)
    has_sagemaker = known & status.keys()
    unsure = frozenset(name for name in has_sagemaker if status[name] is None) - set(ENABLED_BY_DEFAULT)
    outside = {name for name in has_sagemaker if wanted is not None and name not in wanted}
    closed = [ClosedRegion(name, "outside the rubric") for name in outside]
    closed += [ClosedRegion(name, "not opted in") for name in has_sagemaker - outside if status[name] is False]
    shut = {region.region for region in closed}
    return RegionPlan(
        tuple(sorted(has_sagemaker - shut)), tuple(sorted(closed, key=lambda one: one.region)), gaps, unsure
    )


OptIn = dict[str, bool | None]
"""By region: whether somebody opted in, or None for one in which nobody needs to."""


def _opt_in_status(connection: Connection) -> tuple[OptIn | None, tuple[Gap, ...]]:
    """What EC2 or the account service says of each region, None where neither says anything."""
    try:
        rows = connection.client("ec2").describe_regions(AllRegions=True)["Regions"]
        return {row["RegionName"]: OPT_IN.get(row.get("OptInStatus", "")) for row in rows}, ()
    except REFUSALS as error:
        if is_ended_lab(error):
            raise CredentialsError(*EXPIRED_KEYS) from error
        first = gap("ec2", "DescribeRegions", connection.region, error)
    try:
        return _account_regions(connection.client("account", "us-east-1")), ()
    except REFUSALS as error:
        return None, (first, gap("account", "ListRegions", "us-east-1", error))


def _account_regions(client: Any) -> OptIn:
    pages = client.get_paginator("list_regions").paginate()
    rows = [row for page in pages for row in page["Regions"]]
    return {row["RegionName"]: OPT_IN.get(row["RegionOptStatus"], False) for row in rows}


def closed_because(gaps: Sequence[Gap], identity: Identity, *, is_unsure: bool) -> Reason | None:
    """Why a region is closed whose every list call was refused in this way; None: it is merely unread.

    A region that is not enabled answers good keys as if they were bad, as does an enabled one to a token of STS's
    global endpoint: so it counts only where nobody says that the region is enabled. A service control policy, and a
    Learner Lab's own policy, deny whole regions.

    Source: aws-facts, "Credential, region and permission errors".
    """
    if is_unsure and all(one.code in INVALID for one in gaps):
        return "not opted in"
    if all(one.code == DENIED_BY_ORGANISATION for one in gaps):
        return "denied by the organisation"
    if identity.is_learner_lab and all(one.code == DENIED_EXPLICITLY for one in gaps):
        return "denied by the organisation"
    return None

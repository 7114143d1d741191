"""Which regions to look into."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from skymark.evidence import ClosedRegion, Gap, Identity
from skymark.survey.connection import Connection
from skymark.survey.reading import DENIED_BY_ORGANISATION, DENIED_EXPLICITLY, INVALID, REFUSALS, gap

Reason = Literal["not opted in", "denied by the organisation", "outside the rubric"]

# Source: AWS account management guide, "Regions that are enabled by default".
ENABLED_BY_DEFAULT = (
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2",
    "eu-west-3", "eu-central-1", "eu-north-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
    "ap-northeast-2", "ap-northeast-3",
)  # fmt: skip


@dataclass(frozen=True)
class RegionPlan:
    """The regions to ask, those that are closed before anybody asks, and what could not be found out about them."""

    open: tuple[str, ...]
    closed: tuple[ClosedRegion, ...]
    gaps: tuple[Gap, ...]


def plan_regions(connection: Connection, identity: Identity, wanted: tuple[str, ...] | None) -> RegionPlan:
    """The regions that have SageMaker and are enabled for the account; `wanted` closes all others, None closes none.

    EC2 says which are enabled; where it may not be asked, the account service; where that may not be asked
    either, the regions that every account has are looked into.

    Source: EC2 API, DescribeRegions; Account Management API, ListRegions.
    """
    known = connection.sagemaker_regions(identity.partition)
    status, gaps = _opt_in_status(connection)
    if status is None:
        fallback = set(ENABLED_BY_DEFAULT) & known if identity.partition == "aws" else known
        status = dict.fromkeys(fallback, True)
    asked = {connection.region} & known if not status else set()
    has_sagemaker = (known & status.keys()) | asked
    outside = {name for name in has_sagemaker if wanted is not None and name not in wanted}
    closed = [ClosedRegion(name, "outside the rubric") for name in outside]
    closed += [ClosedRegion(name, "not opted in") for name in has_sagemaker - outside if not status.get(name, True)]
    shut = {region.region for region in closed}
    return RegionPlan(tuple(sorted(has_sagemaker - shut)), tuple(sorted(closed, key=lambda one: one.region)), gaps)


def _opt_in_status(connection: Connection) -> tuple[dict[str, bool] | None, tuple[Gap, ...]]:
    """Enabled or not by region, None where nobody says."""
    try:
        rows = connection.client("ec2").describe_regions(AllRegions=True)["Regions"]
        return {row["RegionName"]: row.get("OptInStatus") != "not-opted-in" for row in rows}, ()
    except REFUSALS as error:
        first = gap("ec2", "DescribeRegions", connection.region, error)
    try:
        return _account_regions(connection.client("account", "us-east-1")), ()
    except REFUSALS as error:
        return None, (first, gap("account", "ListRegions", "us-east-1", error))


def _account_regions(client: Any) -> dict[str, bool]:
    pages = client.get_paginator("list_regions").paginate()
    rows = [row for page in pages for row in page["Regions"]]
    return {row["RegionName"]: row["RegionOptStatus"] in ("ENABLED", "ENABLED_BY_DEFAULT") for row in rows}


def closed_because(gaps: Sequence[Gap], identity: Identity, *, is_home: bool) -> Reason | None:
    """Why a region is closed whose every list call was refused in this way; None: it is merely unread.

    A region that is not enabled answers good keys as if they were bad; a service control policy, and a Learner
    Lab's own policy, deny whole regions.

    Source: aws-facts, "Credential, region and permission errors".
    """
    if all(one.code in INVALID for one in gaps) and not is_home:
        return "not opted in"
    if all(one.code == DENIED_BY_ORGANISATION for one in gaps):
        return "denied by the organisation"
    if identity.is_learner_lab and not is_home and all(one.code == DENIED_EXPLICITLY for one in gaps):
        return "denied by the organisation"
    return None

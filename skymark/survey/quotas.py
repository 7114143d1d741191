"""An account's quotas, as Service Quotas tells them.

Source: Service Quotas API, GetServiceQuota, GetAWSDefaultServiceQuota, ListServiceQuotas, ListAWSDefaultServiceQuotas,
ListRequestedServiceQuotaChangeHistoryByQuota.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from botocore import xform_name
from botocore.exceptions import ClientError
from msgspec.structs import replace

from skymark.doctor.observed import QuotaRequest, QuotaSeen
from skymark.evidence import Gap
from skymark.rubric import Quota, QuotaNeed
from skymark.survey.clients import asking
from skymark.survey.connection import Connection
from skymark.survey.reading import REFUSALS, code_of, pages

SERVICE: Final = "service-quotas"
UNDECIDED: Final = ("PENDING", "CASE_OPENED")
NO_SUCH: Final = "NoSuchResourceException"
Row = dict[str, Any]


def read_quotas(connection: Connection, needs: Iterable[QuotaNeed]) -> dict[Quota, QuotaSeen]:
    """Every quota that is named, in the home region; of those that are too small, whether more was asked for.

    A quota is asked for by its code, if it has one and AWS calls it by that name; otherwise all of the service's are
    listed, some thousand and a half of SageMaker's, a hundred a call.
    """
    found: dict[Quota, QuotaSeen] = {}
    kept = tuple(needs)
    with asking(connection.asking):
        for service in dict.fromkeys(need.service for need in kept):
            wanted = dict.fromkeys(quota for need in kept if need.service == service for quota in need.any_of)
            found |= _of_service(connection, service, tuple(wanted))
        for need in kept:
            if not any(is_enough(found[quota], need) for quota in need.any_of):
                found |= {quota: _with_request(connection, need.service, found[quota]) for quota in need.any_of}
    return found


def is_enough(seen: QuotaSeen, need: QuotaNeed) -> bool:
    """Whether AWS says that the account may have so much of it."""
    return seen.value is not None and seen.value >= need.at_least


def _of_service(connection: Connection, service: str, wanted: Sequence[Quota]) -> dict[Quota, QuotaSeen]:
    client = connection.client(SERVICE)
    found: dict[Quota, QuotaSeen] = {}
    try:
        for quota in wanted:
            seen = _by_code(client, service, quota)
            if seen is not None:
                found[quota] = seen
    except REFUSALS:  # who may not ask for one may still list them all
        pass
    missing = [quota for quota in wanted if quota not in found]
    return found | (_by_name(client, connection.region, service, missing) if missing else {})


def _by_code(client: Any, service: str, quota: Quota) -> QuotaSeen | None:
    """None where it has no code, or the code is no quota's, or another one's."""
    if quota.code is None:
        return None
    for operation, is_default in (("GetServiceQuota", False), ("GetAWSDefaultServiceQuota", True)):
        try:
            row = getattr(client, xform_name(operation))(ServiceCode=service, QuotaCode=quota.code)["Quota"]
        except ClientError as error:
            if code_of(error) != NO_SUCH:
                raise
        else:
            return _seen(quota, row, is_default=is_default) if row.get("QuotaName") == quota.name else None
    return None


def _by_name(client: Any, region: str, service: str, wanted: Sequence[Quota]) -> dict[Quota, QuotaSeen]:
    found: dict[Quota, QuotaSeen] = {}
    gaps: tuple[Gap, ...] = ()
    for operation, is_default in (("ListServiceQuotas", False), ("ListAWSDefaultServiceQuotas", True)):
        if missing := [quota for quota in wanted if quota not in found]:
            read = pages(client, SERVICE, operation, "Quotas", region, ServiceCode=service)
            rows: dict[str, Row] = {row.get("QuotaName", ""): row for row in read.items}
            found |= {q: _seen(q, rows[q.name], is_default=is_default) for q in missing if q.name in rows}
            gaps = (*gaps, *(one for one in read.gaps if one.code != NO_SUCH))
    why = next(iter(gaps), None)
    rest = (quota for quota in wanted if quota not in found)
    return found | {quota: QuotaSeen(quota, quota.code if why else None, gap=why) for quota in rest}


def _seen(quota: Quota, row: Row, *, is_default: bool) -> QuotaSeen:
    return QuotaSeen(quota, row.get("QuotaCode"), row.get("Value"), is_default)


def _with_request(connection: Connection, service: str, seen: QuotaSeen) -> QuotaSeen:
    """With the newest request that AWS has not decided; without one where nothing is told of any."""
    if seen.code is None or seen.value is None:
        return seen
    read = pages(
        connection.client(SERVICE),
        SERVICE,
        "ListRequestedServiceQuotaChangeHistoryByQuota",
        "RequestedQuotas",
        connection.region,
        ServiceCode=service,
        QuotaCode=seen.code,
    )
    still_open = [row for row in read.items if row.get("Status") in UNDECIDED]
    if not still_open:
        return seen
    newest = max(still_open, key=lambda row: row["Created"])
    return replace(seen, request=QuotaRequest(newest["DesiredValue"], newest["Status"], newest["Created"]))

"""An account's quotas of SageMaker in a region, and its requests for more.

The limits are those that SageMaker itself goes by here (`simulator.sagemaker.quotas`), so that what is shown and what
is refused agree. They are an account's in all regions, where AWS has them for each.

Source: Service Quotas API reference; Service Quotas user guide, "Requesting a quota increase".
"""

import secrets
from collections.abc import Sequence
from typing import Any, Final

from moto.servicequotas.models import ServiceQuotasBackend

from simulator.clock import clock
from simulator.sagemaker import quotas
from simulator.servicequotas.codes import code_of
from simulator.servicequotas.exceptions import (
    IllegalArgument,
    InvalidPaginationToken,
    NoSuchResource,
    RequestIsOpen,
)

SERVICE, NAME = "sagemaker", "Amazon SageMaker"
OPEN = ("PENDING", "CASE_OPENED")
MOST: Final = 100
OPENING_S: Final = 60.0
DECIDING_S: Final = 6 * 3600.0
"""How long AWS takes for what it grants by hand; it says hours to days."""


class PracticeServiceQuotasBackend(ServiceQuotasBackend):
    """moto's Service Quotas, which know VPC alone, with SageMaker's."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._requests: list[dict[str, Any]] = []

    def list_quotas(self, asked: dict[str, Any], *, default: bool = False) -> dict[str, Any]:
        """ListServiceQuotas and ListAWSDefaultServiceQuotas: a page."""
        if asked.get("ServiceCode") != SERVICE:
            return {"Quotas": super().list_aws_default_service_quotas(str(asked.get("ServiceCode")))}
        wanted = asked.get("QuotaCode")
        rows = [self._quota(name, default) for name in quotas.names() if wanted in (None, code_of(name))]
        return _page("Quotas", rows, asked)

    def get_quota(self, asked: dict[str, Any], *, default: bool = False) -> dict[str, Any]:
        """GetServiceQuota and GetAWSDefaultServiceQuota."""
        if asked.get("ServiceCode") != SERVICE:
            return super().get_service_quota(str(asked.get("ServiceCode")), str(asked.get("QuotaCode")))
        return self._quota(_named(asked), default)

    def request_increase(self, asked: dict[str, Any]) -> dict[str, Any]:
        """RequestServiceQuotaIncrease: opened as a case, and granted some hours later."""
        name, wanted = _named(asked), float(asked["DesiredValue"])
        if wanted <= quotas.applied(self.account_id, name):
            raise IllegalArgument("You must provide a quota value greater than the current quota value.")
        if any(one["QuotaName"] == name and one["Status"] in OPEN for one in self._requests):
            raise RequestIsOpen
        made = self._request(name, wanted)
        self._requests.append(made)
        clock.after(OPENING_S, lambda: _enter(made, "CASE_OPENED"))
        clock.after(DECIDING_S, lambda: self._grant(made))
        return dict(made)

    def list_requests(self, asked: dict[str, Any], *, by_quota: bool) -> dict[str, Any]:
        """ListRequestedServiceQuotaChangeHistory, of all quotas or of one: a page, newest first."""
        name = _named(asked) if by_quota else None
        rows = [
            one
            for one in reversed(self._requests)
            if name in (None, one["QuotaName"])
            and asked.get("ServiceCode") in (None, one["ServiceCode"])
            and asked.get("Status") in (None, one["Status"])
        ]
        return _page("RequestedQuotas", rows, asked)

    def get_request(self, id: str) -> dict[str, Any]:
        """GetRequestedServiceQuotaChange."""
        found = next((one for one in self._requests if one["Id"] == id), None)
        if found is None:
            raise NoSuchResource
        return found

    def _quota(self, name: str, default: bool) -> dict[str, Any]:
        value = quotas.default_of(name) if default else quotas.applied(self.account_id, name)
        return self._names(name) | {
            "Value": float(value),
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
            "QuotaAppliedAtLevel": "ACCOUNT",
        }

    def _request(self, name: str, wanted: float) -> dict[str, Any]:
        now = clock.now().timestamp()
        return self._names(name) | {
            "Id": secrets.token_hex(20),
            "CaseId": str(secrets.randbelow(10**10)),
            "DesiredValue": wanted,
            "Status": "PENDING",
            "Created": now,
            "LastUpdated": now,
            "GlobalQuota": False,
            "Unit": "None",
            "QuotaRequestedAtLevel": "ACCOUNT",
        }

    def _names(self, name: str) -> dict[str, Any]:
        code = code_of(name)
        return {
            "ServiceCode": SERVICE,
            "ServiceName": NAME,
            "QuotaArn": f"arn:{self.partition}:servicequotas:{self.region_name}:{self.account_id}:{SERVICE}/{code}",
            "QuotaCode": code,
            "QuotaName": name,
        }

    def _grant(self, made: dict[str, Any]) -> None:
        quotas.set_limit(self.account_id, made["QuotaName"], int(made["DesiredValue"]))
        _enter(made, "APPROVED")


def _named(asked: dict[str, Any]) -> str:
    """The name of the quota that a code means."""
    code = asked.get("QuotaCode")
    found = next((name for name in quotas.names() if code_of(name) == code), None)
    if found is None or asked.get("ServiceCode") != SERVICE:
        raise NoSuchResource
    return found


def _page(key: str, rows: Sequence[dict[str, Any]], asked: dict[str, Any]) -> dict[str, Any]:
    token = str(asked.get("NextToken") or "0")
    if not token.isdecimal():
        raise InvalidPaginationToken
    start, most = int(token), min(int(asked.get("MaxResults") or MOST), MOST)
    more = {"NextToken": str(start + most)} if start + most < len(rows) else {}
    return {key: list(rows[start : start + most])} | more


def _enter(made: dict[str, Any], status: str) -> None:
    made["Status"], made["LastUpdated"] = status, clock.now().timestamp()

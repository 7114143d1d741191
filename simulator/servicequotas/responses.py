"""Service Quotas' API."""

import json
from typing import Any

from moto.servicequotas.models import servicequotas_backends
from moto.servicequotas.responses import ServiceQuotasResponse

from simulator.servicequotas.models import PracticeServiceQuotasBackend


class PracticeServiceQuotasResponse(ServiceQuotasResponse):
    """moto's answers, with SageMaker's quotas and requests for more of them."""

    def list_service_quotas(self) -> str:
        """ListServiceQuotas."""
        return json.dumps(self._quotas.list_quotas(self._asked))

    def list_aws_default_service_quotas(self) -> str:
        """ListAWSDefaultServiceQuotas."""
        return json.dumps(self._quotas.list_quotas(self._asked, default=True))

    def get_service_quota(self) -> str:
        """GetServiceQuota."""
        return json.dumps({"Quota": self._quotas.get_quota(self._asked)})

    def get_aws_default_service_quota(self) -> str:
        """GetAWSDefaultServiceQuota."""
        return json.dumps({"Quota": self._quotas.get_quota(self._asked, default=True)})

    def request_service_quota_increase(self) -> str:
        """RequestServiceQuotaIncrease."""
        return json.dumps({"RequestedQuota": self._quotas.request_increase(self._asked)})

    def list_requested_service_quota_change_history(self) -> str:
        """ListRequestedServiceQuotaChangeHistory."""
        return json.dumps(self._quotas.list_requests(self._asked, by_quota=False))

    def list_requested_service_quota_change_history_by_quota(self) -> str:
        """ListRequestedServiceQuotaChangeHistoryByQuota."""
        return json.dumps(self._quotas.list_requests(self._asked, by_quota=True))

    def get_requested_service_quota_change(self) -> str:
        """GetRequestedServiceQuotaChange."""
        return json.dumps({"RequestedQuota": self._quotas.get_request(str(self._asked.get("RequestId")))})

    @property
    def _quotas(self) -> PracticeServiceQuotasBackend:
        backend: Any = servicequotas_backends[self.current_account][self.region]
        if not isinstance(backend, PracticeServiceQuotasBackend):
            raise TypeError("moto's own Service Quotas know VPC alone: call simulator.servicequotas.install() first")
        return backend

    @property
    def _asked(self) -> dict[str, Any]:
        asked: dict[str, Any] = json.loads(self.body or "{}")
        return asked

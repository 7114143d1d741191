"""Account Management's API."""

from typing import Any

from moto.account.models import account_backends
from moto.account.responses import AccountResponse
from moto.core.responses import ActionResult


class PracticeAccountResponse(AccountResponse):
    """moto's answers, and ListRegions."""

    def list_regions(self) -> ActionResult:
        """ListRegions; all on one page."""
        backend: Any = account_backends[self.current_account][self.partition]
        return ActionResult({"Regions": backend.list_regions(self._get_param("RegionOptStatusContains"))})

"""Account Management: the regions of an account, which moto lacks."""

from collections.abc import Collection

from moto.account.models import AccountBackend
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

from simulator.regions.enabled import ENABLED


class PracticeAccountBackend(AccountBackend):
    """moto's Account Management, and the account's regions."""

    def list_regions(self, statuses: Collection[str] | None) -> list[dict[str, str]]:
        """The regions that are in one of these states, all for None: `ENABLED_BY_DEFAULT` or `DISABLED`."""
        names = sorted(region.name for region in RegionsAndZonesBackend.regions)
        rows = [(name, "ENABLED_BY_DEFAULT" if name in ENABLED else "DISABLED") for name in names]
        return [
            {"RegionName": name, "RegionOptStatus": status}
            for name, status in rows
            if not statuses or status in statuses
        ]

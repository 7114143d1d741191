"""Which regions an account has: those that every account has from the start; the others would have to be opted in to.

Source: AWS Account Management guide, "Enable or disable AWS Regions in your account".
"""

from moto.account.models import account_backends
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

from simulator.regions.enabled import ENABLED
from simulator.regions.models import PracticeAccountBackend

__all__ = ["ENABLED", "install", "is_closed"]

OTHER_PARTITIONS = ("cn-", "us-gov-")


def install() -> None:
    """Have EC2 and Account Management tell of a new account's regions."""
    account_backends.backend = PracticeAccountBackend
    regions = RegionsAndZonesBackend.regions
    regions[:] = [one for one in regions if not one.name.startswith(OTHER_PARTITIONS)]
    for region in regions:
        region.opt_in_status = "opt-in-not-required" if region.name in ENABLED else "not-opted-in"


def is_closed(region: str) -> bool:
    """Whether a new account has it not, or AWS has no such region."""
    return region not in ENABLED

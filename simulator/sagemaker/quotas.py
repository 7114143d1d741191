"""How many machines of a type an account may use at a time, by AWS's own names of the quotas."""

from collections.abc import Iterable
from typing import Any, Literal, get_args

from moto.core.utils import get_service_model

from simulator.sagemaker.refusals import ResourceLimitExceeded

Use = Literal["notebook instance usage", "training job usage", "endpoint usage"]
# Where SageMaker's own description of its API tells which types there are for a use.
_TYPES = dict(
    zip(get_args(Use), ("InstanceType", "TrainingInstanceType", "ProductionVariantInstanceType"), strict=True)
)

# A new account's; what is not listed is 0, as for machines with a GPU. Source: Service Quotas console.
_SMALL = ("t2.medium", "t2.large", "t2.xlarge", "t3.medium", "t3.large", "t3.xlarge")
_COMMON = ("m4.xlarge", "m4.2xlarge", "m5.large", "m5.xlarge", "m5.2xlarge", "c4.xlarge", "c5.xlarge", "c5.2xlarge")
_DEFAULTS = {f"ml.{name}": 20 for name in _SMALL} | {f"ml.{name}": 4 for name in _COMMON}

EVERY_ACCOUNT = "*"
_limits: dict[tuple[str, str], int] = {}


def name_of(instance_type: str, use: Use) -> str:
    """What AWS calls the quota: `ml.m4.xlarge for endpoint usage`."""
    return f"{instance_type} for {use}"


def set_limit(account: str, quota: str, limit: int) -> None:
    """Give an account, or every account, another limit."""
    _limits[account, quota] = limit


def forget_limits() -> None:
    """Every account has a new account's limits again."""
    _limits.clear()


def limit_of(account: str, instance_type: str, use: Use) -> int:
    """How many machines of the type the account may have in this use, in each region."""
    return applied(account, name_of(instance_type, use))


def applied(account: str, quota: str) -> int:
    """What an account may have of a quota, by AWS's name of it."""
    return _limits.get((account, quota), _limits.get((EVERY_ACCOUNT, quota), default_of(quota)))


def default_of(quota: str) -> int:
    """What a new account may have of it."""
    return _DEFAULTS.get(quota.partition(" ")[0], 0)


def names() -> list[str]:
    """AWS's names of all quotas that are looked at, in the order of the alphabet."""
    model: Any = get_service_model("sagemaker")
    types = {name_of(one, use) for use in get_args(Use) for one in model.shape_for(_TYPES[use]).enum}
    return sorted(types | {name for _, name in _limits})


def demand(account: str, instance_type: str, use: Use, asked: int, in_use: Iterable[int]) -> None:
    """See that so many machines more stay within the quota.

    Raises:
        ResourceLimitExceeded: they do not.
    """
    limit, used = limit_of(account, instance_type, use), sum(in_use)
    if used + asked > limit:
        raise ResourceLimitExceeded(name_of(instance_type, use), limit, used, asked)

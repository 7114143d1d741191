"""IAM's refusals in AWS's words, where moto has others, and its times.

Source: IAM API reference, GetRole (NoSuchEntity), as the AWS CLI shows it.
"""

import copy
import functools
import json
from typing import Any

import moto.iam.models
from moto.iam.exceptions import NotFoundException
from moto.iam.models import AWSManagedPolicy, IAMBackend, ManagedPolicy, Role

from simulator.clock import clock

PARTITION = "aws"  # the only one in which anybody works


class PracticeIAMBackend(IAMBackend):
    """moto's IAM, in which every account has AWS's own policies."""

    def _init_aws_policies(self) -> list[ManagedPolicy]:
        if self.region_name != PARTITION:
            return []
        data: str = moto.iam.models.aws_managed_policies_data  # type: ignore[attr-defined] # where moto looks itself
        return [_for_one_account(policy) for policy in _policies_of_aws(data)]

    def create_role(self, *arguments: Any, **named: Any) -> Role:
        """CreateRole, at the practice cloud's time."""
        role = super().create_role(*arguments, **named)
        role.create_date = clock.now()
        return role

    def get_role(self, role_name: str) -> Role:
        """GetRole, and whatever else is about one role."""
        try:
            return super().get_role(role_name)
        except NotFoundException as error:
            raise NotFoundException(f"The role with name {role_name} cannot be found.") from error


@functools.lru_cache(maxsize=2)
def _policies_of_aws(data: str) -> tuple[AWSManagedPolicy, ...]:
    """AWS's 1,500 policies as moto keeps them. To read them takes longer than all else about an account."""
    policies = json.loads(data).items()
    return tuple(AWSManagedPolicy.from_data(name, PARTITION, PARTITION, policy) for name, policy in policies)


def _for_one_account(policy: AWSManagedPolicy) -> AWSManagedPolicy:
    """What an account does to it, such as to attach it, the others do not see."""
    own = copy.copy(policy)
    own.versions = list(policy.versions)
    own.tags = dict(policy.tags)
    return own

"""IAM's refusals in AWS's words, where moto has others, and its times.

Source: IAM API reference, GetRole (NoSuchEntity), as the AWS CLI shows it.
"""

from typing import Any

from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend, Role

from simulator.clock import clock


class PracticeIAMBackend(IAMBackend):
    """moto's IAM."""

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

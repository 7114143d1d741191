"""IAM's refusals in AWS's words, where moto has others.

Source: IAM API reference, GetRole (NoSuchEntity), as the AWS CLI shows it.
"""

from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend, Role


class PracticeIAMBackend(IAMBackend):
    """moto's IAM."""

    def get_role(self, role_name: str) -> Role:
        """GetRole, and whatever else is about one role."""
        try:
            return super().get_role(role_name)
        except NotFoundException as error:
            raise NotFoundException(f"The role with name {role_name} cannot be found.") from error

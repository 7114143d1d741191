"""The role that SageMaker is given: whether it is one that SageMaker can take."""

from simulator.authorization.trust import service_may_assume
from simulator.sagemaker.refusals import ValidationError


def demand_role(role_arn: str, account: str, source_arn: str) -> None:
    """See that SageMaker may assume the role.

    Raises:
        ValidationError: the role is not there, or does not trust SageMaker. Source: text as SageMaker answers to
            CreateTrainingJob and CreateModel (amazon-sagemaker-examples issues).
    """
    if not service_may_assume(role_arn, "sagemaker.amazonaws.com", account, source_arn):
        raise ValidationError(
            f"Could not assume role {role_arn}. Please ensure that the role exists and allows principal "
            "'sagemaker.amazonaws.com' to assume the role."
        )

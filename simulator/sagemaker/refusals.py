"""SageMaker's refusals, in its own words."""

from moto.sagemaker.exceptions import (
    ConflictException,
    ResourceInUseException,
    ResourceNotFound,
    SagemakerClientError,
    ValidationError,
)

__all__ = [
    "ConflictException",
    "ResourceInUseException",
    "ResourceLimitExceeded",
    "ResourceNotFound",
    "SagemakerClientError",
    "ValidationError",
    "already_exists",
    "not_found",
]


class ResourceLimitExceeded(SagemakerClientError):
    """A quota is used up.

    Source: text as in amazon-sagemaker-examples issues and AWS re:Post questions.
    """

    code = "ResourceLimitExceeded"

    def __init__(self, quota: str, limit: int, used: int, asked: int) -> None:
        super().__init__(
            f"The account-level service limit '{quota}' is {limit} Instances, with current utilization of {used} "
            f"Instances and a request delta of {asked} Instances. Please use AWS Service Quotas to request an increase "
            "for this quota. If AWS Service Quotas is not available, contact AWS support to request an increase for "
            "this quota."
        )


def not_found(kind: str, arn: str) -> ValidationError:
    """There is no endpoint, endpoint configuration or model of that ARN."""
    return ValidationError(f'Could not find {kind} "{arn}".')


def already_exists(kind: str, arn: str) -> ValidationError:
    """There is one of that name already."""
    return ValidationError(f'Cannot create already existing {kind} "{arn}".')

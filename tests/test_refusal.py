"""What AWS refused for reasons of its own."""

import pytest

from skymark.refusal import is_aws_refusal


@pytest.mark.parametrize(
    "reason",
    [
        "ResourceLimitExceeded: The account-level service limit 'ml.m4.xlarge for endpoint usage' is 0 Instances",
        "CapacityError: Unable to provision requested ML compute capacity",
        "InternalServerError: We encountered an internal error. Please try again.",
        "Insufficient capacity for ml.t2.medium",
        None,
    ],
)
def test_limits_capacity_and_faults_of_aws_are_its_own(reason):
    """None of these is the student's fault; neither is what has no reason."""
    assert is_aws_refusal(reason)


@pytest.mark.parametrize(
    "reason",
    [
        "ClientError: No S3 objects found under S3 URL",
        "AlgorithmError: feature_dim does not match",
        "ClientError: The feature dimension of the input does not match. Please fix the input and try again.",
        "ClientError: Unable to verify the input",
        "Lifecycle Configuration failed",
        "The primary container for production variant AllTraffic did not pass the ping health check.",
    ],
)
def test_mistakes_in_data_or_settings_are_not(reason):
    """There is something to fix."""
    assert not is_aws_refusal(reason)


@pytest.mark.parametrize(
    "reason",
    [
        "PendingVerification: Your account is currently being verified",
        "Internal failure. Please retry",
        "We currently do not have sufficient resources in the Availability Zone",
        "Your account is blocked",
        "Insufficient instances",
        "Unable to provision requested ML compute",
        "An unexpected error occurred",
        "Words that nobody has heard before",
    ],
)
def test_in_doubt_it_is_aws(reason):
    """A failure needs evidence that it is the student's."""
    assert is_aws_refusal(reason)

"""Whether AWS refused something for reasons of its own: a quota, no capacity, a suspended service."""

import re

# Words of `FailureReason` and `errorCode` that speak of AWS's side or of the account's limits.
# Source: SageMaker API, DescribeTrainingJob (FailureReason prefixes); Service Quotas' ResourceLimitExceeded text.
REFUSAL = re.compile(
    r"ResourceLimitExceeded|service limit|LimitExceeded|quota"
    r"|capacity"
    r"|InternalServer(?:Error|Exception)|InternalFailure|internal (?:server )?error"
    r"|ServiceUnavailable|service unavailable"
    r"|OptInRequired|SubscriptionRequired|suspended|ThrottlingException|Rate exceeded",
    re.IGNORECASE,
)


def is_aws_refusal(reason: str | None) -> bool:
    """Whether a failure's reason is not the student's doing. No reason at all is nobody's fault, so it counts."""
    return reason is None or REFUSAL.search(reason) is not None

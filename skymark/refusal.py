"""Whether AWS refused something for reasons of its own: a quota, no capacity, a suspended service."""

import re

# Words of `FailureReason` and `errorCode` that speak of AWS's side or of the account's limits.
# Source: SageMaker API, DescribeTrainingJob (FailureReason prefixes); Service Quotas' ResourceLimitExceeded text.
REFUSAL = re.compile(
    r"LimitExceeded|service limit|quota|capacity|Throttling|Rate exceeded"
    r"|internal[ _]?(?:server[ _]?)?(?:error|failure|exception)|service[ _]?unavailable"
    r"|OptInRequired|SubscriptionRequired|suspended|account is blocked",
    re.IGNORECASE,
)
# What AWS itself puts before a reason that lies with whoever asked for the job. Source: the same.
CUSTOMERS = re.compile(r"\s*(?:ClientError|AlgorithmError)\b")
# Words that AWS uses of itself, and algorithms use of their input, too ("Please fix the input and try again").
EITHER = re.compile(r"insufficient|provision|unexpected error|try again|retry|verif", re.IGNORECASE)
# Words that speak of what a student chose, wrote or trained. Source: the same, and SageMaker's troubleshooting pages.
OWN = re.compile(
    r"ClientError|AlgorithmError|lifecycle|role|permission|not authorized|subnet|security group|VPC"
    r"|health check|container|image|model data|S3|bucket|script",
    re.IGNORECASE,
)


def is_aws_refusal(reason: str | None) -> bool:
    """Whether a failure is not, or not surely, the student's doing. What is said in no known words counts as AWS's."""
    if reason is None or REFUSAL.search(reason):
        return True
    if CUSTOMERS.match(reason):
        return False
    return EITHER.search(reason) is not None or OWN.search(reason) is None

"""Why a criterion could not be decided: one word that many students' verdicts can be gathered by."""

import enum
import re
from collections.abc import Iterable
from typing import Final

from skymark.evidence import Gap

# AWS's error codes, by what is to be done about them. Source: aws-facts, section 1.4; botocore's exceptions.
DENIED: Final = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403", "AuthorizationError")
THROTTLED: Final = (
    *("Throttling", "ThrottlingException", "ThrottledException", "SlowDown", "RequestLimitExceeded"),
    *("RequestThrottled", "RequestThrottledException", "TooManyRequestsException"),
)
NOT_ACTIVE: Final = ("OptInRequired", "SubscriptionRequiredException", "NotSignedUp", "PendingVerification")
SUSPENDED: Final = ("AccountProblem", "AllAccessDisabled", "Blocked")
"""Source, as of the two last of those before: EC2 and S3 API references, "Error responses"."""
EXPIRED: Final = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
INVALID: Final = ("UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "AuthFailure")
SIGN_IN: Final = (
    *("CredentialRetrievalError", "MetadataRetrievalError", "RefreshWithMFAUnsupportedError", "SSOError"),
    *("SSOTokenLoadError", "TokenRetrievalError", "UnauthorizedSSOTokenError", "NoCredentialsError", "LoginError"),
    *("LoginRefreshRequired", "LoginTokenLoadError", "LoginInsufficientPermissions", "LoginAuthorizationCodeError"),
)
"""What botocore calls a sign-in that is over."""
NOT_SIGNED: Final = (*("MissingAuthenticationToken", "MissingAuthenticationTokenException", "RequestTimeTooSkewed"),)
"""No keys reached AWS, or they were used by a clock that is wrong."""
# Denials are told apart by AWS's words; these codes are ours.
DENIED_BY_ORGANISATION: Final = "AccessDenied (service control policy)"
DENIED_EXPLICITLY: Final = "AccessDenied (explicit deny)"
NO_WAY_IN: Final = "NoWayIn"
"""The code of a gap where nobody could enter the account at all."""

NOT_ASKED: Final = "NotAsked"
"""The code of a gap where nobody asked, since no criterion that was chosen is judged by it."""

NOT_TOLD: Final = "NotTold"
"""The code of a gap where CloudTrail does not tell which of several students made something."""

_QUOTA: Final = re.compile(r"LimitExceeded|service limit|quota|account-level", re.IGNORECASE)


class Cause(enum.StrEnum):
    """What stood in the way. Never the student's fault, whichever it is."""

    QUOTA = "quota"
    AWS = "aws"
    AT_WORK = "at-work"
    DENIED = "denied"
    CREDENTIALS = "credentials"
    THROTTLED = "throttled"
    NETWORK = "network"
    ACCESS = "access"
    RECORDS = "records"
    SKYMARK = "skymark"


MEANING: Final = {
    Cause.QUOTA: "a quota of the account refused it",
    Cause.AWS: "AWS refused it for reasons of its own, such as no capacity",
    Cause.AT_WORK: "AWS was still at work on it",
    Cause.DENIED: "a permission is missing",
    Cause.CREDENTIALS: "the credentials were over or did not work",
    Cause.THROTTLED: "AWS asked to go slower",
    Cause.NETWORK: "AWS could not be reached, or did not answer",
    Cause.ACCESS: "nobody could look into the account, or read what was handed in",
    Cause.RECORDS: "AWS's records do not show it: a log that never arrived, or nothing left to judge by",
    Cause.SKYMARK: "Skymark itself made a mistake",
}


def cause_of_refusal(words: str) -> Cause:
    """Whether AWS speaks of a quota, or of a reason of its own."""
    return Cause.QUOTA if _QUOTA.search(words) else Cause.AWS


def cause_of_gaps(gaps: Iterable[Gap]) -> Cause:
    """What most of all stood in the way of calls that were not answered; without any it is the records."""
    found = {cause_of_code(gap.code) for gap in gaps}
    return next((cause for cause in _FIRST if cause in found), Cause.RECORDS)


_FIRST: Final = (
    *(Cause.ACCESS, Cause.CREDENTIALS, Cause.DENIED, Cause.THROTTLED, Cause.NETWORK, Cause.AWS, Cause.RECORDS),
)


def cause_of_code(code: str) -> Cause:
    """What stood in the way, by AWS's error code or botocore's name of what went wrong."""
    if code == NO_WAY_IN:
        return Cause.ACCESS
    if code in (*EXPIRED, *INVALID, *SIGN_IN, *NOT_SIGNED) or "Signature" in code:
        return Cause.CREDENTIALS
    if code in (*DENIED, DENIED_BY_ORGANISATION, DENIED_EXPLICITLY, "HTTP 403"):
        return Cause.DENIED
    if code in THROTTLED:
        return Cause.THROTTLED
    if code in (*NOT_ACTIVE, *SUSPENDED):
        return Cause.AWS
    return Cause.RECORDS if code in ("Truncated", NOT_TOLD) else Cause.NETWORK

"""What one call, or several, came back with: things that were read, and gaps where nothing was answered."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import botocore.exceptions
from botocore import xform_name
from botocore.exceptions import (
    ClientError,
    ConnectionError,
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    MetadataRetrievalError,
    NoCredentialsError,
    PaginationError,
    RefreshWithMFAUnsupportedError,
    ResponseStreamingError,
    SSOError,
    TokenRetrievalError,
)
from botocore.parsers import ResponseParserError

from skymark.cause import (
    DENIED,
    DENIED_BY_ORGANISATION,
    DENIED_EXPLICITLY,
    EXPIRED,
    INVALID,
    NOT_ACTIVE,
    SUSPENDED,
    THROTTLED,
)
from skymark.evidence import Gap
from skymark.survey.calls import action_of, is_usual

T = TypeVar("T")

# A sign-in that is over, or that gives no keys (any more). `aws login` came to botocore in 1.41.
SIGN_IN_OVER: tuple[type[Exception], ...] = (
    CredentialRetrievalError,
    MetadataRetrievalError,
    RefreshWithMFAUnsupportedError,
    SSOError,
    TokenRetrievalError,
    getattr(botocore.exceptions, "LoginError", SSOError),
)
# What AWS, the network or expired credentials do to a call. ParamValidationError is not among them: it is a bug.
REFUSALS: tuple[type[Exception], ...] = (
    *SIGN_IN_OVER,
    ClientError,
    ConnectionError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PaginationError,
    ResponseParserError,
    ResponseStreamingError,
)

NOT_THERE = ("recordnotfound", "could not find", "requested resource not found")
# A bare 404 is not among them: any proxy says it, and no call of ours is a HEAD, of which it would be all that S3 says.
GONE = ("NoSuchEntity", "NoSuchBucket", "ResourceNotFoundException", "ResourceNotFound")
# How AWS says that a region lacks an operation, whoever asks; the words tell it from an operation that nobody knows.
NOT_IN_REGION = ("UnknownOperationException", "UnsupportedOperation")
REGION_LACKS_IT = ("in the called region", "in this region")
TOKENS = ("NextToken", "nextToken", "NextContinuationToken")
STS, OVER_ALREADY = "STS", "refresh"
"""What our own `CredentialRetrievalError`s name as where the keys did not come from."""
SIGN_IN_AGAIN = "Your sign-in is over. Sign in again with `aws sso login` or `aws login`, then check again."
ROLE_IS_OVER = "The role lent no new keys in the middle of the look: check that it is still there, then grade again."


@dataclass(frozen=True)
class Reading(Generic[T]):
    """`items` were read; each gap is a call that was not answered, so that more may be there.

    No items and no gaps means that there is nothing; no items and a gap means that nobody knows.
    """

    items: tuple[T, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @classmethod
    def merged(cls, readings: "Iterable[Reading[T]]") -> "Reading[T]":
        """Several readings as one, in their order."""
        kept = list(readings)
        return cls(
            tuple(item for reading in kept for item in reading.items),
            tuple(gap for reading in kept for gap in reading.gaps),
        )


def code_of(error: BaseException) -> str:
    """AWS's error code; for what never reached AWS, the exception's name. HTML answers have no code: `HTTP 500`."""
    if not isinstance(error, ClientError):
        return type(error).__name__
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    if code in DENIED and "service control policy" in message_of(error):
        return DENIED_BY_ORGANISATION
    if code in DENIED and "explicit deny" in message_of(error) and "voc-cancel-cred" not in message_of(error):
        return DENIED_EXPLICITLY
    return f"HTTP {status}" if not code or code.isdigit() or "<" in code else code


def message_of(error: BaseException) -> str:
    """What AWS said."""
    return str(error.response.get("Error", {}).get("Message", "")) if isinstance(error, ClientError) else str(error)


def is_absent(error: BaseException) -> bool:
    """Whether AWS says that the thing is not there, which is an answer, no gap.

    Source: aws-facts, "Does not exist" per call: SageMaker says so by a ValidationException's message alone.
    """
    if not isinstance(error, ClientError):
        return False
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code == "ValidationException":
        return any(words in message_of(error).lower() for words in NOT_THERE)
    return code in GONE


def is_unavailable(error: BaseException) -> bool:
    """Whether AWS says that the region does not have the operation: then it has nothing that the operation lists.

    Source: AWS GovCloud user guide, "Amazon SageMaker AI"; hashicorp/terraform-provider-aws, pull request 27258.
    """
    if not isinstance(error, ClientError):
        return False
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code in NOT_IN_REGION and any(words in message_of(error).lower() for words in REGION_LACKS_IT)


def is_ended_lab(error: BaseException) -> bool:
    """Whether a Learner Lab that has ended denies it: its keys still tell whose they are, and open nothing else."""
    return "voc-cancel-cred" in message_of(error)


def gap(service: str, call: str, region: str | None, error: BaseException, resource: str | None = None) -> Gap:
    """What is not known, and what to do about it."""
    code = code_of(error)
    if isinstance(error, SIGN_IN_OVER):
        advice = ROLE_IS_OVER if _is_roles(error) else SIGN_IN_AGAIN
    else:
        advice = _advice(service, call, code, message_of(error))
    return Gap(service, call, region, code, advice, resource)


def _is_roles(error: BaseException) -> bool:
    """Whether the keys were those of a role that a student lends, which no sign-in brings back."""
    return isinstance(error, CredentialRetrievalError) and error.kwargs.get("provider") == STS


def is_over_already(error: BaseException) -> bool:
    """Whether new keys came, and were over."""
    return isinstance(error, CredentialRetrievalError) and error.kwargs.get("provider") == OVER_ALREADY


def truncated(service: str, call: str, region: str | None, resource: str | None = None) -> Gap:
    """That there is more than is read."""
    return Gap(service, call, region, "Truncated", _advice(service, call, "Truncated", ""), resource)


def pages(
    client: Any,
    service: str,
    operation: str,
    key: str,
    region: str | None,
    resource: str | None = None,
    most_pages: int | None = None,
    **arguments: Any,
) -> Reading[Any]:
    """All rows of a list call. Pages that were read before a refusal are kept beside the gap.

    Where the region does not have the operation, there are none. With `most_pages`, further ones are not asked for;
    that there are some is a gap.
    """
    rows: list[Any] = []
    try:
        for number, page in enumerate(_answers(client, xform_name(operation), arguments), 1):
            rows += page.get(key, [])
            if number == most_pages and any(page.get(token) for token in TOKENS):
                return Reading(tuple(rows), (truncated(service, operation, region, resource),))
    except REFUSALS as error:
        gaps = () if is_unavailable(error) else (gap(service, operation, region, error, resource),)
        return Reading(tuple(rows), gaps)
    return Reading(tuple(rows))


def described(
    service: str, call: str, region: str | None, name: str, ask: Callable[[], T], otherwise: T | None = None
) -> Reading[T]:
    """One thing that was asked for by name: gone means no item; refused means `otherwise`, if given, and a gap."""
    try:
        return Reading((ask(),))
    except REFUSALS as error:
        if is_absent(error):
            return Reading()
        kept = () if otherwise is None else (otherwise,)
        return Reading(kept, (gap(service, call, region, error, name),))


def _answers(client: Any, name: str, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The pages of a list call; a few calls have but one."""
    if client.can_paginate(name):
        yield from client.get_paginator(name).paginate(**arguments)
    else:
        yield getattr(client, name)(**arguments)


def _advice(service: str, call: str, code: str, message: str) -> str:
    if "voc-cancel-cred" in message or code in EXPIRED:
        return "The credentials expired. Get new ones (Learner Lab: Start Lab, copy the new keys), then check again."
    if code == DENIED_BY_ORGANISATION:
        return "Your organisation forbids this call. Ask whoever runs your AWS accounts."
    if code in (*DENIED, DENIED_EXPLICITLY, "HTTP 403"):
        command = "grade.py policy" if is_usual(service, call) else "grade.py policy --lesson DIR"
        return f"Grant {action_of(service, call)} (`{command}` prints the whole policy), then check again."
    if code in THROTTLED:
        return "AWS asked to go slower. Wait a minute, then check again."
    if code in INVALID:
        return "AWS does not know these credentials there. Check that the region is enabled for the account."
    if code == "Truncated":
        return "There are more than Skymark reads. Delete what is not needed, or ask your assistant."
    if code in NOT_ACTIVE:
        return (
            "AWS has not activated this service for the account yet. Finish signing up, wait a day, then check again."
        )
    if code in SUSPENDED:
        return "AWS says that the account is suspended. Look for its message in the account's e-mail, then check again."
    if code == "HTTP 200":
        return (
            "Something else came than AWS's whole answer: a proxy or filter may be in between. Check again, or try "
            "another network."
        )
    if code in ("HTTP 404", "HTTP 500", "HTTP 501"):
        return "The service did not understand the call: a simulated AWS may lack it. Nothing for you to do."
    return "That may pass: check your connection, wait a minute, then check again."

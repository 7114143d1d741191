"""The way into a student's account: a role that is assumed by the grader, or a profile of the grader's own.

Source: STS API, AssumeRole; IAM user guide, "Access to AWS accounts owned by third parties".
"""

import datetime as dt
import functools
import os
from typing import Any, Final

import botocore.session
from botocore.credentials import DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from skymark.cause import DENIED_BY_ORGANISATION, DENIED_EXPLICITLY, Cause, cause_of_code
from skymark.environment import ENVIRONMENT
from skymark.errors import AccessError, CredentialsError, SkymarkError, UsageError
from skymark.evidence import Identity
from skymark.roster.entry import ProfileAccess, RoleAccess
from skymark.survey.clients import Asking, Clients, asking, may_pass, sentence
from skymark.survey.connection import Connection, connect, identify
from skymark.survey.reading import REFUSALS, SIGN_IN_OVER, code_of, is_ended_lab, message_of
from skymark.survey.redact import redacted

SESSION_S: Final = 3600
"""How long a session lasts: the most that every role allows, and that a role's own session may ask for."""
HOME: Final = "us-east-1"
OWN_ADDRESS: Final = ("endpoint_url", "services")
"""What a profile may have that no other account's clients can be used for."""


def connection_for(
    access: RoleAccess | ProfileAccess, clients: Clients, *, grader_profile: str | None, region: str | None
) -> Connection:
    """A connection to the account; `region` is where to begin, None for what is configured.

    Keys of a role are asked for at once, and again before they are over, however long the look takes.

    Raises:
        AccessError: the role cannot be assumed, or the profile gives no keys; it says why and what to do.
    """
    match access:
        case RoleAccess():
            return _by_role(access, clients, grader_profile, region)
        case ProfileAccess(name=name):
            return _by_profile(name, clients, region)


def _by_role(access: RoleAccess, clients: Clients, profile: str | None, region: str | None) -> Connection:
    grader = _grader(profile)
    refresh = functools.partial(_assumed, access, grader)
    keys = DeferredRefreshableCredentials(refresh, "sts-assume-role")
    try:
        keys.get_frozen_credentials()
    except REFUSALS as error:
        raise _refused(access, error, grader) from error
    except ParamValidationError as error:
        raise _not_taken(access, sentence(error)) from error
    except (UsageError, BotoCoreError, ValueError) as error:
        text = f"The grader's own AWS configuration cannot be used: {sentence(error)}"
        raise AccessError(text, Cause.CREDENTIALS) from error
    except RuntimeError as error:  # botocore's, for keys that are over when they come
        text = f"{access.role_arn}: the keys that STS gave are over already. Set this computer's clock right."
        raise AccessError(text, Cause.CREDENTIALS) from error
    return Connection(clients, region or grader.region, keys)


def _by_profile(name: str, clients: Clients, region: str | None) -> Connection:
    try:
        own = connect(name, region)
        with ENVIRONMENT:
            configured = botocore.session.Session(profile=name).get_scoped_config()
            keys: Any = own.session.get_credentials()
        if any(configured.get(key) for key in OWN_ADDRESS):
            return own
        if keys is not None:
            with ENVIRONMENT:  # botocore may make a client of its own
                keys.get_frozen_credentials()  # a role of the profile's is assumed now, where it can still be said
    except UsageError as error:
        raise AccessError(f"profile {name}: {error}", Cause.ACCESS) from error
    except REFUSALS as error:
        raise _gives_no_keys(name, error) from error
    except (BotoCoreError, OSError, ValueError, RuntimeError) as error:  # the last three of a credential process
        raise AccessError(f"profile {name}: cannot be used: {sentence(error)}", Cause.CREDENTIALS) from error
    if keys is None:
        text = f"profile {name}: has no keys. Set it up with `aws configure --profile {name}`."
        raise AccessError(text, Cause.CREDENTIALS)
    return Connection(clients, own.region, keys)


def _gives_no_keys(name: str, error: BaseException) -> AccessError:
    text = f"profile {name}: gives no keys ({sentence(error).rstrip('.')})."
    match _cause_of(error):
        case Cause.DENIED:
            return AccessError(f"{text} Check its role_arn and external_id.", Cause.ACCESS)
        case Cause.CREDENTIALS:
            return AccessError(f"{text} Sign in again, or renew them, then go on.", Cause.CREDENTIALS)
        case cause:
            return AccessError(f"{text} Try again in a minute.", cause)


@functools.cache
def _connected(profile: str | None) -> Connection:
    return connect(profile)


def _grader(profile: str | None) -> Connection:
    """The grader's own connection; one for a process.

    Raises:
        AccessError: the grader's configuration cannot be used.
    """
    try:
        with ENVIRONMENT:
            return _connected(profile)
    except SkymarkError as error:
        raise AccessError(f"The grader's own AWS configuration: {error}", Cause.CREDENTIALS) from error


def _assumed(access: RoleAccess, grader: Connection) -> dict[str, Any]:
    """New keys of the role, as botocore keeps those that can be refreshed."""
    more = {"ExternalId": access.external_id} if access.external_id else {}
    with asking(Asking(grader.asking.credentials)):  # the grader's own call, which is none of the survey's
        answer = grader.client("sts").assume_role(
            RoleArn=access.role_arn,
            RoleSessionName=f"skymark-{os.getpid()}",
            DurationSeconds=SESSION_S,
            **more,
        )
    keys = answer["Credentials"]
    expires: dt.datetime = keys["Expiration"]
    return {
        "access_key": keys["AccessKeyId"],
        "secret_key": keys["SecretAccessKey"],
        "token": keys["SessionToken"],
        "expiry_time": expires.isoformat(),
    }


def _cause_of(error: BaseException) -> Cause:
    is_over = isinstance(error, SIGN_IN_OVER) or is_ended_lab(error)
    return Cause.CREDENTIALS if is_over else cause_of_code(code_of(error))


def _refused(access: RoleAccess, error: BaseException, grader: Connection) -> AccessError:
    code, said = code_of(error), redacted(message_of(error)) or ""
    cause = _cause_of(error)
    if cause is Cause.CREDENTIALS:
        text = f"The grader's own keys do not work ({code}). Sign in again, then go on."
        return AccessError(text, Cause.CREDENTIALS)
    if code == "RegionDisabledException":
        text = f"{access.role_arn}: STS is switched off for the account in {grader.region}. Use --region us-east-1."
        return AccessError(text, Cause.ACCESS)
    if not isinstance(error, ClientError) or may_pass(error):
        text = f"{access.role_arn}: STS could not be asked ({code}). Try again in a minute."
        return AccessError(text, Cause.THROTTLED if cause is Cause.THROTTLED else Cause.NETWORK)
    own = _identity_of(grader)
    if own is not None and own.partition != access.role_arn.split(":")[1]:
        text = f"{access.role_arn} is in another partition than the grader's keys, which are of {own.partition}. "
        return AccessError(f"{text}Grade such students by keys of their partition, with --profile.", Cause.ACCESS)
    if code == "ValidationError":
        return _not_taken(access, f"{said.rstrip('.')}.")
    if cause is Cause.DENIED:
        return _denied(access, code, said, own.arn if own else "the grader")
    return AccessError(f"{access.role_arn} cannot be assumed ({code}: {said.rstrip('.')}).", Cause.ACCESS)


def _denied(access: RoleAccess, code: str, said: str, who: str) -> AccessError:
    """By AWS's words, where it has any. Source: IAM user guide, "Troubleshoot access denied error messages"."""
    role = access.role_arn
    if "root account" in said:
        text = f"{role} cannot be assumed by an account's root. Grade with the keys of a user or role of the account."
        return AccessError(text, Cause.CREDENTIALS)
    if code == DENIED_BY_ORGANISATION:
        text = f"{role} cannot be assumed by {who}: an organisation forbids it. Ask whoever runs the AWS accounts."
        return AccessError(text, Cause.ACCESS)
    if code == DENIED_EXPLICITLY and "resource-based" in said:
        text = f"{role} denies {who} explicitly. Have the student take that out of the role's trust policy."
        return AccessError(text, Cause.ACCESS)
    if code == DENIED_EXPLICITLY or "no identity-based policy" in said:
        text = f"{role}: {who} may not call sts:AssumeRole. Have whoever runs the grader's account allow it."
        return AccessError(text, Cause.ACCESS)
    its = "its external id is another one than the roster's"
    none = "it asks for an external id, of which the roster has none"
    return AccessError(
        f"{role} cannot be assumed by {who}. AWS does not say why: the role is not there, it does not let this grader "
        f"in, {its if access.external_id else none}, or the grader may not call sts:AssumeRole. Have the student set "
        "the role up again, with what `grade.py policy --format cli` prints.",
        Cause.ACCESS,
    )


def _not_taken(access: RoleAccess, said: str) -> AccessError:
    """What is no role's ARN, or no external id."""
    text = f"{access.role_arn}: STS does not take this role's ARN, or its external id: {said} Correct it in the roster."
    return AccessError(text, Cause.ACCESS)


def _identity_of(grader: Connection) -> Identity | None:
    """Who the grader is, None where AWS does not say."""
    try:
        return _identified(grader)
    except (CredentialsError, UsageError):
        return None


@functools.cache
def _identified(grader: Connection) -> Identity:
    return identify(grader)

"""The way into a student's account: a role that is assumed by the grader, or a profile of the grader's own.

Source: STS API, AssumeRole; IAM user guide, "Access to AWS accounts owned by third parties".
"""

import datetime as dt
import functools
import os
from typing import Any, Final

import botocore.session
from botocore.credentials import DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError

from skymark.cause import DENIED, Cause, cause_of_code
from skymark.environment import ENVIRONMENT
from skymark.errors import AccessError, CredentialsError, SkymarkError, UsageError
from skymark.roster.entry import ProfileAccess, RoleAccess
from skymark.survey.clients import Asking, Clients, asking
from skymark.survey.connection import Connection, connect, identify
from skymark.survey.reading import REFUSALS, code_of, message_of
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
    except (BotoCoreError, ValueError) as error:
        raise AccessError(
            f"{access.role_arn}: STS could not be asked ({redacted(str(error))}).", Cause.NETWORK
        ) from error
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
    except REFUSALS as error:
        raise AccessError(f"profile {name}: gives no keys ({redacted(str(error))}).", Cause.CREDENTIALS) from error
    except UsageError as error:
        raise AccessError(f"profile {name}: {error}", Cause.ACCESS) from error
    except BotoCoreError as error:
        raise AccessError(f"profile {name}: cannot be used ({redacted(str(error))}).", Cause.CREDENTIALS) from error
    if keys is None:
        text = f"profile {name}: has no keys. Set it up with `aws configure --profile {name}`."
        raise AccessError(text, Cause.CREDENTIALS)
    return Connection(clients, own.region, keys)


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


def _refused(access: RoleAccess, error: BaseException, grader: Connection) -> AccessError:
    code, said = code_of(error), redacted(message_of(error)) or ""
    if code.startswith(DENIED):
        return AccessError(
            f"{access.role_arn} cannot be assumed by {_name_of(grader)}. AWS does not say why: the role is not there, "
            "it does not let this grader in, its external id is another one than the roster's, or the grader may not "
            "call sts:AssumeRole. Have the student set the role up again, with what `grade.py policy --format cli` "
            "prints.",
            Cause.ACCESS,
        )
    if code == "RegionDisabledException":
        text = f"{access.role_arn}: STS is switched off for the account in {grader.region}. Use --region us-east-1."
        return AccessError(text, Cause.ACCESS)
    cause = cause_of_code(code)
    if cause is Cause.CREDENTIALS:
        return AccessError(f"The grader's own keys do not work ({code}). Sign in again, then go on.", cause)
    if cause in (Cause.THROTTLED, Cause.NETWORK):
        return AccessError(f"{access.role_arn}: STS could not be asked ({code}). Try again in a minute.", cause)
    return AccessError(f"{access.role_arn} cannot be assumed ({code}: {said}).", Cause.ACCESS)


@functools.cache
def _name_of(grader: Connection) -> str:
    """Who the grader is, as AWS has it."""
    try:
        return identify(grader).arn
    except (CredentialsError, UsageError):
        return "the grader"

"""Who calls, by the access key; signatures are not looked at.

Source: IAM user guide, "IAM identifiers", and "AWS global condition context keys" for the form of the ids.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from moto.iam.models import iam_backends
from moto.sts import models as sts
from moto.sts.models import AssumedRole, sts_backends

if TYPE_CHECKING:
    from moto.iam.models import AccessKey, IAMBackend, Role

# Access keys of accounts' root users, which moto does not have: the server enters them, key -> account.
ROOT_KEYS: dict[str, str] = {}
# Access keys of sessions whose role need not exist, and may do everything: as a Learner Lab hands them out.
FREE_SESSIONS: set[str] = set()


@dataclass(frozen=True)
class Caller:
    """Who calls.

    `name` is the user's, or that of a role's session, or a service's (`sagemaker.amazonaws.com`); `role_arn`, only
    with a session, is the role's own ARN with its path. `principal_id` is what AWS shows as `aws:userid`.
    """

    account: str
    arn: str
    kind: Literal["Root", "IAMUser", "AssumedRole", "Anonymous", "AWSService"]
    principal_id: str
    name: str | None
    role_arn: str | None
    access_key: str | None


ANONYMOUS = Caller("anonymous", "anonymous", "Anonymous", "anonymous", None, None, None)


class KeyRefused(Exception):
    """The keys are not taken; `access_key` says which."""

    def __init__(self, access_key: str) -> None:
        super().__init__(access_key)
        self.access_key = access_key


class UnknownKey(KeyRefused):
    """No account has this access key, or it was made inactive."""


class ExpiredToken(KeyRefused):
    """The role's session is over."""


class WrongToken(KeyRefused):
    """Temporary keys came without their session token or with another one, or a user's keys with one."""


def caller_of(access_key: str | None, token: str | None) -> Caller:
    """Who has this access key; None is a request that nobody signed.

    Raises:
        UnknownKey, ExpiredToken, WrongToken: as they say.
    """
    if access_key is None:
        return ANONYMOUS
    if access_key in ROOT_KEYS:
        return root(ROOT_KEYS[access_key], access_key)
    backend, key = _find(access_key)
    session = session_of(access_key, backend)
    if session is not None:
        return _session_caller(session, backend, token)
    if token:
        raise WrongToken(access_key)
    return _user(key, backend)


def root(account: str, access_key: str | None = None) -> Caller:
    """The root user of an account."""
    return Caller(account, f"arn:aws:iam::{account}:root", "Root", account, None, None, access_key)


def service(name: str, account: str) -> Caller:
    """A service of AWS's that acts for an account, `sagemaker.amazonaws.com`."""
    return Caller(account, name, "AWSService", name, name, None, None)


def _find(access_key: str) -> tuple["IAMBackend", "AccessKey"]:
    # Only what is there: to ask moto for another partition makes it. The lists are copies, since other requests may
    # add accounts meanwhile.
    for partitions in list(iam_backends.values()):
        for backend in list(partitions.values()):
            key = backend.access_keys.get(access_key)
            if key is not None:
                return backend, key
    raise UnknownKey(access_key)


def session_of(access_key: str | None, backend: "IAMBackend | None" = None) -> AssumedRole | None:
    """The role's session, as moto keeps it, that these temporary keys are of."""
    if access_key is None:
        return None
    if backend is None:
        try:
            backend, _ = _find(access_key)
        except UnknownKey:
            return None
    account = sts_backends.get(backend.account_id)  # unlike brackets, `get` makes moto make nothing
    sessions = account.get(backend.partition) if account else None
    return sessions.get_assumed_role_from_access_key(access_key) if sessions else None


def _user(key: "AccessKey", backend: "IAMBackend") -> Caller:
    user = backend.get_user_from_access_key_id(key.access_key_id)
    if user is None or key.status != "Active":
        raise UnknownKey(key.access_key_id)
    return Caller(user.account_id, user.arn, "IAMUser", user.id, user.name, None, key.access_key_id)


def _session_caller(session: AssumedRole, backend: "IAMBackend", token: str | None) -> Caller:
    if token != session.session_token:
        raise WrongToken(session.access_key_id)
    # By the clock that moto's STS goes by, whichever that is.
    if session.expiration <= sts.utcnow():  # type: ignore[attr-defined]
        raise ExpiredToken(session.access_key_id)
    role = role_by_arn(session.role_arn, backend)
    role_id = role.id if role else _made_up_id(session.role_arn)
    return Caller(
        session.account_id,
        session.arn,
        "AssumedRole",
        f"{role_id}:{session.session_name}",
        session.session_name,
        session.role_arn,
        session.access_key_id,
    )


def role_by_arn(arn: str, backend: "IAMBackend") -> "Role | None":
    """The role as moto keeps it, None where there is none."""
    return next((role for role in list(backend.roles.values()) if role.arn == arn), None)


def _made_up_id(role_arn: str) -> str:
    """An id for a role that does not exist, always the same one; moto makes up another one each time."""
    return "AROA" + base64.b32encode(hashlib.sha256(role_arn.encode()).digest()).decode()[:17]

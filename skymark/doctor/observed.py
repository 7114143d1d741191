"""What was seen on the way into an account: plain values, from which the findings are made."""

import datetime as dt
from typing import Literal

from skymark.cause import THROTTLED, Cause, cause_of_code
from skymark.evidence import Gap, Struct
from skymark.rubric import Quota

SignIn = Literal["sso", "login", "process"]


class File(Struct, frozen=True):
    """One of AWS's files on this computer. `fault` says why it cannot be read, None where it can or is not there."""

    path: str
    fault: str | None = None


class Setting(Struct, frozen=True):
    """What is set, and by what: an option, a variable of the environment, or `the configuration`."""

    value: str
    by: str


class Configured(Struct, frozen=True):
    """How this computer is told to ask AWS; nothing has been asked yet.

    `profiles` are those that there are. `sign_in` is how the profile gets its keys, where it has none of its own.
    `idle` are variables that are set and do nothing, each with the reason.
    """

    profile: Setting | None = None
    region: Setting | None = None
    files: tuple[File, ...] = ()
    profiles: tuple[str, ...] = ()
    sign_in: SignIn | None = None
    proxy: Setting | None = None
    idle: tuple[Setting, ...] = ()


class Reached(Struct, frozen=True):
    """Whether AWS answers at all, whoever asks.

    `address` is what was asked. `code` is None where AWS answered, else what kept it from that. `ahead_s` is by how
    many seconds this computer's clock is ahead of AWS's, None where nothing tells. `is_awss` is whether the address is
    one of AWS's own; `by` else says where it is set. `elsewhere`: AWS answers in us-east-1, though not in the region.
    """

    address: str
    code: str | None = None
    ahead_s: float | None = None
    is_awss: bool = True
    by: str | None = None
    elsewhere: bool = False


class Tried(Struct, frozen=True):
    """One call that was tried: its name as in a rubric, the action that allows it, and why it was not answered.

    `code` is None where it was; `not tried` where it cannot be without cost, or without something to ask about.
    """

    call: str
    action: str
    code: str | None = None
    why_not: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether AWS looked, be it to say that there is no such thing."""
        return self.code is None

    @property
    def is_denied(self) -> bool:
        """Whether a permission is missing."""
        return self.code is not None and not self.why_not and cause_of_code(self.code) is Cause.DENIED


class QuotaRequest(Struct, frozen=True):
    """A request for more of a quota that AWS has not decided. Source: Service Quotas API."""

    wanted: float
    status: str
    at: dt.datetime


class QuotaSeen(Struct, frozen=True):
    """One quota as AWS tells it.

    `value` is None where AWS does not tell; then `gap` is why, None where it knows no quota of that name. With
    `is_default` it is a new account's value: AWS has none that is applied to this account.
    """

    quota: Quota
    code: str | None = None
    value: float | None = None
    is_default: bool = False
    request: QuotaRequest | None = None
    gap: Gap | None = None


def passes(code: str) -> bool:
    """Whether it is worth trying again in a minute: AWS asked to go slower, or was not reached."""
    return code in THROTTLED or cause_of_code(code) is Cause.NETWORK

"""A finding: what was looked at, what was found, and how to mend it."""

import datetime as dt
import enum
from collections.abc import Iterable
from typing import Final, Literal

from skymark.evidence import Struct
from skymark.result import Link, RubricName

SCHEMA: Final = "skymark/doctor/v1"
WELL, TO_MEND, COULD_NOT_TELL = 0, 1, 3


class Topic(enum.StrEnum):
    """What is looked at, in this order: what comes later hangs on what comes before."""

    CONFIGURATION = "configuration"
    NETWORK = "network"
    CLOCK = "clock"
    CREDENTIALS = "credentials"
    REGION = "region"
    ACCOUNT = "account"
    PERMISSIONS = "permissions"
    QUOTAS = "quotas"


class State(enum.StrEnum):
    """How it stands: nothing to do, something to mend, or nobody can tell."""

    OK = "ok"
    TO_MEND = "to-mend"
    UNKNOWN = "unknown"


class Finding(Struct, frozen=True):
    """One thing that was found.

    `about` is what it is about where a topic has several: an action of IAM's, a quota. `criteria` are those that could
    not be verified because of it. `commands` are to be pasted, in this order.
    """

    topic: Topic
    state: State
    found: str
    advice: str | None = None
    commands: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    about: str | None = None
    criteria: tuple[str, ...] = ()


class Diagnosis(Struct, frozen=True, kw_only=True):
    """Everything that was found, `skymark/doctor/v1`: at least one finding for each topic, in the topics' order.

    `account` and `caller` are None where the credentials do not work.
    """

    schema: Literal["skymark/doctor/v1"] = SCHEMA
    rubric: RubricName
    examined_at: dt.datetime
    profile: str | None
    region: str | None
    account: str | None
    caller: str | None
    findings: tuple[Finding, ...]


def exit_status(findings: Iterable[Finding]) -> int:
    """0 all is well; 1 something is to be mended, whatever else could not be told; 3 something could not be told."""
    states = {one.state for one in findings}
    if State.TO_MEND in states:
        return TO_MEND
    return COULD_NOT_TELL if State.UNKNOWN in states else WELL

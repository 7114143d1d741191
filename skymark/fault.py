"""What is wrong between this computer and an account, in one word: what to do about it hangs on that."""

import enum


class Fault(enum.StrEnum):
    """Those before `UNREACHABLE` are of keys, those after it of the configuration; `OTHER` is told by its words alone.

    `LACKING` is a way to sign in for which botocore needs another package.
    """

    NO_KEYS = "no-keys"
    HALF_KEYS = "half-keys"
    EXPIRED = "expired"
    UNKNOWN_KEYS = "unknown-keys"
    WRONG_SECRET = "wrong-secret"  # noqa: S105 - a word, no secret
    SIGN_IN = "sign-in"
    LACKING = "lacking"
    CLOCK = "clock"
    NOT_ACTIVE = "not-active"
    UNREACHABLE = "unreachable"
    FILES = "files"
    PROFILE = "profile"
    REGION = "region"
    ADDRESS = "address"
    OTHER = "other"

"""What is wrong between this computer and an account, in one word: what to do about it hangs on that."""

import enum


class Fault(enum.StrEnum):
    """The first eight are of keys, the others of the configuration; `OTHER` is told by its words alone."""

    NO_KEYS = "no-keys"
    HALF_KEYS = "half-keys"
    EXPIRED = "expired"
    UNKNOWN_KEYS = "unknown-keys"
    WRONG_SECRET = "wrong-secret"  # noqa: S105 - a word, no secret
    SIGN_IN = "sign-in"
    CLOCK = "clock"
    NOT_ACTIVE = "not-active"
    UNREACHABLE = "unreachable"
    PROFILE = "profile"
    REGION = "region"
    ADDRESS = "address"
    OTHER = "other"

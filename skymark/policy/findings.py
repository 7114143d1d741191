"""What was found out about a role's reach in S3: one finding, and the facts that it rests on."""

import enum

from skymark.evidence import Struct


class Found(enum.StrEnum):
    """What is to be said of the role, in one word."""

    OK = "ok"
    ADMINISTRATOR = "administrator"
    S3_FULL_ACCESS = "s3 full access"
    ANY_BUCKET = "any bucket"
    SECOND_BUCKET = "second bucket"
    WIDER = "wider"
    MISTYPED = "mistyped"
    NONE = "none"
    DENIED = "denied"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Opening(Struct, frozen=True):
    """A statement, and what it names.

    `label` is `statement "Sid"` or `statement 2`; `resources` are as written, after `everything but` where the
    statement says NotResource.
    """

    policy: str
    label: str
    resources: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.label} of policy {self.policy}"


class Need(Struct, frozen=True):
    """Something the role must be able to do. `allowed` is None when it cannot be decided.

    `taken_by` says what takes a granted permission away: a Deny statement, or the boundary's name.
    """

    action: str
    resource: str
    allowed: bool | None
    taken_by: Opening | str | None = None


class Excess(Struct, frozen=True):
    """A bucket that the role reaches and should not.

    `exists`: the account has this bucket, or the policy names it; otherwise the name is an example.
    `certain` is False when it hangs on what nobody knows. `anywhere`: every other bucket is as open.
    """

    bucket: str
    actions: tuple[str, ...]
    opened_by: tuple[Opening, ...]
    exists: bool
    certain: bool
    anywhere: bool = False


class S3Access(Struct, frozen=True):
    """A role's reach in S3, measured by one bucket.

    `typed` are the bucket names that granting statements spell out, nearest to `bucket` first; `others` those
    of them, and of the account's buckets, that are open and should not be, unless every bucket is. `reasons` say why
    something could not be decided.
    """

    found: Found
    bucket: str
    also_allowed: tuple[str, ...]
    needs: tuple[Need, ...]
    excess: Excess | None = None
    typed: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool | None:
        """Whether it is as it should be; None when that could not be decided."""
        if self.found is Found.UNKNOWN:
            return None
        return self.found is Found.OK

"""Who made a call, told apart without naming a person: a name may be somebody's e-mail address."""

import hashlib
from typing import Final

ROLE: Final = "role:"
"""How callers begin that are a service or code acting in a role, such as a notebook."""


def mark_of(account: str, name: str) -> str:
    """A mark for a user or session of this name in this account: the same each time, and not to be read back.

    Names are compared without regard to case, as those of IAM users are unique (IAM user guide, "IAM identifiers").
    """
    return hashlib.sha256(f"{account}:{name.strip().casefold()}".encode()).hexdigest()[:16]


def role_mark(name: str) -> str:
    """The mark of whatever acts in a role; a role's name is no person's."""
    return f"{ROLE}{name}"

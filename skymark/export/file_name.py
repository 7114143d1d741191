"""What a file about one student is called: readable, and safe on every file system, whatever their id holds. Pure."""

import hashlib
import re
from typing import Final

UNSAFE: Final = re.compile(r"[^a-z0-9_-]+")
LONGEST: Final = 60
DEVICES: Final = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
"""What Windows takes for a device, whatever its ending. Source: Microsoft, "Naming Files, Paths, and Namespaces"."""


def file_name(student: str) -> str:
    """The name without an ending: lower case, digits, `_` and `-`, at most 77 characters.

    An id that is such a name is its own. All others get a digest of theirs behind what can be read, so that no two
    students have the same, and each keeps theirs whoever else is in the class.
    """
    readable = UNSAFE.sub("-", student.lower())[:LONGEST].strip("-")
    if readable and readable == student and not DEVICES.fullmatch(readable) and not _has_digest(readable):
        return readable
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{readable}-{digest}" if readable else digest


def _has_digest(name: str) -> bool:
    """Whether it looks like a name with a digest, which could be another student's."""
    return re.search(r"(^|-)[0-9a-f]{16}$", name) is not None

"""Names that tell nobody who a student is, and that stay the same from one report to the next."""

import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from skymark.errors import UsageError
from skymark.files import begin_beside, remove_left_over

BYTES: Final = 32
SUFFIX: Final = ".key"


def pseudonyms(students: Iterable[str], key: bytes) -> dict[str, str]:
    """By id, `student 01` and so on, in the order of the pseudonyms.

    Without the key nobody can tell the order, even who knows all ids.
    """
    ordered = sorted(set(students), key=lambda one: unguessable(one, key))
    width = max(2, len(str(len(ordered))))
    return {student: f"student {number:0{width}}" for number, student in enumerate(ordered, start=1)}


def unguessable(student: str, key: bytes) -> str:
    """32 hexadecimal digits for a student, always the same, which nobody can work out without the key."""
    text = student.encode("utf-8", "surrogatepass")
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:32]


def key_beside(book: Path) -> bytes:
    """The key that belongs to a gradebook, in a file beside it that only its owner can read; made if it is not there.

    Raises:
        UsageError: it can be neither read nor made, or is none.
    """
    file = book.with_name(book.name + SUFFIX)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        remove_left_over(file.parent)
        if not file.exists():
            _make(file)
    except OSError as error:
        raise UsageError(f"{file}: cannot be written ({error.strerror}). Name another gradebook.") from error
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: is no key that can be read ({error}). Remove it, and a new one is made.") from error
    if len(key) != BYTES:
        raise UsageError(f"{file}: is no key of {BYTES} bytes. Remove it, and a new one is made.")
    return key


def _make(file: Path) -> None:
    """Written at once: of two programs that begin together one makes it, and the other reads that."""
    handle, beside = begin_beside(file)
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(secrets.token_hex(BYTES).encode())
        with contextlib.suppress(FileExistsError):
            # A link, unlike a rename, never replaces a key that is there.
            os.link(beside, file)
    finally:
        beside.unlink()

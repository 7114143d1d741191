"""Writing files whole or not at all."""

import os
import tempfile
from pathlib import Path

from skymark.errors import UsageError


def write_whole(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Write text as UTF-8, or bytes, beside its target and rename it into place; missing folders are made.

    `private` files can be read by their owner only, and so can a folder that is made for one. What a link leads to is
    written, not the link; a pipe or a device is written to as it is.

    Raises:
        UsageError: the file cannot be written there. Nothing half-written is left behind.
    """
    whole = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(whole)
        else:
            target = path.resolve()
            target.parent.mkdir(0o700 if private else 0o777, parents=True, exist_ok=True)
            _write_beside(target, whole, 0o600 if private else 0o666 & ~_umask())
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}). Choose another place.") from error


def _write_beside(path: Path, whole: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(whole)
        beside.chmod(mode)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

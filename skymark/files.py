"""Writing files whole or not at all."""

import os
import tempfile
from pathlib import Path

from skymark.errors import UsageError


def write_whole(path: Path, text: str, *, private: bool = False) -> None:
    """Write UTF-8 text beside its target and rename it into place; missing folders are made.

    `private` files can be read by their owner only. What a link leads to is written, not the link; a pipe or a
    device is written to as it is.

    Raises:
        UsageError: the file cannot be written there. Nothing half-written is left behind.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        else:
            _write_beside(path.resolve(), text, 0o600 if private else 0o666 & ~_umask())
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}). Choose another place.") from error


def _write_beside(path: Path, text: str, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
        beside.chmod(mode)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

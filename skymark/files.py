"""Writing files whole or not at all."""

import contextlib
import os
import re
import tempfile
import time
from pathlib import Path
from typing import Final

from skymark.errors import UsageError

SUFFIX: Final = ".skymark"
LEFT_OVER: Final = re.compile(rf"\..+\.[a-z0-9_]{{8}}{re.escape(SUFFIX)}(-wal|-shm|-journal)?")
LEFT_OVER_AFTER_S: Final = 3600
"""Nobody writes one file for so long: whoever began it was killed."""


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


def begin_beside(path: Path) -> tuple[int, Path]:
    """A new file, open for writing, in the folder of another, for whose place it is meant; its owner's only.

    Raises:
        OSError: there can be none.
    """
    remove_left_over(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=SUFFIX)
    return handle, Path(name)


def remove_left_over(folder: Path) -> None:
    """Remove what was begun beside its place there and never finished, since the program was killed.

    A folder is looked through once.
    """
    if folder in _looked_through:
        return
    _looked_through.add(folder)
    too_old = time.time() - LEFT_OVER_AFTER_S
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if LEFT_OVER.fullmatch(entry.name) and entry.stat(follow_symlinks=False).st_mtime < too_old:
                os.unlink(entry)


_looked_through: set[Path] = set()


def _write_beside(path: Path, whole: bytes, mode: int) -> None:
    handle, beside = begin_beside(path)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(whole)
        beside.chmod(mode)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

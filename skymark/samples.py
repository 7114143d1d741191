"""The sample digits that an endpoint is asked about."""

import re
from pathlib import Path

from skymark.errors import UsageError
from skymark.evidence import Struct

PIXELS = 784
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+")


class Samples(Struct, frozen=True):
    """Digits in order: `labels` say which digit, `rows` hold the pixels (0 to 1) as CSV text, as they are sent."""

    labels: tuple[int, ...]
    rows: tuple[str, ...]


def read_samples(path: Path) -> Samples:
    """Read a file of digits: each line `label,p1,…,p784`; lines that begin with # are comments.

    Raises:
        UsageError: the file is missing or holds no digit, or a line is none of these; it names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the sample digits cannot be read ({error}). Get the file back.") from error
    digits = [
        _digit(path, number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")
    ]
    if not digits:
        raise UsageError(f"{path}: holds no digits. Get the file back.")
    return Samples(tuple(label for label, _ in digits), tuple(row for _, row in digits))


def samples_at_hand(root: Path, name: str | None) -> Samples | None:
    """The digits of a lesson in this folder, to be shown: None where it has none, or they cannot be read."""
    try:
        return read_samples(root / name) if name else None
    except UsageError:
        return None


def _digit(path: Path, number: int, line: str) -> tuple[int, str]:
    label, _, row = line.partition(",")
    # Python reads more as a number than a model's container does, such as 1_0 or other scripts' digits.
    numbers = [pixel for pixel in row.split(",") if NUMBER.fullmatch(pixel)]
    pixels = [float(number) for number in numbers] if len(numbers) == row.count(",") + 1 else []
    if label not in tuple("0123456789") or len(pixels) != PIXELS or not all(0 <= pixel <= 1 for pixel in pixels):
        raise UsageError(f"{path}:{number}: is not a digit and {PIXELS} pixels from 0 to 1. Get the file back.")
    return int(label), row

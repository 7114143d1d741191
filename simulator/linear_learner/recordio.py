"""RecordIO: a file of framed payloads.

Source: dmlc-core, recordio.h; SageMaker developer guide, "Common data formats for training".
"""

import struct
from collections.abc import Iterable, Iterator

_MAGIC = 0xCED7230A
_WHOLE, _FIRST, _MIDDLE, _LAST = range(4)  # the upper three bits of a frame's length
_LENGTH_BITS = 29


class RecordError(ValueError):
    """The bytes are no RecordIO, or their records are none of examples; its text says which."""


def read_frames(body: bytes) -> Iterator[bytes]:
    """The payloads of a RecordIO file in order; one that was split into several frames is put together.

    Raises:
        RecordError: the bytes are no RecordIO, or end within a frame.
    """
    parts: list[bytes] = []
    at = 0
    while at < len(body):
        kind, start, end = _frame(body, at)
        if (kind in (_MIDDLE, _LAST)) != bool(parts):
            raise RecordError(f"the frame at byte {at} does not continue the one before")
        parts.append(body[start:end])
        if kind in (_WHOLE, _LAST):
            # The writer cuts where the payload holds the magic number itself, and leaves it out.
            yield parts[0] if kind == _WHOLE else struct.pack("<I", _MAGIC).join(parts)
            parts = []
        at = end + -end % 4
    if parts:
        raise RecordError("the last record is cut off")


def _frame(body: bytes, at: int) -> tuple[int, int, int]:
    if at + 8 > len(body):
        raise RecordError(f"{len(body) - at} bytes are left at byte {at}, too few for a frame")
    magic, length = struct.unpack_from("<II", body, at)
    if magic != _MAGIC:
        raise RecordError(f"no RecordIO magic number at byte {at}")
    kind, length = length >> _LENGTH_BITS, length & ((1 << _LENGTH_BITS) - 1)
    if kind > _LAST or at + 8 + length > len(body):
        raise RecordError(f"the frame at byte {at} is cut off or damaged")
    return kind, at + 8, at + 8 + length


def write_frames(payloads: Iterable[bytes]) -> bytes:
    """A RecordIO file of these payloads, each in one frame.

    Raises:
        RecordError: a payload is longer than a frame can be (512 MiB).
    """
    return b"".join(_framed(payload) for payload in payloads)


def _framed(payload: bytes) -> bytes:
    if len(payload) >> _LENGTH_BITS:
        raise RecordError(f"a record of {len(payload)} bytes does not fit into a frame")
    return struct.pack("<II", _MAGIC, len(payload)) + payload + bytes(-len(payload) % 4)

"""A small picture in grey, as an address that holds all of it: no file, no request."""

import base64
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Final

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
GREYS: Final = 15
GREY, BITS = 0, 4


def grey_picture(ink: Sequence[float], width: int) -> str:
    """A `data:` address of a PNG: dark on white, in 16 greys.

    `ink` is how dark each pixel is (0 to 1), row by row from the top, each from the left; rows are `width` long, an
    even number. The same ink always gives the same text: it is not compressed, since zlib's releases differ in how.

    Source: W3C, "Portable Network Graphics (PNG) Specification", 3rd edition, 9 to 11; RFC 1950 and 1951 (3.2.4).
    """
    pixels = b"".join(_rows(ink, width))
    header = struct.pack(">IIBBBBB", width, len(ink) // width, BITS, GREY, 0, 0, 0)
    png = SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", _stored(pixels)) + _chunk(b"IEND", b"")
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _rows(ink: Sequence[float], width: int) -> Iterator[bytes]:
    """Each row: no filter, then two pixels in a byte."""
    greys = [GREYS - round(min(max(one, 0), 1) * GREYS) for one in ink]
    for start in range(0, len(greys), width):
        row = greys[start : start + width]
        yield b"\x00" + bytes(left << BITS | right for left, right in zip(row[::2], row[1::2], strict=True))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _stored(data: bytes) -> bytes:
    """A zlib stream of one block that is not compressed: at most 65,535 bytes."""
    length = len(data)
    block = struct.pack("<BHH", 1, length, length ^ 0xFFFF)
    return b"\x78\x01" + block + data + struct.pack(">I", zlib.adler32(data))

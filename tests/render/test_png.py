"""A picture in grey, as an address."""

import base64
import struct
import zlib
from collections.abc import Iterator

from skymark.render.png import grey_picture


def chunks(address: str) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG, each with its check sum right."""
    head, _, text = address.partition(",")
    data = base64.b64decode(text, validate=True)
    assert head == "data:image/png;base64"
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length) == (zlib.crc32(name + body),)
        yield name, body
        at += 12 + length


def test_ink_is_dark_row_by_row_from_the_top() -> None:
    """Two rows of four: black, white, half, white; then white and a black end. Too much ink is black."""
    found = dict(chunks(grey_picture([1, 0, 0.5, 0, 0, 0, 0, 7], 4)))

    assert list(found) == [b"IHDR", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", found[b"IHDR"]) == (4, 2, 4, 0, 0, 0, 0)
    assert zlib.decompress(found[b"IDAT"]) == bytes.fromhex("00 0f 7f 00 ff f0")


def test_the_same_ink_is_the_same_text_wherever_it_is_drawn() -> None:
    """Not compressed: zlib's releases differ in how."""
    assert grey_picture([1, 0], 2) == (
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAABBAAAAAAUuc1XAAAADUlEQVR4AQECAP3/AA8AEQAQiIWn2AAAAABJRU5ErkJggg=="
    )

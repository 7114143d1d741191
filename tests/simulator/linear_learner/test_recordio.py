"""RecordIO: framed payloads."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.linear_learner.recordio import RecordError, read_frames, write_frames

MAGIC = struct.pack("<I", 0xCED7230A)


def frame(kind: int, payload: bytes) -> bytes:
    return MAGIC + struct.pack("<I", kind << 29 | len(payload)) + payload + bytes(-len(payload) % 4)


@given(st.lists(st.binary(max_size=40)))
def test_payloads_come_back_in_their_order(payloads: list[bytes]) -> None:
    """What is framed is read again, whatever its length and its bytes."""
    assert list(read_frames(write_frames(payloads))) == payloads


def test_frame_is_magic_length_payload_and_padding() -> None:
    """The bytes are those that MXNet and the SageMaker SDK write."""
    assert write_frames([b"abcde"]) == b"\x0a\x23\xd7\xce\x05\x00\x00\x00abcde\x00\x00\x00"


def test_payload_in_several_frames_is_put_together() -> None:
    """MXNet splits a payload where it holds the magic number, and leaves that out."""
    body = frame(1, b"left") + frame(2, b"mid.") + frame(3, b"right") + frame(0, b"next")

    assert list(read_frames(body)) == [b"left" + MAGIC + b"mid." + MAGIC + b"right", b"next"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(b"5,0.1,0.2\n", "no RecordIO magic number at byte 0", id="csv"),
        pytest.param(MAGIC, "4 bytes are left at byte 0, too few for a frame", id="short"),
        pytest.param(frame(0, b"abcd")[:-1], "the frame at byte 0 is cut off or damaged", id="cut off"),
        pytest.param(frame(5, b"abcd"), "the frame at byte 0 is cut off or damaged", id="unknown kind"),
        pytest.param(frame(3, b"abcd"), "the frame at byte 0 does not continue the one before", id="end of nothing"),
        pytest.param(
            frame(1, b"abcd") + frame(0, b""), "the frame at byte 12 does not continue the one before", id="no end"
        ),
        pytest.param(frame(1, b"abcd"), "the last record is cut off", id="only a beginning"),
    ],
)
def test_bytes_that_are_no_recordio_are_told(body: bytes, said: str) -> None:
    """Nothing is guessed: the reader names the byte."""
    with pytest.raises(RecordError) as error:
        list(read_frames(body))

    assert str(error.value) == said


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """There is no other exception."""
    with contextlib.suppress(RecordError):
        assert b"".join(read_frames(body)) in body

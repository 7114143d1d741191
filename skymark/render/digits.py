"""The sample digits as pictures, each with what the endpoint said of it."""

import functools
from collections.abc import Iterator
from typing import Final

from skymark.digits import NOUN, OTHER, ZERO, Digits
from skymark.evidence import Struct
from skymark.render.png import grey_picture
from skymark.render.words import counted
from skymark.samples import Samples

SIDE: Final = 28
"""Pixels of a digit from left to right, and from top to bottom."""
RIGHT, WRONG = "right", "wrong"
SIGN: Final = {RIGHT: "✓", WRONG: "✗"}


class Picture(Struct, frozen=True):
    """One digit: the picture as an address, None where the digit that was sent is not at hand; and what was said."""

    address: str | None
    label: str
    said: str
    verdict: str

    @property
    def alternative(self) -> str:
        """What the picture shows and what was said of it, for whoever cannot see it."""
        return f"A handwritten {self.label}. The endpoint said: {self.said}."

    @property
    def sign(self) -> str:
        """The verdict as a sign."""
        return SIGN[self.verdict]


class Group(Struct, frozen=True):
    """The zeros, or the others: those that were told wrong first."""

    title: str
    pictures: tuple[Picture, ...]

    @property
    def summary(self) -> str:
        """`12 right, 3 wrong`."""
        right = sum(one.verdict == RIGHT for one in self.pictures)
        return f"{right} {RIGHT}, {len(self.pictures) - right} {WRONG}"


def groups(digits: Digits | None, samples: Samples | None) -> tuple[Group, ...]:
    """The digits as the lesson judges them: zeros, then others; nothing where no endpoint was asked.

    `samples` are the lesson's now; there is no picture where other ones were sent.
    """
    if digits is None:
        return ()
    pictures = tuple(_pictures(digits, samples))
    zeros = tuple(one for one in pictures if one.label == "0")
    others = tuple(one for one in pictures if one.label != "0")
    titled = ((counted(len(zeros), "zero"), zeros), (counted(len(others), "other digit"), others))
    return tuple(Group(title, _wrong_first(group)) for title, group in titled if group)


def _pictures(digits: Digits, samples: Samples | None) -> Iterator[Picture]:
    is_same = samples is not None and "".join(map(str, samples.labels)) == digits.sent
    rows = samples.rows if samples and is_same else (None,) * len(digits.sent)
    for row, label, said, is_right in zip(rows, digits.sent, digits.said, digits.right, strict=True):
        yield Picture(
            None if row is None else _address(row),
            label,
            NOUN[ZERO if said == ZERO else OTHER],
            RIGHT if is_right else WRONG,
        )


@functools.lru_cache(maxsize=256)
def _address(row: str) -> str:
    """The picture of a row of pixels: a class is shown the same digits again and again."""
    return grey_picture([float(pixel) for pixel in row.split(",")], SIDE)


def _wrong_first(pictures: tuple[Picture, ...]) -> tuple[Picture, ...]:
    return tuple(sorted(pictures, key=lambda one: one.verdict == RIGHT))

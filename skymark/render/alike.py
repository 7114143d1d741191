"""Texts that are much alike, with what many of them say written once; the page's own script puts them together."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import markupsafe
import msgspec

from skymark.evidence import Struct

SLOT: Final = "\0"
"""Where a row's own word stands in a sentence. No text has one: it is no character that is ever shown."""
SHARE: Final = 20
"""A word of more than one row in so many, and of two at least, is everybody's; any other is the row's own."""
PARTS: Final = re.compile(r"[\w.-]+|[^\w.-]+")
"""Words and what stands between them: together they are the whole text."""


class Alike(Struct, frozen=True, array_like=True):
    """Rows of texts: of each row its own words, and of each text the sentence and the words that fill its slots."""

    sentences: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...]


def alike(rows: Sequence[Sequence[tuple[str, str]]]) -> Alike:
    """The rows, each text in two parts: a beginning that is everybody's, and a rest that may be the row's own.

    Texts are as they are shown, so none has a character that is not.
    """
    parts = {rest: PARTS.findall(rest) for rest in {rest for row in rows for _, rest in row}}
    often = Counter(part for row in rows for part in {part for _, rest in row for part in parts[rest]})
    few = max(1, len(rows) // SHARE)
    rare = frozenset(part for part, times in often.items() if times <= few)
    shaped = {rest: _shaped(found, rare) for rest, found in parts.items()}
    sentences: dict[str, int] = {}
    told = tuple(_row(row, shaped, sentences) for row in rows)
    return Alike(tuple(sentences), told)


def to_script(found: Alike) -> markupsafe.Markup:
    """As JSON that can stand in a `<script>`: nothing in it can end that, or begin a comment."""
    text = msgspec.json.encode(found).decode().replace("<", "\\u003c")
    return markupsafe.Markup(text)  # noqa: S704 - in a script only `<` can begin anything


def _shaped(parts: Iterable[str], rare: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """The sentence with a slot for each word that is rare, and these."""
    own: list[str] = []
    shape: list[str] = []
    for part in parts:
        if part in rare:
            own.append(part)
        shape.append(SLOT if part in rare else part)
    return "".join(shape), tuple(own)


def _row(
    row: Sequence[tuple[str, str]], shaped: dict[str, tuple[str, tuple[str, ...]]], sentences: dict[str, int]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    own: dict[str, int] = {}
    places: list[int] = []
    for beginning, rest in row:
        shape, words = shaped[rest]
        places.append(sentences.setdefault(beginning + shape, len(sentences)))
        places += [own.setdefault(word, len(own)) for word in words]
    return tuple(own), tuple(places)

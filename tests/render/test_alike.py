"""Texts of which shared words are written once: nothing is lost, and nothing gets out of the script."""

import msgspec
import pytest

from skymark.render.alike import Alike, alike, to_script
from tests.render.unfolding import unfolded

HOSTILE = (
    "</script><script>x",
    "<!--<script>",
    "$& $1 \\0 {{7*7}}",
    "\u2028\u2029",
    "a\"b'c\\",
    "💣 \u0301",
    "",
    " ",
    "-.-",
)


def whole(rows: list[list[tuple[str, str]]]) -> tuple[tuple[str, ...], ...]:
    """Each text in one piece."""
    return tuple(tuple(beginning + rest for beginning, rest in row) for row in rows)


@pytest.mark.parametrize("students", [1, 2, 19, 20, 45])
def test_nothing_is_lost(students: int) -> None:
    """However many share a word, and whatever somebody wrote."""
    rows = [
        [
            (
                f"Title {column}: ",
                f"bucket b-{number}/x-{number % column} is in eu-{number % 7}, wanted: {text}b-{number}",
            )
            for column, text in enumerate(HOSTILE, start=1)
        ]
        for number in range(students)
    ]

    assert unfolded(alike(rows)) == whole(rows)
    read = msgspec.json.decode(to_script(alike(rows)).encode(), type=Alike)
    assert unfolded(read) == whole(rows)


def test_rows_of_nothing_are_nothing() -> None:
    """Nobody, and somebody of whom nothing is told."""
    assert unfolded(alike([])) == ()
    assert unfolded(alike([[], [("", "")]])) == ((), ("",))


def test_a_sentence_is_written_once_and_a_row_s_own_word_once_in_the_row() -> None:
    """However often they are said."""
    rows = [[(f"{title}: ", f"bucket own-{number} is fine") for title in "ab"] for number in range(50)]

    assert alike(rows) == Alike(
        ("a: bucket \0 is fine", "b: bucket \0 is fine"),
        tuple(((f"own-{number}",), (0, 0, 1, 0)) for number in range(50)),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_ends_the_script_that_it_stands_in(text: str) -> None:
    """Nor begins a comment in it, after which no end is an end; not as a word of everybody's, nor as a row's own."""
    for rows in ([[("", text)]], [[(text, text)]] * 3):
        assert "<" not in to_script(alike(rows))

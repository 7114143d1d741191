"""Where text for the terminal is printed, and how: safely, in a few shapes."""

import re
from collections.abc import Callable
from typing import Final

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from skymark.render.words import ASCII_SYMBOL, SYMBOL, clean, shortened

RUNNER_COMMAND: Final = re.compile(r"(?<![\w:])::(?=[a-z])", re.IGNORECASE)
"""What GitHub's runner obeys where a line begins with it; wrapping may begin a line with any word."""


class Page:
    """Where to print, and how: safely, in a few shapes.

    `said` puts commands as they can be typed here, for what nobody does that to afterwards.
    """

    def __init__(self, console: Console, said: Callable[[str], str] = str) -> None:
        self._console, self._said = console, said
        self.symbols = SYMBOL if self._can_show("".join(SYMBOL.values())) else ASCII_SYMBOL

    def heading(self, words: str, style: str = "bold") -> None:
        """A line after an empty one."""
        self._console.print()
        self.say(words, style=style)

    def say(self, words: str, *, indent: int = 0, style: str = "") -> None:
        """Prose, wrapped."""
        self._console.print(Padding(self.text(words, style), (0, 0, 0, indent), expand=False))

    def copy(self, words: str, *, indent: int = 2, style: str = "cyan") -> None:
        """A command or an address, in one piece however long it is."""
        line = Text(" " * indent).append_text(self.text(words, style, limit=None))
        self._console.print(line, soft_wrap=True)

    def rows(self, rows: RenderableType) -> None:
        """Columns."""
        self._console.print(rows)

    def text(self, words: str, style: str = "", *, limit: int | None = 600) -> Text:
        """Cleaned, and with nothing that the terminal's encoding lacks."""
        words = self._said(words)
        safe = clean(words) if limit is None else RUNNER_COMMAND.sub(": :", clean(shortened(words, limit)))
        encoding = self._console.encoding
        return Text(safe.encode(encoding, "replace").decode(encoding), style)

    def _can_show(self, text: str) -> bool:
        try:
            text.encode(self._console.encoding)
        except UnicodeEncodeError:
            return False
        return True

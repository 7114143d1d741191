"""What a parser that is none of Skymark's own finds in a page."""

import re
from html.parser import HTMLParser
from typing import Final

CELLS: Final = frozenset(("td", "th"))
"""Where one of these begins, or a row ends, the one before it has ended (HTML, 13.1.2.4, "Optional tags")."""
VOID: Final = frozenset(("meta", "br", "img", "link", "input", "hr"))


class Page(HTMLParser):
    """Tags, attributes, visible text, headings; an end tag that ends nothing is an error, `open` what never ended.

    A comment is a tag called `!--`.
    """

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.style = ""
        self.scripts: list[str] = []
        self.headings: list[int] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in CELLS:
            self._end_cell()
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "script":
            self.scripts.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self._end_cell()
        assert self.open.pop() == tag

    def _end_cell(self) -> None:
        if self.open[-1] in CELLS:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            self.style += data
        elif "script" in self.open:
            self.scripts[-1] += data
        else:
            self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.append("!--")

    def values(self, name: str) -> list[str]:
        """All values of one attribute."""
        return [value for _, attribute, value in self.attributes if attribute == name]

"""What stands in a page as it is: nothing of it is taken for HTML, for a table's bar or for emphasis."""

from collections.abc import Iterable


def plain(text: str) -> str:
    """A text in one line."""
    for sign, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "&#124;"), ("*", "&#42;"), ("_", "&#95;")):
        text = text.replace(sign, safe)
    return " ".join(text.split())


def code(text: str) -> str:
    """A text as it is typed. In a table a bar within code would end the cell."""
    return "<code>" + plain(text).replace("`", "&#96;") + "</code>"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """The lines of a table; cells are Markdown."""
    titles = list(head)
    return [f"| {' | '.join(titles)} |", f"|{' --- |' * len(titles)}", *(f"| {' | '.join(row)} |" for row in rows), ""]

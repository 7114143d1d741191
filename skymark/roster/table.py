"""A table of text as spreadsheets write it, whatever the encoding, delimiter and line ends; nothing of it is lost."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from skymark.errors import RosterError
from skymark.evidence import Struct

DELIMITERS: Final = (",", ";", "\t")
WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of Excel and LibreOffice begin."""

_SAVE_AS: Final = "Save the table as CSV (UTF-8)."
_BOMS: Final = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
_ERRORS: Final = {"utf-8": "surrogateescape", "utf-16-le": "surrogatepass", "utf-16-be": "surrogatepass"}
_BEGINNING: Final = 16
_SAMPLE: Final = 10
_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_QUOTED: Final = re.compile(r'"(?:[^"]++|"")*+"')
_CELLS: Final = {
    # A quote that does not close where a cell ends is a character like any other: it must not swallow those below.
    delimiter: re.compile(
        rf"({_QUOTED.pattern}(?=[{delimiter}\r\n]|\Z)|[^{delimiter}\r\n]*)({delimiter}|\r\n|\n|\r|\Z)"
    )
    for delimiter in DELIMITERS
}


class Dialect(Struct, frozen=True):
    """How a table is written: Python's name of the encoding, a byte-order mark or none, delimiter, the header's end."""

    encoding: str
    bom: bool
    delimiter: str
    line_end: str

    def encode(self, text: str) -> bytes:
        """Text as the file has it: what was read from there comes back to the byte.

        Raises:
            RosterError: the encoding has no such character.
        """
        mark = _BOMS[self.encoding] if self.bom else b""
        try:
            return mark + text.encode(self.encoding, _ERRORS.get(self.encoding, "strict"))
        except UnicodeEncodeError as error:
            char = text[error.start]
            raise RosterError(
                f'"{char}" cannot be written in {self.encoding}, as the file is. Use plain letters.'
            ) from error


class Row(Struct, frozen=True):
    """One row: its cells as they stand in the file, quotes included, its line end, and the line where it begins."""

    cells: tuple[str, ...]
    end: str
    line: int = 0

    def raw(self, at: int) -> str:
        """A cell as it stands in the file; a row that is too short has blanks."""
        return self.cells[at] if at < len(self.cells) else ""

    def value(self, at: int) -> str:
        """What a cell says, without its quotes."""
        raw = self.raw(at)
        if not raw.startswith('"') or self.is_broken(at):
            return raw
        return raw[1:-1].replace('""', '"')

    def is_broken(self, at: int) -> bool:
        """Whether a cell begins with a quote and does not end with the one that closes it."""
        raw = self.raw(at)
        return raw.startswith('"') and not _QUOTED.fullmatch(raw)

    @property
    def is_blank(self) -> bool:
        """Whether no cell says anything."""
        return not any(cell.strip() and self.value(at).strip() for at, cell in enumerate(self.cells))


class Table(Struct, frozen=True):
    """A table from its header on: blank rows before that are left out, those after it are not."""

    file: Path
    dialect: Dialect
    header: Row
    rows: tuple[Row, ...]


def read_table(file: Path) -> Table:
    """Read a table: UTF-8, UTF-16 or else Windows' Latin letters, with commas, semicolons or tabs.

    Raises:
        RosterError: there is no such file, or it is no table.
    """
    text, encoding, bom = _text(file, _content(file))
    delimiter = _delimiter(text)
    rows = _rows(text, delimiter)
    header = next((row for row in rows if not row.is_blank), None)
    if header is None:
        raise RosterError(f"{file}: is empty. Its first line has to name the columns, such as student,name,role arn.")
    if any(_NO_TEXT.search(cell) for cell in header.cells):
        raise RosterError(f"{file}: is no text. {_SAVE_AS}")
    return Table(file, Dialect(encoding, bom, delimiter, header.end), header, tuple(rows))


def _content(file: Path) -> bytes:
    try:
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise RosterError(f"{file}: there is no such file. Give the path of a CSV file.") from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise RosterError(f"{file}: cannot be read ({why}). Give the path of a CSV file.") from error
    if content.startswith(WORKBOOKS):
        raise RosterError(f"{file}: is a workbook of Excel or LibreOffice. {_SAVE_AS}")
    return content


def _text(file: Path, content: bytes) -> tuple[str, str, bool]:
    """The text, its encoding, and whether a byte-order mark stood before it."""
    for encoding, mark in _BOMS.items():
        if content.startswith(mark):
            return _decoded(file, content[len(mark) :], encoding), encoding, True
    if wide := _wide(content[:_BEGINNING]):
        return _decoded(file, content, wide), wide, False
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding, False
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1", False


def _decoded(file: Path, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding, _ERRORS[encoding])
    except UnicodeDecodeError as error:
        raise RosterError(f"{file}: is cut off: its last character is not whole. Download it again.") from error


def _wide(beginning: bytes) -> str | None:
    """UTF-16 without a mark: of Latin letters every other byte is 0."""
    even, odd = beginning[::2], beginning[1::2]
    if len(odd) > 1 and not any(odd) and all(even):
        return "utf-16-le"
    return "utf-16-be" if len(odd) > 1 and not any(even) and all(odd) else None


def _delimiter(text: str) -> str:
    return max(DELIMITERS, key=lambda one: _fit(text, one))


def _fit(text: str, delimiter: str) -> tuple[float, int]:
    """How many of the first rows are as wide as the header, and how wide that is."""
    rows = [row for row in islice(_rows(text, delimiter), _SAMPLE) if not row.is_blank]
    width = len(rows[0].cells) if rows else 1
    return (sum(len(row.cells) == width for row in rows) / len(rows), width) if width > 1 else (0.0, width)


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    line = 1
    cells: list[str] = []
    for match in _CELLS[delimiter].finditer(text):
        raw, end = match.groups()
        if not (cells or raw or end):
            return  # nothing comes after the last line end
        cells.append(raw)
        if end != delimiter:
            yield Row(tuple(cells), end, line)
            line += 1 + sum(len(_LINE_END.findall(cell)) for cell in cells if cell.startswith('"'))
            cells = []

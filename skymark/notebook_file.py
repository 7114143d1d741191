"""Reading a notebook file that a student hands in: bounded in memory and time, whatever it holds.

Source: Jupyter, "The Notebook file format", versions 3 and 4.
"""

import codecs
from pathlib import Path
from typing import Final

import msgspec

from skymark.errors import NotebookFileError
from skymark.evidence import SCHEMA, HandedInNotebook

LARGEST: Final = 50 * 2**20
AT_ONCE: Final = 2**20
NOTHING: Final = (b"", b"[]", b"null")
WHOLE: Final = msgspec.Raw(b"")
"""What stands for a part that is not there."""


class _Kernel(msgspec.Struct):
    name: str


class _Metadata(msgspec.Struct):
    kernelspec: _Kernel | None = None


class _Cell(msgspec.Struct, gc=False):
    """A cell as far as it tells whether it was run. Outputs stay the bytes that they are: they can be anything."""

    cell_type: msgspec.Raw
    execution_count: int | None = None
    prompt_number: int | None = None
    outputs: msgspec.Raw = WHOLE


class _Worksheet(msgspec.Struct):
    cells: list[_Cell] = msgspec.field(default_factory=list)


class _Notebook(msgspec.Struct):
    """Version 4 has its cells at the top, version 3 in worksheets."""

    nbformat: int
    nbformat_minor: int
    metadata: _Metadata
    cells: list[_Cell] | None = None
    worksheets: list[_Worksheet] | None = None


class _Any(msgspec.Struct):
    """Any JSON object, as far as it tells what it is."""

    nbformat: msgspec.Raw = WHOLE
    schema: msgspec.Raw = WHOLE


# Made here, before there are threads: where several of them read a type for the first time, msgspec 0.22 breaks down.
_NOTEBOOK: Final = msgspec.json.Decoder(_Notebook)
_ANY: Final = msgspec.json.Decoder(_Any)


def read_notebook(path: Path) -> HandedInNotebook:
    """The kernel that a notebook names, and how many of its code cells show that they were run.

    A cell was run if it has an execution count or output. The notebook's code is never executed.

    Raises:
        NotebookFileError: the file is missing, too large (over 50 MiB), or no notebook of version 3 or 4.
    """
    notebook = _notebook(path, _content(path))
    in_worksheets = (cell for sheet in notebook.worksheets or () for cell in sheet.cells)
    code = executed = 0
    for cell in notebook.cells if notebook.cells is not None else in_worksheets:
        if bytes(cell.cell_type) == b'"code"':
            code += 1
            executed += bool(cell.execution_count or cell.prompt_number or bytes(cell.outputs) not in NOTHING)
    kernel = notebook.metadata.kernelspec
    return HandedInNotebook(path.name, kernel.name if kernel and kernel.name else None, code, executed)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise NotebookFileError(f"{path}: larger than 50 MiB. Clear its outputs, or hand in another notebook.")
        content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
        text = codecs.getincrementaldecoder("utf-8")()
        for start in range(0, len(content), AT_ONCE):
            text.decode(content[start : start + AT_ONCE])
        text.decode(b"", final=True)
    except OSError as error:
        raise NotebookFileError(
            f"{path}: cannot be read ({error.strerror}). Give the path of an .ipynb file."
        ) from error
    except UnicodeDecodeError as error:
        raise NotebookFileError(f"{path}: is not a text file. Give the path of an .ipynb file.") from error
    return content


def _notebook(path: Path, content: bytes) -> _Notebook:
    try:
        known = _ANY.decode(content)
    except msgspec.ValidationError as error:
        raise NotebookFileError(f"{path}: is JSON, but not a notebook. Download it from Jupyter again.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _not_whole(path, "it is no whole JSON") from error
    if bytes(known.schema) == f'"{SCHEMA}"'.encode():
        raise NotebookFileError(f"{path}: is a survey, not a notebook. Hand it in with --handed-in.")
    if known.nbformat is WHOLE:
        raise NotebookFileError(f"{path}: is JSON, but not a notebook. Download it from Jupyter again.")
    try:
        notebook = _NOTEBOOK.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _not_whole(path, "a part of it is missing, or has another form") from error
    cells = {3: notebook.worksheets, 4: notebook.cells}.get(notebook.nbformat)
    if cells is None:
        raise _not_whole(path, f"of version {str(notebook.nbformat)[:9]}, it has no cells that can be read")
    return notebook


def _not_whole(path: Path, why: str) -> NotebookFileError:
    return NotebookFileError(f"{path}: is not a whole notebook ({why}). Download it from Jupyter again.")

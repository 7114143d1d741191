"""Reading a notebook file that a student hands in."""

import json
from pathlib import Path
from typing import Any

import nbformat

from skymark.errors import NotebookFileError
from skymark.evidence import SCHEMA, HandedInNotebook

LARGEST = 50 * 2**20


def read_notebook(path: Path) -> HandedInNotebook:
    """The kernel that a notebook names, and how many of its code cells show that they were run.

    A cell was run if it has an execution count or output. The notebook's code is never executed.

    Raises:
        NotebookFileError: the file is missing, too large (over 50 MiB), or no notebook that nbformat can read.
    """
    notebook = _notebook(path)
    kernel = notebook.get("metadata", {}).get("kernelspec", {}).get("name")
    cells = [cell for cell in notebook.cells if cell.get("cell_type") == "code"]
    executed = [cell for cell in cells if cell.get("execution_count") or cell.get("outputs")]
    return HandedInNotebook(path.name, str(kernel) if kernel else None, len(cells), len(executed))


def _notebook(path: Path) -> Any:
    try:
        if path.stat().st_size > LARGEST:
            raise NotebookFileError(f"{path}: larger than 50 MiB. Clear its outputs, or hand in another notebook.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NotebookFileError(
            f"{path}: cannot be read ({error.strerror}). Give the path of an .ipynb file."
        ) from error
    except UnicodeDecodeError as error:
        raise NotebookFileError(f"{path}: is not a text file. Give the path of an .ipynb file.") from error
    try:
        notebook = nbformat.from_dict(json.loads(text))  # type: ignore[no-untyped-call]
        if isinstance(notebook, dict) and notebook.get("schema") == SCHEMA:
            raise NotebookFileError(f"{path}: is a survey, not a notebook. Hand it in with --handed-in.")
        if not isinstance(notebook, dict) or "nbformat" not in notebook:
            raise NotebookFileError(f"{path}: is JSON, but not a notebook. Download it from Jupyter again.")
        notebook = nbformat.convert(notebook, 4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
    except NotebookFileError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, nbformat.ValidationError) as error:
        raise NotebookFileError(
            f"{path}: is not a whole notebook ({type(error).__name__}). Download it from Jupyter again."
        ) from error
    return notebook

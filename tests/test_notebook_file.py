"""A notebook that a student hands in."""

import contextlib
import json

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skymark.errors import NotebookFileError
from skymark.evidence import HandedInNotebook
from skymark.notebook_file import LARGEST, read_notebook
from skymark.survey_file import save


def write(path, cells, kernel="conda_python3"):
    """A notebook as JupyterLab saves it."""
    notebook = nbformat.v4.new_notebook(cells=cells)
    if kernel:
        notebook.metadata["kernelspec"] = {"name": kernel, "display_name": kernel}
    path.write_text(nbformat.writes(notebook))
    return path


def test_a_cell_with_a_count_or_with_output_was_run(tmp_path):
    """Text cells and cells that were not run do not count."""
    output = nbformat.v4.new_output("stream", text="hello")
    cells = [
        nbformat.v4.new_markdown_cell("# Hello"),
        nbformat.v4.new_code_cell("1 + 1", execution_count=3),
        nbformat.v4.new_code_cell("print('hello')", outputs=[output]),
        nbformat.v4.new_code_cell("2 + 2"),
    ]

    found = read_notebook(write(tmp_path / "mine.ipynb", cells))

    assert found == HandedInNotebook("mine.ipynb", "conda_python3", code_cells=3, executed_cells=2)


def test_a_notebook_without_a_kernels_name_is_read(tmp_path):
    """None is not known, not wrong."""
    assert read_notebook(write(tmp_path / "mine.ipynb", [], kernel=None)) == HandedInNotebook("mine.ipynb", None, 0, 0)


def test_an_old_notebook_is_read(tmp_path):
    """Version 3, as the lesson's oldest examples are."""
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {"cell_type": "code", "collapsed": False, "input": "1", "language": "python", "metadata": {},
                     "outputs": [], "prompt_number": 1}
                ],
            }
        ],
    }  # fmt: skip
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(old))

    assert read_notebook(path).executed_cells == 1


@pytest.mark.parametrize(
    "text",
    ["", "not json", "[]", "{}", '{"nbformat": 4}', '{"nbformat": "x", "cells": 3}', '{"cells": [], "nbformat": 4, "nb',
     '{"nbformat": 99, "nbformat_minor": 0, "metadata": {}, "cells": []}', "[" * 100_000],
)  # fmt: skip
def test_a_broken_notebook_is_one_clear_line(text, tmp_path):
    """It names the file and says what to do."""
    path = tmp_path / "broken.ipynb"
    path.write_text(text)

    with pytest.raises(NotebookFileError) as error:
        read_notebook(path)

    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_a_survey_is_said_to_be_one(good, tmp_path):
    """Whoever mixes up the two options is told the other."""
    save(good, tmp_path / "ada.json")

    with pytest.raises(NotebookFileError, match=r"is a survey, not a notebook\. Hand it in with --handed-in\."):
        read_notebook(tmp_path / "ada.json")


def test_what_is_too_large_is_not_even_read(tmp_path):
    """The size alone decides."""
    with (tmp_path / "large.ipynb").open("wb") as file:
        file.truncate(LARGEST + 1)

    with pytest.raises(NotebookFileError, match="larger than 50 MiB"):
        read_notebook(tmp_path / "large.ipynb")


def test_a_missing_file_and_a_folder_are_one_clear_line(tmp_path):
    """The system's own words are in it."""
    with pytest.raises(NotebookFileError, match="No such file"):
        read_notebook(tmp_path / "missing.ipynb")
    with pytest.raises(NotebookFileError, match="cannot be read"):
        read_notebook(tmp_path)


def test_bytes_that_are_no_text_are_one_clear_line(tmp_path):
    """A picture is no notebook."""
    path = tmp_path / "picture.ipynb"
    path.write_bytes(b"\x89PNG\xff\xfe")

    with pytest.raises(NotebookFileError, match="not a text file"):
        read_notebook(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    json_value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["nbformat", "nbformat_minor", "metadata", "cells", "kernelspec", "worksheets", "x"]),
                inner,
            )
        ),
        max_leaves=20,
    )
)
def test_no_json_makes_it_fall_over(json_value, tmp_path):
    """Read, or refused in words."""
    path = tmp_path / "any.ipynb"
    path.write_text(json.dumps(json_value))

    with contextlib.suppress(NotebookFileError):
        assert read_notebook(path).executed_cells >= 0

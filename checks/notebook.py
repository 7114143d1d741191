"""What was done in Jupyter."""


def check_created(made_notebook, wanted_kernel):
    """A new notebook was made."""
    assert made_notebook.kernel in (None, wanted_kernel), (
        f"the notebook's kernel is {made_notebook.kernel}, it should be {wanted_kernel}"
    )


def check_executed(run):
    """Code was run in a notebook."""
    assert run.kernels_started or run.cells_executed, "no code was run"


def check_uploaded(upload):
    """An existing notebook was uploaded, and opened or saved."""
    assert upload.file.endswith(".ipynb"), f"{upload.file} is not a notebook file (.ipynb)"

#!/usr/bin/env python3
"""Grades one submission by Skymark, which lies beside this file in `skymark/`. Needs Python 3.11 or newer.

Classroom 50 runs it in the student's checkout. It ends with 0 once `result.json` is there, whatever the mark; else with
2 (could not start) or 3 (something could not be checked), and without a `result.json`: staff run the workflow again.
"""

import importlib.util
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

BUNDLE = Path(__file__).resolve().parent
RESULT = Path("result.json")
GRADED = (0, 1)
COULD_NOT_START, INCOMPLETE = 2, 3


def main() -> int:
    """Install Skymark unless it is there, and grade."""
    # What an earlier run, or the student, left there must never be taken for the mark.
    RESULT.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        try:
            python = _python(Path(folder))
        except (OSError, subprocess.CalledProcessError):
            return COULD_NOT_START
        # -P: a skymark.py or json.py of the student's, in this folder, is not to be imported.
        command = [python, "-P", "-m", "skymark.autograder.classroom50", str(BUNDLE)]
        status = subprocess.run(command, check=False).returncode  # noqa: S603 - our own words
    if status in GRADED and RESULT.is_file():
        return 0
    RESULT.unlink(missing_ok=True)
    return status if status in (COULD_NOT_START, INCOMPLETE) else COULD_NOT_START


def _python(folder: Path) -> str:
    """The Python that has Skymark: this one, or that of a new environment."""
    installed = importlib.util.find_spec("skymark")
    # The folder beside this file is found, too; only a package has a file of its own.
    if installed and installed.origin:
        return sys.executable
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    skymark = BUNDLE / "skymark"
    install = [python, "-m", "pip", "install", "--quiet", "-c", str(skymark / "constraints.txt"), "-e", str(skymark)]
    subprocess.run(install, check=True)  # noqa: S603 - our own words
    return python


if __name__ == "__main__":
    sys.exit(main())

"""What the program is called by whoever runs it. Texts and results say `grade.py`; people are shown what they typed."""

import re
import sys
from pathlib import PurePath
from typing import Final

CHECKOUT: Final = "grade.py"
INSTALLED: Final = "skymark"
_COMMAND: Final = re.compile(r"(?<![\w./\\-])grade\.py(?=\s)")


def name() -> str:
    """`grade.py`, `skymark` or `python -m skymark`; in anybody else's program `grade.py`."""
    ran = PurePath(sys.argv[0])
    if ran.stem == INSTALLED:  # on Windows it ends in .exe
        return INSTALLED
    return f"python -m {INSTALLED}" if ran.parts[-2:] == (INSTALLED, "__main__.py") else CHECKOUT


def as_called(text: str) -> str:
    """A text for people, with its commands as they can be typed here."""
    return _COMMAND.sub(name(), text)


def to_install(extra: str) -> str:
    """The command that installs one of Skymark's extras, such as `lab`."""
    return f"pip install '{'.' if name() == CHECKOUT else INSTALLED}[{extra}]'"

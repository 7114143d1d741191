"""What the program is called by whoever runs it. Texts and results say `grade.py`; people are shown what they typed.

So they are with the lesson: whoever named one with `--lesson` is shown commands that name it, too.
"""

import functools
import itertools
import re
import shlex
import sys
from pathlib import PurePath
from typing import Final

CHECKOUT: Final = "grade.py"
INSTALLED: Final = "skymark"
LESSON: Final = "--lesson"
_OF_A_LESSON: Final = (
    *(
        "board",
        "check",
        "class",
        "cleanup",
        "doctor",
        "explain",
        "gradebook dispute",
        "gradebook regrade",
        "gradebook unverified",
        "policy",
        "report",
    ),
    *("rubric show", "rubric validate", "watch"),
)
"""The commands that are told which lesson is meant."""
# What may not stand before it is looked for behind it, since a pattern that begins with plain text is found at once.
_COMMAND: Final = re.compile(
    r"grade\.py(?<![\w./\\-]grade\.py)(?=\s)"
    rf"(?: (?P<command>{'|'.join(_OF_A_LESSON)})\b(?: {LESSON} DIR\b)?(?! {LESSON}))?"
)


def name() -> str:
    """`grade.py`, `skymark` or `python -m skymark`; in anybody else's program `grade.py`."""
    ran = PurePath(sys.argv[0])
    if ran.stem == INSTALLED:  # on Windows it ends in .exe
        return INSTALLED
    return f"python -m {INSTALLED}" if ran.parts[-2:] == (INSTALLED, "__main__.py") else CHECKOUT


def as_called(text: str, *, is_html: bool = False) -> str:
    """A text for people, with its commands as they can be typed here; `is_html` where it is a page."""
    called = functools.partial(_called, name(), _lesson())
    if not is_html:
        return _COMMAND.sub(called, text)
    import html  # which `--help` has no need of

    return _COMMAND.sub(lambda found: html.escape(called(found)), text)


def _called(program: str, lesson: str | None, found: re.Match[str]) -> str:
    command = found["command"]
    if command is None:
        return program
    if lesson is None:
        return program + found[0].removeprefix(CHECKOUT)
    return f"{program} {command} {LESSON} {shlex.quote(lesson)}"


def _lesson() -> str | None:
    """The folder that was named, the last one that was; None where it was none."""
    named = None
    for word, value in itertools.pairwise((*sys.argv[1:], "")):
        if word == LESSON:
            named = value
        elif word.startswith(f"{LESSON}="):
            named = word.removeprefix(f"{LESSON}=")
    return named or None


def to_install(extra: str) -> str:
    """The command that installs one of Skymark's extras, such as `lab`.

    Of what is installed it names the wheel: by its name alone, an index might give somebody else's program.
    """
    if name() == CHECKOUT:
        return f"pip install '.[{extra}]'"
    return f"pip install '{INSTALLED}[{extra}] @ WHEEL', with the address of Skymark's wheel in place of WHEEL"

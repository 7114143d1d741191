"""The runner of GitHub Actions: what it obeys on standard output, and where it wants a step's summary."""

import contextlib
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TextIO

from skymark.errors import UsageError
from skymark.render.github import LARGEST_SUMMARY, summary
from skymark.render.marked import Marked

RUNS: Final = "GITHUB_ACTIONS"
SUMMARY: Final = "GITHUB_STEP_SUMMARY"


@contextlib.contextmanager
def unheard(stream: TextIO, environment: Mapping[str, str] = os.environ) -> Iterator[None]:
    """What is written to `stream` meanwhile is text for GitHub's runner, and no command, whoever chose it.

    Elsewhere nothing is added to it. The token that ends it cannot be guessed, and is another one each time.
    """
    if environment.get(RUNS) != "true":
        yield
        return
    token = secrets.token_hex(16)
    stream.write(f"::stop-commands::{token}\n")
    try:
        yield
    finally:
        stream.write(f"\n::{token}::\n")
        stream.flush()


def append_summary(marked: Marked, environment: Mapping[str, str] = os.environ) -> None:
    """Add the summary to that of the step; nothing where there is no runner that shows one.

    Raises:
        UsageError: it cannot be written.
    """
    place = environment.get(SUMMARY)
    if not place:
        return
    file = Path(place)
    try:
        taken = file.stat().st_size if file.exists() else 0
        with file.open("a", encoding="utf-8", newline="\n") as step:
            step.write(summary(marked, LARGEST_SUMMARY - taken))
    except OSError as error:
        raise UsageError(f"{place}: the step's summary cannot be written ({error.strerror}).") from error

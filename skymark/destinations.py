"""Where the reports of one grading go: standard output, and files that are written whole."""

import dataclasses
import importlib
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from skymark.errors import UsageError
from skymark.files import write_whole
from skymark.result import Result

STDOUT = Path("-")
OPENED = Path("reports/report.html")
"""Where the page goes that `--open` shows when no `--html` says so."""


@dataclass(frozen=True)
class Destinations:
    """The files that a grading writes; `json` may be `-`, standard output. None: not wanted."""

    json: Path | None = None
    html: Path | None = None
    junit: Path | None = None
    survey: Path | None = None

    def opened(self, wanted: bool) -> "Destinations":
        """With a page that can be shown in the browser, if that is wanted."""
        return dataclasses.replace(self, html=OPENED) if wanted and self.html is None else self

    def refuse_unwritable(self, reads: tuple[Path | None, ...] = ()) -> None:
        """Find out before AWS is asked anything. Leaves nothing behind. `reads`: files that must not be overwritten.

        Raises:
            UsageError: a file cannot be written there, or two outputs, or an output and an input, are the same file.
        """
        taken = {path.resolve() for path in reads if path}
        for path in (self.json, self.html, self.junit, self.survey):
            if path == STDOUT and path is not self.json:
                raise UsageError("Only --json can go to standard output (-). Name a file for the others.")
            if path is None or path == STDOUT:
                continue
            if path.resolve() in taken:
                raise UsageError(f"{path}: is named twice, and would be overwritten. Give each file a name of its own.")
            taken.add(path.resolve())
            _refuse_unwritable(path)

    def write(self, result: Result) -> None:
        """Write the result in every form that is wanted.

        Raises:
            UsageError: a file cannot be written there (any more).
        """
        for path, name in ((self.json, "json"), (self.html, "html"), (self.junit, "junit")):
            if path == STDOUT:
                sys.stdout.write(_text(result, name))
                sys.stdout.flush()
            elif path is not None:
                write_whole(path, _text(result, name))


def _text(result: Result, name: str) -> str:
    """The result in one form; only what that form needs is imported."""
    render: Callable[[Result], str] = importlib.import_module(f"skymark.render.{name}").render
    return render(result)


def _refuse_unwritable(path: Path) -> None:
    if path.is_dir():
        raise UsageError(f"{path}: is a folder. Name a file in it.")
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    try:
        # Tried rather than asked: permissions alone don't know of read-only or full disks, and root may everything.
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}). Choose another place.") from error

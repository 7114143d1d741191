"""Where the reports of one grading go: standard output, and files that are written whole."""

import dataclasses
import datetime as dt
import importlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from skymark.errors import UsageError
from skymark.files import write_whole
from skymark.program import as_called
from skymark.result import Result
from skymark.samples import Samples

STDOUT = Path("-")
OPENED = Path("reports/report.html")
"""Where the page goes that `--open` shows when no `--html` says so."""


@dataclass(frozen=True)
class Destinations:
    """The files that a grading writes; `json` may be `-`, standard output. None: not wanted.

    `github`: annotations for GitHub Actions, and the summary of the step.
    """

    json: Path | None = None
    html: Path | None = None
    junit: Path | None = None
    survey: Path | None = None
    gradescope: Path | None = None
    classroom50: Path | None = None
    github: bool = False

    def opened(self, wanted: bool) -> "Destinations":
        """With a page that can be shown in the browser, if that is wanted."""
        return dataclasses.replace(self, html=OPENED) if wanted and self.html is None else self

    def opened_if_possible(self, reads: tuple[Path | None, ...] = ()) -> "Destinations":
        """With a page that can be shown, unless it cannot be written: nobody has asked for it."""
        to = self.opened(True)
        try:
            to.refuse_unwritable(reads)
        except UsageError:
            return self
        return to

    def refuse_unwritable(self, reads: tuple[Path | None, ...] = ()) -> None:
        """Find out before AWS is asked anything. Leaves nothing behind. `reads`: files that must not be overwritten.

        Raises:
            UsageError: a file cannot be written there, or two outputs, or an output and an input, are the same file;
                or Classroom 50's file is wanted where it is not known whose submission this is.
        """
        taken = {path.resolve() for path in reads if path}
        for path in (self.json, self.html, self.junit, self.survey, self.gradescope, self.classroom50):
            if path == STDOUT and path is not self.json:
                raise UsageError("Only --json can go to standard output (-). Name a file for the others.")
            if path is None or path == STDOUT:
                continue
            if path.resolve() in taken:
                raise UsageError(f"{path}: is named twice, and would be overwritten. Give each file a name of its own.")
            taken.add(path.resolve())
            _refuse_unwritable(path)
        if self.classroom50:
            _submission()

    def remove_old_marks(self) -> None:
        """See to it that no mark of an earlier run is taken for one of this run, should it not come to its end.

        Raises:
            UsageError: a file cannot be removed.
        """
        for path in (self.gradescope, self.classroom50):
            if path is not None:
                _remove(path)

    def write(self, result: Result, samples: Samples | None = None) -> tuple[str, ...]:
        """Write the result in every form that is wanted; `samples` are the digits that the page shows, if any.

        Their owner only can read them, but for those that a program of Gradescope's or Classroom 50's is to read.

        Returns:
            What was not written, and why, a line each: a mark that is withheld leaves no file, nor an older one.

        Raises:
            UsageError: a file cannot be written there (any more).
        """
        return tuple(self._write(result, samples))

    def _write(self, result: Result, samples: Samples | None) -> Iterator[str]:
        if self.json == STDOUT:
            sys.stdout.write(_text(result, "json"))
            sys.stdout.flush()
        elif self.json:
            write_whole(self.json, _text(result, "json"), private=True)
        if self.html:
            write_whole(self.html, as_called(_text(result, "html", samples), is_html=True), private=True)
        if self.junit:
            write_whole(self.junit, _text(result, "junit"), private=True)
        if self.gradescope:
            yield from _give(self.gradescope, _text(result, "gradescope"), result)
        if self.classroom50:
            text = _text(result, "classroom50", _submission(), dt.datetime.now(dt.UTC))
            yield from _give(self.classroom50, text, result)
        if self.github:
            _tell_github(result, sys.stderr if self.json == STDOUT else sys.stdout)


def _text(result: Result, name: str, *more: Any) -> Any:
    """The result in one form; only what that form needs is imported."""
    render: Callable[..., str | None] = importlib.import_module(f"skymark.render.{name}").render
    return render(result, *more)


def _submission() -> Any:
    from skymark.submission import submission_of

    return submission_of(os.environ, Path())


def _give(path: Path, mark: str | None, result: Result) -> Iterator[str]:
    """Write a file that gives a mark, or see to it that there is none."""
    from skymark.render.marked import withheld

    if mark is not None:
        write_whole(path, mark)
        return
    _remove(path)
    yield f"{path}: not written, since {withheld(result)}. No mark is given until that is settled."


def _remove(path: Path) -> None:
    try:
        if path.is_file():
            path.unlink()
    except OSError as error:
        raise UsageError(f"{path}: holds an older mark and cannot be removed ({error.strerror}).") from error


def _tell_github(result: Result, stream: TextIO) -> None:
    from skymark.render.github import annotations
    from skymark.workflow import append_summary

    stream.flush()
    stream.buffer.write(annotations(result).encode())
    stream.flush()
    append_summary(result)


def _refuse_unwritable(path: Path) -> None:
    if path.is_dir():
        raise UsageError(f"{path}: is a folder. Name a file in it.")
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    try:
        # Tried rather than asked: permissions alone don't know of read-only or full disks, and root may everything.
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}). Choose another place.") from error

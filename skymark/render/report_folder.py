"""The folder of a class report: whose files are whole, private, and gone once nobody writes them any more."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from skymark.errors import UsageError
from skymark.evidence import Struct
from skymark.files import write_whole
from skymark.program import as_called

MADE: Final = ".class-report.json"
"""Names what was written, so that nothing of anybody else's is ever removed."""
OURS: Final = re.compile(
    r"class\.html|comments\.csv|messages\.csv|students/[a-z0-9_-]+\.html|messages/[a-z0-9_-]+\.txt"
)
NAMING: Final = ("students", "messages", "comments.csv", "messages.csv")
"""What may tell who a student is."""


class _Made(Struct, frozen=True):
    files: tuple[str, ...]


class ReportFolder:
    """A folder into which a report is written, one file after the other.

    What an earlier report left there goes when this one begins. Files that nobody wrote by this class stay.

    Raises:
        UsageError: a file cannot be read, written or removed.
    """

    def __init__(self, folder: Path, files: Iterable[str]) -> None:
        self._folder, self._files = folder, tuple(files)
        unknown = [one for one in self._files if not OURS.fullmatch(one)]
        assert not unknown, unknown  # noqa: S101 - names are made by us, never taken from a roster

    def begin(self) -> None:
        """Remove what an earlier report left, then note what is going to be there, should this one be cut short."""
        earlier = self._earlier()
        for folder in ("", "students", "messages"):
            if not folder or any(one.startswith(f"{folder}/") for one in self._files):
                self._make(self._folder / folder)
        for name in sorted(earlier - frozenset(self._files)):
            self._remove(name)
        self.write(MADE, msgspec.json.encode(_Made(tuple(sorted(self._files)))).decode())

    def refuse_names(self) -> None:
        """Make sure that nothing is there that may tell who a student is.

        Raises:
            UsageError: there is.
        """
        left = [one for one in NAMING if (self._folder / one).exists()]
        if left:
            raise UsageError(
                f"{self._folder}: holds {' and '.join(left)}, which may name students and which this report did not "
                "write. Choose another folder for the anonymous report."
            )

    def write(self, name: str, text: str) -> Path:
        """Write one of the files; where it is."""
        file = self._folder / name
        write_whole(file, as_called(text, is_html=True) if file.suffix == ".html" else text, private=True)
        return file

    def _earlier(self) -> frozenset[str]:
        file = self._folder / MADE
        try:
            made = msgspec.json.decode(file.read_bytes(), type=_Made)
        except FileNotFoundError:
            return frozenset()
        except NotADirectoryError as error:
            raise UsageError(f"{self._folder}: is no folder. Choose another place.") from error
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UsageError(f"{file}: cannot be read ({error}). Choose another folder, or remove this one.") from error
        return frozenset(one for one in made.files if OURS.fullmatch(one))

    def _make(self, folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder}: cannot be made ({error.strerror}). Choose another place.") from error

    def _remove(self, name: str) -> None:
        file = self._folder / name
        try:
            file.unlink(missing_ok=True)
            if file.parent != self._folder and file.parent.is_dir() and not any(file.parent.iterdir()):
                file.parent.rmdir()
        except OSError as error:
            raise UsageError(f"{file}: is of an earlier report and cannot be removed ({error.strerror}).") from error

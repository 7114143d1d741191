"""botocore's descriptions of AWS, found and read in a fraction of its time: they are megabytes of JSON for one look.

Source: botocore's Loader, whose `file_loader` is what loads a file, and whose methods may be overridden.
"""

import gzip
import os
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from botocore.loaders import JSONFileLoader, Loader


class Models(Loader):
    """Loads from the folders of another loader; botocore's own looks through those of all 400 services for each kind.

    That a service has no description of some kind is found out where it is loaded: DataNotFoundError, as ever.
    """

    def __init__(self, found_in: Loader) -> None:
        super().__init__([*found_in.search_paths], ModelFiles(), include_default_search_paths=False)
        self._services = cache(_folders)

    def list_available_services(self, type_name: str) -> list[str]:
        """All services, whether or not they have a description of this kind."""
        return self._services(tuple(path for path in self.search_paths if os.path.isdir(path)))


class ModelFiles(JSONFileLoader):
    """Reads what is in order into ordinary dictionaries, which keep it."""

    def load_file(self, file_path: str) -> Any:
        """What is in a file of this path with an ending; None where there is none."""
        for file, opened in ((Path(f"{file_path}.json"), Path.read_bytes), (Path(f"{file_path}.json.gz"), _unpacked)):
            if file.is_file():
                return msgspec.json.decode(opened(file))
        return None


def _folders(paths: tuple[str, ...]) -> list[str]:
    return sorted({one.name for path in paths for one in os.scandir(path) if one.is_dir()})


def _unpacked(file: Path) -> bytes:
    return gzip.decompress(file.read_bytes())

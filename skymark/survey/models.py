"""botocore's descriptions of AWS, read in a third of its own time: they are megabytes of JSON for one look."""

import gzip
from pathlib import Path
from typing import Any

import msgspec
from botocore.loaders import JSONFileLoader


class ModelFiles(JSONFileLoader):
    """In place of the `file_loader` of botocore's Loader, which makes ordered dictionaries of what is in order anyway.

    Source: botocore's Loader, whose argument `file_loader` is what loads a file.
    """

    def load_file(self, file_path: str) -> Any:
        """What is in a file of this path with an ending; None where there is none."""
        for file, opened in ((Path(f"{file_path}.json"), Path.read_bytes), (Path(f"{file_path}.json.gz"), _unpacked)):
            if file.is_file():
                return msgspec.json.decode(opened(file))
        return None


def _unpacked(file: Path) -> bytes:
    return gzip.decompress(file.read_bytes())

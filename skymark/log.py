"""Where the details of Skymark's own mistakes go."""

import io
import logging
import sys
from pathlib import Path

LOG = logging.getLogger("skymark")
FILE = Path("reports/skymark.log")


class _LateFile(logging.FileHandler):
    """A file that is made, with its folder, when there is something to write."""

    def _open(self) -> io.TextIOWrapper:
        """Only its owner may read it: a traceback may hold what a student called something."""
        file = Path(self.baseFilename)
        file.parent.mkdir(0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        return super()._open()

    def emit(self, record: logging.LogRecord) -> None:
        """Where the file cannot be made, on standard error: no mark is lost since its details cannot be kept."""
        try:
            super().emit(record)
        except OSError as error:
            sys.stderr.write(f"{self.baseFilename} cannot be written ({error}).\n{self.format(record)}\n")


def log_to_file(file: Path = FILE) -> None:
    """Send tracebacks to a file instead of to the terminal; once is enough."""
    handler = _LateFile(file, delay=True, encoding="utf-8")
    if handler.baseFilename in (one.baseFilename for one in LOG.handlers if isinstance(one, _LateFile)):
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    LOG.addHandler(handler)
    LOG.propagate = False

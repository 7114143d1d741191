"""A terminal: a shell that stays, into which lines are typed."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[2]
FAILED = "A command failed:"
REMEMBER = f"set -E; trap 'echo \"{FAILED} $? ${{BASH_COMMAND%%$'\"'\"'\\n'\"'\"'*}}\"' ERR\n"


def at_home(home: Path) -> dict[str, str]:
    """The environment of somebody who has Skymark's active, no AWS configuration, and no files of their own yet."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTEST_", "XDG_"))}
    path = os.pathsep.join((str(ROOT), str(Path(sys.executable).parent), kept["PATH"]))
    return kept | {"HOME": str(home), "PATH": path, "PYTHONPATH": str(ROOT), "COLUMNS": "80", "AWS_PAGER": ""}


class Terminal:
    """A shell in a folder. Whatever ends with another status than 0 is remembered; see `failures`."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._printed: list[str] = []
        self._news = threading.Condition()
        self._count = 0
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.type(REMEMBER)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._shell.pid, signal.SIGKILL)
        self._reader.join()
        self._shell.communicate()

    @property
    def printed(self) -> str:
        """All that was printed so far."""
        return "".join(self._printed)

    @property
    def failures(self) -> list[str]:
        """What ended with another status than 0: status and the command's first line."""
        return re.findall(rf"^{FAILED} (.*)$", self.printed, re.MULTILINE)

    def type(self, text: str) -> None:
        """Type lines, and wait for nothing."""
        assert self._shell.stdin is not None
        self._shell.stdin.write(f"{text}\n")
        self._shell.stdin.flush()

    def run(self, text: str, timeout_s: float = 180) -> str:
        """Type lines; what they print until the last one has ended."""
        before, mark = len(self.printed), f"-- {self._next()} --"
        self.type(f"{text}\necho '{mark}'")
        self.wait_for(f"^{mark}$", timeout_s)
        return self.printed[before:].replace(f"{mark}\n", "")

    def wait_for(self, pattern: str, timeout_s: float = 60) -> None:
        """Wait until this was printed."""
        with self._news:
            came = self._news.wait_for(lambda: re.search(pattern, self.printed, re.MULTILINE), timeout_s)
        assert came, f"{pattern} was not printed, but: {self.printed}"

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.killpg(self._shell.pid, signal.SIGINT)

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _read(self) -> None:
        assert self._shell.stdout is not None
        for line in self._shell.stdout:
            with self._news:
                self._printed.append(line)
                self._news.notify_all()

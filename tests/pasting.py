"""The fenced blocks of a page, and a terminal to paste them into."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(?P<kind>\w+)(?: title=\"(?P<file>[^\"]+)\")?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
END = "--- ended with "


class Terminal:
    """A shell in a folder of its own, that stays open from one block to the next."""

    def __init__(self, folder: Path) -> None:
        tools = folder / "tools"
        tools.mkdir()
        command = tools / "grade.py"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT / "grade.py"}" "$@"\n')
        command.chmod(0o755)
        python = Path(sys.executable).parent
        here = {"PATH": f"{tools}:{python}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTEST_"))}
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env=kept | here | {"XDG_DATA_HOME": str(folder / "data"), "HOME": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, commands: str) -> tuple[str, int]:
        """Paste commands; what they print, and the status of the last one."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        self._shell.stdin.write(f"{commands}\nprintf '\\n%s%s\\n' '{END}' $?\n")
        self._shell.stdin.flush()
        lines: list[str] = []
        for line in self._shell.stdout:
            if line.startswith(END):
                return "".join(lines), int(line.removeprefix(END))
            lines.append(line)
        raise AssertionError(f"the shell ended: {''.join(lines)}")

    def close(self) -> None:
        """Ends the practice cloud, too, if it still runs."""
        assert self._shell.stdin is not None
        self._shell.stdin.write('kill "$LAB" 2>/dev/null; wait; exit\n')
        self._shell.stdin.close()
        self._shell.wait(60)
        assert self._shell.stdout is not None
        self._shell.stdout.close()


def blocks(page: Path) -> list[dict[str, Any]]:
    """The page's fenced blocks, in order: kind, file and text."""
    return [found.groupdict() for found in BLOCK.finditer(page.read_text("utf-8"))]


def is_told(said: str, wanted: str) -> bool:
    """Whether these lines stand in what was said, in their order."""
    rest = iter(said.splitlines())
    return all(any(line.strip() in there for there in rest) for line in wanted.strip().splitlines())

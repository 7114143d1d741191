"""Somebody who follows the tutorial, and knows nothing else, gets from nothing to 100 points."""

import os
import re
import shutil
import site
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.docs.blocks import Block, blocks, shows
from tests.docs.terminal import ROOT, Terminal

PAGE = ROOT / "docs" / "tutorial.md"
NOT_COPIED = shutil.ignore_patterns(".*", "build", "reports", "tests", "__pycache__", "*.egg-info")
FIRST = ""  # the terminal of blocks that name none
STAYS = re.compile(r"\./grade\.py (lab|watch)\b")
A_GRADE = re.compile(r"[13] \./grade\.py check\b")
PASTED = re.compile(r"^(?:unset|export) AWS_.*$", re.MULTILINE)


class Reader:
    """Somebody at three terminals, who types what the page says and compares what comes with what it shows."""

    def __init__(self, open_terminal: Callable[[], Terminal], installs: Callable[[Terminal, str], str]) -> None:
        self._open, self._installs = open_terminal, installs
        self.terminals: dict[str, Terminal] = {}
        self.printed = ""

    def follow(self, page: list[Block]) -> None:
        """Do what the page says, block by block."""
        for block in page:
            if block.is_shell:
                self._type(block)
            else:
                missing = shows(block.text, self.printed)
                assert missing is None, f"{PAGE.name}:{block.line}: was not printed: {missing}\n{self.printed}"

    def _type(self, block: Block) -> None:
        terminal = self._terminal(block)
        if block.pastes:
            self._paste(terminal)
        if STAYS.match(block.text):
            terminal.type(block.text)
            terminal.wait_for("^(export AWS_DEFAULT_REGION|.*passed: The account answers)")
            self.printed = terminal.printed
        elif block.text.startswith("pip install"):
            self.printed = self._installs(terminal, block.text)
        else:
            self.printed = terminal.run(block.text)

    def _terminal(self, block: Block) -> Terminal:
        if block.title not in self.terminals:
            self.terminals[block.title] = self._open()
            if block.title == "third terminal":  # "do step 3 in it once more"
                self.terminals[block.title].run("source .venv/bin/activate")
                self._paste(self.terminals[block.title])
        return self.terminals[block.title]

    def _paste(self, terminal: Terminal) -> None:
        terminal.run("\n".join(PASTED.findall(self.terminals[FIRST].printed)))


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The repository, without what was ever made in it."""
    return Path(shutil.copytree(ROOT, tmp_path / "skymark", ignore=NOT_COPIED))


@pytest.fixture
def open_terminal(clone: Path, tmp_path: Path) -> Iterator[Callable[[], Terminal]]:
    """Terminals of somebody who has no AWS configuration and no files of their own yet."""
    others = ("AWS_", "XDG_", "PYTHON", "VIRTUAL_ENV", "COVERAGE", "PYTEST")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    home = tmp_path / "home"
    home.mkdir()
    with ExitStack() as stack:
        environment = kept | {"HOME": str(home), "PATH": path, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
        yield lambda: stack.enter_context(Terminal(clone, environment))


def lend(terminal: Terminal, command: str) -> str:
    """Instead of `pip install`, which needs a package index: the packages of this very environment."""
    assert "'.[lab]' awscli" in command
    (packages,) = Path(terminal.run("echo $VIRTUAL_ENV").strip()).glob("lib/python*/site-packages")
    (packages / "lent.pth").write_text("\n".join(site.getsitepackages()), "utf-8")
    return ""


def install(terminal: Terminal, command: str) -> str:
    """Install as the page says."""
    return terminal.run(command, timeout_s=600)


def follows(reader: Reader) -> None:
    """The whole page, and what it promises at its end."""
    page = blocks(PAGE, PAGE.name)
    reader.follow(page)

    assert "100 of 100 points" in reader.terminals["second terminal"].printed
    assert [one for t in reader.terminals.values() for one in t.failures if not A_GRADE.match(one)] == []
    reader.terminals["third terminal"].wait_for("Well done: everything that is asked for is there.")
    reader.terminals[FIRST].interrupt()
    reader.terminals[FIRST].wait_for("nothing of it is left")


def test_who_follows_the_tutorial_gets_100_points(open_terminal: Callable[[], Terminal]) -> None:
    """Each block is typed as it stands, each excerpt compared with what came; the packages are those of this test."""
    follows(Reader(open_terminal, lend))


@pytest.mark.long
def test_who_installs_as_the_tutorial_says_gets_100_points(open_terminal: Callable[[], Terminal]) -> None:
    """The same with nothing lent: every package comes from the package index. `tox -e docs` runs it."""
    follows(Reader(open_terminal, install))


def test_an_excerpt_is_compared_line_by_line_and_in_order() -> None:
    """What the page shows and the program does not print is found."""
    printed = "one\n  two 2\nthree\n"

    assert shows("one\n…\n  two …\n\nthree", printed) is None
    assert shows("three\none", printed) == "one"
    assert shows("two …", printed) == "two …"

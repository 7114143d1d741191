"""`grade.py board`, as people run it."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from skymark.commands import board
from skymark.errors import UsageError
from skymark.survey_file import save

ROOT = Path(__file__).parents[2]
CALL = (
    "import sys, typer; sys.path.insert(0, sys.argv.pop(1)); from skymark.commands.board import board; typer.run(board)"
)


@pytest.fixture
def run(tmp_path, good) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Begin a board in an empty folder, where `class.csv` has one student, whose survey is saved there."""
    save(good, tmp_path / "ada.json")
    (tmp_path / "class.csv").write_text("student,name,survey\ns1,Ada Lovelace,ada.json\n")
    begun: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", CALL, str(ROOT), "class.csv", *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        begun.append(subprocess.Popen(command, cwd=tmp_path, text=True, env=os.environ, **pipes))
        return begun[-1]

    yield begin
    for one in begun:
        one.kill()
        one.communicate()


def test_it_prints_both_addresses_answers_there_and_ends_cleanly(run, tmp_path):
    """With Ctrl-C, and says where the time log is."""
    served = run("--port", "0")
    projector, assistants = (served.stdout.readline().split()[-1] for _ in range(2))

    for address in (projector, assistants):
        with urllib.request.urlopen(address) as page:  # noqa: S310 - this machine
            assert b"Introduction to AWS SageMaker" in page.read()
    served.send_signal(signal.SIGINT)
    said, wrong = served.communicate(timeout=15)

    assert (served.returncode, wrong) == (0, "")
    assert "reports/board.csv" in said
    assert (tmp_path / "reports" / "board.csv").exists()


def test_a_port_that_is_taken_is_named(run):
    """Before anything is looked at."""
    address = run("--port", "0").stdout.readline().split()[-1]
    port = address.rstrip("/").rpartition(":")[2]

    _, wrong = run("--port", port).communicate(timeout=15)

    assert f"Port {port} cannot be used" in wrong


def test_without_a_server_it_says_what_to_install(monkeypatch):
    """Nothing else needs one."""
    monkeypatch.setattr(board, "NEEDED", ("no_such_package",))

    with pytest.raises(UsageError, match=r"pip install '\.\[board\]'"):
        board.refuse_without_its_packages()

"""A page is shown to whoever sits at a desktop, never to a script, and never in somebody's terminal."""

import os
import pty
import select
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from skymark import survey_file
from skymark.desktop import is_desktop, show, shows_itself

ROOT = Path(__file__).parents[1]
DESK = {"DISPLAY": ":0", "TERM": "xterm-256color"}
ASKED = ("CI", "SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "AWS_EXECUTION_ENV", "DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
WAIT_S = 10
OPENER = """#!/bin/sh
echo this is said to nobody
{ echo "$@"; if ( : < /dev/tty ) 2> /dev/null; then echo terminal; else echo no terminal; fi; } > "$OPENED"
"""


@pytest.mark.parametrize(
    ("environ", "platform", "terminal", "is_one"),
    [
        ({"DISPLAY": ":0"}, "linux", True, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True, True),
        ({}, "darwin", True, True),
        ({}, "win32", True, True),
        ({}, "linux", True, False),
        ({"DISPLAY": ""}, "linux", True, False),
        ({"DISPLAY": ":0"}, "linux", False, False),
        ({}, "darwin", False, False),
        ({"CI": "true"}, "darwin", True, False),
        ({"DISPLAY": ":0", "CI": "1"}, "linux", True, False),
        ({"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, "linux", True, False),
        ({"SSH_TTY": "/dev/ttys001"}, "darwin", True, False),
        ({"SSH_CLIENT": "10.0.0.1 1 22"}, "win32", True, False),
        ({"DISPLAY": ":0", "AWS_EXECUTION_ENV": "CloudShell"}, "linux", True, False),
        ({"DISPLAY": ":0", "AWS_EXECUTION_ENV": "EC2"}, "linux", True, True),
    ],
)
def test_a_desktop_is_where_a_person_reads_and_a_screen_is(
    environ: dict[str, str], platform: str, terminal: bool, is_one: bool
) -> None:
    """Not in CI, over SSH, or in AWS CloudShell; nor where the output goes into a file."""
    assert is_desktop(environ, platform, terminal=terminal) is is_one


@pytest.mark.parametrize(
    ("wanted", "quiet", "json_is_printed", "desktop", "is_shown"),
    [
        (None, False, False, True, True),
        (None, False, False, False, False),
        (None, True, False, True, False),
        (None, False, True, True, False),
        (True, True, True, False, True),
        (False, False, False, True, False),
    ],
)
def test_who_says_so_decides_and_otherwise_the_desktop(
    wanted: bool | None, quiet: bool, json_is_printed: bool, desktop: bool, is_shown: bool
) -> None:
    """One line, or JSON on standard output, is for a script."""
    assert shows_itself(wanted, quiet=quiet, json_is_printed=json_is_printed, desktop=desktop) is is_shown


class Desk:
    """A desktop with a terminal, whose browser notes what it was given."""

    def __init__(self, folder: Path, survey: Path) -> None:
        self.folder, self.survey, self._opened = folder, survey, folder / "opened"
        os.mkfifo(self._opened)
        programs = folder / "programs"
        programs.mkdir()
        opener = programs / "xdg-open"
        opener.write_text(OPENER)
        opener.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if name not in ASKED}
        self._environ = kept | DESK | {"PATH": f"{programs}{os.pathsep}{kept['PATH']}", "OPENED": str(self._opened)}
        self._environ |= {"HOME": str(folder), "PYTHONPATH": str(ROOT)}

    @property
    def page(self) -> Path:
        """Where the report is put when nobody says."""
        return self.folder / "reports" / "report.html"

    def report(self, *options: str, piped: bool = False, **environ: str) -> str:
        """Run `report` in a terminal (`piped`: with its output going elsewhere); what is printed."""
        command = [sys.executable, str(ROOT / "grade.py"), "report", str(self.survey), *options]
        mine, theirs = pty.openpty()
        output = subprocess.PIPE if piped else theirs
        said: list[bytes] = []
        reader = threading.Thread(target=_read, args=(mine, said))
        with subprocess.Popen(
            command, cwd=self.folder, env=self._environ | environ, stdin=theirs, stdout=output, stderr=theirs
        ) as ran:
            os.close(theirs)
            reader.start()
            text = ran.communicate(timeout=60)[0] or b""
        reader.join()
        os.close(mine)
        assert ran.returncode == 1
        return (b"".join(said) + text).decode()

    def opened(self) -> list[str]:
        """What the browser was given, and whether it got the terminal."""
        pipe = os.open(self._opened, os.O_RDONLY | os.O_NONBLOCK)
        with open(pipe, encoding="utf-8") as noted:
            assert select.select([pipe], [], [], WAIT_S)[0], "no browser was started"
            os.set_blocking(pipe, True)
            return noted.read().splitlines()

    @property
    def is_closed(self) -> bool:
        """Whether no page was written, so that none can have been opened."""
        return not self.page.exists()


def _read(terminal: int, said: list[bytes]) -> None:
    while True:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # nobody has the other end any more
            return
        if not data:
            return
        said.append(data)


@pytest.fixture
def desk(tmp_path: Path, good) -> Desk:
    """A desktop, with the survey of a lesson that is all done but for the teardown."""
    file = tmp_path / "survey.json"
    survey_file.save(good, file)
    return Desk(tmp_path, file)


def test_on_a_desktop_the_report_opens_by_itself(desk: Desk) -> None:
    """In the browser, which gets no terminal and cannot write into the student's."""
    printed = desk.report()

    assert desk.opened() == [desk.page.as_uri(), "no terminal"]
    assert desk.page.read_text().startswith("<!DOCTYPE html>")
    assert "The report opens in your browser. It is in reports/report.html" in printed
    assert "this is said to nobody" not in printed


def test_a_page_that_was_named_is_the_one_that_opens(desk: Desk) -> None:
    """And no other is written."""
    desk.report("--html", "mine.html")

    assert desk.opened() == [(desk.folder / "mine.html").as_uri(), "no terminal"]
    assert not desk.page.exists()


@pytest.mark.parametrize("options", [("--no-open",), ("--quiet",), ("--json", "-")])
def test_it_stays_closed_where_that_is_wanted(desk: Desk, options: tuple[str, ...]) -> None:
    """No page, no browser, no word of it."""
    printed = desk.report(*options)

    assert desk.is_closed
    assert "browser" not in printed


@pytest.mark.parametrize(
    "environ",
    [
        {"CI": "true"},
        {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"},
        {"AWS_EXECUTION_ENV": "CloudShell"},
        {"DISPLAY": ""},
    ],
    ids=lambda environ: next(iter(environ)),
)
def test_it_stays_closed_where_there_is_no_desktop(desk: Desk, environ: dict[str, str]) -> None:
    """In CI, over SSH, in CloudShell, and without a screen."""
    assert "browser" not in desk.report(**environ)
    assert desk.is_closed


def test_it_stays_closed_where_the_output_goes_elsewhere(desk: Desk) -> None:
    """A script reads it, or a file keeps it."""
    desk.report(piped=True)

    assert desk.is_closed


def test_a_folder_that_cannot_be_written_to_stops_nobody(desk: Desk) -> None:
    """Nobody asked for a page: without one the report is printed as ever."""
    (desk.folder / "reports").write_text("a file where the folder would be")

    printed = desk.report()

    assert "of 100 points" in printed
    assert "browser" not in printed


def test_a_page_that_was_asked_for_and_cannot_be_shown_is_told_of(desk: Desk) -> None:
    """Without a screen no browser is started: one of text would take the terminal."""
    printed = desk.report("--open", DISPLAY="")

    assert "No browser could be started. The report is in reports/report.html." in printed
    assert desk.page.exists()


def test_windows_that_knows_no_program_for_pages_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mark is there, and so is the page."""

    def startfile(address: str) -> None:
        raise OSError(1155, "No application is associated", address)

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "startfile", startfile, raising=False)

    assert show("file:///C:/report.html") is False

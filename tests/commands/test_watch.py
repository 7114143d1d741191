"""`grade.py watch`, as people run it: in a pipe, and in a terminal of 80 columns and 24 lines."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulator.pytest_fixtures import practice_account, practice_clock, practice_cloud  # noqa: F401 - fixtures
from simulator.students.steps import make_bucket, order_instance
from tests.signals import hears_ctrl_c

ROOT = Path(__file__).parents[2]
PATIENCE_S = 90
TWO_REGIONS = """\
schema: skymark/rubric/v1
extends: sagemaker-intro
id: sagemaker-intro
version: "1"
title: Introduction to AWS SageMaker
regions: [us-east-1, us-west-2]
"""
REDRAW = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Watch:
    """One `grade.py watch`, and what it has said so far."""

    def __init__(self, process: "subprocess.Popen[bytes]", output: int) -> None:
        self.process, self._output, self.said = process, output, ""

    def until(self, pattern: str) -> re.Match[str]:
        """Wait until it has said something like this."""
        end = time.monotonic() + PATIENCE_S
        while not (found := re.search(pattern, self.said)):
            assert time.monotonic() < end, f"{pattern} is not in {self.said!r}"
            assert self._read(1), f"it ended without {pattern}: {self.said!r}"
        return found

    def stop(self) -> int:
        """Press Ctrl-C; what it ends with."""
        self.process.send_signal(signal.SIGINT)
        end = time.monotonic() + PATIENCE_S
        while self._read(1):
            assert time.monotonic() < end, "Ctrl-C does not end it"
        return self.process.wait(PATIENCE_S)

    def hang_up(self) -> None:
        """Read no more."""
        os.close(self._output)

    def _read(self, patience_s: float) -> bool:
        """Read what there is; whether there may be more."""
        if not select.select([self._output], [], [], patience_s)[0]:
            return True
        try:
            text = os.read(self._output, 65_536).decode(errors="replace")
        except OSError:  # a terminal's other end is closed
            return False
        self.said += text
        return bool(text)


@pytest.fixture
def watch(practice_account, tmp_path) -> Iterator[Callable[..., Watch]]:  # noqa: F811 - the fixture
    """Begin to watch the account in an empty folder."""
    (tmp_path / "two.yaml").write_text(TWO_REGIONS)
    cloud = practice_account.server
    environment = cloud.environment(cloud.credentials(practice_account.number)) | {
        "TERM": "xterm",
        "HOME": str(tmp_path),
    }
    begun: list[subprocess.Popen[bytes]] = []

    def begin(*options: str, terminal: bool = False, **more: str) -> Watch:
        ours, theirs = pty.openpty() if terminal else os.pipe()
        if terminal:
            fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        command = [sys.executable, str(ROOT / "grade.py"), "watch", "--rubric", "two.yaml", "--every", "2", *options]
        process = subprocess.Popen(
            command,
            cwd=tmp_path,
            env=environment | more,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            preexec_fn=hears_ctrl_c,
        )
        os.close(theirs)
        begun.append(process)
        return Watch(process, ours)

    yield begin
    for one in begun:
        one.kill()
        one.wait()


def test_in_a_pipe_it_says_a_line_for_each_change_and_ends_with_a_summary(watch, practice_account):  # noqa: F811
    """No colour, nothing redrawn; the exit status is that of check."""
    watched = watch()
    watched.until(r"next: .*\n")
    make_bucket(practice_account)
    watched.until(r"\d\d:\d\d:\d\d passed: The bucket is named sagemaker-<date>-<time> \(6 of 6 points\): sagemaker-")

    status = watched.stop()

    assert status == 1
    assert "\x1b" not in watched.said
    assert "What comes next: " in watched.said
    assert "Traceback" not in watched.said


def test_in_a_terminal_a_page_stays_in_its_place_and_rings_when_aws_is_ready(
    watch,
    practice_account,  # noqa: F811
    practice_clock,  # noqa: F811
):
    """It waits with the student."""
    watched = watch(terminal=True)
    watched.until("Watching. Go on in the console")
    order_instance(practice_account)
    watched.until("Waiting for AWS for")
    waiting = watched.said
    practice_clock.advance(600)
    watched.until("passed: It was InService")
    watched.until("\x07")

    status = watched.stop()

    assert "\x07" not in waiting
    assert REDRAW.search(watched.said)
    assert re.search(r"The meter is running: about \$0\.0464 per hour", watched.said)
    assert status in (1, 3)
    assert "What comes next: " in watched.said


@pytest.mark.parametrize(("options", "terminal"), [(("--plain",), "xterm"), ((), "dumb")])
def test_lines_are_for_whoever_wants_them_and_for_terminals_that_cannot_redraw(watch, options, terminal):
    """Screen readers, and Emacs' shell."""
    watched = watch(*options, terminal=True, TERM=terminal)
    watched.until(r"next: ")

    watched.stop()

    assert "1 of 100 points" in watched.said
    assert "\x1b[1A" not in watched.said


def test_it_does_not_ring_for_whoever_does_not_want_it(watch, practice_account, practice_clock):  # noqa: F811
    """What is ready is shown all the same."""
    watched = watch("--no-bell", terminal=True)
    watched.until("Watching. Go on in the console")
    order_instance(practice_account)
    watched.until("Waiting for AWS for")
    practice_clock.advance(600)
    watched.until("passed: It was InService")

    watched.stop()

    assert "\x07" not in watched.said


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_when_nobody_reads_on_it_ends_with_no_mark(watch, practice_account, unbuffered):  # noqa: F811
    """As a pipe to `head` does; 1 is a grade. What could not be written is tried again later, or it is not."""
    watched = watch(PYTHONUNBUFFERED=unbuffered)
    watched.until(r"next: .*\n")
    watched.hang_up()
    make_bucket(practice_account)

    assert watched.process.wait(PATIENCE_S) == 141


@pytest.mark.parametrize("seconds", ["nan", "inf", "1"])
def test_what_is_no_sensible_number_of_seconds_is_refused(watch, seconds):
    """Before anything is asked."""
    watched = watch("--every", seconds)
    watched.until("--every")

    assert watched.process.wait(PATIENCE_S) == 2
    assert "Traceback" not in watched.said


def test_without_credentials_it_does_not_begin(watch):
    """One line that says what to do, and 2."""
    watched = watch(AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    watched.until("Set up your keys")

    assert watched.process.wait(PATIENCE_S) == 2
    assert watched.said.count("\n") == 1

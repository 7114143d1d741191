"""Ctrl-C: heard of once, obeyed at the second time."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from skymark.cohort.stopping import INTERRUPTED, noted_ctrl_c, stopped_by_ctrl_c

ROOT = Path(__file__).parents[2]


def test_the_first_one_is_noted_and_interrupts_nothing():
    """Afterwards it means again what it meant before."""
    before = signal.getsignal(signal.SIGINT)

    with stopped_by_ctrl_c() as stop:
        early = stop()
        os.kill(os.getpid(), signal.SIGINT)
        noted = stop()

    assert (early, noted) == (False, True)
    assert stop()
    assert signal.getsignal(signal.SIGINT) is before


def test_one_whose_exception_gets_lost_is_noted_all_the_same():
    """As it does in a finalizer; Python only tells of it."""
    before = signal.getsignal(signal.SIGINT)

    with noted_ctrl_c() as is_pressed:
        early = is_pressed()
        with contextlib.suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        late = is_pressed()

    assert (early, late) == (False, True)
    assert signal.getsignal(signal.SIGINT) is before


def test_what_ctrl_c_means_comes_back_after_an_error_too():
    """Whatever it was."""
    before = signal.getsignal(signal.SIGINT)

    with pytest.raises(ValueError, match="no"), stopped_by_ctrl_c():
        raise ValueError("no")

    assert signal.getsignal(signal.SIGINT) is before


def test_the_second_one_ends_the_program_though_threads_are_at_work():
    """What was printed is there."""
    code = """
        import os, signal, threading, time
        from skymark.cohort.stopping import stopped_by_ctrl_c

        threading.Thread(target=time.sleep, args=(120,)).start()
        with stopped_by_ctrl_c():
            os.kill(os.getpid(), signal.SIGINT)
            print("still here", end="")
            os.kill(os.getpid(), signal.SIGINT)
            print("not here")
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert (ended.returncode, ended.stdout, ended.stderr) == (INTERRUPTED, "still here", "")

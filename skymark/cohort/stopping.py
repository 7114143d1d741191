"""Ctrl-C while a class is graded: what is done is kept, nobody new is begun."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Final, NoReturn

INTERRUPTED: Final = 130


@contextlib.contextmanager
def stopped_by_ctrl_c() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed meanwhile: it interrupts nothing, least of all the writing of a result.

    The second one ends the program at once. Only for the main thread.
    """
    pressed = False

    def press(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        if pressed:
            end_now(INTERRUPTED)
        pressed = True

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def noted_ctrl_c() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed. It interrupts as ever; but an exception gets lost in what Python runs to clean up.

    Only for the main thread.
    """
    pressed = False

    def press(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


def end_now(status: int) -> NoReturn:
    """End the program without waiting for its threads, which may wait for AWS for minutes."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)

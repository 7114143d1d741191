"""Signals that programs of the tests are sent."""

import signal


def hears_ctrl_c() -> None:
    """To be done in a new process: whatever runs the tests in the background has Ctrl-C ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)

"""How often Python looks for garbage."""

import gc
from typing import Final

THRESHOLDS: Final = (100_000, 20, 50)


def collect_less_often() -> None:
    """Let Python look for garbage seldom: most of what AWS's SDK makes lives to the end, and is looked through in vain.

    Source: Python's documentation of `gc.set_threshold`; mypy does so.
    """
    gc.set_threshold(*THRESHOLDS)

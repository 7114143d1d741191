"""What a program takes from its start to its end: seconds of the clock and of the CPU, and memory at most.

Run: python bench/taken.py COMMAND…; what it takes is on standard output as JSON, what it says on standard error. This
file is the small process in between: the most memory that the system tells of a process (`ru_maxrss`) is never less
than that of whoever started it, and a bench has imported moto.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Taken(NamedTuple):
    """One run: with everything that it started and waited for, but the memory is that of its largest process."""

    seconds: float
    cpu_s: float
    memory_mb: float
    status: int


def taken(command: Sequence[object], environment: Mapping[str, str], folder: Path, said: Path) -> Taken:
    """Run a program in a folder, to its end; what it says is in the file `said`."""
    arguments = [sys.executable, "-I", "-S", __file__, *map(str, command)]
    with said.open("wb") as log:
        done = subprocess.run(  # noqa: S603 - our own command
            arguments, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, check=True
        )
    return Taken(*json.loads(done.stdout))


def _run(command: Sequence[str]) -> Taken:
    began = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr)  # noqa: S603 - our own command
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    cpu_s = used.ru_utime + used.ru_stime
    return Taken(seconds, cpu_s, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    print(json.dumps(_run(sys.argv[1:])))

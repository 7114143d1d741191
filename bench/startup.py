"""How long `grade.py --help` takes, and completing a criterion's id in bash, against an interpreter that imports Typer.

Run: python bench/startup.py [RUNS]. The commands are run in turn, so that a busy machine slows all of them; what
counts is the ratio of their medians.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

GRADE = Path(__file__).resolve().parents[1] / "grade.py"
ASKED = {"COMP_WORDS": "grade.py check --only bu", "COMP_CWORD": "3", "_GRADE.PY_COMPLETE": "complete_bash"}
COMMANDS: Mapping[str, Sequence[str]] = {
    "import typer": (sys.executable, "-c", "import typer"),
    "--help": (sys.executable, str(GRADE), "--help"),
    "completion": (sys.executable, str(GRADE)),
}


def seconds(name: str) -> float:
    """Wall time of one run."""
    environment = os.environ | (ASKED if name == "completion" else {})
    start = time.perf_counter()
    subprocess.run(COMMANDS[name], check=True, capture_output=True, env=environment)  # noqa: S603 - our own commands
    return time.perf_counter() - start


def medians(runs: int) -> dict[str, float]:
    """Medians of this many runs of each, in seconds. One run of each warms up."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for number in range(runs + 1):
        for name in COMMANDS:
            took = seconds(name)
            if number:
                times[name].append(took)
    return {name: statistics.median(some) for name, some in times.items()}


if __name__ == "__main__":
    measured = medians(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
    for name, took in measured.items():
        print(f"{name:<12} {took * 1000:>4.0f} ms, {took / measured['import typer']:.2f} times")

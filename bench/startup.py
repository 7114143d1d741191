"""How long `grade.py --help` takes, against an interpreter that only imports Typer.

Run: python bench/startup.py [RUNS]. Both commands are run in turn, so that a busy machine slows both; what
counts is the ratio of their medians.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

GRADE = Path(__file__).resolve().parents[1] / "grade.py"
HELP = (sys.executable, str(GRADE), "--help")
BASELINE = (sys.executable, "-c", "import typer")


def seconds(command: Sequence[str]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own commands
    return time.perf_counter() - start


def medians(runs: int) -> tuple[float, float]:
    """Medians of this many runs of each, in seconds: `--help`, baseline. One run of each warms up."""
    seconds(HELP)
    seconds(BASELINE)
    times = [(seconds(HELP), seconds(BASELINE)) for _ in range(runs)]
    return statistics.median(one for one, _ in times), statistics.median(other for _, other in times)


if __name__ == "__main__":
    shown, baseline = medians(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
    print(f"grade.py --help {shown * 1000:.0f} ms, import typer {baseline * 1000:.0f} ms, ratio {shown / baseline:.2f}")

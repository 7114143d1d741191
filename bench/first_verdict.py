"""How long it takes from installing Skymark to the first verdict: a wheel, a fresh environment, the practice cloud.

Run: python bench/first_verdict.py. Needs a package index, and Hatchling. With --line also the line that docs/install.md
has for AWS CloudShell, in an empty home; uv then takes a Python 3.12 that is on the path, or fetches one.
"""

import datetime as dt
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from simulator.account import SimulatedAccount
from simulator.clock import clock
from simulator.server import PracticeServer
from simulator.students import CLASS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "install.md"
LINE = re.compile(r"^    (python3 -m pip install .*-m uv tool install .*)$", re.MULTILINE)
LIMIT_S = 60
STUDENTS = {"in the middle of the lesson": "ada", "empty account": "jonas"}
INSTALLED, GRADED = (0,), (0, 1, 3)

Environment = Mapping[str, str]


def built(folder: Path) -> Path:
    """The wheel of this checkout."""
    seconds([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], ROOT, INSTALLED)
    return next(folder.glob("*.whl"))


def accounts(server: PracticeServer) -> dict[str, Environment]:
    """An account for each student, an hour old, and the environment that leads to it."""
    clock.stand(clock.now() - dt.timedelta(hours=1))
    found = {}
    for number, (what, name) in enumerate(STUDENTS.items(), start=1):
        account = SimulatedAccount(server, f"{400_000_000_000 + number}")
        next(one for one in CLASS if one.name == name).build(account)
        found[what] = server.environment(server.credentials(account.number))
    clock.run(math.inf)
    return found


def seconds(
    command: Sequence[str], folder: Path, wanted: Sequence[int], environment: Environment | None = None
) -> float:
    """Wall time of one run; the program ends where it does not end as wanted."""
    start = time.perf_counter()
    ended = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True
    )
    took = time.perf_counter() - start
    if ended.returncode not in wanted:
        sys.exit(f"{' '.join(command)} ended with {ended.returncode}:\n{ended.stdout}{ended.stderr}")
    return took


def by_pip(wheel: Path, folder: Path, ways_in: Mapping[str, Environment]) -> None:
    """A fresh environment, then a check of each account."""
    inside = folder / "fresh" / ("Scripts" if sys.platform == "win32" else "bin")
    installed = seconds([sys.executable, "-m", "venv", str(folder / "fresh")], folder, INSTALLED)
    pip = [str(inside / "python"), "-m", "pip", "install", "--quiet", "--no-cache-dir", str(wheel)]
    installed += seconds(pip, folder, INSTALLED)
    print(f"installed: {installed:.1f} s")
    check = [str(inside / "skymark"), "check", "--no-gradebook", "--quiet"]
    checked = {what: seconds(check, folder, GRADED, way_in) for what, way_in in ways_in.items()}
    for what, took in checked.items():
        print(f"first check, {what}: {took:.1f} s")
    whole = installed + max(checked.values())
    print(f"together, at most: {whole:.1f} s, {'within' if whole <= LIMIT_S else 'NOT within'} {LIMIT_S} s")


def by_line(wheel: Path, folder: Path, way_in: Environment) -> None:
    """The line that students paste, where nothing is at home."""
    found = LINE.search(PAGE.read_text("utf-8"))
    bash = shutil.which("bash")
    if found is None or bash is None:
        sys.exit(f"There is no such line in {PAGE}, or no bash.")
    home = folder / "home"
    home.mkdir()
    own = str(Path(sys.executable).parent)
    path = os.pathsep.join(one for one in os.environ["PATH"].split(os.pathsep) if one != own)
    line = found[1].replace("WHEEL", str(wheel))
    took = seconds([bash, "-c", line], home, GRADED, {**way_in, "HOME": str(home), "PATH": path})
    kept = {one.st_ino: one.st_blocks * 512 for one in map(os.lstat, home.rglob("*"))}  # uv links what it has twice
    size = sum(kept.values())
    print(f"the line of {PAGE.name}, with its check: {took:.1f} s, {size / 2**20:.0f} MiB at home")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name, PracticeServer() as server:
        made, ways = Path(name), accounts(server)
        by_pip(built(made), made, ways)
        if "--line" in sys.argv:
            by_line(next(made.glob("*.whl")), made, ways["in the middle of the lesson"])

"""How long a check takes beside prowler, which looks into the same account of the same cloud.

Run: python bench/prowler_speed.py PROWLER [--runs N] [--latency SECONDS] [--json FILE]. PROWLER is the program, in an
environment of its own: `python3 -m venv there && there/bin/pip install prowler==5.46.0`. Skymark does not need it.

The cloud is the practice cloud, which is moto, in a process of its own, with one account in which the lesson was done
and is not torn down. Each answer is held back for 50 ms. Both are run from the shell to their end, in turn, with the
same keys, at the same address, over the same 17 regions: `grade.py check --html`, the same by `--only` without what
else bills, and `prowler aws --service sagemaker iam s3` with the reports that it writes by itself.

They do not do the same: prowler asks all about a few services, Skymark a little of many. What either asks is counted.
moto takes some milliseconds of CPU for each call, on the same machine, and answers one at a time: that is in both
figures, and the more in that of whoever asks for more at once.

Every call of AWS's is led to it. Prowler asks the internet by itself only for a newer version, where `--version` is
asked for. No proxy is set: with one, Skymark makes clients for each region, which takes more CPU and memory.
"""

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
sys.path[:0] = [str(ROOT), str(BENCH)]

from account_speed import lesson_alone  # noqa: E402 - after the path is set
from class_speed import RECORDED, ask, started  # noqa: E402
from stub_cloud import CALLS, HOST  # noqa: E402
from taken import Taken, taken  # noqa: E402

SERVICES = ("sagemaker", "iam", "s3")
CPU_MS = "cpu_ms"
OWN = ("check", "lesson")
KINDS = (*OWN, "prowler")
ENDS = {"check": (0, 1), "lesson": (0, 1), "prowler": (0,)}
"""How each ends that has seen all; with `-z` prowler does not tell by it that something was found."""


class Measured(NamedTuple):
    """One run: how many calls were made, how many were answered by an error, and the CPU seconds that moto took."""

    kind: str
    took: Taken
    calls: int
    errors: int
    cloud_cpu_s: float


# -- the cloud, in a process of its own -------------------------------------------------------------------------------


class Front:
    """A WSGI application before another: each answer is held back, and counted by its status."""

    def __init__(self, behind: Any, latency_s: float) -> None:
        self._behind, self._latency_s = behind, latency_s
        self._calls: Counter[str] = Counter()
        self._cpu_s = time.process_time()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request; `GET /-/calls` tells how often what was answered and what it took, and forgets it."""
        if environ.get("PATH_INFO") == CALLS:
            return self._told(start_response)

        def counted(status: str, *more: Any) -> Any:
            with self._lock:
                self._calls[status[:3]] += 1
            return start_response(status, *more)

        time.sleep(self._latency_s)
        answer: Iterable[bytes] = self._behind(environ, counted)
        return answer

    def _told(self, start_response: Any) -> Iterable[bytes]:
        with self._lock:
            told, self._calls = self._calls, Counter()
            before, self._cpu_s = self._cpu_s, time.process_time()
        body = json.dumps(told | {CPU_MS: round(1000 * (self._cpu_s - before))}).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


def serve(latency_s: float) -> None:
    """Do the lesson in the practice cloud; tell the environment that leads there; serve until standard input ends."""
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    from simulator.account import SimulatedAccount
    from simulator.clock import clock
    from simulator.gateway import Gateway
    from simulator.server import HOME_REGION, PracticeServer
    from simulator.students.steps import follow

    with PracticeServer() as server:
        follow(SimulatedAccount(server, RECORDED))
        clock.run(math.inf)
        front = Front(Gateway(HOME_REGION), latency_s)
        slow = make_server(HOST, 0, front, threaded=True, request_handler=MotoRequestHandler)
        threading.Thread(target=slow.serve_forever, daemon=True).start()
        environment = server.environment(server.credentials(RECORDED))
        print(json.dumps(environment | {"AWS_ENDPOINT_URL": f"http://{HOST}:{slow.port}"}), flush=True)
        sys.stdin.readline()
        slow.shutdown()


# -- who measures ----------------------------------------------------------------------------------------------------


def command(kind: str, prowler: Path, folder: Path) -> tuple[object, ...]:
    """What is run, and writes its reports into a folder."""
    from skymark.survey.regions import ENABLED_BY_DEFAULT

    if kind in OWN:
        only = [f"--only={one}" for one in lesson_alone()] if kind == "lesson" else []
        own = ("--no-open", "--no-gradebook", "--html", folder / "report.html", *only)
        return (sys.executable, ROOT / "grade.py", "check", *own)
    where = ("--region", *ENABLED_BY_DEFAULT, "--output-directory", folder / "output")
    return (prowler, "aws", "--service", *SERVICES, "--no-banner", "-z", *where)


def run(kind: str, prowler: Path, environment: dict[str, str]) -> Measured:
    """Measure once."""
    address = environment["AWS_ENDPOINT_URL"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ask(address)
        took = taken(command(kind, prowler, folder), environment, folder, folder / "said")
        calls = ask(address)
        if took.status not in ENDS[kind]:
            said = (folder / "said").read_text("utf-8", "replace")
            raise SystemExit(f"{kind} ended with {took.status}:\n{said[-2000:]}")
    cloud_cpu_s = calls.pop(CPU_MS) / 1000
    errors = sum(many for status, many in calls.items() if status >= "400")
    return Measured(kind, took, sum(calls.values()), errors, cloud_cpu_s)


def environment_of(line: str) -> dict[str, str]:
    """The environment for both, which leads to the cloud and through no proxy."""
    own = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")  # what is compiled is kept, as everywhere
    told: dict[str, str] = json.loads(line)
    kept = {name: value for name, value in told.items() if name not in own and not name.lower().endswith("_proxy")}
    return kept | {"NO_PROXY": HOST, "no_proxy": HOST}


def version(prowler: Path) -> str:
    """Its version, from its environment: `--version` would ask the internet for a newer one."""
    code = "import importlib.metadata as m; print(m.version('prowler'))"
    asked = [str(prowler.parent / "python"), "-c", code]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 - as given


def measurements(prowler: Path, runs: int, latency_s: float) -> Iterator[Measured]:
    """All in turn, run by run; one run of each warms up."""
    with started(__file__, "--serve", "--latency", latency_s) as cloud:
        environment = environment_of(cloud.stdout.readline())
        for number in range(runs + 1):
            for kind in KINDS:
                found = run(kind, prowler.absolute(), environment)
                if number:
                    yield found


def medians(found: Sequence[Measured]) -> dict[str, dict[str, float]]:
    """Of each kind; of our own also by how many times prowler takes as much, medians of each run's own."""
    of = {kind: [one for one in found if one.kind == kind] for kind in KINDS}
    return {kind: _middle(some) | _times(some, of["prowler"]) for kind, some in of.items()}


def _times(own: Sequence[Measured], theirs: Sequence[Measured]) -> dict[str, float]:
    both = list(zip((one.took for one in own), (one.took for one in theirs), strict=True))
    return {
        "faster": statistics.median(b.seconds / a.seconds for a, b in both),
        "less_cpu": statistics.median(b.cpu_s / a.cpu_s for a, b in both),
        "smaller": statistics.median(b.memory_mb / a.memory_mb for a, b in both),
    }


def _middle(found: Sequence[Measured]) -> dict[str, float]:
    return {
        "seconds": statistics.median(one.took.seconds for one in found),
        "cpu_s": statistics.median(one.took.cpu_s for one in found),
        "memory_mb": statistics.median(one.took.memory_mb for one in found),
        "calls": statistics.median(one.calls for one in found),
        "errors": statistics.median(one.errors for one in found),
        "cloud_cpu_s": statistics.median(one.cloud_cpu_s for one in found),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prowler", type=Path, nargs="?", metavar="PROWLER")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--latency", type=float, default=0.05, metavar="SECONDS")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.latency)
    elif given.prowler is None:
        parser.error("say which prowler")
    else:
        measured = []
        for each in measurements(given.prowler, given.runs, given.latency):
            measured.append(each)
            print(each, file=sys.stderr)
        told_of_both = medians(measured)
        print(json.dumps({"version": version(given.prowler), **told_of_both}, indent=2))
        if given.json:
            given.json.write_text(json.dumps(told_of_both, indent=2))

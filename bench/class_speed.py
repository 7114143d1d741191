"""How fast a class is graded, against a bare loop that makes the same calls.

Run: python bench/class_speed.py [--runs N] [--latency SECONDS] [--regions N] [--json FILE]. AWS is `stub_cloud.py`, in
a process of its own, which answers each call after 50 ms with what the practice cloud said of an account in which the
lesson was done; every student has an account of their own, whose role is assumed. Each is looked at in five regions,
which is some 200 calls: in all seventeen it would take half an hour, at nearly the same ratios.

The engine is what `grade.py class` runs for each student: survey and verdicts. The loop assumes the role as well, signs
each call that the engine was seen to make (SigV4), sends it by urllib3 from a pool of threads, reads the answer, and
does nothing with it: no class can be graded with less. Both are measured after they have warmed up, in turn, so that a
busy machine slows both; what counts is their ratio within a run. Nothing is encrypted: TLS costs either the same.
Students at a time are in all, shared by the processes; one at a time is one in each.
"""

import argparse
import contextlib
import itertools
import json
import os
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
sys.path[:0] = [str(ROOT), str(BENCH)]

from stub_cloud import CALLS, GRADER, HOST, Asked, Recording  # noqa: E402 - after the path is set

AT_ONCE = (1, 8, 32, 64)
PROCESSES = (1, 2)
CALLS_AT_ONCE = 64
RUBRIC = "sagemaker-intro"
RECORDED = "123456789012"
KINDS = ("engine", "loop")
# Where the lesson was done comes first.
REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "us-east-2", "us-west-1", "ca-central-1", "sa-east-1")
# So many are graded for one measurement, at least: with no more than at once, the last ones alone would take as long.
LEAST = 4
ROUNDS = 3
NOT_SIGNED_ANEW = ("host", "authorization", "content-length", "x-amz-date", "x-amz-security-token", "connection")


@dataclass(frozen=True)
class Cell:
    """One measurement: so many students, in all."""

    kind: str
    at_once: int
    processes: int
    students: int
    seconds: float
    cpu_s: float
    calls: float

    @property
    def per_second(self) -> float:
        """Students per second."""
        return self.students / self.seconds

    @property
    def cpu_each(self) -> float:
        """CPU seconds per student, of the processes that grade."""
        return self.cpu_s / self.students


def accounts(count: int, beginning: int) -> list[str]:
    """Numbers that nobody else is measured with."""
    return [f"{100_000_000_000 + beginning + each}" for each in range(count)]


# -- what is measured, in a process of its own -----------------------------------------------------------------------


def engine(regions: int) -> Callable[[str], None]:
    """What grades the student of an account; 0 regions are all."""
    import msgspec

    from skymark.cohort.task import Graded, Task, Terms
    from skymark.cohort.work import grade_one
    from skymark.garbage import collect_less_often
    from skymark.lesson import Lesson
    from skymark.roster.entry import Entry, RoleAccess
    from skymark.rubric_file import load_rubric

    collect_less_often()
    terms = Terms(ROOT, calls_at_once=CALLS_AT_ONCE)
    rubric = load_rubric(Lesson.at(ROOT), RUBRIC)
    if regions:
        rubric = msgspec.structs.replace(rubric, regions=REGIONS[:regions])

    def grade(account: str) -> None:
        role = RoleAccess(f"arn:aws:iam::{account}:role/SkymarkGrader", "an-id")
        done = grade_one(Task(Entry(account, account, role), rubric, terms))
        if not isinstance(done, Graded) or done.survey.gaps or done.survey.identity.account != account:
            raise SystemExit(f"{account} was not graded: {done}")

    return grade


def loop(recording: Recording) -> Callable[[str], None]:
    """What makes the calls of the student of an account."""
    import urllib3

    pool = urllib3.PoolManager(maxsize=CALLS_AT_ONCE, block=True)
    threads = ThreadPoolExecutor(CALLS_AT_ONCE)
    there = os.environ["AWS_ENDPOINT_URL"]
    own = (os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], None)

    def send(keys: Sequence[Any], asked: Asked) -> bytes:
        url = f"{there}{asked.path}"
        answer = pool.request(
            asked.method, url, body=asked.body or None, headers=signed(keys, asked, url), retries=False
        )
        return answer.data

    def replay(account: str) -> None:
        keys = keys_in(send(own, assume_role(account)))
        list(threads.map(lambda asked: send(keys, asked), recording.asked))

    return replay


def signed(keys: Sequence[Any], asked: Asked, url: str) -> dict[str, str]:
    """The headers of a call, signed with these keys."""
    from botocore.auth import S3SigV4Auth, SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    _, region, service = asked.signer
    headers = {name: value for name, value in asked.headers.items() if name not in NOT_SIGNED_ANEW}
    request = AWSRequest(asked.method, url, headers, asked.body or b"")
    sign = S3SigV4Auth if service == "s3" else SigV4Auth
    sign(Credentials(*keys), service, region).add_auth(request)
    return dict(request.headers.items())


def assume_role(account: str) -> Asked:
    """The call that lets the grader in."""
    role = f"arn%3Aaws%3Aiam%3A%3A{account}%3Arole%2FSkymarkGrader"
    named = f"RoleArn={role}&RoleSessionName=skymark&ExternalId=an-id&DurationSeconds=3600"
    body = f"Action=AssumeRole&Version=2011-06-15&{named}"
    headers = {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "authorization": "AWS4-HMAC-SHA256 Credential=-/0/us-east-1/sts/aws4_request",
    }
    return Asked("POST", "/", headers, body.encode())


def keys_in(answer: bytes) -> tuple[str, ...]:
    """The keys that AssumeRole gave."""
    names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    text = answer.decode()
    return tuple(text.partition(f"<{name}>")[2].partition("<")[0] for name in names)


def measure(kind: str, recording: Path, regions: int, at_once: int, count: int, beginning: int) -> None:
    """Warm up, say so, wait for the word, grade so many students, tell the seconds of the clock and of the CPU."""
    do = engine(regions) if kind == "engine" else loop(Recording.load(recording))
    do(accounts(1, beginning)[0])
    print("warm", flush=True)
    sys.stdin.readline()
    clock, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(at_once) as students:
        list(students.map(do, accounts(count, beginning + 1)))
    print(json.dumps([time.perf_counter() - clock, time.process_time() - cpu]), flush=True)


# -- who measures ----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def started(*arguments: object, environment: dict[str, str] | None = None) -> Iterator[Any]:
    """A program of this folder; its first line is out. It ends with its input."""
    command = [sys.executable, *map(str, arguments)]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(OSError):
                process.stdin.close()
            process.wait()


def record(file: Path, regions: int) -> None:
    """Have the engine grade a student of the practice cloud who did the lesson; keep what was asked and answered."""
    import math

    from simulator.account import SimulatedAccount
    from simulator.clock import clock
    from simulator.server import PracticeServer
    from simulator.students.steps import follow

    with PracticeServer() as server:
        follow(SimulatedAccount(server, RECORDED))
        clock.run(math.inf)
        address = server.url.removeprefix("http://")
        upstream = ("--upstream", address, server.credentials(RECORDED).key, RECORDED)
        with started(BENCH / "stub_cloud.py", file, "--latency", 0, *upstream) as stub:
            address = stub.stdout.readline().strip()
            run(("engine", file, regions), address, at_once=1, processes=1, count=1, beginning=0)
    recording = Recording.load(file)
    # Two were graded, the first to warm up: the second's calls are those of everybody after them.
    second = accounts(1, 1)[0]
    recording.asked = [one for one in recording.asked if one.signer[0].endswith(second)]
    recording.save(file)


def run(what: tuple[str, Path, int], address: str, *, at_once: int, processes: int, count: int, beginning: int) -> Cell:
    """Measure once, in so many processes that begin together; `at_once` and `count` are in all.

    `what` is the kind, the recording, and in how many regions is looked.
    """
    share, each = max(1, at_once // processes), max(1, count // processes)
    with contextlib.ExitStack() as open_:
        workers = [
            open_.enter_context(
                started(
                    *(__file__, "--measure", *what, share, each, beginning + number * (each + 1)),
                    environment=environment(address),
                )
            )
            for number in range(processes)
        ]
        for worker in workers:
            heard(worker)
        ask(address)
        for worker in workers:
            worker.stdin.write("\n")
            worker.stdin.flush()
        told = [json.loads(heard(worker)) for worker in workers]
        calls = ask(address)
    if calls.get("missed"):
        raise SystemExit(f"{calls['missed']} calls had not been recorded")
    students = each * processes
    seconds, cpu = max(one for one, _ in told), sum(one for _, one in told)
    return Cell(what[0], at_once, processes, students, seconds, cpu, sum(calls.values()) / students)


def heard(worker: Any) -> str:
    """The next line of a process that measures; it has said on standard error why, if there is none."""
    line: str = worker.stdout.readline()
    if not line:
        raise SystemExit("a process ended before it had measured")
    return line


def ask(address: str, trusted: Path | None = None) -> dict[str, int]:
    """How often the stub was asked what, since it was last asked this; `trusted` are authorities, for TLS."""
    context = ssl.create_default_context(cafile=trusted)
    context.check_hostname = False  # it shows a certificate for AWS's names
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    with opener.open(f"{address}{CALLS}", timeout=10) as answer:
        told: dict[str, int] = json.load(answer)
        return told


def environment(address: str) -> dict[str, str]:
    """The grader's."""
    own = ("AWS_", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")  # what is compiled is kept, as everywhere
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return kept | {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": f"AKIASKYM{GRADER}",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": HOST,
        "no_proxy": HOST,
    }


def measurements(runs: int, latency_s: float, regions: int, at_once: Sequence[int] = AT_ONCE) -> Iterator[Cell]:
    """Every cell, run by run, engine and loop in turn."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "recording"
        record(file, regions)
        beginning = 1000
        with started(BENCH / "stub_cloud.py", file, "--latency", latency_s) as stub:
            address = stub.stdout.readline().strip()
            for _, processes, each, kind in itertools.product(range(runs), PROCESSES, at_once, KINDS):
                students = {"count": max(LEAST, ROUNDS * each), "beginning": beginning}
                yield run((kind, file, regions), address, at_once=each, processes=processes, **students)
                beginning += 1000


def table(cells: Sequence[Cell]) -> Iterator[str]:
    """Medians; the ratios are medians of each run's own."""
    yield "processes at a time  engine/s    loop/s  ratio  engine CPU s  loop CPU s  ratio  calls"
    for row in rows(cells):
        yield (
            f"{row['processes']:>9} {row['at_once']:>9} {row['engine_per_s']:>9.2f} {row['loop_per_s']:>9.2f} "
            f"{row['speed_ratio']:>6.2f} {row['engine_cpu_s']:>13.3f} {row['loop_cpu_s']:>11.3f} "
            f"{row['cpu_ratio']:>6.2f} {row['engine_calls']:>6.0f}"
        )


def rows(cells: Sequence[Cell]) -> list[dict[str, float]]:
    """One row for each number of processes and of students at a time."""
    at_once = dict.fromkeys(one.at_once for one in cells)
    return [_row(cells, processes, each) for processes in PROCESSES for each in at_once]


def _row(cells: Sequence[Cell], processes: int, at_once: int) -> dict[str, float]:
    found = [one for one in cells if (one.processes, one.at_once) == (processes, at_once)]
    own = [one for one in found if one.kind == "engine"]
    bare = [one for one in found if one.kind == "loop"]
    both = list(zip(own, bare, strict=True))
    median = statistics.median
    return {
        "processes": processes,
        "at_once": at_once,
        "engine_per_s": median(one.per_second for one in own),
        "loop_per_s": median(one.per_second for one in bare),
        "speed_ratio": median(one.per_second / other.per_second for one, other in both),
        "engine_cpu_s": median(one.cpu_each for one in own),
        "loop_cpu_s": median(one.cpu_each for one in bare),
        "cpu_ratio": median(one.cpu_each / other.cpu_each for one, other in both),
        "engine_calls": median(one.calls for one in own),
        "loop_calls": median(one.calls for one in bare),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--latency", type=float, default=0.05, metavar="SECONDS")
    parser.add_argument("--regions", type=int, default=5, metavar="N", help="0 for all")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--measure", nargs=6, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        wanted, recorded, *numbers = given.measure
        measure(wanted, Path(recorded), *map(int, numbers))
    else:
        measured = []
        for cell in measurements(given.runs, given.latency, given.regions):
            measured.append(cell)
            print(f"{cell.kind:>6} {cell.processes} {cell.at_once:>2}: {cell.per_second:.2f}/s", file=sys.stderr)
        print("\n".join(table(measured)))
        if given.json:
            told = {"rows": rows(measured), "cells": [asdict(one) for one in measured]}
            given.json.write_text(json.dumps(told, indent=2))

"""How fast one account is looked into, over TLS, against plain boto3 that makes the same calls.

Run: python bench/account_speed.py [--runs N] [--latency SECONDS]. AWS is `stub_cloud.py` in a process of its own, which
answers each call after 50 ms as the practice cloud did of an account in which the lesson was done, in all 17 regions,
under AWS's own names: each service of each region is a host, as it is in earnest, and whoever asks resolves all of them
to this machine.

Measured, each in a fresh process that has imported what it needs, in turn, so that a busy machine slows all alike:

- `survey`: connection, identity, survey, as `grade.py check` does; all clients are built. Then once more, warm.
- `boto3`: a session, the same clients, the same calls by 32 threads, none of which waits for another's answer.
- `check`: `grade.py check --html`, from the shell to its end.
"""

import argparse
import contextlib
import json
import pickle
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
sys.path[:0] = [str(ROOT), str(BENCH)]

import certificates  # noqa: E402 - after the path is set
from class_speed import RUBRIC, ask, environment, heard, record, started  # noqa: E402
from here import all_names_are_here  # noqa: E402
from taken import taken  # noqa: E402

THREADS = 32
KINDS = ("survey", "boto3", "check")
PARTS = ("all", "few")
FEW = "teardown.everywhere"
"""What is left out of `few`: to look for all that bills, in every region, is two thirds of the calls."""


class Measured(NamedTuple):
    """One process: seconds of the clock and of the CPU, MB at most, calls; then CPU of the same once more, warm."""

    kind: str
    part: str
    seconds: float
    cpu_s: float
    memory_mb: float
    calls: int
    warm_cpu_s: float


def peak_mb() -> float:
    """The most memory that this process has had: `ru_maxrss` would tell that of whoever started it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


# -- what is measured, in a process of its own -----------------------------------------------------------------------


def measure(kind: str, part: str, calls: Path, port: int) -> None:
    """Warm nothing but imports; say so, wait for the word, do it, tell what it took."""
    all_names_are_here(port)
    do = survey_of(part, calls) if kind == "survey" else plain(calls)
    print("ready", flush=True)
    sys.stdin.readline()
    clock, cpu = time.perf_counter(), time.process_time()
    again = do()
    seconds, cpu_s = time.perf_counter() - clock, time.process_time() - cpu
    memory = peak_mb()
    cpu = time.process_time()
    again()
    print(json.dumps([seconds, cpu_s, memory, time.process_time() - cpu]), flush=True)


def survey_of(part: str, calls: Path) -> Any:
    """What looks into the account; it keeps which calls it makes, where nobody has yet."""
    from skymark.garbage import collect_less_often
    from skymark.lesson import Lesson
    from skymark.look import look  # noqa: F401 - what it imports belongs to the start
    from skymark.rubric_file import load_rubric
    from skymark.samples import read_samples
    from skymark.survey.connection import connect, identify
    from skymark.survey.sweep import services_asked, take_survey

    collect_less_often()
    lesson = Lesson.at(ROOT)
    rubric = load_rubric(lesson, RUBRIC)
    plan, leftovers = rubric.survey, part == "all"
    samples = read_samples(lesson.root / plan.samples)

    def look_with(connection: Any) -> None:
        found = take_survey(connection, identify(connection), plan, samples, rubric.regions, leftovers=leftovers)
        if [gap for gap in found.gaps if gap.code != "NotAsked"] or len(found.regions.answered) != 17:
            raise SystemExit(f"not read wholly: {found.gaps[:3]} {len(found.regions.answered)}")

    def do() -> Any:
        connection = connect()
        with kept_calls(connection.session, calls):
            connection.build_ahead(services_asked(leftovers=leftovers))
            look_with(connection)
        return lambda: look_with(connection)

    return do


@contextlib.contextmanager
def kept_calls(session: Any, file: Path) -> Iterator[None]:
    """Write down each call that is made inside, as boto3 is given it; nothing where that was done already."""
    if file.exists():
        yield
        return
    made: list[tuple[str, str, str, Any]] = []

    def keep(params: Any, model: Any, context: Any, **_: Any) -> None:
        made.append((model.service_model.service_name, context["client_region"], model.name, params))

    session.events.register("provide-client-params", keep)
    yield
    file.write_bytes(pickle.dumps(made))


def plain(calls: Path) -> Any:
    """What makes the same calls with boto3 as it comes."""
    import boto3
    from botocore import xform_name
    from botocore.exceptions import ClientError

    made: list[tuple[str, str, str, Any]] = pickle.loads(calls.read_bytes())  # noqa: S301 - our own file

    def do() -> Any:
        session = boto3.Session()
        clients = {place: session.client(place[0], region_name=place[1]) for place in {(s, r) for s, r, *_ in made}}

        def call(one: tuple[str, str, str, Any]) -> None:
            service, region, operation, params = one
            with contextlib.suppress(ClientError):  # a bucket without a policy is answered so
                getattr(clients[service, region], xform_name(operation))(**params)

        def all_of_them() -> None:
            with ThreadPoolExecutor(THREADS) as threads:
                list(threads.map(call, made))

        all_of_them()
        return all_of_them

    return do


def lesson_alone() -> list[str]:
    """The criteria of `few`."""
    from skymark.lesson import Lesson
    from skymark.rubric_file import load_rubric

    return [one.id for one in load_rubric(Lesson.at(ROOT), RUBRIC).criteria if one.id != FEW]


# -- who measures ----------------------------------------------------------------------------------------------------


def run(kind: str, part: str, calls: Path, address: str, trusted: Path) -> Measured:
    """Measure once."""
    there = environment(address) | {"AWS_CA_BUNDLE": str(trusted)}
    del there["AWS_ENDPOINT_URL"]
    ask(address, trusted)
    if kind == "check":
        return _check(part, there, address, trusted)
    arguments = (__file__, "--measure", kind, part, calls, address.rpartition(":")[2])
    with started(*arguments, environment=there) as worker:
        heard(worker)
        worker.stdin.write("\n")
        worker.stdin.flush()
        seconds, cpu_s, memory, warm = json.loads(heard(worker))
    made = ask(address, trusted)
    if made.get("missed"):
        raise SystemExit(f"{made['missed']} calls had not been recorded")
    return Measured(kind, part, seconds, cpu_s, memory, sum(made.values()) // 2, warm)


def _check(part: str, environ: dict[str, str], address: str, trusted: Path) -> Measured:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        only = [f"--only={one}" for one in lesson_alone()] if part == "few" else []
        command = (sys.executable, BENCH / "here.py", address.rpartition(":")[2], "check", *only)
        outputs = ("--no-open", "--no-gradebook", "--html", folder / "report.html")
        done = taken((*command, *outputs), environ, folder, folder / "said")
        if done.status not in (0, 1):
            raise SystemExit((folder / "said").read_text("utf-8"))
    return Measured("check", part, done.seconds, done.cpu_s, done.memory_mb, sum(ask(address, trusted).values()), 0)


def measurements(runs: int, latency_s: float, parts: Sequence[str] = PARTS) -> Iterator[Measured]:
    """Every kind in turn, run by run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "recording"
        record(file, 0)
        from skymark.survey.regions import ENABLED_BY_DEFAULT

        made = certificates.make(folder, ENABLED_BY_DEFAULT)
        stub = (BENCH / "stub_cloud.py", file, "--latency", latency_s, "--certificates", made.shown)
        with started(*stub) as cloud:
            address = cloud.stdout.readline().strip()
            for part in parts:
                run("survey", part, folder / part, address, made.trusted)
            for _ in range(runs):
                for part in parts:
                    for kind in KINDS:
                        yield run(kind, part, folder / part, address, made.trusted)


def table(found: Sequence[Measured], parts: Sequence[str] = PARTS) -> Iterator[str]:
    """Medians; the ratios are medians of each run's own."""
    yield "part  kind    calls  seconds    CPU s   MB  warm CPU ms a call  boto3's time is … times as long"
    for part in parts:
        for kind in KINDS:
            own = [one for one in found if (one.kind, one.part) == (kind, part)]
            plain_ = [one for one in found if (one.kind, one.part) == ("boto3", part)]
            ratio = statistics.median(b.seconds / a.seconds for a, b in zip(own, plain_, strict=True))
            middle = [statistics.median(one[place] for one in own) for place in range(2, 7)]
            seconds, cpu_s, memory, calls, warm = middle
            each = f"{warm / calls * 1000:>19.2f}" if warm else " " * 19
            yield f"{part:<5} {kind:<7} {calls:>5.0f} {seconds:>8.2f} {cpu_s:>8.2f} {memory:>4.0f} {each} {ratio:>8.2f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--latency", type=float, default=0.05, metavar="SECONDS")
    parser.add_argument("--part", choices=PARTS, action="append")
    parser.add_argument("--measure", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        measure(given.measure[0], given.measure[1], Path(given.measure[2]), int(given.measure[3]))
    else:
        measured = []
        for each_ in measurements(given.runs, given.latency, given.part or PARTS):
            measured.append(each_)
            print(each_, file=sys.stderr)
        print("\n".join(table(measured, given.part or PARTS)))

"""All figures of docs/speed.md: python -m bench [--runs N] [--students N] [--prowler PROGRAM] [--json FILE].

Machines differ, so what counts are ratios within one run. `--limits` names a file of ratios, as `--json` writes them:
it ends with 1 where one is worse by more than a fifth, each of three times that it is measured. `tox -e speed` holds
them against `bench/limits.json`. Prowler is no part of what Skymark needs: its rows are left out where `--prowler` does
not say where it is.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

BENCH = Path(__file__).resolve().parent
sys.path[:0] = [str(BENCH.parent), str(BENCH)]

import account_speed  # noqa: E402 - after the path is set
import class_memory  # noqa: E402
import class_speed  # noqa: E402
import gradebook_speed  # noqa: E402
import judging_speed  # noqa: E402
import prowler_speed  # noqa: E402
import startup  # noqa: E402

WORSE = 1.2
"""By so much a ratio may be worse than its limit: what a busy machine adds to one of two."""
TIMES = 3
"""So often at most a part is measured of which a ratio is worse: what is the code's fault is so each time."""

FLAT = 1.1
"""By so much more memory a class may take than a quarter of it; one run differs from the next by nearly as much."""


@dataclass(frozen=True)
class Row:
    """One figure. `ratio` is what it is held by from one run to another: the smaller, the better; None for no one."""

    name: str
    what: str
    value: float
    unit: str
    goal: str
    is_met: bool
    ratio: float | None = None


def of_account(runs: int) -> Iterator[Row]:
    """A look into one account, over TLS."""
    found = list(account_speed.measurements(runs, 0.05))

    def middle(kind: str, part: str, field: str) -> float:
        return statistics.median(getattr(one, field) for one in found if (one.kind, one.part) == (kind, part))

    def ratio(kind: str, part: str) -> float:
        own = [one.seconds for one in found if (one.kind, one.part) == (kind, part)]
        plain = [one.seconds for one in found if (one.kind, one.part) == ("boto3", part)]
        return statistics.median(a / b for a, b in zip(own, plain, strict=True))

    for part, calls in (("few", "the lesson alone"), ("all", "and all that bills")):
        count = middle("survey", part, "calls")
        seconds, against = middle("survey", part, "seconds"), ratio("survey", part)
        met = seconds <= 0.9 and against <= 1 / 4
        what = f"survey, 17 regions, {count:.0f} calls ({calls}), https"
        yield Row(f"survey.{part}", what, seconds, "s", "0.9, and a quarter of boto3's time", met, against)
        warm = 1000 * middle("survey", part, "warm_cpu_s") / count
        plain = 1000 * middle("boto3", part, "warm_cpu_s") / count
        yield Row(f"warm.{part}", "CPU of one of these calls, warm", warm, "ms", "1.3", warm <= 1.3, warm / plain)
        whole = middle("check", part, "seconds")
        met = whole <= min(2.0, 2 * seconds)
        yield Row(
            f"check.{part}", "check, from the shell", whole, "s", "2.0, and twice the survey", met, whole / seconds
        )
        memory = middle("check", part, "memory_mb")
        yield Row(f"memory.{part}", "memory of that check", memory, "MB", "150", memory <= 150)


def of_judging() -> Iterator[Row]:
    """One student's verdicts."""
    found = judging_speed.measured(30)
    what = f"{found['checks']:.0f} checks through pytest, warm"
    ratio = found["open_ms"] / found["own_ms"]
    yield Row("judging", what, found["open_ms"], "ms", "15", found["open_ms"] <= 15, ratio)


def of_class(runs: int) -> Iterator[Row]:
    """A class, looked at in one region each; 32 students at a time."""
    cells = list(class_speed.measurements(runs, 0.05, 1, at_once=(32,)))
    one, two = (row for row in class_speed.rows(cells) if row["at_once"] == 32)
    what = f"class, {one['engine_calls']:.0f} calls a student, one process"
    fast, cpu = one["engine_per_s"], 1000 * one["engine_cpu_s"]
    yield Row("class", what, fast, "students/s", "12", fast >= 12, 1 / one["speed_ratio"])
    yield Row("class.cpu", "CPU of each", cpu, "ms", "80", cpu <= 80, one["cpu_ratio"])
    more = two["engine_per_s"] / fast
    yield Row("class.two", "two processes", more, "times one", "1.7", more >= 1.7, 1 / more)


def of_memory(students: int) -> Iterator[Row]:
    """A class in one process; the ratio is to a quarter of it."""
    yield memory_row(class_memory.measured(students))


def memory_row(found: dict[str, float]) -> Row:
    """What `class_memory` found."""
    memory, flat = found["all_mb"], found["all_mb"] / found["few_mb"]
    what = f"memory of a class of {found['students']:.0f}"
    return Row("class.memory", what, memory, "MB", "250, and flat", memory <= 250 and flat <= FLAT, flat)


def of_prowler(prowler: Path | None, runs: int) -> Iterator[Row]:
    """A check beside prowler; nothing where it is not said which."""
    if prowler is None:
        print("prowler: left out, since --prowler does not say where it is", file=sys.stderr)
        return
    found = prowler_speed.medians(list(prowler_speed.measurements(prowler, runs, 0.05)))
    yield from prowler_rows(found, prowler_speed.version(prowler))


def prowler_rows(found: dict[str, dict[str, float]], version: str) -> Iterator[Row]:
    """What `prowler_speed` found; the calls are said, since they are not the same ones."""
    other = found["prowler"]
    theirs = f"prowler {version} with {other['calls']:.0f} other calls in {other['seconds']:.0f} s"
    for part, kind in (("few", "lesson"), ("all", "check")):
        own = found[kind]
        faster, less = own["faster"], 1 / own["smaller"]
        what = f"check, in moto, {own['calls']:.0f} calls in {own['seconds']:.1f} s, beside {theirs}"
        yield Row(f"prowler.{part}", what, faster, "times as fast", "15", faster >= 15, 1 / faster)
        what = f"its memory, {own['memory_mb']:.0f} MB, beside {other['memory_mb']:.0f} MB"
        yield Row(f"prowler.memory.{part}", what, less, "of prowler's", "0.5", less <= 0.5, less)


def of_start() -> Iterator[Row]:
    """The command line."""
    found = startup.medians(15)
    for name in ("--help", "completion"):
        ratio = found[name] / found["import typer"]
        yield Row(f"start.{name}", f"grade.py {name}", found[name], "s", "0.2", found[name] <= 0.2, ratio)


def of_gradebook(students: int) -> Iterator[Row]:
    """What was recorded."""
    found = gradebook_speed.measured(students)
    rate, page, size = found["regraded_per_s"], found["page_s"], found["page_mb"]
    what, beside = f"regrade of {students} surveys", found["regrade_ratio"]
    yield Row("regrade", what, rate, "students/s", "60", rate >= 60, beside)
    what, beside = f"page of a class of {students}", found["page_ratio"]
    yield Row("report", what, page, "s", "3", page <= 3, beside)
    yield Row("report.size", "its size", size, "MB", "2", size <= 2, 1000 * size / students / 2)
    if "paint_s" in found:
        yield Row("report.paint", "its first paint in Chromium", found["paint_s"], "s", "1", found["paint_s"] <= 1)


def table(rows: list[Row]) -> Iterator[str]:
    """In Markdown, for docs/speed.md."""
    yield "| what | measured | goal | met | ratio |"
    yield "| --- | ---: | --- | --- | ---: |"
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        yield f"| {row.what} | {row.value:.3g} {row.unit} | {row.goal} | {'yes' if row.is_met else 'no'} | {ratio} |"


def worse(rows: list[Row], limits: dict[str, float]) -> list[str]:
    """The ratios that are worse than they were, by more than chance."""
    return [
        f"{row.name}: {row.ratio:.2f} instead of {limits[row.name]:.2f}"
        for row in rows
        if row.ratio is not None and row.name in limits and row.ratio > WORSE * limits[row.name]
    ]


def better(rows: list[Row], again: list[Row]) -> list[Row]:
    """Of each figure that which has the smaller ratio."""
    other = {row.name: row for row in again}
    return [min(row, other.get(row.name, row), key=lambda one: one.ratio or 0) for row in rows]


def held(part: Callable[[], Iterable[Row]], limits: dict[str, float]) -> list[Row]:
    """The figures of a part; it is measured again where one is worse than its limit."""
    rows = list(part())
    for _ in range(TIMES - 1):
        found = worse(rows, limits)
        if not found:
            break
        print("\n".join((*found, "Once more.")), file=sys.stderr)
        rows = better(rows, list(part()))
    return rows


def main() -> int:
    """Measure all, tell it; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--prowler", type=Path, metavar="PROGRAM", help="the program, in an environment of its own")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--limits", type=Path, metavar="FILE")
    given = parser.parse_args()
    limits = json.loads(given.limits.read_text())["ratios"] if given.limits else {}
    parts = (
        of_start,
        of_judging,
        partial(of_account, given.runs),
        partial(of_class, given.runs),
        partial(of_memory, given.students),
        partial(of_gradebook, given.students),
        partial(of_prowler, given.prowler, given.runs),
    )
    measured: list[Row] = []
    for part in parts:
        for row in held(part, limits):
            measured.append(row)
            print(f"{row.name}: {row.value:.3g} {row.unit}", file=sys.stderr)
    print("\n".join(table(measured)))
    if given.json:
        ratios = {one.name: round(one.ratio, 3) for one in measured if one.ratio is not None}
        told = {"ratios": ratios, "rows": [asdict(one) for one in measured]}
        given.json.write_text(json.dumps(told, indent=2) + "\n")
    found = worse(measured, limits)
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

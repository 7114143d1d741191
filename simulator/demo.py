"""A sample class in the practice cloud: the students work, AWS's states move, and everybody is graded."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import msgspec

import skymark
from simulator.account import SimulatedAccount
from simulator.clock import clock
from simulator.server import PracticeServer
from simulator.states import watched
from simulator.students import CLASS, Student
from skymark.errors import SkymarkError
from skymark.files import write_whole
from skymark.render.html import index
from skymark.result import Result

COMMAND = (sys.executable, "-P", "-m", "skymark")
SKYMARK = Path(skymark.__file__).resolve().parents[1]
GRADED = (0, 1, 3)  # all passed; not all passed; incomplete
FIRST_ACCOUNT = 200_000_000_001
AT_ONCE = 2  # the practice cloud answers one request at a time, so more graders only queue
HALF_AN_HOUR = dt.timedelta(minutes=30)  # is what a student's whole lesson takes at most, by the practice cloud's clock
TIMEOUT_S = 300


class DemoError(SkymarkError):
    """At least one student of the sample class could not be graded."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A student, and the result or what the command line said instead."""

    student: Student
    result: Result | None
    trouble: str = ""

    def __str__(self) -> str:
        if self.result is None:
            return f"{self.student.name:<8} could not be graded: {self.trouble}"
        score = self.result.score
        unverified = f" ({score.unverified} unverified)" if score.unverified else ""
        return f"{self.student.name:<8} {score.earned:>3}/{score.possible}{unverified}  {self.student.story}"


def run(out: Path, students: Sequence[Student] = CLASS, say: Callable[[str], None] = print) -> Path:
    """Grade a class of practice students over HTTP. Returns the page that leads to everybody's report.

    Writes `index.html` and, for each student, `NAME.html` and `NAME.json` into `out`; says one line for each.

    Raises:
        DemoError: somebody could not be graded. The others' reports and the page are written all the same.
        UsageError: `out` cannot be written to.
    """
    out = out.resolve()
    page = out / "index.html"
    write_whole(page, "")  # an unwritable folder shows before anything takes time
    with PracticeServer() as server:
        accounts = [SimulatedAccount(server, str(FIRST_ACCOUNT + position)) for position in range(len(students))]
        pace = clock.speed
        try:
            _work(dict(zip(students, accounts, strict=True)), say)
            graded = list(_graded(accounts, students, out, say))
        finally:
            clock.run(pace)
    rows = [
        (one.student.name, one.student.story, f"{one.student.name}.html", one.result) for one in graded if one.result
    ]
    write_whole(page, index(rows))
    if len(rows) < len(graded):
        names = ", ".join(one.student.name for one in graded if one.result is None)
        raise DemoError(f"Not graded: {names}. The lines above say why.")
    return page


def _work(accounts: Mapping[Student, SimulatedAccount], say: Callable[[str], None]) -> None:
    """Have one after the other do what they do, and say what moves; who waits for AWS comes last."""
    names = {account.number: student.name for student, account in accounts.items()}
    clock.stand(clock.now() - HALF_AN_HOUR * len(accounts))
    with watched(lambda change: say(f"{names[change.thing.account]:<8} {change}")):
        for student in sorted(accounts, key=lambda one: one.waits):
            student.build(accounts[student])


def _graded(
    accounts: Sequence[SimulatedAccount], students: Sequence[Student], out: Path, say: Callable[[str], None]
) -> Iterator[Graded]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for one in pool.map(_grade, accounts, students, [out] * len(accounts)):
            say(str(one))
            yield one


def _grade(account: SimulatedAccount, student: Student, out: Path) -> Graded:
    """Run `skymark check` as a student would, with nothing but keys in the environment."""
    file = out / f"{student.name}.json"
    command = [*COMMAND, "check", "--no-gradebook"]
    command += ["--json", str(file), "--html", str(out / f"{student.name}.html")]
    environment = account.server.environment(account.server.credentials(account.number))
    path = [environment["PYTHONPATH"]] if "PYTHONPATH" in environment else []
    try:
        ended = subprocess.run(  # noqa: S603 - our own command
            command,
            env=environment | {"PYTHONPATH": os.pathsep.join((str(SKYMARK), *path))},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Graded(student, None, f"no answer within {TIMEOUT_S} seconds")
    if ended.returncode not in GRADED or not file.exists():  # Python itself ends with 1 where it cannot begin
        return Graded(student, None, ended.stderr.strip() or f"exit status {ended.returncode}")
    return Graded(student, msgspec.json.decode(file.read_bytes(), type=Result))

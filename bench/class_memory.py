"""How much memory a class takes, and whether it grows with the number of students.

Run: python bench/class_memory.py [STUDENTS]. The command itself, `grade.py class` with a gradebook, is run as a program
of its own over a quarter of the students, then over all of them, each in an account of their own that is looked into in
one region. AWS is `stub_cloud.py`, which answers at once: latency takes time, but no memory.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
sys.path[:0] = [str(ROOT), str(BENCH)]

from class_speed import REGIONS, RUBRIC, accounts, environment, record, started  # noqa: E402 - after the path is set
from taken import Taken, taken  # noqa: E402

LATENCY_S = 0.0
GRADED = (0, 1)
"""Ends of a class of whom everybody has a whole mark."""


def roster(students: int) -> Iterator[str]:
    """So many students, as a table."""
    yield "student,role arn,external id"
    for number, account in enumerate(accounts(students, 0)):
        yield f"student{number},arn:aws:iam::{account}:role/SkymarkGrader,an-id"


def one_region(folder: Path) -> Path:
    """A rubric that looks into one region."""
    file = folder / "one-region.yaml"
    head = f'schema: skymark/rubric/v1\nid: one-region\nversion: "1"\ntitle: In one region\nextends: {RUBRIC}\n'
    file.write_text(f"{head}regions: [{REGIONS[0]}]\n", "utf-8")
    return file


def graded(students: int, address: str, folder: Path) -> Taken:
    """Grade a class in a folder that is empty."""
    folder.mkdir()
    table, said = folder / "class.csv", folder / "said"
    table.write_text("\n".join((*roster(students), "")), "utf-8")
    own = ("--rubric", one_region(folder), "--gradebook", folder / "book.sqlite3", "--quiet")
    done = taken((sys.executable, ROOT / "grade.py", "class", table, *own), environment(address), folder, said)
    if done.status not in GRADED:
        raise SystemExit(f"the class was not graded ({done.status}):\n{said.read_text('utf-8', 'replace')[-2000:]}")
    return done


def measured(students: int) -> dict[str, float]:
    """MB at most for a quarter of the students and for all, and seconds for all."""
    few = max(1, students // 4)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        record(folder / "recording", 1)
        with started(BENCH / "stub_cloud.py", folder / "recording", "--latency", LATENCY_S) as stub:
            address = stub.stdout.readline().strip()
            small = graded(few, address, folder / "few")
            whole = graded(students, address, folder / "all")
    return {
        "students": students,
        "few": few,
        "few_mb": small.memory_mb,
        "all_mb": whole.memory_mb,
        "all_s": whole.seconds,
    }


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 1000), indent=2))

"""The demo: a class graded over HTTP by the real command line, with no AWS account."""

import sys
from pathlib import Path

import msgspec
import pytest

from simulator import demo
from simulator.students import CLASS
from skymark.result import Result

pytestmark = pytest.mark.usefixtures("empty_cloud")

TWO = [student for student in CLASS if student.name in ("hana", "jonas")]


def test_demo_leads_to_everybodys_report(tmp_path: Path) -> None:
    """Each student has a page and a result, the index leads to them, and one line says how each one did."""
    said: list[str] = []

    page = demo.run(tmp_path / "class", TWO, said.append)

    assert page == tmp_path / "class" / "index.html"
    assert sorted(file.name for file in page.parent.iterdir()) == [
        "hana.html",
        "hana.json",
        "index.html",
        "jonas.html",
        "jonas.json",
    ]
    html = page.read_text("utf-8")
    assert all(f'href="{student.name}.html"' in html and student.story in html for student in TWO)
    results = [
        msgspec.json.decode((page.parent / f"{name}.json").read_bytes(), type=Result) for name in ("hana", "jonas")
    ]
    assert [result.subject.account for result in results] == ["200000000001", "200000000002"]
    assert [result.score.earned for result in results][1] == 1
    assert [(left.type, left.status) for left in results[0].leftovers] == [("endpoint", "InService")]
    assert said[-2:] == [str(demo.Graded(student, result)) for student, result in zip(TWO, results, strict=True)]
    moved = [line for line in said if line.startswith("hana     us-east-1  notebook-instance sm-test: ")]
    assert moved[-1].endswith("gone")


def test_demo_says_who_could_not_be_graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A grading that does not start is an error with its own words, never a page that looks complete."""
    monkeypatch.setattr(demo, "COMMAND", (sys.executable, "-m", "no_such_skymark"))
    said: list[str] = []

    with pytest.raises(demo.DemoError, match="Not graded: jonas"):
        demo.run(tmp_path / "class", TWO[1:], said.append)

    assert said[-1].startswith("jonas    could not be graded: ")
    assert "no_such_skymark" in said[-1]

"""What `python -m bench` makes of its figures."""

import importlib
import json
import os
import sys
from pathlib import Path

import pytest

from skymark.lesson import Lesson
from skymark.roster.reading import read_roster
from skymark.rubric_file import load_rubric

bench = importlib.import_module("bench.__main__")
prowler_speed = importlib.import_module("bench.prowler_speed")
class_memory = importlib.import_module("bench.class_memory")
taken = importlib.import_module("bench.taken")
ROOT = Path(__file__).parents[2]
LIMITS = ROOT / "bench" / "limits.json"


def row(name, ratio, *, met=True):
    """A figure."""
    return bench.Row(name, f"what {name} is", 1.2345, "s", "2", met, ratio)


def test_a_ratio_that_is_worse_by_more_than_a_fifth_is_named():
    """Up to a fifth is what a busy machine does; what has no ratio, or is new, is held by nothing."""
    rows = [row("a", 1.19), row("b", 1.21), row("c", None), row("d", 9.0)]

    assert bench.worse(rows, {"a": 1.0, "b": 1.0, "c": 1.0}) == ["b: 1.21 instead of 1.00"]


@pytest.mark.parametrize(
    ("ratios", "times", "kept"),
    [([1.1, 0.5], 1, 1.1), ([1.5, 1.1, 0.5], 2, 1.1), ([1.5, 1.3, 1.4, 0.5], 3, 1.3)],
)
def test_what_is_worse_is_measured_again_and_the_best_is_kept(ratios, times, kept):
    """A machine may be busy once; code that is slower is so each time."""
    made = iter(ratios)

    rows = bench.held(lambda: [row("a", next(made)), row("b", None)], {"a": 1.0})

    assert rows == [row("a", kept), row("b", None)]
    assert len(list(made)) == len(ratios) - times


def test_the_table_says_whether_a_goal_is_met():
    """For people."""
    lines = list(bench.table([row("a", 0.5), row("b", None, met=False)]))

    assert lines[2:] == ["| what a is | 1.23 s | 2 | yes | 0.50 |", "| what b is | 1.23 s | 2 | no |  |"]


def test_the_limits_are_of_figures_that_are_measured():
    """A name that was changed would be held by nothing."""
    named = set(json.loads(LIMITS.read_text())["ratios"])
    source = (LIMITS.parent / "__main__.py").read_text("utf-8")

    assert all(f'"{name.partition(".")[0]}' in source for name in named)


@pytest.mark.parametrize(("few", "whole", "met"), [(170, 180, True), (170, 251, False), (100, 200, False)])
def test_memory_of_a_class_has_to_be_little_and_flat(few, whole, met):
    """Either alone says nothing: what grows is too much for a class that is larger."""
    row = bench.memory_row({"students": 1000, "few": 250, "few_mb": few, "all_mb": whole, "all_s": 9.0})

    assert row == bench.Row("class.memory", "memory of a class of 1000", whole, "MB", "250, and flat", met, whole / few)


CHECKS = (("130 calls", "11.0"), ("562 calls", "22.0"))


def measured(kind, seconds, memory, calls):
    """One run of one of both."""
    return prowler_speed.Measured(kind, taken.Taken(seconds, 2.0, memory, 0), calls, 1, 0.5)


def test_prowler_is_held_against_a_check_of_the_same_run():
    """A machine that is busy for one run is so for all; what they ask is not the same, and is said."""
    found = [
        measured("check", 4.0, 200.0, 562),
        measured("lesson", 2.0, 100.0, 130),
        measured("prowler", 40.0, 400.0, 263),
        measured("check", 40.0, 200.0, 562),
        measured("lesson", 20.0, 100.0, 130),
        measured("prowler", 400.0, 400.0, 263),
    ]

    rows = list(bench.prowler_rows(prowler_speed.medians(found), "5.46.0"))

    theirs = "prowler 5.46.0 with 263 other calls in 220 s"
    few, all_ = (f"check, in moto, {calls} in {took} s, beside {theirs}" for calls, took in CHECKS)
    assert rows == [
        bench.Row("prowler.few", few, 20.0, "times as fast", "15", True, 0.05),
        bench.Row("prowler.memory.few", "its memory, 100 MB, beside 400 MB", 0.25, "of prowler's", "0.5", True, 0.25),
        bench.Row("prowler.all", all_, 10.0, "times as fast", "15", False, 0.1),
        bench.Row("prowler.memory.all", "its memory, 200 MB, beside 400 MB", 0.5, "of prowler's", "0.5", True, 0.5),
    ]


def test_who_does_not_name_prowler_gets_no_row_of_it(capsys):
    """It is nothing that Skymark needs; but it is said that something is missing."""
    assert list(bench.of_prowler(None, 5)) == []
    assert capsys.readouterr().err == "prowler: left out, since --prowler does not say where it is\n"


def test_each_answer_is_held_back_and_counted():
    """What either asks is said beside its time."""

    def behind(environ, start_response):
        start_response("404 NOT FOUND", [])
        return [b"there is none"]

    front = prowler_speed.Front(behind, 0.0)
    answer = front({"PATH_INFO": "/bucket"}, lambda *_: None)
    told = [json.loads(b"".join(front({"PATH_INFO": "/-/calls"}, lambda *_: None))) for _ in range(2)]

    assert answer == [b"there is none"]
    assert [{name: many for name, many in one.items() if name != "cpu_ms"} for one in told] == [{"404": 1}, {}]


def test_both_look_at_the_cloud_and_through_no_proxy():
    """With one a check makes more clients."""
    line = json.dumps(
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:5", "https_proxy": "http://proxy", "PYTHONUNBUFFERED": "1"}
    )

    assert prowler_speed.environment_of(line) == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:5",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }


def test_the_class_whose_memory_is_measured_is_read_as_any_other(tmp_path):
    """Each student has a way in of their own, and one region is looked into."""
    (tmp_path / "class.csv").write_text("\n".join((*class_memory.roster(3), "")), "utf-8")

    found = read_roster(tmp_path / "class.csv")
    rubric = load_rubric(Lesson.at(ROOT), str(class_memory.one_region(tmp_path)))

    assert found.mistakes == ()
    assert len({one.access for one in found.entries}) == 3
    assert rubric.regions == ("us-east-1",)


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="Windows does not tell")
def test_what_a_program_takes_is_its_own(tmp_path):
    """Who measures has imported moto, which must not count."""
    held = b"x" * 200_000_000
    command = (sys.executable, "-c", "print('said'); raise SystemExit(3)")

    found = taken.taken(command, os.environ, tmp_path, tmp_path / "said")

    assert len(held) == 200_000_000
    assert (found.status, (tmp_path / "said").read_text()) == (3, "said\n")
    assert 0 < found.memory_mb < 100

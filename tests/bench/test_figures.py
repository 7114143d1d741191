"""What `python -m bench` makes of its figures."""

import importlib
import json
from pathlib import Path

bench = importlib.import_module("bench.__main__")
LIMITS = Path(__file__).parents[2] / "bench" / "limits.json"


def row(name, ratio, *, met=True):
    """A figure."""
    return bench.Row(name, f"what {name} is", 1.2345, "s", "2", met, ratio)


def test_a_ratio_that_is_worse_by_more_than_a_fifth_is_named():
    """Up to a fifth is what a busy machine does; what has no ratio, or is new, is held by nothing."""
    rows = [row("a", 1.19), row("b", 1.21), row("c", None), row("d", 9.0)]

    assert bench.worse(rows, {"a": 1.0, "b": 1.0, "c": 1.0}) == ["b: 1.21 instead of 1.00"]


def test_the_table_says_whether_a_goal_is_met():
    """For people."""
    lines = list(bench.table([row("a", 0.5), row("b", None, met=False)]))

    assert lines[2:] == ["| what a is | 1.23 s | 2 | yes | 0.50 |", "| what b is | 1.23 s | 2 | no |  |"]


def test_the_limits_are_of_figures_that_are_measured():
    """A name that was changed would be held by nothing."""
    named = set(json.loads(LIMITS.read_text())["ratios"])
    source = (LIMITS.parent / "__main__.py").read_text("utf-8")

    assert all(f'"{name.partition(".")[0]}' in source for name in named)

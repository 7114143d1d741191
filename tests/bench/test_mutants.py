"""What is changed to see whether a test notices, and the list of what none notices."""

import ast
from pathlib import Path

import pytest

from bench.mutants import LISTED, Mutant, listed, patterns, undecorated

ROOT = Path(__file__).parents[2]
TEXT = """\
import functools


class Box:
    name = "box"

    @property
    def is_open(self) -> bool:
        return self.name == "open"

    def __or__(self, other: "Box") -> "Box":
        return self or other


@functools.cache
def one() -> int:
    return 1
"""


def source_of(function: str) -> str:
    """The text of a function or method by its full name, a blank for each break of a line."""
    module, names = ROOT, function.split(".")
    while not module.with_suffix(".py").is_file():
        module /= names.pop(0)
    text = module.with_suffix(".py").read_text("utf-8")
    node: ast.AST = ast.parse(text)
    for name in names:
        node = next(one for one in ast.iter_child_nodes(node) if getattr(one, "name", None) == name)
    return " ".join(map(str.strip, (ast.get_source_segment(text, node) or "").splitlines()))


@pytest.mark.parametrize("entry", sorted(listed(LISTED.read_text("utf-8")), key=str), ids=str)
def test_each_listed_change_is_one_of_what_stands_there_today(entry):
    """A list of what is there no more would say nothing: `python bench/mutants.py --all` writes the lines."""
    assert entry.was in source_of(entry.function)


def test_a_listed_change_is_read_as_it_is_written():
    """Whatever stands around it."""
    mutant = Mutant("skymark.score.score_of", "a + `b", "a - b")

    assert listed(f"# Why\n\nBecause:\n\n{mutant}\n- `no`\n") == {mutant}
    assert mutant.subject == "score"
    assert Mutant("skymark.rubric_file.load_rubric", "", "").subject == "rubric"


def test_properties_are_changed_too_and_nothing_is_cached():
    """What the tool would leave alone, it sees as plain functions; the module does the same."""
    plain = undecorated(TEXT)

    space = {}
    exec(plain, space)  # noqa: S102 - our own text
    assert "@" not in plain
    assert space["Box"]().is_open is False
    assert space["one"]() == 1


def test_each_function_and_method_is_asked_for_by_its_own_name(tmp_path):
    """So that a share of them can be drawn."""
    (tmp_path / "some").mkdir()
    file = tmp_path / "some" / "box.py"
    file.write_text(TEXT)

    assert patterns([file], tmp_path) == [
        "some.box.xǁBoxǁis_open__mutmut_*",
        "some.box.xǁBoxǁ__or____mutmut_*",
        "some.box.x_one__mutmut_*",
    ]

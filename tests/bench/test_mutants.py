"""What is listed as a change that no test notices."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENTRY = re.compile(r"- `(skymark\.[\w.]+)`: `(.*?)` → `.*`")
LISTED = [
    found for line in (ROOT / "docs" / "mutants.md").read_text("utf-8").splitlines() if (found := ENTRY.match(line))
]


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


@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: entry[1])
def test_each_listed_change_is_one_of_what_stands_there_today(entry):
    """A list of what is there no more would say nothing: `python bench/mutants.py --all` writes the lines."""
    assert entry[2] in source_of(entry[1])

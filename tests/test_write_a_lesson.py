"""docs/write-a-lesson.md: everything on it is done in its order, and ends as it says."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.blocks import Block, blocks, shows
from tests.docs.terminal import ROOT, Terminal, at_home

PAGE = ROOT / "docs" / "write-a-lesson.md"
A_GRADE = re.compile(r"1 grade\.py check\b")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """In an empty folder."""
    with Terminal(tmp_path, at_home(tmp_path)) as opened:
        yield opened


@pytest.fixture(scope="module")
def page() -> list[Block]:
    """Its blocks, in their order."""
    return blocks(PAGE, PAGE.name)


def test_everything_on_the_page_works_in_its_order(page: list[Block], terminal: Terminal, tmp_path: Path) -> None:
    """Files are saved, commands pasted, and what they print is what the page says that they print."""
    said = ""
    for block in page:
        if block.is_shell:
            said = terminal.run(block.text)
        elif block.title:
            (tmp_path / block.title).write_text(f"{block.text}\n", "utf-8")
        else:
            missing = shows(block.text, said)
            assert missing is None, f"{PAGE.name}:{block.line}: was not printed: {missing}\n{said}"

    assert [one for one in terminal.failures if not A_GRADE.match(one)] == [], terminal.printed


def test_the_code_of_the_page_is_formatted_as_ours_is(page: list[Block], tmp_path: Path) -> None:
    """What people copy is what they will write."""
    for number, block in enumerate(one for one in page if one.language == "python"):
        (tmp_path / f"file_{number}.py").write_text(f"{block.text}\n", "utf-8")

    ruff = [sys.executable, "-m", "ruff", "format", "--diff", "--line-length", "120", str(tmp_path)]
    done = subprocess.run(ruff, capture_output=True, text=True, check=False)

    if "No module named ruff" in done.stderr:
        pytest.skip("ruff is in another environment")
    assert done.returncode == 0, done.stdout


def test_the_last_rubric_of_the_page_is_worth_a_hundred_points(page: list[Block]) -> None:
    """As every lesson should be."""
    import yaml

    rubrics = [yaml.safe_load(one.text) for one in page if one.language == "yaml"]

    assert sum(one["points"] for one in rubrics[-1]["criteria"]) == 100

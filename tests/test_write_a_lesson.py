"""docs/write-a-lesson.md: everything on it is done in its order, and ends as it says."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pasting import ROOT, Terminal, blocks, is_told

PAGE = ROOT / "docs" / "write-a-lesson.md"
GRADED = "grade.py check"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """In an empty folder."""
    opened = Terminal(tmp_path)
    yield opened
    opened.close()


def test_everything_on_the_page_works_in_its_order(terminal: Terminal, tmp_path: Path) -> None:
    """Files are saved, commands pasted, and what they print is what the page says that they print."""
    said = ""
    for block in blocks(PAGE):
        text = block["text"]
        match block["kind"], block["file"]:
            case "sh", None:
                said, status = terminal.run(text)
                is_check = text.strip().splitlines()[-1].startswith(GRADED)
                assert status in ((0, 1) if is_check else (0,)), f"{text}\n{said}"
            case "text", None:
                assert is_told(said, text), f"{text}\nis not what was said:\n{said}"
            case _, str(file):
                (tmp_path / file).write_text(text, encoding="utf-8")
            case kind, None:
                pytest.fail(f"a block of {kind} without a file")


def test_the_code_of_the_page_is_formatted_as_ours_is(tmp_path: Path) -> None:
    """What people copy is what they will write."""
    for number, block in enumerate(one for one in blocks(PAGE) if one["kind"] == "python"):
        (tmp_path / f"file_{number}.py").write_text(block["text"], encoding="utf-8")

    ruff = [sys.executable, "-m", "ruff", "format", "--diff", "--line-length", "120", str(tmp_path)]
    done = subprocess.run(ruff, capture_output=True, text=True, check=False)

    if "No module named ruff" in done.stderr:
        pytest.skip("ruff is in another environment")
    assert done.returncode == 0, done.stdout


def test_the_last_rubric_of_the_page_is_worth_a_hundred_points() -> None:
    """As every lesson should be."""
    import yaml

    rubrics = [yaml.safe_load(one["text"]) for one in blocks(PAGE) if one["kind"] == "yaml"]

    assert sum(one["points"] for one in rubrics[-1]["criteria"]) == 100

"""The page of the lesson: what stands there by the AWS CLI is done, and leads to a hundred points."""

from pathlib import Path

import pytest

from tests.lessons.static_website.conftest import FOLDER
from tests.pasting import ROOT, Terminal, blocks, is_told

LAB = """
grade.py lab --port 0 --speed inf > lab.txt &
LAB=$!
until grep -q AWS_DEFAULT_REGION lab.txt; do sleep 0.2; done
eval "$(grep -E '^(unset|export) ' lab.txt)"
"""


@pytest.fixture
def terminal(tmp_path: Path):
    """In a clone of the repository, with the practice cloud's keys."""
    (tmp_path / "lessons").symlink_to(ROOT / "lessons")
    opened = Terminal(tmp_path)
    opened.run(LAB)
    yield opened
    opened.close()


def test_who_follows_the_page_gets_a_hundred_points(terminal):
    """The commands alone; the second look knows what the first one saw."""
    commands = [one["text"] for one in blocks(FOLDER / "README.md") if one["kind"] == "sh"]

    said = [terminal.run(text) for text in commands]

    assert [status for _, status in said] == [0, 1, 0]
    assert is_told(said[1][0], "92 of 100 points")
    assert is_told(said[2][0], "100 of 100 points")


def test_the_policy_for_the_console_is_the_one_of_the_commands():
    """Nobody gets another one by clicking."""
    text = (FOLDER / "README.md").read_text("utf-8")
    shell = "".join(one["text"] for one in blocks(FOLDER / "README.md"))

    for part in ('"Effect": "Allow"', '"Principal": "*"', '"Action": "s3:GetObject"', '"Version": "2012-10-17"'):
        assert text.count(part) == 2
        assert part in shell

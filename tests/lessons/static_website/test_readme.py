"""The page of the lesson: what stands there by the AWS CLI is done, and leads to a hundred points."""

from pathlib import Path

import pytest

from tests.docs.blocks import blocks
from tests.docs.terminal import ROOT, Terminal, at_home
from tests.lessons.static_website.conftest import FOLDER

PAGE = FOLDER / "README.md"
LAB = """
grade.py lab --port 0 --speed inf > lab.txt &
until grep -q AWS_DEFAULT_REGION lab.txt; do sleep 0.2; done
eval "$(grep -E '^(unset|export) ' lab.txt)"
"""


@pytest.fixture
def terminal(tmp_path: Path):
    """In a clone of the repository, with the practice cloud's keys."""
    (tmp_path / "lessons").symlink_to(ROOT / "lessons")
    with Terminal(tmp_path, at_home(tmp_path)) as opened:
        opened.run(LAB)
        yield opened


def test_who_follows_the_page_gets_a_hundred_points(terminal):
    """The commands alone; the second look knows what the first one saw."""
    _, middle, end = (terminal.run(one.text) for one in blocks(PAGE, PAGE.name) if one.language == "sh")

    assert "\n92 of 100 points\n" in middle
    assert "\n100 of 100 points\n" in end
    assert terminal.failures == ["1 grade.py check --lesson lessons/static-website"]


def test_the_policy_for_the_console_is_the_one_of_the_commands():
    """Nobody gets another one by clicking."""
    text = PAGE.read_text("utf-8")
    shell = "".join(one.text for one in blocks(PAGE, PAGE.name) if one.language == "sh")

    for part in ('"Effect": "Allow"', '"Principal": "*"', '"Action": "s3:GetObject"', '"Version": "2012-10-17"'):
        assert text.count(part) == 2
        assert part in shell

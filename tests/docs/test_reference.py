"""The pages to look things up in have everything that there is to look up."""

import json
import re
from pathlib import Path

import pytest

from docs_site.reference import commands, pages
from skymark.lesson import Lesson
from skymark.rubric_file import load_rubric

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """Every page by its name."""
    return pages(ROOT)


def section(page: str, title: str) -> str:
    """The part of a page below a heading."""
    found = re.search(rf"^##+ {re.escape(title)}(?: \{{[^\n]*)?\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"there is no heading {title}"
    return found[1]


def test_each_command_has_each_of_its_options(made: dict[str, str]) -> None:
    """With what it does and, where it has one, its default."""
    for path, command in commands.every(commands.command_line(ROOT)):
        text = section(made["commands.md"], path)
        for option in (one for one in command.params if one.param_type_name == "option"):
            (row,) = [line for line in text.splitlines() if re.search(rf"^\| .*?<code>{option.opts[0]}[ <]", line)] or [
                ""
            ]
            assert row, f"{path} {option.opts[0]}"
            assert option.help is None or len(row) > len(option.opts[0]) + len(option.help) / 2
    assert "| <code>10.0</code> |" in section(made["commands.md"], "grade.py lab").replace(
        "<code>10</code>", "<code>10.0</code>"
    )


@pytest.mark.parametrize("name", ["sagemaker-intro", "learner-lab"])
def test_each_criterion_tells_what_the_rubric_tells(made: dict[str, str], name: str) -> None:
    """Title, points, what is asked for, why, what to do, and the calls."""
    for one in load_rubric(Lesson(ROOT), name).criteria:
        text = section(made[f"{name}.md"], one.id).replace("&lt;", "<").replace("&gt;", ">").replace("&#95;", "_")
        plain = " ".join(text.replace("&amp;", "&").replace("&#42;", "*").replace("&#124;", "|").split())
        for said in (one.title, one.expected, one.why, one.hint, *one.calls):
            assert said is None or " ".join(said.split()) in plain, one.id
        assert one.is_advice or f"({one.points} point" in plain


@pytest.mark.parametrize(
    ("page", "file"),
    [
        ("rubric.md", "rubrics/rubric.schema.json"),
        ("result.md", "skymark/result.schema.json"),
        ("survey.md", "skymark/survey.schema.json"),
    ],
)
def test_each_type_of_a_schema_has_each_of_its_fields(made: dict[str, str], page: str, file: str) -> None:
    """And whether one may be left out."""
    schema = json.loads((ROOT / file).read_text("utf-8"))
    for name, kind in {"The file": schema, **schema["$defs"]}.items():
        for field in kind.get("properties", {}):
            row = f"| <code>{field.replace('_', '&#95;')}</code> | "
            assert row in section(made[page], name), f"{name}.{field}"
            if field in kind.get("required", ()):
                assert "| needed |" in section(made[page], name).split(row)[1].splitlines()[0]


def test_nothing_that_is_told_is_taken_for_html(made: dict[str, str]) -> None:
    """Of angle brackets only our own code stays."""
    assert {tag for text in made.values() for tag in re.findall(r"<[^>]+>", text)} <= {"<code>", "</code>"}

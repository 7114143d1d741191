"""What holds of each format whatever anybody wrote into it, by parsers that are none of Skymark's own."""

import csv
import functools
import io
import json
import re
import shutil
import subprocess
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt

from tests.render.page import Page

ADDRESSES: Final = frozenset(("href", "src", "action", "formaction", "srcset", "poster", "data", "xlink:href"))
CONSOLE: Final = re.compile(r"https://([a-z0-9-]+\.)?console\.aws\.amazon\.com(/|$)")
OWN: Final = re.compile(r"(#[^ ]*|[a-z0-9_.-]+(/[a-z0-9_.-]+)*(#[^ ]*)?|data:image/png;base64,[A-Za-z0-9+/=]*|data:,)")
FORMULA: Final = re.compile(r"[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001
NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
COMMAND: Final = re.compile(r"::(error|warning|notice) title=([^:,\r\n]*)::(.*)")
JOINERS: Final = "\u200c\u200d"
TEMPLATES: Final = Path(__file__).parents[2] / "skymark" / "render" / "templates"
JINJA: Final = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
TAG: Final = re.compile(r"<(![a-z]+|[a-z][a-z0-9]*)((?:[^<>\"]|\"[^\"]*\")*)>")
ATTRIBUTE: Final = re.compile(r"(?<=\s)([a-z-]+)(?=[\s=/]|$)")


def assert_html(text: str, *templates: str, script: str = "") -> None:
    """No tag and attribute but those of the templates, no address but the console's and its own, no other script.

    `templates` are the names of Skymark's own, each of which may have been used.
    """
    page = Page(text)
    assert page.open == []
    assert [one for one in page.scripts if one.strip()] == ([script] if script else [])
    known = _known(templates)
    assert {(tag, "") for tag in page.tags} - known == set()
    for tag, name, value in page.attributes:
        assert (tag, name) in known, (tag, name)
        assert not name.startswith("on"), (tag, name)
        assert name not in ADDRESSES or CONSOLE.match(value) or OWN.fullmatch(value), (tag, name, value)
    policies = [value for tag, name, value in page.attributes if (tag, name) == ("meta", "content") and "-src" in value]
    assert len(policies) == 1
    assert "default-src 'none'" in policies[0]
    assert_shown(text)


@functools.cache
def _known(templates: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    """The tags of templates, each with nothing and with each attribute that it has anywhere in them."""
    found: set[tuple[str, str]] = set()
    for name in templates:
        text = JINJA.sub(" ", (TEMPLATES / name).read_text(encoding="utf-8")).lower()
        for tag, attributes in TAG.findall(text):
            found.add((tag, ""))
            found |= {(tag, attribute) for attribute in ATTRIBUTE.findall(attributes)}
    return frozenset(found)


def assert_shown(text: str, *, lines: str = "\n") -> None:
    """Nothing that moves a cursor, turns the direction of writing, hides, or is half of a character."""
    bad = {
        char
        for char in set(text) - set(lines)
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in JOINERS
    }
    assert not bad, sorted(map(ascii, bad))


def assert_terminal(text: str) -> None:
    """Safe to print; and where GitHub's runner reads it, no line is a command."""
    assert_shown(text)


def assert_json(text: str) -> Any:
    """JSON of today's standard, without NaN, and whole characters alone."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    found = json.loads(text, parse_constant=refuse)
    text.encode()
    json.dumps(found, ensure_ascii=False).encode()
    return found


def assert_texts(value: Any, *, lines: str = "\n") -> None:
    """Each text in it, however deep, is safe to show."""
    match value:
        case dict():
            for part in value.values():
                assert_texts(part, lines=lines)
        case list():
            for part in value:
                assert_texts(part, lines=lines)
        case str():
            assert_shown(value, lines=lines)


def assert_junit(text: str, ids: list[str]) -> None:
    """One test for each criterion, whatever stands in it."""
    root = ET.fromstring(text.encode())  # noqa: S314 - the report that was just made
    assert [one.get("name") for one in root.iter("testcase")] == ids
    assert {one.tag for one in root.iter()} <= {
        *("testsuites", "testsuite", "testcase", "properties", "property", "failure", "error", "skipped"),
    }


def assert_sheet(text: str, rows: int | None = None, *, numbers: frozenset[str] = frozenset()) -> list[dict[str, str]]:
    """A table for people in which no cell is run; `numbers` are the columns that hold points."""
    assert text.startswith("\ufeff")
    head, *found = csv.reader(io.StringIO(text[1:], newline=""), strict=True)
    assert rows is None or len(found) == rows
    assert all(len(row) == len(head) for row in found)
    for cell in (*head, *(cell for row in found for cell in row)):
        assert NUMBER.fullmatch(cell) or not FORMULA.match(cell.lstrip()), cell
        assert_shown(cell)
    return [dict(zip(head, row, strict=True)) for row in found]


def assert_annotations(text: str, most: int) -> None:
    """Each line is one annotation and no other command; none is longer than GitHub takes."""
    lines = text.split("\n")
    assert lines.pop() == ""
    assert len(lines) <= most
    for line in lines:
        assert COMMAND.fullmatch(line), line
        assert len(line.encode()) < 5000
        assert_shown(line)


def assert_summary(text: str, rows: int) -> None:
    """A heading and one table of so many rows, in which nothing is markup."""
    assert_shown(text)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    kinds = [token.type for token in tokens]
    assert kinds.count("tr_open") == rows + 1
    assert kinds.count("table_open") == kinds.count("heading_open") == 1
    inside = {child.type for token in tokens for child in token.children or ()}
    assert inside <= {"text", "strong_open", "strong_close", "text_special"}
    assert not {"html_block", "fence", "code_block", "blockquote_open", "bullet_list_open", "hr"} & set(kinds)
    strong = [child for token in tokens for child in token.children or () if child.type == "strong_open"]
    assert len(strong) <= 1


TOOLS: Final = ("seq", "grep", "tr")
ASKED: Final = re.compile(r"[a-z0-9]+ [a-z0-9-]+")
STANDS_FOR_AWS: Final = """aws() {
  printf '%s\\0' "$@" '' >> calls
  case "$2" in list-*versions|list-*packages|list-trial-components) printf '%s\\t%s\\n' '$(touch owned)' '-v';; esac
}
sleep() { true; }
"""


def assert_script(text: str, folder: Path) -> list[list[str]]:
    """A script that bash takes; run where there is nothing but `aws`, it calls nothing else and leaves nothing.

    Returns:
        The words of each call of `aws`.
    """
    assert_shown(text)
    assert subprocess.run(["bash", "-n"], input=text.encode(), capture_output=True, check=True).stderr == b""
    tools = folder / "tools"
    if not tools.exists():
        tools.mkdir(parents=True)
        for name in TOOLS:
            (tools / name).symlink_to(str(shutil.which(name)))
    (tools / "script").write_text(f"{STANDS_FOR_AWS}{text}", encoding="utf-8", newline="")
    command = ["/bin/sh", "tools/script"]
    ran = subprocess.run(command, cwd=folder, env={"PATH": str(tools)}, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    said = folder / "calls"
    calls = [one.split("\0") for one in said.read_text().split("\0\0")[:-1]] if said.exists() else []
    said.unlink(missing_ok=True)
    assert [one.name for one in folder.iterdir()] == ["tools"]
    assert all(ASKED.fullmatch(" ".join(words[:2])) for words in calls)
    return calls

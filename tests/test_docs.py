"""The documents say what the program does."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from docs_site import pictures, reference
from docs_site.pages import MADE, PICTURE

ROOT = Path(__file__).parents[1]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LESSONS = sorted([ROOT / "lesson" / "README.md", *(ROOT / "lessons").glob("*/README.md")])


def options(command: Any, path: str = "grade.py") -> Iterator[tuple[str, str]]:
    """Each command with each of its options, as somebody types them."""
    for name, child in getattr(command, "commands", {}).items():
        yield from options(child, f"{path} {name}")
    for parameter in command.params:
        yield from (
            (path, option) for option in (*parameter.opts, *parameter.secondary_opts) if option.startswith("--")
        )


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line, as Typer builds it."""
    monkeypatch.syspath_prepend(str(ROOT))
    import grade

    yield typer.main.get_command(grade.app)
    sys.modules.pop("grade", None)


def test_each_command_and_option_is_in_the_docs(cli: Any) -> None:
    """Nothing can be typed that docs/use.md does not explain."""
    text = (ROOT / "docs" / "use.md").read_text("utf-8")

    missing = [
        (command, option)
        for command, option in options(cli)
        if not re.search(rf"{option}\b(?!-)", text) or command.split()[-1] not in text
    ]

    assert missing == []


def test_docs_name_no_option_that_is_not_there(cli: Any) -> None:
    """What docs/use.md shows in its tables can be typed."""
    text = (ROOT / "docs" / "use.md").read_text("utf-8")
    known = {option for _, option in options(cli)}

    named = {
        option
        for row in text.splitlines()
        if row.startswith("| `--")
        for option in re.findall(r"--[a-z0-9-]+", row.split("|")[1])
    }

    assert named - known == set()


@pytest.mark.parametrize("document", [*DOCS, *LESSONS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    """A link to a file is one to a file of this repository; pictures and pages that are made are the site's alone."""
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", PICTURE.sub("", document.read_text("utf-8")))

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_each_picture_of_the_site_stands_in_a_document_and_each_in_a_document_is_taken() -> None:
    """And what a made page is made for is there, and the page as well."""
    shown = {one for document in DOCS for one in PICTURE.findall(document.read_text("utf-8"))}

    assert {one.rpartition("(")[2].rstrip(")") for one in shown} == {
        f"{pictures.FOLDER}/{name}" for name in pictures.NAMES if name != "favicon.svg"
    }
    assert set(MADE.values()) <= {f"{reference.FOLDER}/{name}" for name in reference.pages(ROOT)}
    assert [file for file in MADE if not (ROOT / file).is_file()] == []

"""Pages to look things up in, made from what the program itself goes by: its command line, rubrics and schemas."""

from pathlib import Path

from docs_site.reference import commands, criteria, schemas

FOLDER = "reference"


def pages(root: Path) -> dict[str, str]:
    """Each page by its file's name."""
    return {"commands.md": commands.page(root)} | criteria.pages(root) | schemas.pages(root)


def write(root: Path, target: Path) -> None:
    """Write every page."""
    (target / FOLDER).mkdir(parents=True, exist_ok=True)
    for name, text in pages(root).items():
        (target / FOLDER / name).write_text(text, "utf-8")

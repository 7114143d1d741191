"""What the shell offers when Tab is pressed: at once, and nothing where something is wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from skymark.lesson import Lesson


def criteria(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """The ids of the lesson's checks that begin so, each with what is true when it passes."""
    from skymark.errors import SkymarkError

    try:
        checks = _lesson(ctx).checks
    except (SkymarkError, OSError):
        return
    for id, check in checks.items():
        if id.startswith(incomplete):
            yield id, check.docstring.partition("\n")[0]  # a shell takes the next line for another offer


def rubrics(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """The names of the lesson's rubrics that begin so; of files the shell knows more."""
    from skymark.errors import SkymarkError

    try:
        names = _lesson(ctx).rubrics
    except (SkymarkError, OSError):
        return
    yield from (name for name in names if name.startswith(incomplete))


def _lesson(ctx: typer.Context) -> "Lesson":
    """The lesson that the line names so far; otherwise the first one."""
    from skymark.lesson import Lesson

    named = ctx.params.get("lesson")
    return Lesson.at(Path(named) if named else None)

"""`grade.py explain`: what one criterion asks for, and why."""

from typing import Annotated

import typer

from skymark import options
from skymark.commands.choosing import lesson_and_rubric
from skymark.commands.completion import criteria
from skymark.commands.console import printing
from skymark.errors import UsageError


def explain(
    criterion: Annotated[
        str | None, typer.Argument(metavar="CRITERION", help="Such as bucket.name.", autocompletion=criteria)
    ] = None,
    rubric: options.Rubric = None,
    lesson: options.Lesson = None,
) -> None:
    """Explain one criterion: what is asked for, why it matters, what to do, and by what it is judged."""
    from skymark.render.explanation import render
    from skymark.suggest import one_of

    _, by = lesson_and_rubric(lesson, rubric)
    if criterion is None:
        raise UsageError(f"Which one? There are: {one_of([one.id for one in by.criteria])}.")
    by.refuse_unknown([criterion])
    entry = next(one for one in by.criteria if one.id == criterion)
    with printing() as console:
        render(entry, console)

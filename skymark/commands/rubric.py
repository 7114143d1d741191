"""`grade.py rubric`: what a teacher does with a rubric."""

from typing import Annotated

import typer

from skymark import options
from skymark.commands.choosing import lesson_and_rubric
from skymark.commands.completion import rubrics
from skymark.commands.console import printing

commands = typer.Typer(no_args_is_help=True, help="Validate a rubric, or show it.", rich_markup_mode=None)


@commands.command(short_help="Find every mistake in rubrics, each with its line.")
def validate(
    files: Annotated[
        list[str], typer.Argument(metavar="NAME|FILE…", help="The rubrics to look at.", autocompletion=rubrics)
    ],
    lesson: options.Lesson = None,
) -> None:
    """Find every mistake in rubrics: with file, line, what was found and what is allowed."""
    from skymark.lesson import Lesson
    from skymark.render.rubric import summary
    from skymark.rubric_file import load_rubrics

    for rubric in load_rubrics(Lesson.at(lesson), files):
        typer.echo(f"{rubric.id}: valid, {summary(rubric)}")


@commands.command()
def show(
    rubric: Annotated[
        str | None, typer.Argument(metavar="NAME|FILE", help="Otherwise the lesson's own.", autocompletion=rubrics)
    ] = None,
    lesson: options.Lesson = None,
    full: Annotated[bool, typer.Option("--full", help="With the hints and the permissions.")] = False,
) -> None:
    """Show a rubric as a table, with what it extends merged in."""
    from skymark.render.rubric import table

    _, by = lesson_and_rubric(lesson, rubric)
    with printing() as console:
        console.print(table(by, full=full))

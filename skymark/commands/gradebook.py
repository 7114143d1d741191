"""`grade.py gradebook`: what was recorded, what an assistant decides about it, and where it goes."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from skymark import options
from skymark.commands.console import printing

commands = typer.Typer(
    no_args_is_help=True, help="What was recorded: show it, decide about it, export it.", rich_markup_mode=None
)


@commands.command("show")
def show_marks(
    account: Annotated[str | None, typer.Argument(metavar="ACCOUNT", help="Otherwise all of them.")] = None,
    rubric: options.RecordedRubric = None,
    gradebook: options.Gradebook = None,
) -> None:
    """Show how every account stands; or each criterion of one: what counts, and by what."""
    from skymark.gradebook import tables
    from skymark.gradebook.asking import everyone, look_up, open_to_ask

    with open_to_ask(gradebook) as book:
        page = tables.account(look_up(book, account, rubric).standing) if account else None
        page = page or tables.overview(everyone(book, rubric))
    with printing() as console:
        console.print(page)


@commands.command()
def history(
    account: options.Account,
    criterion: Annotated[str | None, typer.Argument(metavar="CRITERION", help="Otherwise the whole.")] = None,
    rubric: options.RecordedRubric = None,
    gradebook: options.Gradebook = None,
) -> None:
    """Show every check and every decision, in time."""
    from skymark.gradebook import tables
    from skymark.gradebook.asking import criterion_of, look_up, open_to_ask

    with open_to_ask(gradebook) as book:
        found = look_up(book, account, rubric)
    if criterion:
        criterion_of(found.standing, criterion)
    with printing() as console:
        console.print(tables.history(found, criterion))


@commands.command()
def override(
    account: options.Account,
    criterion: Annotated[str, typer.Argument(metavar="CRITERION", help="Such as bucket.name.")],
    reason: options.Reason,
    points: Annotated[str | None, typer.Option(metavar="N", help="So many points, from 0 to all.")] = None,
    outcome: Annotated[
        str | None, typer.Option(metavar="waived", help="Without --points: waived, with all points.")
    ] = None,
    by: options.DecidedBy = None,
    rubric: options.RecordedRubric = None,
    gradebook: options.Gradebook = None,
) -> None:
    """Decide about a criterion of one account, whatever its checks say. Give --points or --outcome waived."""
    from skymark.gradebook import asking

    asking.refuse_undecided(points, outcome)
    with asking.open_to_ask(gradebook) as book:
        done = asking.override(book, account, criterion, points=points, reason=reason, by=by, rubric=rubric)
    typer.echo(done)


@commands.command()
def undo(
    account: options.Account,
    criterion: Annotated[str, typer.Argument(metavar="CRITERION", help="Such as bucket.name.")],
    reason: options.Reason,
    by: options.DecidedBy = None,
    rubric: options.RecordedRubric = None,
    gradebook: options.Gradebook = None,
) -> None:
    """Take back the latest override of a criterion. Both stay in the history."""
    from skymark.gradebook import asking

    with asking.open_to_ask(gradebook) as book:
        done = asking.undo(book, account, criterion, reason=reason, by=by, rubric=rubric)
    typer.echo(done)


@commands.command()
def export(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Otherwise standard output.")] = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="csv|json", help="For a spreadsheet, or a script.")
    ] = "csv",
    rubric: options.RecordedRubric = None,
    gradebook: options.Gradebook = None,
) -> None:
    """Write how every account stands: a row each, with a column for each criterion."""
    from skymark.files import write_whole
    from skymark.gradebook.asking import everyone, open_to_ask
    from skymark.gradebook.export import writer

    write = writer(format_)
    with open_to_ask(gradebook) as book:
        text = write(everyone(book, rubric))
    if file is None:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    else:
        write_whole(file, text, private=True)

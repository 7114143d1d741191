"""Skymark's command line: parses, calls, prints. `grade.py` is this in a checkout, `skymark` where it is installed.

What a command needs is imported inside it, so that `--help` answers at once.
"""

import contextlib
import functools
import io
import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from skymark import __version__, options, program
from skymark.commands.board import board
from skymark.commands.choosing import lesson_and_rubric
from skymark.commands.classes import grade_class
from skymark.commands.console import printing, warn
from skymark.commands.doctor import doctor
from skymark.commands.explain import explain
from skymark.commands.gradebook import commands as gradebook_commands
from skymark.commands.looking import refuse_aws_offline, survey_of
from skymark.commands.policy import policy
from skymark.commands.rubric import commands as rubric_commands
from skymark.commands.watch import watch
from skymark.errors import SkymarkError, UsageError
from skymark.garbage import collect_less_often

if TYPE_CHECKING:
    from skymark.destinations import Destinations
    from skymark.result import Result
    from skymark.samples import Samples

COULD_NOT_START, INTERRUPTED, BROKEN_PIPE = 2, 130, 141


ORDER = (
    *("check", "watch", "explain", "cleanup", "doctor"),
    *("class", "board", "gradebook", "report", "rubric", "policy"),
    *("demo", "lab"),
)
"""The commands as `--help` lists them: a student's, a teaching assistant's, the practice cloud's."""


class Commands(TyperGroup):
    """The one place where errors become words on standard error and an exit status."""

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order in which people need them."""
        return sorted(super().list_commands(ctx), key=ORDER.index)

    def invoke(self, ctx: Any) -> None:  # Typer's own Context, or Click's, as the release has it
        """Run the command that was asked for."""
        try:
            self._told(ctx)
        except KeyboardInterrupt as error:
            raise typer.Exit(INTERRUPTED) from error
        except BrokenPipeError as error:  # be it that nobody reads what went wrong: Click would end with 1, a grade
            sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - flushed once more at the end
            raise typer.Exit(BROKEN_PIPE) from error

    def _told(self, ctx: Any) -> None:
        try:
            super().invoke(ctx)
        except SkymarkError as error:
            warn(str(error))
            raise typer.Exit(COULD_NOT_START) from error

    def parse_args(self, ctx: Any, args: Any) -> Any:
        """Parse a line. While it is still being typed its values stay text: to convert them Typer imports Pydantic."""
        if ctx.resilient_parsing:
            for one in _parameters(self, ctx):
                one.process_value = _as_typed
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Check that a cloud lesson really happened: what is right, what is wrong, how to fix it, what it costs now.",
)
app.command("watch", short_help="Grade one account again and again, live.")(watch)
app.command("explain", short_help="Explain one criterion, and what to do.")(explain)
app.command("class", short_help="Grade a class.")(grade_class)
app.command("board", short_help="Show on the projector how far the class is.")(board)
app.command("policy", short_help="Print the permissions that Skymark needs.")(policy)
app.command("doctor", short_help="Say what stands in the way, and how to mend it.")(doctor)
app.add_typer(rubric_commands, name="rubric")
app.add_typer(gradebook_commands, name="gradebook")


def _parameters(command: Any, ctx: Any) -> Iterator[Any]:
    """Those of a command, and of the commands below it."""
    yield from command.get_params(ctx)
    for one in getattr(command, "commands", {}).values():
        yield from _parameters(one, ctx)


def _as_typed(_ctx: Any, value: Any) -> Any:
    return value


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"skymark {__version__}")
        raise typer.Exit


def _tell_own_fault() -> None:
    from skymark.log import FILE, LOG, log_to_file

    log_to_file()
    LOG.exception("%s", " ".join(sys.argv[1:2]))
    with contextlib.suppress(OSError):  # nobody reads it
        warn(f"Skymark itself went wrong, and gives no grade. What happened is in {FILE}: please report it.")


def main() -> None:
    """Run what was typed, and end with its exit status."""
    collect_less_often()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Into a file Windows writes in a code page, which lacks most letters. A mark must not get lost for one of them.
        sys.stdout.reconfigure(errors="replace")
    try:
        app(prog_name=program.name().split()[-1])  # the shell completes a command, not `python -m`
    except Exception:  # noqa: BLE001 - a mistake of Skymark's own. Python would end with 1, a grade
        _tell_own_fault()
        sys.exit(COULD_NOT_START)


@app.callback()
def _before_any_command(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


@app.command()
def check(
    rubric: options.Rubric = None,
    lesson: options.Lesson = None,
    expect_account: options.ExpectAccount = None,
    final: options.Final = False,
    since: options.Since = None,
    until: options.Until = None,
    due: options.Due = None,
    only: options.Only = None,
    notebook: options.Notebook = None,
    handed_in: options.HandedIn = None,
    accept_handed_in: options.AcceptHandedIn = False,
    save_survey: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep what was found, to grade it again without AWS.")
    ] = None,
    survey: options.Survey = None,
    json: options.Json = None,
    html: options.Html = None,
    junit: options.Junit = None,
    gradescope: options.Gradescope = None,
    classroom50: options.Classroom50 = None,
    github: options.Github = False,
    no_predict: options.NoPredict = False,
    prices: options.Prices = None,
    gradebook: options.Gradebook = None,
    no_gradebook: options.NoGradebook = False,
    open_: options.Open = None,
    quiet: options.Quiet = False,
    profile: options.Profile = None,
    region: options.Region = None,
) -> None:
    """Grade one account. Ends with 0: all passed, 1: not all, 2: could not start, 3: something could not be seen."""
    import msgspec

    from skymark import survey_file
    from skymark.checking import checked
    from skymark.cost import load_prices
    from skymark.destinations import Destinations
    from skymark.gradebook.recording import place
    from skymark.grading import grade
    from skymark.handed_in import read_handed_in
    from skymark.notebook_file import read_notebook
    from skymark.samples import samples_at_hand
    from skymark.survey.calls import needs_leftovers
    from skymark.window import written_times

    refuse_aws_offline(survey, profile, region)
    if accept_handed_in and not handed_in:
        raise UsageError("--accept-handed-in says what to do with --handed-in SURVEY: give that, too, or neither.")
    book = place(gradebook, off=no_gradebook, offline=survey is not None, only=bool(only))
    of, by = lesson_and_rubric(lesson, rubric, only)
    times = written_times(since, until, due) | by.times
    named = Destinations(json, html, junit, save_survey, gradescope, classroom50, github)
    to, show = _opened(named, (survey, *(notebook or ()), *(handed_in or ()), prices, book), open_, quiet=quiet)
    costs = load_prices(prices)
    notebooks = [read_notebook(file) for file in notebook or ()]
    theirs = tuple(dict.fromkeys(read_handed_in(file) for file in handed_in or ()))
    found = survey_of(
        survey,
        of,
        by,
        times,
        profile=profile,
        region=region,
        account=expect_account,
        predict=not no_predict,
        # A saved survey may be graded by anything.
        leftovers=save_survey is not None or needs_leftovers(by, only or ()),
        quiet=quiet,
    )
    found = msgspec.structs.replace(found, notebooks=tuple(dict.fromkeys((*found.notebooks, *notebooks))))
    if save_survey:
        survey_file.save(found, save_survey)
    window, due_at = times.at(found.surveyed_at)
    whole = functools.partial(grade, rubric=by, lesson=of, final=final, window=window, due=due_at, prices=costs)
    graded = functools.partial(whole, only=tuple(only or ()))
    result = checked(found, graded, whole, by, window, handed_in=theirs, accept=accept_handed_in, book=book, warn=warn)
    digits = samples_at_hand(of.root, by.survey.samples) if to.html and result.digits else None
    _show_result(result, to, digits, show=show, quiet=quiet)


@app.command(short_help="Render a saved survey again, without AWS.")
def report(
    survey: Annotated[Path, typer.Argument(metavar="SURVEY", help="A file that check --save-survey wrote.")],
    rubric: options.Rubric = None,
    lesson: options.Lesson = None,
    final: options.Final = False,
    since: options.Since = None,
    until: options.Until = None,
    due: options.Due = None,
    only: options.Only = None,
    notebook: options.Notebook = None,
    handed_in: options.HandedIn = None,
    accept_handed_in: options.AcceptHandedIn = False,
    json: options.Json = None,
    html: options.Html = None,
    junit: options.Junit = None,
    gradescope: options.Gradescope = None,
    classroom50: options.Classroom50 = None,
    github: options.Github = False,
    prices: options.Prices = None,
    open_: options.Open = None,
    quiet: options.Quiet = False,
) -> None:
    """Render a saved survey again, without AWS. The exit status is that of check."""
    check(**locals())  # each option above is one of check's, by the same name


@app.command(short_help="Print the commands that remove what is left.")
def cleanup(
    survey: options.Survey = None,
    rubric: options.Rubric = None,
    lesson: options.Lesson = None,
    since: options.Since = None,
    until: options.Until = None,
    prices: options.Prices = None,
    all_: Annotated[
        bool, typer.Option("--all", help="What costs nothing by the hour, too: models, buckets, the role, logs.")
    ] = False,
    profile: options.Profile = None,
    region: options.Region = None,
) -> None:
    """Print a shell script that removes what is left and bills by the hour. Runs nothing and deletes nothing."""
    from skymark.cost import load_prices
    from skymark.grading import grade
    from skymark.render import script
    from skymark.window import written_times

    refuse_aws_offline(survey, profile, region)
    of, by = lesson_and_rubric(lesson, rubric)
    times = written_times(since, until, None) | by.times
    costs = load_prices(prices)
    found = survey_of(survey, of, by, times, profile=profile, region=region)
    window, _ = times.at(found.surveyed_at)
    result = grade(found, by, of, window=window, prices=costs)
    sys.stdout.buffer.write(script.render(result, everything=all_, said=program.as_called).encode())
    sys.stdout.buffer.flush()


@app.command(short_help="Grade a sample class, with no AWS account.")
def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the reports go.")] = Path("reports/demo"),
    open_: Annotated[bool, typer.Option("--open", help="Show them in the browser.")] = False,
) -> None:
    """Grade a sample class in a practice cloud on this machine. Needs no AWS account."""
    _need_the_practice_cloud()
    from simulator.demo import run

    page = run(out, say=typer.echo)
    typer.echo(f"The reports: {page}")
    if open_:
        _show(page)


@app.command(short_help="Run the practice cloud on this machine.")
def lab(
    port: Annotated[int, typer.Option(help="Where to listen on this machine; 0 is any free port.")] = 5000,
    speed: Annotated[
        float, typer.Option(help="How many times as fast as AWS: 1 is AWS's own pace, inf is at once.")
    ] = 10,
    region: Annotated[str, typer.Option(help="The region to work in.")] = "us-east-1",
    quota: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=N", help='Another limit, such as "ml.m4.xlarge for endpoint usage=0".'),
    ] = None,
) -> None:
    """Run the practice cloud on this machine until Ctrl-C: the whole lesson with no AWS bill."""
    _need_the_practice_cloud()
    from simulator.lab import run, settings

    run(settings(port, speed, region, quota or ()), say=typer.echo)


def _need_the_practice_cloud() -> None:
    if find_spec("moto") is None:
        raise UsageError(f"This needs the practice cloud. Install it with: {program.to_install('lab')}")


def _opened(
    to: "Destinations", reads: tuple[Path | None, ...], wanted: bool | None, *, quiet: bool
) -> "tuple[Destinations, bool]":
    """Where the reports go, which can be written there, and whether the page is shown. Older marks are gone.

    `reads` are the files that are read; `wanted` is whether somebody said that the page is shown.

    Raises:
        UsageError: one cannot be written, or is one of those that are read.
    """
    from skymark.desktop import shows_itself, somebody_is_there
    from skymark.destinations import STDOUT

    show = shows_itself(wanted, quiet=quiet, json_is_printed=to.json == STDOUT, desktop=somebody_is_there())
    to = to.opened(wanted is True)
    to.refuse_unwritable(reads)
    to = to.opened_if_possible(reads) if show else to
    to.remove_old_marks()
    return to, show


def _show_result(result: "Result", to: "Destinations", digits: "Samples | None", *, show: bool, quiet: bool) -> None:
    """Write what is wanted, print the report, and end with the exit status."""
    from skymark.destinations import STDOUT
    from skymark.render import terminal
    from skymark.score import exit_status

    for withheld in to.write(result, digits):
        warn(withheld)
    to_stderr = to.json == STDOUT
    with printing(to_stderr=to_stderr) as console:
        if quiet:
            console.print(terminal.brief(result), markup=False, soft_wrap=True)
        else:
            terminal.render(result, console)
    if show and to.html:
        _show(to.html, quiet=quiet)
    raise typer.Exit(exit_status(result))


def _show(page: Path, *, quiet: bool = True) -> None:
    from skymark.desktop import show

    if not show(page.resolve().as_uri()):
        warn(f"No browser could be started. The report is in {page}.")
    elif not quiet:
        warn(f"The report opens in your browser. It is in {page}; --no-open keeps it closed.")

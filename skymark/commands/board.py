"""`grade.py board`: the lesson's timetable on the projector, and how far the class is."""

import functools
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skymark import options, program
from skymark.commands.choosing import class_of, lesson_and_rubric
from skymark.commands.console import warn
from skymark.errors import RubricError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from skymark.lesson import Lesson
    from skymark.roster.entry import Entry
    from skymark.rubric import Rubric

NEEDED = ("starlette", "uvicorn", "sse_starlette")
LOG = Path("reports/board.csv")


def board(
    roster: Annotated[Path, typer.Argument(metavar="ROSTER", help="The class: a CSV file.")],
    access: options.Access = None,
    rubric: options.Rubric = None,
    lesson: options.Lesson = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Where to listen on this machine; 0 is any free port.")
    ] = 8765,
    names: Annotated[
        bool, typer.Option("--names", help="Show on the projector who is stuck; otherwise how many.")
    ] = False,
    every: Annotated[
        float, typer.Option("--every", metavar="SECONDS", min=10, help="How often each student is looked at.")
    ] = 60,
    at_once: Annotated[
        int, typer.Option("--at-once", metavar="N", min=1, max=64, help="How many students are looked at at a time.")
    ] = 8,
    stuck_after: Annotated[
        float,
        typer.Option("--stuck-after", metavar="MINUTES", min=1, help="Without a new step for so long is stuck."),
    ] = 10,
    log: Annotated[Path, typer.Option("--log", metavar="FILE", help="The time log, as CSV.")] = LOG,
    region: Annotated[
        str, typer.Option("--region", metavar="REGION", help="Where to look while nothing tells where somebody works.")
    ] = "us-east-1",
    profile: options.Profile = None,
    open_: Annotated[bool, typer.Option("--open", help="Show both pages in the browser.")] = False,
) -> None:
    """Serve the class board on this machine until Ctrl-C: the timetable, and how far the class is, live."""
    refuse_without_its_packages()
    import datetime as dt

    from skymark.board.board import Board, ClassInfo
    from skymark.board.serving import serve
    from skymark.board.timelog import TimeLog
    from skymark.cohort.task import Terms
    from skymark.cohort.work import grade_one
    from skymark.log import log_to_file

    of, by = lesson_and_rubric(lesson, rubric)
    entries = _who_is_shown(by, roster, access)
    info = ClassInfo(
        rubric=by,
        entries=entries,
        terms=Terms(of.root, predict=False, profile=profile),
        rubrics=_own_rubrics(of, entries),
        region=region,
        stuck_after=dt.timedelta(minutes=stuck_after),
        names=names,
    )
    log_to_file()

    state = Board(info, TimeLog(log), lambda: dt.datetime.now(dt.UTC))
    begun = functools.partial(_say_where, shown=open_)
    serve(state, grade_one, port=port, every_s=every, at_once=at_once, begun=begun)
    typer.echo(f"The board has ended. The time log is in {log}; start it again, and the lesson goes on.")


def refuse_without_its_packages() -> None:
    """Make sure that a server is installed.

    Raises:
        UsageError: it is not.
    """
    if any(find_spec(name) is None for name in NEEDED):
        raise UsageError(f"The board needs a server. Install it with: {program.to_install('board')}")


def _who_is_shown(rubric: "Rubric", roster: Path, access: Path | None) -> "tuple[Entry, ...]":
    """The students of the class.

    Raises:
        UsageError: the rubric has no timetable, or the roster has no student who can be looked at.
    """
    if not rubric.timetable:
        raise UsageError(
            f"The rubric {rubric.id} has no timetable, so there is nothing to show. Give it one, or use another."
        )
    entries = class_of(roster, access).entries
    if not entries:
        raise UsageError(f"{roster}: has no student in it who can be looked at.")
    return entries


def _say_where(address: str, *, shown: bool) -> None:
    """Tell the addresses of both pages, and show them if that is wanted."""
    from skymark.desktop import show

    typer.echo(f"For the projector: {address}/\nFor assistants:    {address}/assistant\nCtrl-C ends the board.")
    if shown:
        show(f"{address}/assistant")
        show(f"{address}/")


def _own_rubrics(of: "Lesson", entries: "Iterable[Entry]") -> dict[str, "Rubric"]:
    """The rubrics that some students have for themselves, by what the roster calls them; the class's for a bad one."""
    from skymark.rubric_file import load_rubric

    found: dict[str, Rubric] = {}
    for name in dict.fromkeys(one.rubric for one in entries if one.rubric):
        try:
            found[name] = load_rubric(of, name)
        except (UsageError, RubricError) as error:
            warn(f"{error}\nThe board goes by the class's rubric for whoever has {name}.")
    return found

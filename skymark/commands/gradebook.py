"""`grade.py gradebook`: what was recorded, what an assistant decides about it, and where it goes."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skymark import options
from skymark.commands.choosing import class_of, lesson_and_rubric
from skymark.commands.completion import criteria
from skymark.commands.console import printing, say, waiting, warn
from skymark.errors import UsageError

if TYPE_CHECKING:
    from skymark.cohort.exporting import Wanted
    from skymark.gradebook.bulk import Bulk
    from skymark.roster.entry import Files

commands = typer.Typer(
    no_args_is_help=True, help="What was recorded: show it, decide about it, export it.", rich_markup_mode=None
)


Students = Annotated[
    list[str] | None,
    typer.Option("--students", metavar="ID|PATTERN", help="Only these students; may be given several times."),
]
OfRoster = Annotated[Path | None, typer.Option("--roster", metavar="ROSTER", help="Only the students of this class.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would change; nothing is written.")]


@commands.command("show", short_help="Show how every account stands, or one of them.")
def show_marks(
    account: Annotated[
        str | None, typer.Argument(metavar="WHO", help="A student's id, or the account's 12 digits; otherwise all.")
    ] = None,
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
    criterion: Annotated[
        str | None, typer.Argument(metavar="CRITERION", help="Otherwise the whole.", autocompletion=criteria)
    ] = None,
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


@commands.command(short_help="Decide about one criterion of a student.")
def override(
    account: options.Account,
    criterion: Annotated[
        str, typer.Argument(metavar="CRITERION", help="Such as bucket.name.", autocompletion=criteria)
    ],
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
    say(done)


@commands.command(short_help="Take an override back.")
def undo(
    account: Annotated[
        str, typer.Argument(metavar="WHO", help="A student's id, or the account's 12 digits; or a pattern.")
    ],
    criterion: Annotated[
        str,
        typer.Argument(metavar="CRITERION", help="Such as bucket.name; or a shell pattern.", autocompletion=criteria),
    ],
    reason: options.Reason,
    decided: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="All overrides in force that were decided for this reason, as in bulk."),
    ] = None,
    dry_run: DryRun = False,
    by: options.DecidedBy = None,
    rubric: options.RecordedRubric = None,
    gradebook: options.Gradebook = None,
) -> None:
    """Take back the latest override of a criterion; or with patterns many, by their reason. All stay in the history."""
    from skymark.gradebook import asking, bulk

    if decided is None:
        if dry_run or bulk.is_pattern(account) or bulk.is_pattern(criterion):
            raise UsageError("Many overrides are taken back by their reason: add --decided REASON.")
        with asking.open_to_ask(gradebook) as book:
            done = asking.undo(book, account, criterion, reason=reason, by=by, rubric=rubric)
        say(done)
        return
    meant = bulk.choice([criterion], students=[account])
    with asking.open_to_ask(gradebook) as book:
        undone = bulk.undo(book, meant, because=decided, reason=reason, by=by, rubric=rubric, keep=not dry_run)
    _print_bulk(undone, dry_run)


@commands.command()
def waive(
    criteria: Annotated[list[str], typer.Argument(metavar="CRITERIA", help="Ids or shell patterns: 'training.*'.")],
    reason: options.Reason,
    points: Annotated[str | None, typer.Option(metavar="N", help="So many points each; otherwise all of them.")] = None,
    students: Students = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option(metavar="OUTCOME,…", help="Only what is unverified, pending, failed or blocked."),
    ] = None,
    cause: Annotated[
        list[str] | None, typer.Option(metavar="CAUSE,…", help="Only what has this cause, such as quota or records.")
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--everybody", help="All who have not passed, whatever the reason.")
    ] = False,
    roster: OfRoster = None,
    dry_run: DryRun = False,
    by: options.DecidedBy = None,
    rubric: options.RecordedRubric = None,
    gradebook: options.Gradebook = None,
) -> None:
    """Waive criteria of many students at once. What has passed, and what was decided by itself, is left alone."""
    from skymark.gradebook import bulk
    from skymark.gradebook.asking import open_to_ask

    meant = bulk.choice(
        criteria,
        students=students or (),
        outcome=outcome or (),
        cause=cause or (),
        everybody=everybody,
        among=_students_of(roster),
    )
    with open_to_ask(gradebook) as book:
        done = bulk.waive(book, meant, reason=reason, points=points, by=by, rubric=rubric, keep=not dry_run)
    _print_bulk(done, dry_run)
    if done.changes and not dry_run:
        where = ("--gradebook", str(gradebook)) if gradebook else ()
        for line in bulk.undo_lines(meant, done, where):
            say(f"To take it back: {line}")


@commands.command("unverified", short_help="Show what is unverified, by cause.")
def show_unverified(
    roster: OfRoster = None,
    access: options.Access = None,
    lesson: options.Lesson = None,
    rubric: options.RecordedRubric = None,
    gradebook: options.Gradebook = None,
) -> None:
    """Show by cause what is unverified, whose it is, and what settles it."""
    import datetime as dt

    from skymark.gradebook import class_tables
    from skymark.gradebook.asking import all_of, open_to_ask
    from skymark.gradebook.causes import Commands, unverified
    from skymark.lesson import Lesson

    Lesson.at(lesson)  # the commands below will name it
    among = _students_of(roster, access)
    with open_to_ask(gradebook) as book:
        troubles = book.troubles(rubric)
        found = all_of(book, rubric, or_nobody=bool(troubles or among))
    groups = unverified(found, troubles, among)
    lines = Commands(_named(roster, access), _shown(gradebook), rubric)
    with printing() as console:
        console.print(class_tables.unverified(groups, lines, dt.datetime.now(dt.UTC)), soft_wrap=True)


@commands.command(short_help="Take out what is not to be kept any longer.")
def purge(
    who: Annotated[
        list[str] | None, typer.Argument(metavar="[WHO]…", help="Students' ids, or accounts; otherwise everybody.")
    ] = None,
    before: Annotated[
        str | None, typer.Option("--before", metavar="TIME", help="Only what is older, such as 2026-07-01 or 52w.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    dry_run: DryRun = False,
    gradebook: options.Gradebook = None,
) -> None:
    """Take everything of some people, or of before some time, out of the gradebook. It cannot be brought back."""
    import datetime as dt

    from skymark.gradebook.asking import open_to_ask
    from skymark.gradebook.purging import purge as take_out
    from skymark.moment import moment
    from skymark.render.words import counted

    until = moment(before).beginning(dt.datetime.now(dt.UTC)) if before else None
    with open_to_ask(gradebook) as book:
        found = take_out(book, who or (), before=until, keep=True)
        told = ", ".join(
            (
                counted(found.attempts, "check"),
                counted(found.decisions, "decision"),
                counted(found.troubles, "note") + " of a look that failed",
                counted(found.exports, "note") + " of an export",
            )
        )
        if dry_run or found.is_nothing or not (yes or _is_sure(f"{told}: take them out of {book.file} for good?")):
            say(f"{book.file}: nothing was changed. What was named are {told}.")
            return
        take_out(book, who or (), before=until)
        say(f"{book.file}: taken out were {told}.")


def _is_sure(question: str) -> bool:
    """Whether somebody says so.

    Raises:
        UsageError: nobody is there to be asked.
    """
    if not sys.stdin.isatty():
        raise UsageError(f"{question} Nobody is there to be asked: add --yes.")
    return typer.confirm(question)


@commands.command("merge")
def merge_books(
    others: Annotated[list[Path], typer.Argument(metavar="OTHER", help="Gradebooks of others; they are only read.")],
    dry_run: DryRun = False,
    gradebook: options.Gradebook = None,
) -> None:
    """Take over what is in other gradebooks. Done twice it changes nothing; of two decisions the later counts."""
    from skymark.errors import GradebookError
    from skymark.gradebook import class_tables
    from skymark.gradebook.book import Gradebook
    from skymark.gradebook.joining import join

    refused = []
    with Gradebook(gradebook, begin=not dry_run) as book, printing() as console:
        if book.note:
            warn(book.note)
        for other in others:
            try:
                done = join(book, other, keep=not dry_run)
            except GradebookError as error:
                refused.append(str(error))
            else:
                console.print(class_tables.joined(done, is_written=not dry_run), soft_wrap=True)
    if refused:
        raise UsageError("\n".join(refused))


@commands.command("regrade", short_help="Grade again by a changed rubric.")
def grade_again(
    rubric: options.Rubric = None,
    lesson: options.Lesson = None,
    students: Students = None,
    write_: Annotated[bool, typer.Option("--write", help="Write it down; otherwise it is only shown.")] = False,
    gradebook: options.Gradebook = None,
) -> None:
    """Grade what was recorded again by a changed rubric of the same id, and show who gains and who loses."""
    from skymark.gradebook import bulk, class_tables
    from skymark.gradebook.asking import open_to_ask
    from skymark.gradebook.regrading import regraded, write
    from skymark.log import log_to_file

    of, by = lesson_and_rubric(lesson, rubric)
    meant = bulk.choice((), students=students or (), everybody=not students)
    log_to_file()
    with open_to_ask(gradebook) as book:
        with waiting("Grading again", quiet=False):
            found = tuple(regraded(book, bulk.meant(book, meant, by.id), by, of))
        if write_:
            write(book, found)
    with printing() as console:
        console.print(class_tables.regraded(found, is_written=write_))


@commands.command()
def export(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE|DIR", help="Where it goes; without --roster otherwise standard output."),
    ] = None,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="csv or json; with --roster canvas, csv, criteria, or gradescope and junit, a file for each student.",
        ),
    ] = "csv",
    roster: Annotated[
        Path | None, typer.Option("--roster", metavar="ROSTER", help="The class whose marks are wanted.")
    ] = None,
    access: options.Access = None,
    canvas_column: Annotated[
        str | None, typer.Option("--canvas-column", metavar="TITLE", help="The assignment in Canvas's export.")
    ] = None,
    new_column: Annotated[bool, typer.Option("--new-column", help="Let Canvas make a new assignment of it.")] = False,
    changed: Annotated[bool, typer.Option("--changed", help="Only what changed since the last such export.")] = False,
    with_pending: Annotated[
        bool, typer.Option("--with-pending", help="Give marks to those who are still at it, too.")
    ] = False,
    rubric: options.RecordedRubric = None,
    gradebook: options.Gradebook = None,
) -> None:
    """Write marks to a file. With --roster as another program takes them: ends with 3 if any mark is kept back."""
    if roster is None:
        if access or canvas_column or new_column or changed or with_pending:
            raise UsageError("Of which class? Give --roster ROSTER, too.")
        _export_all(file, format_, rubric, gradebook)
    else:
        from skymark.cohort.exporting import Wanted, named

        if file is None:
            raise UsageError("Where to? Name a file; for gradescope and junit a folder.")
        wanted = Wanted(named(format_), file, canvas_column, new_column, with_pending, changed)
        _export_class(wanted, roster, access, rubric, gradebook)


@commands.command("dispute", short_help="Show how one verdict was decided.")
def show_dispute(
    account: options.Account,
    criterion: Annotated[
        str, typer.Argument(metavar="CRITERION", help="Such as bucket.name.", autocompletion=criteria)
    ],
    roster: Annotated[
        Path | None, typer.Option("--roster", metavar="ROSTER", help="The class, for the command that looks again.")
    ] = None,
    access: options.Access = None,
    lesson: options.Lesson = None,
    rubric: options.RecordedRubric = None,
    gradebook: options.Gradebook = None,
) -> None:
    """Show how one verdict was decided: by which calls, when they were made, and what could not be seen."""
    from skymark.cohort.standing_of_class import as_it_stands
    from skymark.errors import RubricError
    from skymark.gradebook.asking import criterion_of, look_up, open_to_ask
    from skymark.render.dispute import again, dispute, lines
    from skymark.roster.entry import Files
    from skymark.rubric_file import load_rubric

    of, _ = lesson_and_rubric(lesson, None)
    with open_to_ask(gradebook) as book:
        found = look_up(book, account, rubric)
        last = found.attempts[-1]
        survey = book.survey(last.id)
    criterion_of(found.standing, criterion)
    try:
        by = load_rubric(of, found.rubric)
    except (UsageError, RubricError):
        by = None
    shown = dispute(criterion, survey, as_it_stands(last.result, found.standing, by), by)
    for line in lines(shown):
        say(line)
    if found.student is not None:
        files = _named(roster, access) or Files("ROSTER")
        say(f"Look again: {again(files, found.student, criterion, last.result.terms)}")


def _export_all(file: Path | None, name: str, rubric: str | None, gradebook: Path | None) -> None:
    from skymark.files import write_whole
    from skymark.gradebook.asking import everyone, open_to_ask
    from skymark.gradebook.export import writer

    write = writer(name)
    with open_to_ask(gradebook) as book:
        text = write(everyone(book, rubric))
    if file is None:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    else:
        write_whole(file, text, private=True)


def _export_class(
    wanted: "Wanted", roster: Path, access: Path | None, rubric: str | None, gradebook: Path | None
) -> None:
    from skymark.cohort.exporting import Format, write
    from skymark.cohort.recorded import recorded_class
    from skymark.gradebook.asking import open_to_ask
    from skymark.render.words import counted, listed
    from skymark.score import COMPLETE, INCOMPLETE

    if (wanted.column or wanted.new_column) and wanted.format is not Format.CANVAS:
        raise UsageError("--canvas-column and --new-column belong to --format canvas.")
    found = class_of(roster, access)
    with open_to_ask(gradebook) as book:
        view = recorded_class(book, found, {}, rubric=rubric).view
        done = write(book, roster, view, wanted)
    students = counted(len(view.members), "student")
    is_news = done.students or not wanted.changed
    typer.echo(f"{done.students} of {students} written to {wanted.to}" if is_news else "Nothing changed.")
    if done.excused:
        warn(f"Excused in Canvas, and left so: {listed(done.excused, 20)}")
    if done.withheld:
        warn(f"{counted(done.withheld, 'mark')} kept back: {wanted.needs_regrade} says why.")
    raise typer.Exit(INCOMPLETE if done.withheld or found.mistakes else COMPLETE)


def _students_of(roster: Path | None, access: Path | None = None) -> tuple[str, ...] | None:
    return None if roster is None else tuple(one.student for one in class_of(roster, access).entries)


def _named(roster: Path | None, access: Path | None) -> "Files | None":
    if roster is None:
        if access is not None:
            raise UsageError("--access belongs to --roster ROSTER.")
        return None
    from skymark.roster.entry import Files

    return Files(str(roster), _shown(access))


def _shown(file: Path | None) -> str | None:
    return None if file is None else str(file)


def _print_bulk(done: "Bulk", dry_run: bool) -> None:
    from skymark.gradebook import class_tables

    with printing() as console:
        console.print(class_tables.bulk(done, is_written=not dry_run))

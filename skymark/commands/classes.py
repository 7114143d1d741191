"""`grade.py class`: a whole class is graded."""

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skymark import options
from skymark.commands.choosing import lesson_and_rubric
from skymark.commands.console import printing, warn
from skymark.errors import UsageError

if TYPE_CHECKING:
    from skymark.cohort.run import Found, Ran
    from skymark.cohort.selection import Candidate, Records, Selection
    from skymark.cohort.tables import Row
    from skymark.cohort.task import Terms
    from skymark.gradebook.book import Gradebook
    from skymark.lesson import Lesson
    from skymark.roster.entry import Entry, Roster
    from skymark.rubric import Rubric
    from skymark.samples import Samples

LISTED = 20
"""As many accounts are named."""
ALL = "all"
"""What stands for every account in `--shared-account`."""
GRADER_PROFILE = "Your own AWS profile, by which the students' roles are assumed."


def grade_class(
    roster: Annotated[Path, typer.Argument(metavar="ROSTER", help="The class: a CSV file.")],
    access: options.Access = None,
    rubric: options.Rubric = None,
    lesson: options.Lesson = None,
    final: options.Final = False,
    since: options.Since = None,
    until: options.Until = None,
    due: options.Due = None,
    students: Annotated[
        list[str] | None,
        typer.Option("--students", metavar="ID|PATTERN", help="Only these students; may be given several times."),
    ] = None,
    only_unverified: Annotated[
        bool, typer.Option("--only-unverified", help="Only those of whom something is unverified.")
    ] = False,
    max_age: Annotated[
        str | None,
        typer.Option("--max-age", metavar="AGE", help="Grade again who was looked at longer ago, such as 2h or 1d."),
    ] = None,
    only: options.Only = None,
    strict: Annotated[bool, typer.Option("--strict", help="Grade nobody while the roster has mistakes.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show who would be graded, with what.")] = False,
    shared_account: Annotated[
        list[str] | None,
        typer.Option(
            "--shared-account",
            metavar=f"ACCOUNT|{ALL}",
            help="Students of this account are told apart by who called; may be given several times.",
        ),
    ] = None,
    at_once: Annotated[
        int, typer.Option("--at-once", metavar="N", min=1, max=1024, help="How many students are graded at a time.")
    ] = 8,
    calls_at_once: Annotated[
        int, typer.Option("--calls-at-once", metavar="N", min=1, max=1024, help="How many calls each process makes.")
    ] = 64,
    executor: Annotated[
        str,
        typer.Option(
            "--executor", metavar="KIND", help="Where: threads, processes, or dask://HOST:PORT for a cluster."
        ),
    ] = "threads",
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, max=256, help="How many processes, if it is processes.")
    ] = 2,
    no_predict: options.NoPredict = False,
    prices: options.Prices = None,
    gradebook: options.Gradebook = None,
    profile: Annotated[str | None, typer.Option("--profile", metavar="NAME", help=GRADER_PROFILE)] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="DIR", help="Write the report of the class, and a page for each student."),
    ] = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="With --report: nothing in it tells who anybody is.")
    ] = False,
    quiet: options.Quiet = False,
) -> None:
    """Grade a class. What is done stays done: stop it at any time, run it again, and only what is missing is graded.

    Ends with 0: everybody passed all, 1: all are graded, not all passed, 2: could not start, 3: somebody has no whole
    mark, 130: it was stopped.
    """
    from skymark.cohort.selection import Selection, chosen
    from skymark.cohort.task import Terms
    from skymark.cost import load_prices
    from skymark.log import log_to_file
    from skymark.roster.reading import read_roster, refuse_mistakes
    from skymark.window import written_times

    of, by = lesson_and_rubric(lesson, rubric, only)
    _refuse_contradictions(only, students, report, anonymous=anonymous, dry_run=dry_run)
    selection = Selection(tuple(students or ()), only_unverified, _age(max_age))
    found = read_roster(roster, access=access)
    found, own = _with_rubrics(found, of)
    if strict:
        refuse_mistakes(found)
    terms = Terms(
        lesson=of.root,
        final=final,
        times=written_times(since, until, due),
        predict=not no_predict,
        prices=load_prices(prices) if prices else None,
        profile=profile,
        calls_at_once=calls_at_once,
        shared=_accounts(shared_account),
        only=tuple(only or ()),
    )
    _refuse_unfit(of, terms, (by, *own.values()))
    entries = chosen(found.entries, selection.students)
    log_to_file()
    here = _Class(found, entries, by, own, terms, selection, executor, workers, at_once, quiet)
    if dry_run:
        here.plan(gradebook)
    elif only:
        here.look_again()
    else:
        here.grade(gradebook, report, anonymous=anonymous)


def _refuse_contradictions(
    only: list[str] | None, students: list[str] | None, report: Path | None, *, anonymous: bool, dry_run: bool
) -> None:
    if only and not students:
        raise UsageError("--only looks at some criteria again, and writes nothing down: say whose, with --students.")
    if anonymous and report is None:
        raise UsageError("--anonymous says how the report is written: give --report DIR, too.")
    if report and (only or dry_run):
        raise UsageError("--report is of what is recorded: leave --only and --dry-run out.")


class _Class:
    """A class and how it is to be graded; each method is one way to use the command, and ends it.

    `entries` are those of the `roster` who are meant, `own` the rubrics that some have for themselves, by name.
    `executor`, `workers` and `at_once` are where, and how many at a time. No dataclass: `--help` would wait for one.
    """

    def __init__(
        self,
        roster: "Roster",
        entries: tuple["Entry", ...],
        rubric: "Rubric",
        own: dict[str, "Rubric"],
        terms: "Terms",
        selection: "Selection",
        executor: str,
        workers: int,
        at_once: int,
        quiet: bool,
    ) -> None:
        self.roster, self.entries, self.rubric, self.own = roster, entries, rubric, own
        self.terms, self.selection = terms, selection
        self.executor, self.workers, self.at_once, self.quiet = executor, workers, at_once, quiet

    def plan(self, gradebook: Path | None) -> None:
        """Show who would be graded."""
        from skymark.cohort import tables
        from skymark.cohort.selection import Records
        from skymark.gradebook.book import Gradebook
        from skymark.gradebook.opening import usual_place

        file = gradebook or usual_place()
        if file.exists():
            with Gradebook(file) as book:
                records = Records(book)
                candidates, accounts = tuple(self._candidates(records)), tuple(self._accounts(records))
        else:
            candidates, accounts = tuple(self._candidates(Records(None))), ()
        with printing() as console:
            console.print(tables.plan(candidates, self.terms, self.selection))
        self._say_conflicts(accounts)
        self._say_mistakes()

    def look_again(self) -> None:
        """Look at a few criteria of a few students, and write nothing down."""
        from skymark.cohort import tables
        from skymark.cohort.executors import executor
        from skymark.cohort.run import looked_at
        from skymark.cohort.selection import Candidate, Why, account_of, rubric_of
        from skymark.cohort.stopping import INTERRUPTED, end_now, stopped_by_ctrl_c
        from skymark.cohort.task import Graded
        from skymark.score import COMPLETE, INCOMPLETE, exit_status

        rubrics = [rubric_of(one, self.rubric, self.own) for one in self.entries]
        candidates = [
            Candidate(one, by, Why.UNVERIFIED, account_of(one)) for one, by in zip(self.entries, rubrics, strict=True)
        ]
        for one in candidates:
            one.rubric.refuse_unknown(self.terms.only)
        with executor(self.executor, self.workers, self.at_once) as where, stopped_by_ctrl_c() as stop:
            found = looked_at(candidates, self.terms, where, at_once=self.at_once, stop=stop)
        graded = [(one.student, one.result) for one in found if isinstance(one, Graded)]
        with printing() as console:
            console.print(tables.verdicts(graded))
        _say_troubles(found)
        if stop():
            end_now(INTERRUPTED)
        is_whole = len(graded) == len(candidates)
        raise typer.Exit(max((exit_status(one) for _, one in graded), default=COMPLETE) if is_whole else INCOMPLETE)

    def grade(self, gradebook: Path | None, report: Path | None, *, anonymous: bool) -> None:
        """Grade who is to be graded, show how everybody stands, and write the report of the class."""
        from skymark.cohort import tables
        from skymark.cohort.selection import Records
        from skymark.cohort.stopping import INTERRUPTED, end_now
        from skymark.gradebook.book import Gradebook

        with Gradebook(gradebook, begin=True) as book:
            if book.note:
                warn(book.note)
            candidates = tuple(self._candidates(Records(book)))
            ran, is_stopped = self._run(tuple(one for one in candidates if self.selection.takes(one.why)), book)
            if is_stopped:
                warn(f"Stopped. {ran.wanted - ran.left} of {ran.wanted} are written down; {ran.left} are left.")
                end_now(INTERRUPTED)
            records = Records(book)
            accounts, graded = tuple(self._accounts(records)), book.students()
            rows = tuple(self._rows(records, accounts, ran))
            if report:
                self._report(book, report, anonymous=anonymous)
        with printing() as console:
            if self.quiet:
                console.print(tables.summary(rows), markup=False, soft_wrap=True)
            else:
                console.print(tables.overview(rows))
        if self.quiet:
            _say_unwritten(ran)
        self._say_conflicts(accounts)
        self._say_elsewhere(accounts, graded)
        self._say_mistakes()
        raise typer.Exit(tables.status_of_class(rows, bad_rows=bool(self.roster.mistakes)))

    def _run(self, wanted: tuple["Candidate", ...], book: "Gradebook") -> tuple["Ran", bool]:
        from skymark.cohort.executors import executor
        from skymark.cohort.progress import shown
        from skymark.cohort.run import run_class
        from skymark.cohort.stopping import stopped_by_ctrl_c
        from skymark.commands.pipe import PipeConsole

        with (
            executor(self.executor, self.workers, self.at_once) as where,
            shown(len(wanted), PipeConsole(stderr=True, highlight=False), quiet=self.quiet) as tell,
            stopped_by_ctrl_c() as stop,
        ):
            ran = run_class(wanted, self.terms, book, where, at_once=self.at_once, tell=tell, stop=stop)
            return ran, stop()

    def _report(self, book: "Gradebook", folder: Path, *, anonymous: bool) -> None:
        from skymark.cohort.pseudonyms import key_beside
        from skymark.cohort.recorded import recorded_class
        from skymark.render import class_report
        from skymark.render.words import listed
        from skymark.roster.entry import Files

        rubrics = {one.id: one for one in (*self.own.values(), self.rubric)}
        recorded = recorded_class(book, self.roster, rubrics)
        if anonymous:
            done = class_report.write_anonymous(recorded.view, folder, key_beside(book.file))
        else:
            # students read it: not where the grader keeps them
            files = Files(self.roster.file.name, self.roster.access.name if self.roster.access else None)
            done = class_report.write(
                recorded.view, folder, files=files, survey=partial(recorded.survey, book=book), samples=self._samples
            )
        if done.unread:
            warn(f"What the last check found could not be read again: {listed(done.unread, 20)}")
        warn(f"The report: {done.page}")

    def _samples(self, rubric: "Rubric") -> "Samples | None":
        """The digits of a rubric, read once for all students."""
        from skymark.cohort.shared import samples_at_hand_in

        return samples_at_hand_in(self.terms.lesson, rubric.survey.samples)

    def _candidates(self, records: "Records") -> Iterator["Candidate"]:
        from skymark.cohort.selection import candidate, rubric_of

        now = dt.datetime.now(dt.UTC)
        for entry in self.entries:
            by = rubric_of(entry, self.rubric, self.own)
            yield candidate(entry, by, self.terms, self.selection, records.known(entry.student, by.id), now)

    def _accounts(self, records: "Records") -> Iterator[tuple[str, str]]:
        """Everybody's accounts, those of students who are not graded now, too."""
        from skymark.cohort.conflicts import accounts_of
        from skymark.cohort.selection import rubric_of

        yield from accounts_of(self.roster)
        for entry in self.roster.entries:
            known = records.known(entry.student, rubric_of(entry, self.rubric, self.own).id)
            if known.standing:
                yield entry.student, known.standing.account

    def _rows(self, records: "Records", accounts: Iterable[tuple[str, str]], ran: "Ran") -> Iterator["Row"]:
        from skymark.cohort.conflicts import reasons, shared_accounts
        from skymark.cohort.selection import rubric_of
        from skymark.cohort.tables import Row
        from skymark.score import status_of

        why = reasons(shared_accounts(accounts, self.roster, self.terms.shared))
        for entry in self.entries:
            known = records.known(entry.student, rubric_of(entry, self.rubric, self.own).id)
            stands = known.standing
            trouble = ran.unwritten.get(entry.student) or known.trouble
            held = why.get(entry.student, ())
            yield Row(
                entry.student,
                stands.score if stands else None,
                status_of(stands.criteria) if stands else None,
                trouble,
                held[0].reason if held else None,
            )

    def _say_conflicts(self, accounts: Iterable[tuple[str, str]]) -> None:
        from skymark.cohort.conflicts import SETTLES, accounts_of, shared_accounts

        known = (*accounts_of(self.roster), *accounts)
        conflicts = shared_accounts(known, self.roster, self.terms.shared)
        for one in conflicts:
            warn(f"{one}: neither is marked until that is decided.")
        if conflicts:
            warn(SETTLES)

    def _say_elsewhere(self, accounts: Iterable[tuple[str, str]], graded: Mapping[str, Sequence[str]]) -> None:
        from skymark.cohort.conflicts import elsewhere

        found = elsewhere(accounts, self.roster, graded, self.terms.shared)
        if found:
            warn("If these accounts were not handed on from one to the other, decide whose work is in them:")
        for one in found[:LISTED]:
            warn(f"  {one}")
        if len(found) > LISTED:
            warn(f"  and {len(found) - LISTED} more")

    def _say_mistakes(self) -> None:
        for mistake in self.roster.mistakes:
            warn(f"{self.roster.file}: {mistake}")


def _say_unwritten(ran: "Ran") -> None:
    """Each reason once: only the table has it beside each student."""
    for reason in dict.fromkeys(ran.unwritten.values()):
        students = sorted(one for one, why in ran.unwritten.items() if why == reason)
        more = f" and {len(students) - LISTED} more" if len(students) > LISTED else ""
        warn(f"{', '.join(students[:LISTED])}{more}: {reason}")


def _age(text: str | None) -> dt.timedelta | None:
    from skymark.moment import moment

    if text is None:
        return None
    with contextlib.suppress(UsageError):
        if (age := moment(text).ago) is not None:
            return age
    raise UsageError(f'--max-age "{text}": is no age. Give how long ago, such as 2h, 1d or 1h30m.')


def _accounts(given: list[str] | None) -> tuple[str, ...] | None:
    """The accounts in which students are told apart: None for no account, none for all."""
    if not given:
        return None
    numbers = tuple(one.replace("-", "") for one in given)
    wrong = [one for one in numbers if one != ALL and not (len(one) == 12 and one.isascii() and one.isdigit())]
    if wrong:
        raise UsageError(f'--shared-account {wrong[0]}: is no account. Give its 12 digits, or "{ALL}".')
    return () if ALL in numbers else numbers


def _with_rubrics(roster: "Roster", of: "Lesson") -> tuple["Roster", dict[str, "Rubric"]]:
    """The rubrics that students have for themselves, by name; whose cannot be read has a bad row."""
    from msgspec.structs import replace

    from skymark.errors import RubricError
    from skymark.roster.entry import Mistake
    from skymark.rubric_file import load_rubric

    found: dict[str, Rubric] = {}
    bad: dict[str, str] = {}
    for name in dict.fromkeys(one.rubric for one in roster.entries if one.rubric):
        try:
            found[name] = load_rubric(of, name)
        except (UsageError, RubricError) as error:
            bad[name] = " ".join(str(error).split())
    mistakes: list[Mistake] = [
        Mistake(one.line, "rubric", bad[one.rubric]) for one in roster.entries if one.rubric in bad
    ]
    entries = tuple(one for one in roster.entries if one.rubric not in bad)
    every = sorted((*roster.mistakes, *mistakes), key=lambda one: one.line)
    return replace(roster, entries=entries, mistakes=tuple(every)), found


def _refuse_unfit(of: "Lesson", terms: "Terms", rubrics: Iterable["Rubric"]) -> None:
    """Make sure that nobody is in trouble for what concerns everybody.

    Raises:
        UsageError: the times cannot be, or the sample digits cannot be read.
    """
    from skymark.samples import read_samples

    for one in rubrics:
        (terms.times | one.times).at(dt.datetime.now(dt.UTC))
        if terms.predict and one.survey.samples:
            read_samples(of.root / one.survey.samples)


def _say_troubles(found: Iterable["Found"]) -> None:
    from skymark.cohort.task import Trouble

    for one in found:
        if isinstance(one, Trouble):
            warn(f"{one.student}: {one.text}")

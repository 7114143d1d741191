"""A class as files that other programs take: a gradebook elsewhere, a spreadsheet, or one file a student."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from skymark.cohort.standing_of_class import ClassView
from skymark.errors import UsageError
from skymark.evidence import Struct
from skymark.export.canvas import to_canvas
from skymark.export.file_name import file_name
from skymark.export.row import ClassRow, digest, has_mark
from skymark.export.tables import to_class, to_criteria, to_needs_regrade
from skymark.files import write_whole
from skymark.gradebook import exported
from skymark.gradebook.book import Gradebook
from skymark.gradebook.standing import Standing
from skymark.render import gradescope, junit
from skymark.roster.canvas import read_canvas
from skymark.suggest import one_of

NEEDS_REGRADE: Final = "needs-regrade.csv"
NOTHING: Final = ""
Each = Callable[[Standing], str | None]
Table = Callable[[Sequence[ClassRow]], str]


class Format(StrEnum):
    """What can be written of a class."""

    CANVAS = "canvas"
    CSV = "csv"
    CRITERIA = "criteria"
    GRADESCOPE = "gradescope"
    JUNIT = "junit"


TABLES: Final[Mapping[Format, Table]] = {Format.CSV: to_class, Format.CRITERIA: to_criteria}
EACH: Final[Mapping[Format, tuple[str, Each]]] = {
    Format.GRADESCOPE: ("json", gradescope.final),
    Format.JUNIT: ("xml", junit.render),
}
"""The ending of each student's own file, and what makes it."""


class Wanted(Struct, frozen=True):
    """One export: `to` is a file, or a folder where each student gets a file of their own.

    `column` is Canvas's, `changed` leaves out of whom the last export of this kind said the same.
    """

    format: Format
    to: Path
    column: str | None = None
    new_column: bool = False
    with_pending: bool = False
    changed: bool = False

    @property
    def is_folder(self) -> bool:
        """Whether there is a file for each student."""
        return self.format in EACH

    @property
    def needs_regrade(self) -> Path:
        """Where it is told whose mark is kept back, and why."""
        return self.to / NEEDS_REGRADE if self.is_folder else self.to.with_name(NEEDS_REGRADE)

    @property
    def target(self) -> str:
        """What the gradebook calls exports of this kind."""
        return f"{self.format}:{self.column}" if self.column else str(self.format)


class Done(Struct, frozen=True):
    """What was written: of so many `students`; `withheld` have no mark yet, `excused` are left so in Canvas."""

    students: int
    withheld: int
    excused: tuple[str, ...] = ()


def named(name: str) -> Format:
    """The format of this name.

    Raises:
        UsageError: there is none.
    """
    try:
        return Format(name)
    except ValueError as error:
        raise UsageError(f'--format "{name}": of a class there are {one_of(list(Format))}.') from error


def write(book: Gradebook, roster: Path, view: ClassView, wanted: Wanted) -> Done:
    """Write the marks of a class, and beside them whose mark is kept back. What was said is noted in the book.

    `roster` is the file that the class was read from: Canvas's own export, where it is to go back there.

    Raises:
        UsageError: it is no Canvas export, there is no such column (see `to_canvas`), or a file cannot be written.
        RosterError: the export cannot be read.
        GradebookError: the book cannot be read or written.
    """
    _refuse_to_overwrite(roster, wanted)
    everybody = tuple(one.row for one in view.members)
    rows = _changed(book, everybody, wanted) if wanted.changed else everybody
    said = tuple(row for row in rows if _is_said(row, wanted))
    write_whole(wanted.needs_regrade, to_needs_regrade(everybody, with_pending=wanted.with_pending), private=True)
    excused = _write(roster, rows, said, wanted)
    _note(book, rows, wanted)
    withheld = sum(not has_mark(row, with_pending=wanted.with_pending) for row in everybody)
    return Done(len(said), withheld, excused)


def _refuse_to_overwrite(roster: Path, wanted: Wanted) -> None:
    files = {one.resolve() for one in (roster, wanted.to, wanted.needs_regrade)}
    if len(files) < 3:
        raise UsageError(f"{wanted.to}: is the roster, or {NEEDS_REGRADE}. Give the export a name of its own.")


def _write(roster: Path, rows: Sequence[ClassRow], said: Sequence[ClassRow], wanted: Wanted) -> tuple[str, ...]:
    if wanted.is_folder:
        _write_each(rows, frozenset(row.student for row in said), wanted)
    elif wanted.format is Format.CANVAS:
        return _write_canvas(roster, rows, said, wanted)
    else:
        write_whole(wanted.to, TABLES[wanted.format](rows), private=True)
    return ()


def _write_canvas(roster: Path, rows: Sequence[ClassRow], said: Sequence[ClassRow], wanted: Wanted) -> tuple[str, ...]:
    if not wanted.column:
        raise UsageError('Say which assignment in Canvas: --canvas-column "TITLE", as in the header of its export.')
    if wanted.changed and not said:
        return ()
    made = to_canvas(
        read_canvas(roster),
        rows,
        wanted.column,
        new_column=wanted.new_column,
        with_pending=wanted.with_pending,
        only_marks=wanted.changed,
    )
    write_whole(wanted.to, made.content, private=True)
    return made.excused


def _write_each(rows: Sequence[ClassRow], said: frozenset[str], wanted: Wanted) -> None:
    """A file for everybody of whom something is said; for the others there must be none, nor an older one."""
    ending, render = EACH[wanted.format]
    for row in rows:
        file = wanted.to / f"{file_name(row.student)}.{ending}"
        text = render(row.standing) if row.standing and row.student in said else None
        if text is not None:
            write_whole(file, text, private=True)
        else:
            _remove(file)


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{file}: holds an older mark and cannot be removed ({error.strerror}).") from error


def _is_said(row: ClassRow, wanted: Wanted) -> bool:
    """Whether the export says anything about a student that may be taken for how they stand."""
    match wanted.format:
        case Format.CANVAS | Format.GRADESCOPE:
            return has_mark(row, with_pending=wanted.with_pending)
        case Format.JUNIT:
            return row.standing is not None and not row.withheld
        case Format.CSV | Format.CRITERIA:
            return True


def _changed(book: Gradebook, rows: Sequence[ClassRow], wanted: Wanted) -> tuple[ClassRow, ...]:
    new = {
        student
        for rubric, digests in _by_rubric(rows, wanted).items()
        for student in exported.changed(book, wanted.target, rubric, digests)
    }
    return tuple(row for row in rows if row.student in new)


def _note(book: Gradebook, rows: Sequence[ClassRow], wanted: Wanted) -> None:
    with book.writing():
        for rubric, digests in _by_rubric(rows, wanted).items():
            exported.note(book, wanted.target, rubric, digests)


def _by_rubric(rows: Sequence[ClassRow], wanted: Wanted) -> Mapping[str, dict[str, str]]:
    """By rubric, what stands for what is said of each student: nothing of who has no mark, or none any more.

    Who was never graded has no rubric.
    """
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        rubric = row.standing.rubric.id if row.standing else ""
        found.setdefault(rubric, {})[row.student] = digest(row) if _is_said(row, wanted) else NOTHING
    return found

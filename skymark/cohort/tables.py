"""A class in the terminal. Texts that people or accounts chose are cleaned, and never Rich's markup."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from skymark.cohort.selection import Candidate, Selection, Why
from skymark.cohort.task import Task, Terms
from skymark.evidence import Struct
from skymark.render.words import clean, counted, points_text, shortened
from skymark.result import Result, Score
from skymark.roster.entry import Access, Entry, NoAccess, ProfileAccess, RoleAccess, SurveyAccess
from skymark.score import COMPLETE, INCOMPLETE, NOT_ALL_PASSED

SHOWN: Final = 200
"""As many rows at most: of larger classes only those who need somebody."""
LONGEST: Final = 160
PLAN: Final = ("student", "name", "graded", "by", "account", "rubric", "due")


class Row(Struct, frozen=True):
    """How one student stands after a run. `score` is None where they were never graded; `status` is as of a check.

    `trouble` is why they could not be looked at, `withheld` why nobody may give them a mark.
    """

    student: str
    score: Score | None = None
    status: int | None = None
    trouble: str | None = None
    withheld: str | None = None

    @property
    def needs_somebody(self) -> bool:
        """Whether they have no whole mark."""
        return self.status in (None, INCOMPLETE) or self.withheld is not None or self.trouble is not None


def status_of_class(rows: Iterable[Row], *, bad_rows: bool) -> int:
    """0 everybody passed all, 1 all are graded and not all passed, 3 somebody has no whole mark, or a row is bad."""
    everybody = tuple(rows)
    if bad_rows or any(one.needs_somebody for one in everybody):
        return INCOMPLETE
    return NOT_ALL_PASSED if any(one.status != COMPLETE for one in everybody) else COMPLETE


def plan(candidates: Sequence[Candidate], terms: Terms, selection: Selection) -> RenderableType:
    """Who would be graded with what, and why; or why not."""
    rows = [_planned(one, terms, selection) for one in candidates]
    graded = sum(selection.takes(one.why) for one in candidates)
    listed = _Lines(PLAN, rows) if len(rows) > SHOWN else _plan_table(rows)
    return Group(listed, "", Text(f"{counted(len(rows), 'student')}, {graded} would be graded"))


def _planned(one: Candidate, terms: Terms, selection: Selection) -> tuple[str, ...]:
    entry = one.entry
    due = Task(entry, one.rubric, terms).times.due
    graded = f"yes: {one.why}" if selection.takes(one.why) else f"no: {_why_not(one.why)}"
    row = (entry.student, entry.name, graded, _way(entry), one.account or "", one.rubric.id, due.text if due else "")
    return tuple(clean(cell) for cell in row)


def _plan_table(rows: Iterable[Sequence[str]]) -> Table:
    table = _table(*PLAN)
    for row in rows:
        table.add_row(*(Text(cell, "dim" if cell.startswith("no: ") else "") for cell in row))
    return table


class _Lines:
    """A line for each row, folded where it is too long: Rich needs minutes for a table of a hundred thousand."""

    def __init__(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self._rows = (heads, *rows)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widths = [max(map(cell_len, column)) for column in zip(*self._rows, strict=True)]
        for row in self._rows:
            cells = (set_cell_size(cell, width) for cell, width in zip(row, widths, strict=True))
            for piece in chop_cells("  ".join(cells).rstrip(), options.max_width):
                yield Segment(piece)
                yield Segment.line()


def overview(rows: Sequence[Row]) -> RenderableType:
    """How everybody stands; of a large class only those who need somebody."""
    needy = [one for one in rows if one.needs_somebody]
    listed = list(rows) if len(rows) <= SHOWN else needy[:SHOWN]
    table = _table("student", "score", "unverified", "what stands in the way")
    for one in listed:
        table.add_row(
            _text(one.student),
            Text(f"{points_text(one.score.earned)}/{points_text(one.score.possible)}" if one.score else "none"),
            Text(points_text(one.score.unverified) if one.score and one.score.unverified else ""),
            _text(shortened(one.withheld or one.trouble or "", LONGEST)),
        )
    unlisted = len(rows) - len(listed)
    more = [Text(f"and {unlisted} more, who are not listed", "dim")] if unlisted else []
    return Group(table, *more, "", Text(summary(rows)))


def summary(rows: Sequence[Row]) -> str:
    """The class in one line."""
    graded = [one for one in rows if one.score is not None]
    parts = (
        (sum(one.status == COMPLETE for one in rows), "passed all"),
        (sum(one.status == NOT_ALL_PASSED for one in rows), "not all"),
        (sum(one.status == INCOMPLETE for one in rows), "unverified in part"),
        (len(rows) - len(graded), "not graded"),
        (sum(one.withheld is not None for one in rows), "withheld"),
    )
    counts = ", ".join(f"{number} {what}" for number, what in parts if number)
    return f"{counted(len(rows), 'student')}: {counts or 'nobody'}{_mean(rows)}"


def _mean(rows: Sequence[Row]) -> str:
    """Of whole marks: an incomplete one is no mark yet, and would draw it down."""
    whole = [one.score.earned for one in rows if one.score is not None and not one.needs_somebody]
    if not whole:
        return ""
    among = "" if len(whole) == len(rows) else f" of {counted(len(whole), 'whole mark')}"
    return f"; mean {sum(whole, Decimal(0)) / len(whole):.1f}{among}"


def verdicts(results: Iterable[tuple[str, Result]]) -> RenderableType:
    """What was found of a few criteria, a row each."""
    rows = _table("student", "criterion", "outcome", "points", "what was found")
    for student, result in results:
        for one in result.criteria:
            points = "" if one.points is None else f"{points_text(one.points)}/{points_text(one.possible)}"
            rows.add_row(
                *(
                    _text(student),
                    _text(one.id),
                    Text(str(one.outcome)),
                    Text(points),
                    _text(shortened(one.message, 300)),
                )
            )
    return rows


def _why_not(why: Why) -> str:
    return str(why) if why is Why.DONE else f"only what is unverified is looked at again, and this one {why}"


def _way(entry: Entry) -> str:
    """By what somebody is graded, in a few words."""
    by = _access(entry.access)
    handed_in = counted(len(entry.notebooks), "notebook") if entry.notebooks else ""
    return ", ".join(part for part in (by, handed_in) if part) or "nothing: no way in is known"


def _access(access: Access) -> str:
    match access:
        case RoleAccess(role_arn=arn, external_id=id):
            return f"role {arn.rsplit('/', 1)[-1]}" + ("" if id else " without an external id")
        case ProfileAccess(name=name):
            return f"profile {name}"
        case SurveyAccess(file=file):
            return f"survey {file.name}"
        case NoAccess():
            return ""


def _table(*heads: str) -> Table:
    rows = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        rows.add_column(head, overflow="fold")
    return rows


def _text(words: str) -> Text:
    return Text(clean(words))

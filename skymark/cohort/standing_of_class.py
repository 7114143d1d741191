"""How a whole class stands, as its report, its feedback pages and its messages are made from. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from skymark.evidence import Struct
from skymark.export.row import SETTLES, ClassRow, Withheld
from skymark.gradebook.book import Attempt, Met
from skymark.gradebook.standing import Standing
from skymark.next_step import completed
from skymark.result import Criterion, Leftover, Result
from skymark.roster.entry import Mistake, Roster
from skymark.rubric import Rubric
from skymark.score import score_of

NOBODY: Final[Mapping[str, tuple[Withheld, ...]]] = MappingProxyType({})
NO_TROUBLE: Final[Mapping[str, Met]] = MappingProxyType({})


class Member(Struct, frozen=True):
    """One student of a class: `row` is what exports take, `result` what their own page is made from.

    `result` is the last check as it stands, with what was proved earlier and what was decided; None where nothing was
    recorded. `trouble` is what stood in the way since. `is_shared`: the account may be another student's, and nobody
    has decided yet, so what was found there is told as nobody's.
    """

    row: ClassRow
    result: Result | None = None
    trouble: Met | None = None
    is_shared: bool = False

    @property
    def student(self) -> str:
        """The id."""
        return self.row.student

    @property
    def name(self) -> str:
        """The name, or the id of a student who has none."""
        return self.row.name or self.row.student

    @property
    def verdicts(self) -> tuple[Criterion, ...]:
        """The criteria that are told as theirs; none where nobody looked, or nobody knows whose the account is."""
        return () if self.is_shared or self.row.standing is None else self.row.standing.criteria


class ClassView(Struct, frozen=True):
    """A class, in its roster's order; `roster` is the file's name, `rubrics` are by id, `mistakes` rows left out."""

    roster: str
    members: tuple[Member, ...]
    rubrics: Mapping[str, Rubric] = MappingProxyType({})
    mistakes: tuple[Mistake, ...] = ()

    @property
    def title(self) -> str:
        """What it is about: the titles of its rubrics, the commonest first; "A class" where nobody was graded."""
        found = [one.row.standing.rubric.title for one in self.members if one.row.standing]
        return ", ".join(sorted(set(found), key=lambda title: (-found.count(title), title))) or "A class"

    @property
    def seen(self) -> tuple[dt.datetime, dt.datetime] | None:
        """When accounts were looked at: the first and the last of everybody's last checks."""
        times = [one.row.standing.surveyed_at for one in self.members if one.row.standing]
        return (min(times), max(times)) if times else None


def class_view(
    roster: Roster,
    standings: Iterable[Standing],
    last: Mapping[str, Result],
    rubrics: Mapping[str, Rubric],
    *,
    troubles: Mapping[str, Met] = NO_TROUBLE,
    withheld: Mapping[str, tuple[Withheld, ...]] = NOBODY,
) -> ClassView:
    """The class of a roster.

    `standings` are of students, of several the one that was looked at last; `last` are their last results, by student.
    `troubles` are what stood in the way since (see `since_then`), `withheld` who is in one account with another.
    """
    stand: dict[str, Standing] = {}
    for one in sorted(standings, key=lambda one: one.surveyed_at):
        if one.student is not None:
            stand[one.student] = one
    members = (
        _member(
            ClassRow(entry.student, entry.name, stand.get(entry.student)),
            last.get(entry.student),
            rubrics,
            troubles.get(entry.student),
            withheld.get(entry.student, ()),
        )
        for entry in roster.entries
    )
    return ClassView(roster.file.name, tuple(members), rubrics, roster.mistakes)


def since_then(troubles: Iterable[Met], attempts: Iterable[Attempt]) -> dict[str, Met]:
    """By student, the last trouble that no check came after."""
    checked: dict[str, dt.datetime] = {}
    for one in attempts:
        if one.student is not None:
            checked[one.student] = max(checked.get(one.student, one.recorded_at), one.recorded_at)
    ordered = sorted(troubles, key=lambda one: one.at)
    return {one.student: one for one in ordered if one.student not in checked or one.at > checked[one.student]}


def as_it_stands(result: Result, standing: Standing, rubric: Rubric | None) -> Result:
    """The result of the last check with the criteria that count now, and what follows from them.

    Warnings that the grading of a class added stay. Without the rubric there is no next step.
    """
    settled = replace(result, criteria=standing.criteria, score=score_of(standing.criteria), next=None)
    if rubric is None:
        return settled
    own = completed(result, rubric).warnings
    more = tuple(text for text in result.warnings if text not in own)
    now = completed(settled, rubric)
    return replace(now, warnings=(*now.warnings, *more))


def costing(members: Iterable[Member]) -> tuple[Leftover, ...]:
    """What bills by the hour in all accounts together: a thing that two students of one account show is one thing."""
    found = {
        (one.result.subject.account, thing.service, thing.type, thing.region, thing.id): thing
        for one in members
        if one.result
        for thing in bills(one.result)
    }
    return tuple(found.values())


def bills(result: Result) -> tuple[Leftover, ...]:
    """What costs money by the hour now, or may: its price is not known. What counts against nobody is left out."""
    return tuple(one for one in result.leftovers if one.apart is None and one.bills and one.hourly_usd != 0)


def _member(
    row: ClassRow,
    last: Result | None,
    rubrics: Mapping[str, Rubric],
    trouble: Met | None,
    withheld: tuple[Withheld, ...],
) -> Member:
    standing = row.standing
    unseen = (Withheld(trouble.reason, SETTLES[trouble.cause], trouble.cause),) if trouble and standing is None else ()
    result = None
    if last is not None and standing is not None:
        result = as_it_stands(last, standing, rubrics.get(standing.rubric.id))
    return Member(replace(row, withheld=(*withheld, *unseen)), result, trouble, bool(withheld))

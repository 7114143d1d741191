"""The page of a class: who did what, what was missed, who is still spending, and whose mark waits for what."""

import functools
import urllib.parse
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType
from typing import Final

import markupsafe

from skymark.cause import MEANING, Cause
from skymark.cohort import conflicts
from skymark.cohort.distribution import BINS, HUNDRED, Distribution, distribution
from skymark.cohort.missed import most_missed
from skymark.cohort.pseudonyms import pseudonyms
from skymark.cohort.standing_of_class import ClassView, Member, bills, costing
from skymark.cost import hourly_usd
from skymark.evidence import Struct
from skymark.export.row import GRADE_AGAIN, NOT_GRADED, SETTLES, Open, has_mark, open_things
from skymark.export.tables import state
from skymark.outcome import Outcome
from skymark.render import html
from skymark.render.alike import alike, to_script
from skymark.render.content_policy import content_policy
from skymark.render.times import moment
from skymark.render.words import (
    SYMBOL,
    UNKNOWN,
    WORD,
    by_type,
    clean,
    counted,
    place,
    points_text,
    price,
    shortened,
    usd,
)
from skymark.result import Criterion, Leftover

ORDER: Final = (
    *(Outcome.FAILED, Outcome.PENDING, Outcome.BLOCKED, Outcome.UNVERIFIED, Outcome.WAIVED, Outcome.PASSED),
)
"""As the page sorts them: what needs somebody comes first."""
NOT_TOLD: Final = "nothing to tell"
UNTOLD: Final = "untold"
"""The class of a cell in which nothing is told; that of any other is its outcome."""
SIGNS: Final = markupsafe.Markup(  # noqa: S704 - our own words and signs
    "".join(f'.{one} {{ --sign: "{sign}"; }}\n' for one, sign in (*SYMBOL.items(), (UNTOLD, UNKNOWN)))
)
"""The style that shows a cell's word as a sign."""
BEFORE: Final = 4
"""Columns of a student's row before those of the criteria."""
OF_SEVERAL: Final = "the account is also that of somebody else"
UNVERIFIED: Final = "could not be verified"
MESSAGE: Final = 300
"""Characters of what was found, in a cell: the student's own page has it all."""
NO_LINKS: Final[Mapping[str, str]] = MappingProxyType({})


class Links(Struct, frozen=True):
    """Where each student's own files are, by id, as addresses relative to the page."""

    pages: Mapping[str, str] = NO_LINKS
    messages: Mapping[str, str] = NO_LINKS


class Column(Struct, frozen=True):
    """One criterion; `begins` a stage of the lesson."""

    id: str
    title: str
    possible: Decimal
    stage: str
    begins: bool

    @property
    def place(self) -> str:
        """Where it is on a student's page, as it stands in an address."""
        return urllib.parse.quote(self.id, errors="replace")


Said = tuple[str, str]
"""What is told of a cell, as it is shown: what is told of many students, and what was found in this one's account."""


class Waits(Struct, frozen=True):
    """What keeps a mark back, in words: of which criteria (none: the whole), and what settles it."""

    criteria: tuple[str, ...]
    points: Decimal
    reason: str
    settles: str


class Line(Struct, frozen=True):
    """One student.

    `who` is the name or the pseudonym, `student` the id, None where it is not to be told, or is the name. `earned` and
    `possible` are None where nothing is told as theirs; `open_points` are unverified, in `unverified` criteria.
    `spends` is what bills by the hour, as words, `hourly_usd` what that costs and `unpriced` how many of it have no
    known price. `cells` are the row's cells of criteria; `said` is what is told of what bills, and of each of these.
    """

    who: str
    student: str | None
    page: str | None
    message: str | None
    state: str
    is_whole: bool
    earned: Decimal | None
    possible: Decimal | None
    open_points: Decimal
    unverified: int
    hourly_usd: Decimal
    unpriced: int
    spends: tuple[str, ...]
    cells: markupsafe.Markup
    said: tuple[Said, ...]
    waits: tuple[Waits, ...]

    @property
    def costs(self) -> bool:
        """Whether something bills by the hour now, or may."""
        return bool(self.hourly_usd or self.unpriced)


class Bar(Struct, frozen=True):
    """One bar of the histogram: so many students, from and to so many points or percent."""

    students: int
    since: str
    until: str
    is_last: bool


def render(view: ClassView, links: Links) -> str:
    """The page for assistants, with names."""
    return _page(view, links, {one.student: one.name for one in view.members}, anonymous=False)


def render_anonymous(view: ClassView, key: bytes) -> str:
    """The page with pseudonyms by this key, in their order, and without anything that tells who a student is."""
    names = pseudonyms((one.student for one in view.members), key)
    ordered = tuple(sorted(view.members, key=lambda one: names[one.student]))
    return _page(view, Links(), names, anonymous=True, members=ordered)


def _page(
    view: ClassView,
    links: Links,
    names: Mapping[str, str],
    *,
    anonymous: bool,
    members: Sequence[Member] | None = None,
) -> str:
    columns = tuple(_columns(view))
    lines = [_line(one, columns, links, names[one.student], anonymous) for one in members or view.members]
    spread = distribution(view)
    style, script = html.own_file("report.css", "class.css") + SIGNS + _stages(columns), html.own_file("class.js")
    return (
        html.environment()
        .get_template("class.html.j2")
        .render(
            view=view,
            anonymous=anonymous,
            columns=columns,
            lines=lines,
            order=ORDER,
            costs=hourly_usd(costing(view.members)),
            spending=sorted((one for one in lines if one.costs), key=lambda one: -one.hourly_usd),
            hourly=_hourly,
            waiting=[one for one in lines if one.waits],
            missed=most_missed(view, anonymous=anonymous),
            spread=spread,
            bars=tuple(_bars(spread)) if spread else (),
            said=to_script(alike([one.said for one in lines])),
            style=style,
            script=script,
            policy=content_policy(style, script),
        )
    )


def _columns(view: ClassView) -> Iterator[Column]:
    """Every criterion that anybody has, in the order of the rubrics, the commonest one first."""
    standings = [one.row.standing for one in view.members if one.row.standing]
    often = Counter(one.rubric.id for one in standings)
    found: dict[str, Criterion] = {}
    for standing in sorted(standings, key=lambda one: (-often[one.rubric.id], one.rubric.id)):
        for one in standing.criteria:
            found.setdefault(one.id, one)
    for at, (_, group) in enumerate(groupby(found.values(), key=lambda one: one.stage)):
        for number, one in enumerate(group):
            yield Column(one.id, one.title, one.possible, one.stage, begins=at > 0 and number == 0)


def _stages(columns: Sequence[Column]) -> markupsafe.Markup:
    """The style that sets the stages of the lesson apart."""
    begin = (f"#class tr > :nth-child({at})" for at, one in enumerate(columns, BEFORE + 1) if one.begins)
    rule = ", ".join(begin)
    return markupsafe.Markup(f"{rule} {{ border-left: 2px solid var(--line); }}\n" if rule else "")  # noqa: S704 - numbers


def _line(member: Member, columns: Sequence[Column], links: Links, who: str, anonymous: bool) -> Line:
    things = bills(member.result) if member.result else ()
    hourly, unpriced = hourly_usd(things)
    told = {one.id: one for one in member.verdicts}
    verdicts = tuple(told.get(one.id) for one in columns)
    spends = tuple(_kinds(things) if anonymous else map(_thing, things))
    score = member.row.standing.score if member.row.standing and not member.is_shared else None
    is_named = not anonymous
    page = links.pages.get(member.student) if is_named else None
    return Line(
        who,
        member.student if is_named and member.student != who else None,
        page,
        links.messages.get(member.student) if is_named else None,
        state(member.row),
        has_mark(member.row, with_pending=True),
        score.earned if score else None,
        score.possible if score else None,
        score.unverified if score else Decimal(0),
        sum(one.possible > 0 and one.outcome is Outcome.UNVERIFIED for one in told.values()),
        hourly,
        unpriced,
        spends,
        _cells(verdicts, columns, page),
        (("", clean("; ".join(spends))), *(_said(one, anonymous) for one in verdicts)),
        tuple(_together(_waits(member, anonymous))),
    )


def _cells(verdicts: Sequence[Criterion | None], columns: Sequence[Column], page: str | None) -> markupsafe.Markup:
    """A row's cells: of each its word, which leads to the student's page where something may be to do.

    There are tens of thousands of these, so they are not made by a template, and end where the next one begins.
    """
    address = None if page is None else markupsafe.escape(clean(page))
    cells = (
        _cell(one.outcome if one else None, column, address) for one, column in zip(verdicts, columns, strict=True)
    )
    return markupsafe.Markup("".join(cells))  # noqa: S704 - our own words, and addresses that are escaped


def _cell(outcome: Outcome | None, column: Column, address: markupsafe.Markup | None) -> str:
    if outcome is None:
        return f"<td class={UNTOLD}>{NOT_TOLD}"
    if outcome is Outcome.PASSED or address is None:
        return f"<td class={outcome.value}>{WORD[outcome]}"
    return f'<td class="{outcome.value} opens"><a tabindex=-1 href="{address}#{column.place}">{WORD[outcome]}</a>'


def _said(one: Criterion | None, anonymous: bool) -> Said:
    if one is None:
        return NOT_TOLD, ""
    told = _told(one.title, one.outcome, one.points, one.possible)
    return (told, "") if anonymous or not one.message else (f"{told}: ", clean(shortened(one.message, MESSAGE)))


@functools.lru_cache
def _told(title: str, outcome: Outcome, points: Decimal | None, possible: Decimal) -> str:
    worth = f", {points_text(points)} of {counted(possible, 'point')}" if possible else ", advice"
    return clean(f"{title}: {WORD[outcome]}{worth}")


def _thing(one: Leftover) -> str:
    cost = price(one)
    return f"{one.type.replace('-', ' ')} {one.id}{place(one)}" + (f", {cost}" if cost else "")


def _hourly(line: Line) -> str:
    """`$0.28 + 1 unknown`: an unknown price is never $0."""
    known = (usd(line.hourly_usd),) if line.hourly_usd else ()
    return " + ".join((*known, *((f"{line.unpriced} unknown",) if line.unpriced else ())))


def _kinds(things: Sequence[Leftover]) -> Iterator[str]:
    """`2 notebook instances`: what a student called it tells who it is."""
    return (f"{len(group)} {noun}" for noun, group in by_type(things))


def _waits(member: Member, anonymous: bool) -> Iterator[Waits]:
    """What keeps a mark back; of an account that is nobody's yet only that."""
    for one in open_things(member.row, with_pending=True):
        if member.is_shared and one.criterion is not None:
            continue
        yield _nameless(one, member) if anonymous else _wait(one, one.reason, one.settles)
    if member.trouble and member.row.standing:
        reason = MEANING[member.trouble.cause] if anonymous else member.trouble.reason
        yield Waits(
            (), Decimal(0), f"could not be looked at again on {moment(member.trouble.at)}: {reason}", GRADE_AGAIN
        )


def _nameless(one: Open, member: Member) -> Waits:
    """What is known of it but for words of AWS, or of a roster, which may name somebody or something of theirs."""
    if one.criterion is None and member.is_shared:
        return _wait(one, OF_SEVERAL, conflicts.SETTLES)
    if one.cause is None:
        reason, settles = (NOT_GRADED, GRADE_AGAIN) if one.criterion is None else (UNVERIFIED, SETTLES[Cause.RECORDS])
        return _wait(one, reason, settles)
    return _wait(one, MEANING[one.cause], SETTLES[one.cause])


def _wait(one: Open, reason: str, settles: str) -> Waits:
    criteria = () if one.criterion is None else (one.criterion,)
    return Waits(criteria, one.points or Decimal(0), reason, settles)


def _together(waits: Iterable[Waits]) -> Iterator[Waits]:
    """The same of several criteria is said once, where the first of them stands."""
    found: dict[tuple[bool, str, str], list[Waits]] = {}
    for one in waits:
        found.setdefault((bool(one.criteria), one.reason, one.settles), []).append(one)
    for (_, reason, settles), those in found.items():
        criteria = tuple(id for one in those for id in one.criteria)
        yield Waits(criteria, sum((one.points for one in those), Decimal(0)), reason, settles)


def _bars(spread: Distribution) -> Iterator[Bar]:
    tenth = (spread.possible or HUNDRED) / BINS
    for number, students in enumerate(spread.bins):
        yield Bar(students, points_text(tenth * number), points_text(tenth * (number + 1)), is_last=number == BINS - 1)

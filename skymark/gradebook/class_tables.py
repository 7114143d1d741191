"""Marks of a whole class in the terminal: what was decided in bulk, is unverified, was merged or graded again."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rich.console import Group, RenderableType
from rich.text import Text

from skymark.gradebook.bulk import Bulk
from skymark.gradebook.causes import Commands
from skymark.gradebook.causes import Group as Open
from skymark.gradebook.joining import Conflict, Joined
from skymark.gradebook.merge import when
from skymark.gradebook.standing import Standing
from skymark.gradebook.tables import points_of, score_text, table, text
from skymark.render.words import WORD, counted, listed, points_text, shortened
from skymark.result import Criterion

if TYPE_CHECKING:  # it brings the judge along, which is slow to import
    from skymark.gradebook.regrading import Changed, Regraded

MANY: Final = 20
"""As many names are listed in a row."""


def bulk(done: Bulk, *, is_written: bool) -> RenderableType:
    """Who gains what by many decisions at once."""
    rows = table("student", "criterion", "until now", "now", "gain")
    for one in done.changes:
        cells = (one.who, one.before.id, _counts(one.before), _counts(one.after), _signed(one.gain))
        rows.add_row(*map(text, cells))
    students = len({one.who for one in done.changes})
    gain = sum((one.gain for one in done.changes), Decimal(0))
    total = f"{counted(len(done.changes), 'decision')} about {counted(students, 'student')}: {_signed(gain)} points"
    lines = [Text(f"{total}{'' if is_written else '; nothing was written'}")]
    if done.opened:
        names = listed([f"{who} {id}" for who, id in done.opened], 10)
        lines.append(text(f"Unverified now, since they hang on these: {names}. Decide them, too, or grade again."))
    return Group(rows, "", *lines) if done.changes else Text("Nothing to decide: nobody is open there.")


def unverified(groups: Sequence[Open], commands: Commands, now: dt.datetime) -> RenderableType:
    """What is open by cause: how much, whose, and what settles it."""
    if not groups:
        return Text("Nothing is unverified.")
    return Group(*(line for group in groups for line in _open(group, commands, now)))


def joined(one: Joined, *, is_written: bool) -> RenderableType:
    """What came out of another book, and where assistants decided differently."""
    kinds = (("attempt", "check"), ("decision", "decision"), ("trouble", "trouble"), ("exported", "note of an export"))
    new = ", ".join(f"{one.new[table]} {noun}" for table, noun in kinds if one.new[table])
    what = "would be taken" if not is_written else "taken"
    again = f"; {one.again} taken back here before" if one.again else ""
    lines = [text(f"{one.file}: {f'{what}: {new}' if new else 'nothing new'}{again}")]
    lines += [text(f"  {_conflict(each)}") for each in one.conflicts]
    return Group(*lines)


def regraded(found: Sequence["Regraded"], *, is_written: bool) -> RenderableType:
    """Who gains and who loses by a changed rubric, why, and what that is for the class."""
    rows = table("student", "points", "criterion", "before", "now", "why")
    for one in found:
        for number, change in enumerate(one.changes):
            first = number == 0
            rows.add_row(
                text(one.who if first else ""),
                Text(f"{score_text(one.before.score)} → {score_text(one.after.score)}" if first else ""),
                text(change.id),
                Text(_counts(change.before)),
                Text(_counts(change.after)),
                text(_why(change)),
            )
    gain, lose = (sum(sign * one.gain > 0 for one in found) for sign in (1, -1))
    same = len(found) - gain - lose
    before, after = (sum((one.score.earned for one in side), Decimal(0)) for side in _sides(found))
    lines = [
        Text(f"{counted(len(found), 'student')}: {gain} gain, {lose} lose, {same} have as many points"),
        Text(f"All together: {points_text(before)} → {points_text(after)} points ({_signed(after - before)})"),
        *(text(f"{one.who}: left as it is. {why}") for one in found for why in one.unread),
        Text(_written(found, is_written)),
    ]
    return Group(rows, "", *lines)


def _open(group: Open, commands: Commands, now: dt.datetime) -> Iterator[Text]:
    name = str(group.cause) if group.cause else "not graded" if group.is_new else "unknown"
    waiting = f", {counted(group.points, 'point')}" if group.points else ""
    yield Text(f"{name}: {counted(len(group.students), 'student')}{waiting}", "bold").append(
        f" - {group.meaning}", "dim"
    )
    yield text(f"  who: {listed(group.students, MANY)}")
    if group.criteria:
        yield text(f"  what: {listed(group.criteria, MANY)}")
    for reason, students in group.reasons.items() if not group.is_new else ():
        yield text(f"  not graded: {listed(students, MANY)}: {shortened(reason, 300)}")
    for line in commands.settling(group, now):
        yield text(f"  → {line}")
    yield Text("")


def _conflict(one: Conflict) -> str:
    ours, theirs = (f"{points_text(each.points)} by {each.by}, {when(each.at)}" for each in (one.ours, one.theirs))
    return f"{one.who} {one.criterion}: {ours}; there {theirs}. The later counts: {points_text(one.counts.points)}."


def _why(change: "Changed") -> str:
    if change.before is None or change.after is None:
        return "new in the rubric" if change.before is None else "not in the rubric any more"
    was, now = (shortened(one.message, 200) for one in (change.before, change.after))
    is_worth = change.before.possible != change.after.possible
    if was == now:
        return f"{now} (worth more or less now)" if is_worth else now
    return f"{now} (before: {was})"


def _sides(found: Sequence["Regraded"]) -> tuple[list[Standing], list[Standing]]:
    return [one.before for one in found], [one.after for one in found]


def _written(found: Sequence["Regraded"], is_written: bool) -> str:
    checks = sum(len(one.results) for one in found)
    if not checks:
        return "Nothing comes out otherwise."
    if is_written:
        return f"{counted(checks, 'check')} written down as graded again."
    return f"Nothing was written. With --write {counted(checks, 'check')} would be."


def _counts(one: Criterion | None) -> str:
    if one is None:
        return "-"
    return WORD[one.outcome] + ("" if one.points is None else f" {points_of(one)}")


def _signed(points: Decimal) -> str:
    return f"+{points_text(points)}" if points > 0 else points_text(points)

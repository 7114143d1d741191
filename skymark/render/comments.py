"""A comment for each student, as a learning management system shows it beside the mark."""

from collections.abc import Iterable, Iterator
from typing import Final

from skymark.cohort.standing_of_class import Member
from skymark.export.cells import FORMULA, sheet, words
from skymark.export.row import has_mark
from skymark.gradebook.standing import Standing
from skymark.outcome import MET, Outcome
from skymark.render.feedback import why_nothing
from skymark.render.marked import lines
from skymark.render.words import counted, points_text
from skymark.result import Criterion

HEAD: Final = ("student", "name", "comment")
MISSING: Final = (Outcome.FAILED, Outcome.PENDING, Outcome.BLOCKED)


def to_comments(members: Iterable[Member]) -> str:
    """`comments.csv`: a comment of several lines for each student, in the roster's order."""
    return sheet(HEAD, ((*map(words, (one.student, one.name)), _cell(comment(one))) for one in members))


def comment(member: Member) -> str:
    """What is right in short, what is missing and what to do about it, and what could not be verified.

    There is a score in it only where there is a mark; what is pending counts as not there yet. Advice is left out.
    """
    standing = member.row.standing
    if standing is None or member.is_shared:
        return why_nothing(member)
    return lines(_said(member, standing))


def _said(member: Member, standing: Standing) -> Iterator[str]:
    criteria = [one for one in standing.criteria if one.possible > 0]
    titles = {one.id: one.title for one in standing.criteria}
    right = [one for one in criteria if one.outcome in MET]
    missing = [one for one in criteria if one.outcome in MISSING]
    unverified = [one for one in criteria if one.outcome is Outcome.UNVERIFIED]
    yield _score(member, standing)
    if right:
        yield f"Right ({len(right)} of {len(criteria)}): {'; '.join(map(_title, right))}."
    if missing:
        yield "Still missing:"
        yield from (f"- {_missing(one, titles)}" for one in missing)
    if unverified:
        yield "Could not be verified, which costs you no points:"
        yield from (f"- {one.title}: {_sentence(one.message)}" for one in unverified)


def _score(member: Member, standing: Standing) -> str:
    score = standing.score
    if has_mark(member.row, with_pending=True):
        so_far = "" if has_mark(member.row) else " so far"
        return f"{points_text(score.earned)} of {counted(score.possible, 'point')}{so_far}."
    if score.complete:
        return "No score yet: a teaching assistant has to decide something first."
    return f"No score yet: {counted(score.unverified, 'point')} could not be verified."


def _title(one: Criterion) -> str:
    part = "" if one.points == one.possible else f" ({points_text(one.points)} of {points_text(one.possible)})"
    return f"{one.title}{part}"


def _missing(one: Criterion, titles: dict[str, str]) -> str:
    if one.outcome is Outcome.BLOCKED and one.blocked_by:
        return f'{one.title}: first comes "{titles.get(one.blocked_by, one.blocked_by)}".'
    hint = f" What to do: {_sentence(one.hint)}" if one.hint else ""
    return f"{one.title}: {_sentence(one.message)}{hint}"


def _sentence(text: str) -> str:
    return text if text.rstrip().endswith((".", "!", "?", '."')) else f"{text.rstrip()}."


def _cell(text: str) -> str:
    """Its lines stay lines."""
    return f"'{text}" if FORMULA.match(text) else text

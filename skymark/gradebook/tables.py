"""The gradebook in the terminal. Texts that people or accounts chose are cleaned, and never Rich's markup."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from skymark.gradebook.book import Attempt, Decision
from skymark.gradebook.standing import Record, Standing
from skymark.outcome import Outcome, Source
from skymark.render.words import SOURCE, WORD, clean, counted, headline, points_text, shortened
from skymark.result import Criterion, Score

STYLE = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.PENDING: "yellow",
    Outcome.BLOCKED: "dim",
    Outcome.UNVERIFIED: "magenta",
    Outcome.WAIVED: "cyan",
}


def overview(standings: Sequence[Standing]) -> RenderableType:
    """A row for each account and rubric, with the score as it stands."""
    rows = table("account", "student", "rubric", "score", "checks", "last check")
    for one in standings:
        rows.add_row(
            text(one.account),
            text(one.student or ""),
            text(one.rubric.id),
            Text(score_text(one.score)),
            Text(str(one.attempts)),
            Text(_when(one.surveyed_at) + (", final" if one.final else "")),
        )
    accounts = len({one.account for one in standings})
    return Group(rows, "", Text(counted(accounts, "account")))


def account(one: Standing) -> RenderableType:
    """One account's criteria: what counts, how many points, and by what."""
    rows = table("criterion", "outcome", "points", "what counts")
    for criterion in one.criteria:
        rows.add_row(
            text(criterion.id),
            Text(WORD[criterion.outcome], STYLE[criterion.outcome]),
            Text(points_of(criterion)),
            text(_what_counts(criterion)),
        )
    student = f", {one.student}" if one.student else ""
    last = f"last check {_when(one.surveyed_at)}" + (", final" if one.final else "")
    return Group(
        text(f"account {one.account}{student}: {one.rubric.id}, version {one.rubric.version}"),
        Text(f"{counted(one.attempts, 'check')}, {last}", "dim"),
        Text(headline(one.score), "bold"),
        "",
        rows,
    )


def history(found: Record, criterion: str | None = None) -> RenderableType:
    """Checks and decisions in time; of one criterion, what each check said of it by itself."""
    rows = table("when", "what", "score" if criterion is None else "outcome", "details")
    for _, cells in sorted(_events(found, criterion), key=lambda event: event[0]):
        rows.add_row(*cells)
    standing = found.standing
    return Group(text(f"account {standing.account}: {criterion or standing.rubric.id}"), "", rows)


def _events(found: Record, criterion: str | None) -> Iterator[tuple[dt.datetime, tuple[Text, ...]]]:
    for attempt in found.attempts:
        at = attempt.result.surveyed_at
        yield at, (Text(_when(at)), Text(f"check {attempt.id}"), *_said(attempt, criterion))
    for one in found.decisions:
        if criterion in (None, one.criterion):
            yield one.at, (Text(_when(one.at)), _kind(one, found.decisions), *_decided(one))


def _said(attempt: Attempt, criterion: str | None) -> tuple[Text, Text]:
    result = attempt.result
    if criterion is None:
        return Text(score_text(result.score)), text(f"version {result.rubric.version}{_terms(attempt)}")
    one = next((one for one in result.criteria if one.id == criterion), None)
    if one is None:
        return Text(""), Text("not in the rubric then")
    return Text(f"{WORD[one.outcome]} {points_of(one)}", STYLE[one.outcome]), text(_what_counts(one))


def _terms(attempt: Attempt) -> str:
    """What a check was graded by besides the rubric."""
    result = attempt.result
    times = (("since", result.window.since), ("until", result.window.until), ("due", result.due))
    told = (f", {name} {_when(time)}" for name, time in times if time is not None)
    again = f", graded again {_when(attempt.regraded_at)}" if attempt.regraded_at else ""
    return (", final" if result.final else "") + "".join(told) + again


def _kind(one: Decision, decisions: Sequence[Decision]) -> Text:
    if one.undoes is not None:
        return Text(f"undo of {one.undoes}")
    undone = any(other.undoes == one.id for other in decisions)
    return Text(f"override {one.id}" + (", undone" if undone else ""))


def _decided(one: Decision) -> tuple[Text, Text]:
    until = one.replaced_outcome if one.replaced_points is None else _with(one.replaced_outcome, one.replaced_points)
    score = "" if one.points is None else _with(Outcome.WAIVED, one.points)
    return Text(score, STYLE[Outcome.WAIVED]), text(f"{one.criterion}, by {one.by}: {one.reason} (until then {until})")


def _with(outcome: Outcome, points: Decimal) -> str:
    return f"{WORD[outcome]} {points_text(points)}"


def _what_counts(one: Criterion) -> str:
    known = f" ({SOURCE[one.source]})" if one.source not in (None, Source.LIVE) else ""
    return shortened(one.message, 300) + known


def points_of(one: Criterion) -> str:
    """`4/6`; a dash where nothing could be said."""
    return f"{points_text(one.points)}/{points_text(one.possible)}" if one.possible else "advice"


def score_text(score: Score) -> str:
    """`62/100, 5 unverified`."""
    unverified = f", {points_text(score.unverified)} unverified" if score.unverified else ""
    return f"{points_text(score.earned)}/{points_text(score.possible)}{unverified}"


def table(*heads: str) -> Table:
    """An empty table with these heads."""
    rows = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        rows.add_column(head, overflow="fold")
    return rows


def text(words: str) -> Text:
    """What people or accounts chose, safe to show."""
    return Text(clean(words))


def _when(time: dt.datetime) -> str:
    return f"{time.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"

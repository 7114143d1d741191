"""The gradebook in the terminal. Texts that people or accounts chose are cleaned, and never Rich's markup."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from skymark.gradebook.asking import Record
from skymark.gradebook.book import Attempt, Decision
from skymark.gradebook.standing import Standing
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
    rows = _table("account", "student", "rubric", "score", "checks", "last check")
    for one in standings:
        rows.add_row(
            _text(one.account),
            _text(one.student or ""),
            _text(one.rubric.id),
            Text(_score(one.score)),
            Text(str(one.attempts)),
            Text(_when(one.surveyed_at) + (", final" if one.final else "")),
        )
    accounts = len({one.account for one in standings})
    return Group(rows, "", Text(counted(accounts, "account")))


def account(one: Standing) -> RenderableType:
    """One account's criteria: what counts, how many points, and by what."""
    rows = _table("criterion", "outcome", "points", "what counts")
    for criterion in one.criteria:
        rows.add_row(
            _text(criterion.id),
            Text(WORD[criterion.outcome], STYLE[criterion.outcome]),
            Text(_points(criterion)),
            _text(_what_counts(criterion)),
        )
    student = f", {one.student}" if one.student else ""
    last = f"last check {_when(one.surveyed_at)}" + (", final" if one.final else "")
    return Group(
        _text(f"account {one.account}{student}: {one.rubric.id}, version {one.rubric.version}"),
        Text(f"{counted(one.attempts, 'check')}, {last}", "dim"),
        Text(headline(one.score), "bold"),
        "",
        rows,
    )


def history(found: Record, criterion: str | None = None) -> RenderableType:
    """Checks and decisions in time; of one criterion, what each check said of it by itself."""
    rows = _table("when", "what", "score" if criterion is None else "outcome", "details")
    for _, cells in sorted(_events(found, criterion), key=lambda event: event[0]):
        rows.add_row(*cells)
    standing = found.standing
    return Group(_text(f"account {standing.account}: {criterion or standing.rubric.id}"), "", rows)


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
        final = ", final" if result.final else ""
        return Text(_score(result.score)), _text(f"version {result.rubric.version}{final}")
    one = next((one for one in result.criteria if one.id == criterion), None)
    if one is None:
        return Text(""), Text("not in the rubric then")
    return Text(f"{WORD[one.outcome]} {_points(one)}", STYLE[one.outcome]), _text(_what_counts(one))


def _kind(one: Decision, decisions: Sequence[Decision]) -> Text:
    if one.undoes is not None:
        return Text(f"undo of {one.undoes}")
    undone = any(other.undoes == one.id for other in decisions)
    return Text(f"override {one.id}" + (", undone" if undone else ""))


def _decided(one: Decision) -> tuple[Text, Text]:
    until = one.replaced_outcome if one.replaced_points is None else _with(one.replaced_outcome, one.replaced_points)
    score = "" if one.points is None else _with(Outcome.WAIVED, one.points)
    return Text(score, STYLE[Outcome.WAIVED]), _text(f"{one.criterion}, by {one.by}: {one.reason} (until then {until})")


def _with(outcome: Outcome, points: Decimal) -> str:
    return f"{WORD[outcome]} {points_text(points)}"


def _what_counts(one: Criterion) -> str:
    known = f" ({SOURCE[one.source]})" if one.source not in (None, Source.LIVE) else ""
    return shortened(one.message, 300) + known


def _points(one: Criterion) -> str:
    return f"{points_text(one.points)}/{points_text(one.possible)}" if one.possible else "advice"


def _score(score: Score) -> str:
    unverified = f", {points_text(score.unverified)} unverified" if score.unverified else ""
    return f"{points_text(score.earned)}/{points_text(score.possible)}{unverified}"


def _table(*heads: str) -> Table:
    rows = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        rows.add_column(head, overflow="fold")
    return rows


def _text(words: str) -> Text:
    return Text(clean(words))


def _when(time: dt.datetime) -> str:
    return f"{time.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"

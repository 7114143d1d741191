"""A result for the terminal: the score, what costs money now, what to do, and why.

Every text that comes from an account is cleaned and handed over as `Text`, never as Rich's markup. Prose is
wrapped at the console's width; commands and addresses stay in one piece, so that they can be copied.
"""

import itertools
from collections.abc import Iterable, Iterator
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from skymark.cost import hourly_usd
from skymark.outcome import MET, Outcome, Source
from skymark.render import times
from skymark.render.gaps import NOT_LOOKED_FOR, Refusal, refusals, was_looked_for
from skymark.render.page import Page
from skymark.render.words import (
    SOURCE,
    WORD,
    burn,
    by_type,
    clean,
    counted,
    facts,
    headline,
    left,
    listed,
    place,
    points_text,
    shortened,
)
from skymark.result import Criterion, Leftover, Next, Result
from skymark.score import COMPLETE, exit_status, score_of

STYLE: Final = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.PENDING: "yellow",
    Outcome.BLOCKED: "dim",
    Outcome.UNVERIFIED: "magenta",
    Outcome.WAIVED: "cyan",
}


def render(result: Result, console: Console) -> None:
    """Print the whole report. What to do first stands last, just above the prompt."""
    page = Page(console)
    _heading(page, result)
    _costs(page, result)
    for stage, criteria in itertools.groupby(result.criteria, key=lambda one: one.stage):
        _stage(page, stage, tuple(criteria))
    _chain(page, result)
    _steps(page, result)
    _outsiders(page, result)
    _warnings(page, result)
    _gaps(page, result)
    _ending(page, result)


def brief(result: Result) -> str:
    """The score, what it costs and what to do first, in one line."""
    parts = [headline(result.score)]
    if result.hourly_usd or result.unpriced:
        parts.append(f"costs money now: {burn(result.hourly_usd, result.unpriced)}")
    if result.next:
        parts.append(f"next: {shortened(clean(result.next.text), 120)}")
    return "; ".join(parts)


def summary(result: Result, console: Console) -> None:
    """Print how it stands, what costs money now, and what comes next: what the whole report begins and ends with."""
    page = Page(console)
    _heading(page, result)
    _costs(page, result)
    _warnings(page, result)
    _ending(page, result)


def _heading(page: Page, result: Result) -> None:
    subject = result.subject
    alias = f" ({subject.alias})" if subject.alias else ""
    student = f"{subject.student}, " if subject.student else ""
    page.say(result.rubric.title, style="bold")
    page.say(f"{student}account {subject.account}{alias}, region {result.region}", style="dim")
    page.say(f"as of {times.moment(result.surveyed_at)}" + (", final" if result.final else ""), style="dim")
    for line in times.terms(result):
        page.say(line, style="dim")
    page.heading(headline(result.score), "bold green" if _is_done(result) else "bold")
    page.say(_tally(result.criteria))


def _is_done(result: Result) -> bool:
    """Whether there is something that counts, and all of it is done."""
    return exit_status(result) == COMPLETE and any(one.possible > 0 for one in result.criteria)


def _tally(criteria: Iterable[Criterion]) -> str:
    """`12 passed, 1 to fix`; advice is not counted."""
    outcomes = [one.outcome for one in criteria if one.possible > 0]
    return ", ".join(f"{outcomes.count(one)} {WORD[one]}" for one in Outcome if one in outcomes)


def _costs(page: Page, result: Result) -> None:
    found = left(result)
    apart = hourly_usd(one for one in found.apart if one.bills)
    if found.costing or any(apart):
        page.heading(f"This costs money now: {burn(result.hourly_usd, result.unpriced)}", "bold yellow")
        _leftovers(page, found.costing, result)
        if not was_looked_for(result.gaps):
            page.say(NOT_LOOKED_FOR, indent=2)
    else:
        page.heading(_nothing_bills(result))
    if any(apart):
        page.say(f"Counted against nobody, and told of below: {burn(*apart)}", indent=2)
    if found.resting:
        page.heading("This costs nothing by the hour now, and can be deleted when you are done")
        _leftovers(page, found.resting, result)
    _tidy(page, found.tidy)
    _apart(page, found.apart, result)


def _nothing_bills(result: Result) -> str:
    """Nothing seen is not nothing there, where not everything was read."""
    where = f"in {counted(len(result.regions.answered), 'region')}"
    if not was_looked_for(result.gaps):
        return NOT_LOOKED_FOR
    unseen = " Not everything could be looked at: see below." if result.gaps or result.regions.unread else ""
    return f"Nothing that bills by the hour was seen {where}.{unseen}"


def _leftovers(page: Page, leftovers: Iterable[Leftover], result: Result) -> None:
    for one in leftovers:
        page.say(_leftover(one, result), indent=2)
        if one.cleanup:
            page.copy(one.cleanup, indent=4)


def _leftover(one: Leftover, result: Result) -> str:
    known = ", ".join(facts(one, result.surveyed_at))
    return f"{one.type} {shortened(one.id, 200)}{place(one)}: {known}"


def _tidy(page: Page, tidy: tuple[Leftover, ...]) -> None:
    """A line for each kind: `grade.py cleanup --all` has the commands."""
    if not tidy:
        return
    page.heading("This can be tidied away once you have your marks")
    for noun, group in by_type(tidy):
        page.say(f"{noun}: {listed([shortened(one.id, 100) for one in group])}", indent=2)
    page.say("grade.py cleanup --all prints the commands.", indent=2, style="dim")


def _apart(page: Page, apart: tuple[Leftover, ...], result: Result) -> None:
    """What costs money a line each, the rest a line for each kind; none with a command: it may be somebody's work."""
    if not apart:
        return
    page.heading("Also there, and counted against nobody")
    costing = [one for one in apart if one.bills]
    for one in costing:
        page.say(f"{_leftover(one, result)} ({one.apart})", indent=2)
    for why in dict.fromkeys(one.apart for one in apart):
        for noun, group in by_type(one for one in apart if one.apart == why and one not in costing):
            page.say(f"{noun}: {listed([shortened(one.id, 100) for one in group])} ({why})", indent=2)


def _stage(page: Page, stage: str, criteria: tuple[Criterion, ...]) -> None:
    page.heading(_stage_line(stage, criteria))
    rows = Table.grid(padding=(0, 2, 0, 0), expand=False)
    rows.add_column(no_wrap=True)
    rows.add_column(no_wrap=True, justify="right", min_width=6)
    rows.add_column(overflow="fold")
    for one in criteria:
        sign = page.text(f"  {page.symbols[one.outcome]} {WORD[one.outcome]:<11}", STYLE[one.outcome])
        rows.add_row(sign, page.text(_points(one)), _about(page, one))
    page.rows(rows)


def _stage_line(stage: str, criteria: Iterable[Criterion]) -> str:
    """Points that could not be verified are no zero, so they are named."""
    score = score_of(tuple(criteria))
    if not score.possible:
        return stage
    unverified = f", {points_text(score.unverified)} unverified" if score.unverified else ""
    return f"{stage}: {points_text(score.earned)} of {points_text(score.possible)}{unverified}"


def _points(one: Criterion) -> str:
    return f"{points_text(one.points)}/{points_text(one.possible)}" if one.possible else "advice"


def _about(page: Page, one: Criterion) -> Text:
    """Title, what was found, and what to do where there is something to do."""
    about = page.text(one.title, "" if one.outcome in MET else "bold")
    for line, style in _lines(one):
        about.append("\n").append_text(page.text(line, style))
    return about


def _lines(one: Criterion) -> Iterator[tuple[str, str]]:
    """The lines below the title, each with its style. What is blocked says only by what: the rest stands there."""
    if one.outcome is Outcome.BLOCKED and one.hint:
        yield one.hint, "italic"
        return
    if one.message:
        known = f" ({SOURCE[one.source]})" if one.source not in (None, Source.LIVE) else ""
        yield shortened(one.message, 500) + known, "dim" if one.outcome in MET else ""
    if one.expected and one.outcome is Outcome.FAILED:
        yield f"Expected: {one.expected}", ""
    if one.hint and one.outcome not in MET:
        yield f"To do: {one.hint}", "italic"


def _chain(page: Page, result: Result) -> None:
    if not result.chain:
        return
    page.heading("What was judged, and why this and not another")
    for link in result.chain:
        region = f" in {link.region}" if link.region else ""
        page.say(f"{link.kind} {shortened(link.id, 200)}{region}: {link.why}", indent=2)


def _steps(page: Page, result: Result) -> None:
    if result.steps:
        page.heading("When it was done")
    for at, what, late in times.steps(result):
        page.say(f"{at}  {what}" + (": too late" if late else ""), indent=2, style="red" if late else "")


def _outsiders(page: Page, result: Result) -> None:
    if result.outsiders:
        page.heading("Not of this lesson, and counted for and against nobody")
    for one in result.outsiders:
        page.say(times.outsider(one), indent=2)


def _warnings(page: Page, result: Result) -> None:
    if result.warnings:
        page.heading("Please note", "bold yellow")
    for warning in result.warnings:
        page.say(warning, indent=2)


def _gaps(page: Page, result: Result) -> None:
    unread, closed = result.regions.unread, result.regions.closed
    refused = refusals(result.gaps)
    if refused:
        page.heading("What could not be looked at (this is not your mistake, and costs you no points)")
    if unread:
        page.say(f"{counted(len(unread), 'region')} not read: {listed(unread)}", indent=2)
    for one in refused:
        page.say(_refusal(one), indent=2)
    shut = f"; {len(closed)} more are closed to this account, or no part of the lesson" if closed else ""
    page.heading(f"{counted(len(result.regions.answered), 'region')} read{shut}.", "dim")


def _refusal(one: Refusal) -> str:
    count = f"{len(one.regions)} regions: " if len(one.regions) > 3 else ""
    where = (f" of {listed(one.resources)}" if one.resources else "") + (
        f" in {count}{listed(one.regions)}" if one.regions else ""
    )
    return f"{one.service}:{one.call}{where}: {one.code}. {one.advice}"


def _ending(page: Page, result: Result) -> None:
    if result.next:
        page.heading(_first(result, result.next))
        page.say(result.next.text, indent=2)
        for line in (result.next.command, result.next.url):
            if line:
                page.copy(line)
        page.say(f"Why it matters: grade.py explain {result.next.criterion}", indent=2, style="dim")
    elif _is_done(result):
        page.heading("Well done: everything that is asked for is there.", "bold green")
        if result.hourly_usd:
            page.say("What still costs money stands at the top.", indent=2)


def _first(result: Result, step: Next) -> str:
    title = next((one.title for one in result.criteria if one.id == step.criterion), step.criterion)
    return f"What comes next: {title}"

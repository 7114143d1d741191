"""A result as one HTML page that needs nothing else: no script, no request, readable anywhere, and on two sheets."""

import datetime as dt
import functools
import re
import urllib.parse
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final

import jinja2
import markupsafe

from skymark import __version__
from skymark.cost import hourly_usd
from skymark.evidence import Struct
from skymark.outcome import MET, Outcome
from skymark.render import times
from skymark.render.content_policy import content_policy
from skymark.render.digits import groups
from skymark.render.dispute import Dispute, in_words, none_asked
from skymark.render.gaps import NOT_LOOKED_FOR, refusals, was_looked_for
from skymark.render.path import LABEL, noun, path
from skymark.render.timeline import days
from skymark.render.words import (
    MEANING,
    SOURCE,
    SYMBOL,
    WORD,
    burn,
    by_type,
    clean,
    counted,
    kept,
    lasting,
    left,
    listed,
    points_text,
    price,
    shortened,
    so_far,
)
from skymark.result import Criterion, Result, Score
from skymark.samples import Samples
from skymark.score import COMPLETE, exit_status, score_of

CONSOLE: Final = re.compile(
    r"https://([a-z0-9-]+\.)?console\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)(/.*)?"
)
"""The pages of AWS's console, in each of its partitions. Looked for in the host: anybody may write it into a path."""

LONGEST: Final = 10_000
"""Characters of one text. No command or message is near it; a page with a text of a megabyte cannot be read."""


class Explained(Struct, frozen=True):
    """How a criterion was decided, and the command that looks at it again."""

    dispute: Dispute
    again: str


NOTHING: Final[Mapping[str, Explained]] = MappingProxyType({})


def render(result: Result, samples: Samples | None = None, *, explained: Mapping[str, Explained] = NOTHING) -> str:
    """The report of one grading; with how the criteria were decided that are `explained`, by id.

    `samples` are the lesson's digits, None where they are not at hand: then there are no pictures of them.
    """
    names = {one.id: one.title for one in result.criteria}
    found = left(result)
    stages = [(stage, tuple(group)) for stage, group in groupby(result.criteria, key=lambda one: one.stage)]
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            result=result,
            names=names,
            stages=[(stage, criteria, score_of(criteria)) for stage, criteria in stages],
            counts=outcome_counts(result),
            done=exit_status(result) == COMPLETE,
            bar=score_bar(result),
            left=found,
            terms=tuple(times.terms(result)),
            days=days(result),
            outsiders=tuple(map(times.outsider, result.outsiders)),
            apart=hourly_usd(one for one in found.apart if one.bills),
            path=path(result),
            digits=groups(result.digits, samples),
            refusals=refusals(result.gaps),
            not_looked_for="" if was_looked_for(result.gaps) else NOT_LOOKED_FOR,
            explained=explained,
            **({"style": own_file("report.css", "class_feedback.css")} if explained else {}),
        )
    )


def index(results: Sequence[tuple[str, str, str, Result]]) -> str:
    """A page that leads to several reports.

    Each is a name, a one-line story, where its report is (a path relative to this page), and the result.
    """
    rows = [(name, story, _relative(href), result, outcome_counts(result)) for name, story, href, result in results]
    return (
        environment()
        .get_template("index.html.j2")
        .render(
            rows=rows,
            hourly_usd=sum((result.hourly_usd for *_, result in results), Decimal(0)),
            unpriced=sum(result.unpriced for *_, result in results),
        )
    )


def outcome_counts(result: Result) -> list[tuple[Outcome, int]]:
    """How many criteria have each outcome, in the outcomes' order, without those that none has. Advice is left out."""
    found = (
        (outcome, sum(one.outcome is outcome for one in result.criteria if one.possible > 0)) for outcome in Outcome
    )
    return [(outcome, count) for outcome, count in found if count]


def score_bar(result: Result) -> tuple[Decimal, Decimal]:
    """How much of the points is earned, and how much is unverified, in percent."""
    score = result.score
    if not score.possible:
        return Decimal(0), Decimal(0)
    hundredth = score.possible / 100
    return (score.earned / hundredth).quantize(Decimal("0.1")), (score.unverified / hundredth).quantize(Decimal("0.1"))


@functools.cache
def own_file(*names: str) -> markupsafe.Markup:
    """Style or script of our own, in the order given, as it goes into a page."""
    return markupsafe.Markup().join(_source(environment(), name) for name in names)


def is_console_link(url: str | None) -> bool:
    """Whether a link leads to a page of AWS's console, and so may be shown as a link; no link does not."""
    return url is not None and CONSOLE.fullmatch(url) is not None


def _is_to_do(criterion: Criterion) -> bool:
    return criterion.outcome not in MET


def _relative(href: str) -> str:
    """The path as an address that can neither lead to another host nor be a script."""
    return urllib.parse.quote(href, errors="replace").lstrip("/")


def _kind(kind: str) -> str:
    """What a link of the chain is called."""
    return LABEL.get(kind, noun(kind))


def _parts(counts: Iterable[tuple[Outcome, int]]) -> list[tuple[str, int]]:
    """The parts of a bar: of which colour, and how wide."""
    return [(outcome.value, count) for outcome, count in counts]


def _not_earned(score: Score) -> Decimal:
    return max(score.possible - score.earned - score.unverified, Decimal(0))


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%d at %H:%M UTC")


def _shown(value: Any) -> Any:
    """Whatever is shown passes here once: names that students chose can hold anything."""
    return clean(shortened(value, LONGEST)) if type(value) is str else value


@functools.cache
def environment() -> jinja2.Environment:
    """What every page is made with: all that is shown is cleaned and escaped."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("skymark.render"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
        auto_reload=False,
    )
    made.filters |= {
        "points": points_text,
        "price": price,
        "so_far": so_far,
        "kept": kept,
        "by_type": by_type,
        "noun": noun,
        "kind": _kind,
        "parts": _parts,
        "listed": listed,
        "in_words": in_words,
        "none_asked": none_asked,
        "not_earned": _not_earned,
        "moment": _moment,
    }
    made.tests |= {"console_link": is_console_link, "to_do": _is_to_do}
    made.globals |= {
        "symbol": SYMBOL,
        "word": WORD,
        "meaning": MEANING,
        "source": SOURCE,
        "burn": burn,
        "counted": counted,
        "lasting": lasting,
        "version": __version__,
        "style": _source(made, "report.css"),
        "policy_of": content_policy,
    }
    return made


def _source(made: jinja2.Environment, name: str) -> markupsafe.Markup:
    """The text with a browser's line ends: its policy is made from it."""
    loader: Any = made.loader
    text = loader.get_source(made, name)[0].replace("\r\n", "\n")
    return markupsafe.Markup(text)  # noqa: S704 - no text of anybody else's

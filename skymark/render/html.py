"""A result as one HTML page that needs nothing else: no script, no request, readable anywhere."""

import functools
import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

import jinja2
import markupsafe

from skymark import __version__
from skymark.outcome import Outcome
from skymark.render.words import MEANING, SOURCE, SYMBOL, WORD, burn, clean, counted, points_text, usd
from skymark.result import Criterion, Leftover, Result

CHAIN = (
    ("bucket", "Bucket"),
    ("role", "Role"),
    ("instance", "Notebook instance"),
    ("job", "Training job"),
    ("model", "Model"),
    ("endpoint", "Endpoint"),
)
CONSOLE = re.compile(r"https://([a-z0-9-]+\.)?console\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)(/.*)?")
"""The pages of AWS's console, in each of its partitions. Looked for in the host: anybody may write it into a path."""


def render(result: Result) -> str:
    """The report of one grading."""
    names = {one.id: one.title for one in result.criteria}
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            result=result,
            stages=[(stage, list(group)) for stage, group in groupby(result.criteria, key=lambda one: one.stage)],
            counts=outcome_counts(result),
            bar=score_bar(result),
            billing=[one for one in result.leftovers if one.hourly_usd is None or one.hourly_usd > 0],
            resting=[one for one in result.leftovers if one.hourly_usd == 0],
            chain=[(label, next((link for link in result.chain if link.kind == kind), None)) for kind, label in CHAIN],
            gaps=grouped_gaps(result),
            names=names,
            next_title=names.get(result.next.criterion) if result.next else None,
        )
    )


def index(results: Sequence[tuple[str, str, str, Result]]) -> str:
    """A page that leads to several reports; each is a name, a one-line story, where its report is, and the result."""
    rows = [
        (name, story, href, result, outcome_counts(result), score_bar(result)) for name, story, href, result in results
    ]
    return _environment().get_template("index.html.j2").render(rows=rows)


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


def grouped_gaps(result: Result) -> list[tuple[str, str, str, list[str]]]:
    """What could not be read, once for all regions: call, code, advice, and where."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for gap in result.gaps:
        places = groups.setdefault((f"{gap.service} {gap.call}", gap.code, gap.advice), [])
        if gap.region and gap.region not in places:
            places.append(gap.region)
    return [(*key, places) for key, places in groups.items()]


def is_console_link(url: str) -> bool:
    """Whether a link leads to a page of AWS's console, and so may be shown as a link."""
    return CONSOLE.fullmatch(url) is not None


def _is_to_do(criterion: Criterion) -> bool:
    return criterion.outcome not in (Outcome.PASSED, Outcome.WAIVED)


def _price(leftover: Leftover) -> str:
    return usd(leftover.hourly_usd) + (" per hour" if leftover.hourly_usd is not None else "")


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("skymark.render"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Whatever is shown passes here once: names that students chose can hold anything.
        finalize=lambda value: clean(value) if type(value) is str else value,
    )
    environment.filters |= {"points": points_text, "price": _price}
    environment.tests |= {"console_link": is_console_link, "to_do": _is_to_do}
    environment.globals |= {
        "symbol": SYMBOL,
        "word": WORD,
        "meaning": MEANING,
        "source": SOURCE,
        "burn": burn,
        "counted": counted,
        "version": __version__,
        "style": markupsafe.Markup(_source(environment, "report.css")),  # noqa: S704 - our own file
    }
    return environment


def _source(environment: jinja2.Environment, name: str) -> str:
    loader: Any = environment.loader
    return str(loader.get_source(environment, name)[0])

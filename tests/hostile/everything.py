"""A result in every shape that it is given out in, each held against what must hold of it."""

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from rich.console import Console

from skymark.outcome import Outcome
from skymark.render import classroom50, github, gradescope, html, json, junit, script, terminal, watching
from skymark.result import Result
from skymark.samples import Samples
from skymark.submission import Submission
from skymark.watch.steps import Change
from skymark.watch.watching import Seen

from . import parsed

REPORT = ("page.html.j2", "report.html.j2", "criterion.html.j2", "words.html.j2", "class_dispute.html.j2")
AT = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
MOST_LINES = 31
OURS = Submission("c", "a", "individual", "o", "submit/1", "https://x/1", "https://x/2", "https://x/3", AT, "u")


def assert_result(result: Result, folder: Path, samples: Samples | None = None) -> None:
    """A page, a terminal's text, and a file for each program that takes one."""
    ids = [one.id for one in result.criteria]
    parsed.assert_html(html.render(result, samples), *REPORT)
    parsed.assert_html(html.index([(result.subject.alias or "", result.region, "x", result)]), *REPORT, "index.html.j2")
    for show in (terminal.render, terminal.summary):
        parsed.assert_terminal(printed(lambda console, show=show: show(result, console)))
    parsed.assert_terminal(terminal.brief(result))
    parsed.assert_json(json.render(result))
    parsed.assert_junit(junit.render(result), ids)
    for file in (gradescope.interim(result), gradescope.final(result)):
        parsed.assert_texts(parsed.assert_json(file or "{}"))
    parsed.assert_texts(parsed.assert_json(classroom50.render(_verified(result), OURS, AT) or "{}"))
    parsed.assert_annotations(github.annotations(result), MOST_LINES)
    parsed.assert_summary(github.summary(result), len(ids))
    for everything in (False, True):
        parsed.assert_script(script.render(result, everything=everything), folder)
    _assert_watched(result)


def printed(show: Callable[[Console], object]) -> str:
    """What it prints where nobody wants colours."""
    text = io.StringIO()
    show(Console(file=text, width=100, color_system=None, highlight=False))
    return text.getvalue()


def _assert_watched(result: Result) -> None:
    seen = Seen(result, AT, {}, tuple(map(Change, result.criteria)))
    parsed.assert_terminal("\n".join(watching.lines(seen, None)))
    news = [watching.news(one) for one in seen.changes]
    parsed.assert_terminal(printed(lambda console: console.print(watching.page(seen, news, console))))


def _verified(result: Result) -> Result:
    """With nothing unverified: Classroom 50 is told of nothing else."""
    criteria = tuple(one for one in result.criteria if one.outcome is not Outcome.UNVERIFIED)
    return replace(result, criteria=criteria, score=replace(result.score, complete=True))

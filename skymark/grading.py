"""From a survey and a rubric to the result."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from skymark.apart import lessons_own, lessons_rest, of_other_lessons, outside
from skymark.cost import PriceTable, hourly_usd, leftovers, load_prices, untidy
from skymark.digits import told_digits
from skymark.evidence import Survey
from skymark.judge import judge
from skymark.lesson import Lesson
from skymark.next_step import UNMET, completed
from skymark.outcome import Judgement, Outcome, Verdict
from skymark.placeholder import fill
from skymark.result import Criterion, Leftover, Link, RegionNames, Result, RubricName, Subject
from skymark.rubric import Rubric, RubricCriterion
from skymark.score import points_of, score_of
from skymark.timeline import Happened, timeline
from skymark.window import ALWAYS, Window, outsiders, within

NAME_OF_BUCKET: Final = "bucket.name"
"""The criterion that a bucket has the lesson's name."""


def grade(
    survey: Survey,
    rubric: Rubric,
    lesson: Lesson,
    *,
    final: bool = False,
    only: tuple[str, ...] = (),
    window: Window = ALWAYS,
    due: dt.datetime | None = None,
    proved: frozenset[str] = frozenset(),
    prices: PriceTable | None = None,
) -> Result:
    """Grade one survey by one rubric; `only` grades just these criteria, out of their points alone.

    `window`, `due` and `proved` are as in `judge`. `prices` are what things cost, None: Skymark's own; no verdict hangs
    on them. The same survey, rubric and flags always give the same result: no clock and no AWS is asked.
    """
    judgement = judge(survey, rubric, lesson, final=final, only=only, window=window, due=due, proved=proved)
    criteria = tuple(_criterion(verdict, rubric, judgement.places) for verdict in judgement.verdicts)
    costs = prices or load_prices()
    left = of_other_lessons(outside(leftovers(survey, costs), survey, window, due), rubric.survey)
    total, unpriced = hourly_usd(left)
    regions = survey.regions
    result = Result(
        rubric=RubricName(rubric.id, rubric.version, rubric.title),
        subject=Subject(survey.identity.account, survey.identity.arn),
        region=judgement.places.get("region", survey.region),
        surveyed_at=survey.surveyed_at,
        final=final,
        window=window,
        due=due,
        score=score_of(criteria),
        criteria=criteria,
        leftovers=left,
        tidy=of_other_lessons(_tidy(survey, judgement, costs, window, due), rubric.survey),
        hourly_usd=total,
        unpriced=unpriced,
        regions=RegionNames(regions.answered, tuple(one.region for one in regions.closed), regions.unread),
        chain=judgement.chain,
        steps=judgement.steps,
        timeline=_timeline(survey, judgement, window, due),
        digits=told_digits(survey, judgement.chain),
        outsiders=outsiders(survey, window),
        next=None,
        gaps=survey.gaps,
    )
    return completed(result, rubric)


def _timeline(survey: Survey, judgement: Judgement, window: Window, due: dt.datetime | None) -> tuple[Happened, ...]:
    made = lessons_own(judgement.steps, survey, window, due)
    return timeline(within(survey, window), judgement.chain, judgement.steps, made)


def _tidy(
    survey: Survey, judgement: Judgement, costs: PriceTable, window: Window, due: dt.datetime | None
) -> tuple[Leftover, ...]:
    taken = {link.kind: link.id for link in judgement.chain}
    bucket = taken.get("bucket")
    return lessons_rest(
        untidy(survey, costs, bucket=bucket, role=taken.get("role")),
        survey,
        window,
        due,
        chain=judgement.chain,
        steps=judgement.steps,
        bucket=bucket if _is_bucket_named(judgement) else None,
    )


def _is_bucket_named(judgement: Judgement) -> bool:
    """Only a right name shows that all in a bucket is the lesson's: other work may lie in one that a job wrote into."""
    return any(one.id == NAME_OF_BUCKET and one.outcome is Outcome.PASSED for one in judgement.verdicts)


def _criterion(verdict: Verdict, rubric: Rubric, places: Mapping[str, str]) -> Criterion:
    entry = _entry(rubric, verdict.id)
    links = ((link.title, fill(link.url, places)) for link in entry.links)
    return Criterion(
        id=verdict.id,
        title=entry.title,
        outcome=verdict.outcome,
        points=points_of(verdict.outcome, entry.points),
        possible=entry.points,
        message=verdict.message,
        hint=_what_to_do(verdict, entry, rubric),
        blocked_by=verdict.blocked_by,
        source=verdict.source,
        evidence=verdict.evidence,
        links=tuple(Link(title, url) for title, url in links if url),
        stage=entry.stage,
        cause=verdict.cause,
        expected=entry.expected,
        command=_command(verdict, entry, places),
    )


def _command(verdict: Verdict, entry: RubricCriterion, places: Mapping[str, str]) -> str | None:
    """What the hint says, for the shell, where there is something to do and its names are known."""
    is_to_do = verdict.outcome in UNMET and verdict.advice is None
    return fill(entry.command, places) if entry.command and is_to_do else None


def _entry(rubric: Rubric, id: str) -> RubricCriterion:
    entry = rubric.criterion(id)
    assert entry is not None  # noqa: S101 - a verdict is made for a criterion of the rubric
    return entry


def _what_to_do(verdict: Verdict, entry: RubricCriterion, rubric: Rubric) -> str | None:
    match verdict.outcome:
        case Outcome.PASSED | Outcome.WAIVED:
            return None
        case Outcome.UNVERIFIED | Outcome.FAILED if verdict.advice:
            return verdict.advice
        case Outcome.UNVERIFIED if verdict.gaps:
            return " ".join(dict.fromkeys(gap.advice for gap in verdict.gaps[:3]))
        case Outcome.BLOCKED:
            return f"First: {_entry(rubric, verdict.blocked_by).title}." if verdict.blocked_by else entry.hint
        case _:
            return entry.hint

"""From a survey and a rubric to the result."""

from collections.abc import Iterator, Mapping, Sequence

from skymark.cost import hourly_usd, leftovers, load_prices
from skymark.evidence import Survey
from skymark.judge import judge
from skymark.lesson import Lesson
from skymark.outcome import NOTHING_TO_MEND, Outcome, Verdict
from skymark.placeholder import fill
from skymark.result import Criterion, Link, Next, RegionNames, Result, RubricName, Subject
from skymark.rubric import Rubric, RubricCriterion
from skymark.score import points_of, score_of

UNMET = (Outcome.FAILED, Outcome.PENDING)


def grade(survey: Survey, rubric: Rubric, lesson: Lesson, *, final: bool = False, only: tuple[str, ...] = ()) -> Result:
    """Grade one survey by one rubric; `only` grades just these criteria, out of their points alone.

    The same survey, rubric and flags always give the same result: no clock and no AWS is asked.
    """
    judgement = judge(survey, rubric, lesson, final=final, only=only)
    criteria = tuple(_criterion(verdict, rubric, judgement.places) for verdict in judgement.verdicts)
    left = leftovers(survey, load_prices())
    total, unpriced = hourly_usd(left)
    regions = survey.regions
    return Result(
        rubric=RubricName(rubric.id, rubric.version, rubric.title),
        subject=Subject(survey.identity.account, survey.identity.arn),
        region=judgement.places.get("region", survey.region),
        surveyed_at=survey.surveyed_at,
        final=final,
        score=score_of(criteria),
        criteria=criteria,
        leftovers=left,
        hourly_usd=total,
        unpriced=unpriced,
        regions=RegionNames(regions.answered, tuple(one.region for one in regions.closed), regions.unread),
        chain=judgement.chain,
        next=_next(criteria, judgement.verdicts, rubric, judgement.places),
        gaps=survey.gaps,
        warnings=tuple(_warnings(survey, rubric, criteria)),
    )


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
    )


def _entry(rubric: Rubric, id: str) -> RubricCriterion:
    entry = rubric.criterion(id)
    assert entry is not None  # noqa: S101 - a verdict is made for a criterion of the rubric
    return entry


def _what_to_do(verdict: Verdict, entry: RubricCriterion, rubric: Rubric) -> str | None:
    match verdict.outcome:
        case Outcome.PASSED | Outcome.WAIVED:
            return None
        case Outcome.UNVERIFIED if verdict.advice:
            return verdict.advice
        case Outcome.UNVERIFIED if verdict.gaps:
            return " ".join(dict.fromkeys(gap.advice for gap in verdict.gaps[:3]))
        case Outcome.BLOCKED:
            return f"First: {_entry(rubric, verdict.blocked_by).title}." if verdict.blocked_by else entry.hint
        case _:
            return entry.hint


def _next(
    criteria: Sequence[Criterion], verdicts: Sequence[Verdict], rubric: Rubric, places: Mapping[str, str]
) -> Next | None:
    """The first criterion that is unmet; if there is none, the first unverified one for which something can be done."""
    unmet = [one for one in criteria if one.outcome in UNMET and one.possible > 0]
    helpless = {verdict.id for verdict in verdicts if verdict.advice == NOTHING_TO_MEND}
    unverified = [one for one in criteria if one.outcome is Outcome.UNVERIFIED and one.possible > 0]
    open_ones = unmet or [one for one in unverified if one.id not in helpless]
    if not open_ones:
        return None
    first = open_ones[0]
    entry = _entry(rubric, first.id)
    text = " ".join(part for part in (_before(entry, criteria), first.hint or first.message) if part)
    command = fill(entry.command, places) if entry.command and first.outcome in UNMET else None
    return Next(first.id, text, command, first.links[0].url if first.links else None)


def _before(entry: RubricCriterion, criteria: Sequence[Criterion]) -> str | None:
    """What to say before the student does something that cannot be undone."""
    if entry.warning is None:
        return None
    met = {one.id for one in criteria if one.outcome in (Outcome.PASSED, Outcome.WAIVED)}
    return None if set(entry.warning.unless) <= met else entry.warning.text


def _warnings(survey: Survey, rubric: Rubric, criteria: Sequence[Criterion]) -> Iterator[str]:
    if survey.identity.is_root:
        yield (
            "These are the keys of the account's root user, which may do anything, even close the account. "
            "Use an IAM user or role instead, and delete the root user's access keys."
        )
    if survey.identity.is_learner_lab and not rubric.learner_lab:
        yield "This is an AWS Academy Learner Lab account: grade it with --rubric learner-lab."
    for one in criteria:
        text = _before(_entry(rubric, one.id), criteria)
        if text and one.outcome in UNMET:
            yield text

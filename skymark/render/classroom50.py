"""A result as Classroom 50's `result.json`, `classroom50/result/v1`: whole numbers only.

Source: foundation50/classroom50, `schemas/result-v1.schema.json` and the collector's `validate_result`.
"""

import datetime as dt
import json
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from skymark.outcome import Outcome
from skymark.render.marked import Marked, lines, points_of, whole, withheld
from skymark.render.words import points_text
from skymark.result import Criterion
from skymark.submission import Submission

SCHEMA: Final = "classroom50/result/v1"
TIME: Final = "%Y-%m-%dT%H:%M:%SZ"


def render(marked: Marked, submission: Submission, graded_at: dt.datetime) -> str | None:
    """The file as text; None while something is unverified: the run must fail then, so that staff run it again.

    Points that are no whole numbers are rounded by largest remainder: the maxima as the rubric alone has them, so the
    same for every student, and what somebody earned never above its maximum.
    """
    if withheld(marked):
        return None
    maxima = whole([one.possible for one in marked.criteria])
    scores = _scores(marked, maxima)
    said: dict[str, Any] = {
        "schema": SCHEMA,
        "classroom": submission.classroom,
        "assignment": submission.assignment,
        "assignment_type": submission.assignment_type,
        "owner": submission.owner,
        "submission": submission.submission,
        "commit": submission.commit,
        "release": submission.release,
        "review": submission.review,
        "datetime": _time(submission.committed_at),
        "graded_at": _time(graded_at),
        "score": sum(scores),
        "max-score": sum(maxima),
        "tests": [_test(*each) for each in zip(marked.criteria, scores, maxima, strict=True)],
    }
    if submission.username:
        said["submitted_by"] = {"username": submission.username}
    return json.dumps(said, indent=2, allow_nan=False) + "\n"


def _scores(marked: Marked, maxima: tuple[int, ...]) -> list[int]:
    return [_score(one, maximum) for one, maximum in zip(marked.criteria, maxima, strict=True)]


def _score(one: Criterion, maximum: int) -> int:
    """Its share of the whole maximum, rounded half up: by this criterion alone, so the same for every student."""
    points = points_of(one) or Decimal(0)
    if points >= one.possible:
        return maximum
    return int((points * maximum / one.possible).to_integral_value(ROUND_HALF_UP))


def _test(one: Criterion, score: int, maximum: int) -> dict[str, Any]:
    named = {
        "test-name": one.id,
        "passed": _is_passed(one),
        "score": score,
        "max-score": maximum,
        "outcome": str(one.outcome),
    }
    if one.blocked_by:
        named["blocked-by"] = one.blocked_by
    if one.outcome is not Outcome.PASSED and (message := lines(_said(one))):
        named["message"] = message
    return named


def _is_passed(one: Criterion) -> bool:
    """A waived criterion only with all of its points."""
    return one.outcome is Outcome.PASSED or (one.outcome is Outcome.WAIVED and one.points == one.possible)


def _said(one: Criterion) -> tuple[str, ...]:
    match one.outcome:
        case Outcome.BLOCKED:
            return (f"blocked: {one.message}", *_hint(one))
        case Outcome.WAIVED:
            return (f"{points_text(one.points)} of {points_text(one.possible)}: {one.message}",)
        case _:
            return (one.message, *_hint(one))


def _hint(one: Criterion) -> tuple[str, ...]:
    return (one.hint,) if one.hint else ()


def _time(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime(TIME)

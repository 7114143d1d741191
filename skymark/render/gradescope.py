"""A result as Gradescope's `results.json`.

Source: Gradescope, "Autograder Specifications".
"""

import json
from typing import Any, Final

from skymark.outcome import Outcome
from skymark.render.marked import Marked, is_advice, is_partial, lines, number, points_of, withheld
from skymark.render.words import WORD, points_text
from skymark.result import SCHEMA, Criterion


def render(marked: Marked) -> str | None:
    """The file as text; None where there is none to write: the score of a final grading is not complete.

    None, too, where nothing at all could be verified: Gradescope wants a number, and 0 would be a wrong one.
    """
    return final(marked) if marked.final else interim(marked)


def final(marked: Marked) -> str | None:
    """The file that gives the mark; None while something is unverified. Without a file Gradescope gives no score."""
    return None if withheld(marked) else _file(marked)


def interim(marked: Marked) -> str | None:
    """The file for a student who is still at it: what is unverified has no number, and the first line says so."""
    is_empty = all(points_of(one) is None for one in marked.criteria if not is_advice(one))
    return None if withheld(marked) and is_empty else _file(marked)


def _file(marked: Marked) -> str:
    tests = [_test(one, place) for place, one in enumerate(marked.criteria, start=1)]
    # Gradescope adds up the tests; only where none of them has a number does it need one above them.
    score = {} if any("score" in one for one in tests) else {"score": 0}
    said = score | {
        "output": _output(marked),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "schema": SCHEMA,
            "rubric": marked.rubric.id,
            "needs_regrade": not marked.score.complete,
            "unverified_points": number(marked.score.unverified),
        },
        "tests": tests,
    }
    return json.dumps(said, indent=2, allow_nan=False) + "\n"


def _output(marked: Marked) -> str:
    if why := withheld(marked):
        return lines((f"INCOMPLETE – needs regrade: {why}.",))  # noqa: RUF001 - a dash for people
    score = marked.score
    return lines((f"{points_text(score.earned)} of {points_text(score.possible)} points.",))


def _test(one: Criterion, place: int) -> dict[str, Any]:
    named: dict[str, Any] = {"number": str(place), "name": one.id}
    return named | _counted(one) | {"output": lines(_said(one)), "tags": [str(one.outcome)]}


def _counted(one: Criterion) -> dict[str, Any]:
    """Points and colour. Open advice has neither, like what is unverified: it is no mistake, and costs nothing."""
    points, status = points_of(one), _STATUS.get(one.outcome)
    if points is None or (is_advice(one) and status != "passed"):
        return {}
    score = {"score": number(points), "max_score": number(one.possible)}
    return score if is_partial(one) else score | {"status": status}


_STATUS: Final = {
    Outcome.PASSED: "passed",
    Outcome.WAIVED: "passed",
    Outcome.FAILED: "failed",
    Outcome.PENDING: "failed",
    Outcome.BLOCKED: "failed",
}


def _said(one: Criterion) -> tuple[str, ...]:
    word = WORD[one.outcome].upper()
    match one.outcome:
        case Outcome.PASSED:
            return (one.message,)
        case Outcome.FAILED:
            return (one.message, *_fix(one, "Fix: "))
        case Outcome.WAIVED:
            of = f"{points_text(one.points)} of {points_text(one.possible)}"
            return (f"{word}: {of}. {one.message}",)
        case Outcome.BLOCKED if one.blocked_by:
            return (f"{word} by {one.blocked_by}: {one.message}", *_fix(one))
        case Outcome.UNVERIFIED:
            return (f"{word}: {one.message}", "Not your fault; it will be checked again.", *_fix(one))
        case _:
            return (f"{word}: {one.message}", *_fix(one))


def _fix(one: Criterion, word: str = "") -> tuple[str, ...]:
    return (f"{word}{one.hint}",) if one.hint else ()

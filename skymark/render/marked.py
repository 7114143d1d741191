"""What a mark is made from: the result of a grading, or how a student stands; and what other programs want of it."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Final, Protocol

from skymark.outcome import Outcome
from skymark.render.words import CENT, clean, counted, listed, points_text, rounded, shortened
from skymark.result import Criterion, RubricName, Score

LONGEST: Final = 4_000
"""Characters of one text in a file for another program: the largest rubric stays far below what any of them takes."""

LINE_ENDS: Final = re.compile(r"\r\n|\r|\n")


class Marked(Protocol):
    """A `Result` is one, and a gradebook's `Standing`."""

    @property
    def rubric(self) -> RubricName: ...
    @property
    def surveyed_at(self) -> dt.datetime: ...
    @property
    def final(self) -> bool: ...
    @property
    def score(self) -> Score: ...
    @property
    def criteria(self) -> tuple[Criterion, ...]: ...


def is_advice(one: Criterion) -> bool:
    """Whether it is worth no points."""
    return one.possible == 0


def is_partial(one: Criterion) -> bool:
    """Whether it failed, and earned some of its points all the same."""
    return one.outcome is Outcome.FAILED and bool(one.points)


def points_of(one: Criterion) -> Decimal | None:
    """What it counts; None where it is unverified, whatever stands there."""
    return None if one.outcome is Outcome.UNVERIFIED else one.points


def number(points: Decimal) -> int | float:
    """Points for JSON: `5`, never `5.0`; at most two decimals."""
    cents = rounded(points, CENT)
    return int(cents) if cents == cents.to_integral_value() else float(cents)


def whole(points: Sequence[Decimal]) -> tuple[int, ...]:
    """The points as whole numbers by largest remainder: their sum is that of the points, rounded half up.

    Of equal remainders the first ones are rounded up. So one list always gives the same numbers.
    """
    floors = [int(one.to_integral_value(ROUND_FLOOR)) for one in points]
    short = int(rounded(sum(points, Decimal(0)), Decimal(1))) - sum(floors)
    by_remainder = sorted(range(len(floors)), key=lambda at: (floors[at] - points[at], at))
    raised = set(by_remainder[:short])
    return tuple(floor + (at in raised) for at, floor in enumerate(floors))


def withheld(marked: Marked) -> str | None:
    """Why no mark may be given to a gradebook, None where one may: what is unverified is neither earned nor lost."""
    if marked.score.complete:
        return None
    ids = [one.id for one in marked.criteria if one.outcome is Outcome.UNVERIFIED and not is_advice(one)]
    of = f"{points_text(marked.score.unverified)} of {counted(marked.score.possible, 'point')}"
    return f"{of} could not be checked ({listed(ids)})"


def lines(texts: Iterable[str]) -> str:
    """The texts under one another, each safe to show: no control characters, no lone surrogate, none endless."""
    parts = (part for text in texts for part in LINE_ENDS.split(shortened(text, LONGEST)))
    return "\n".join(clean(part) for part in parts)

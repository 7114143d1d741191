"""How the scores of a class are spread. Pure."""

import statistics
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from skymark.cohort.standing_of_class import ClassView, Member
from skymark.evidence import Struct
from skymark.export.row import has_mark
from skymark.result import Score

BINS: Final = 10
HUNDRED: Final = Decimal(100)


class Distribution(Struct, frozen=True):
    """The scores that are complete, of so many students; those of whom anything is unverified or withheld are left out.

    `possible` is what everybody's points are out of; where that differs, the numbers are percent and it is None.
    `bins` count students by tenths of the points, a full score in the last one. `so_far`: somebody is still at it.
    """

    students: int
    left_out: int
    possible: Decimal | None
    mean: Decimal
    quartiles: tuple[Decimal, Decimal, Decimal]
    lowest: Decimal
    highest: Decimal
    bins: tuple[int, ...]
    so_far: bool


def distribution(view: ClassView) -> Distribution | None:
    """Of the whole class; None where nobody has a complete score."""
    whole = [one for one in view.members if has_mark(one.row, with_pending=True)]
    scores = list(_scores(whole))
    if not scores:
        return None
    possible = {one.possible for one in scores}
    numbers = [one.earned if len(possible) == 1 else _percent(one) for one in scores]
    return Distribution(
        len(scores),
        len(view.members) - len(scores),
        next(iter(possible)) if len(possible) == 1 else None,
        statistics.mean(numbers),
        _quartiles(numbers),
        min(numbers),
        max(numbers),
        tuple(sum(_bin(one) == number for one in scores) for number in range(BINS)),
        any(not has_mark(one.row) for one in whole),
    )


def _scores(members: Iterable[Member]) -> Iterable[Score]:
    """Only of rubrics that are worth anything."""
    for one in members:
        if one.row.standing and one.row.standing.score.possible:
            yield one.row.standing.score


def _quartiles(numbers: list[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """Between the nearest two, where one falls between; the second is the median."""
    if len(numbers) == 1:
        return numbers[0], numbers[0], numbers[0]
    low, middle, high = statistics.quantiles(numbers, n=4, method="inclusive")
    return low, middle, high


def _percent(score: Score) -> Decimal:
    return score.earned * HUNDRED / score.possible


def _bin(score: Score) -> int:
    return min(max(int(_percent(score) * BINS / HUNDRED), 0), BINS - 1)

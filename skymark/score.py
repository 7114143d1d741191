"""From verdicts to points and to the exit status."""

from collections.abc import Sequence
from decimal import Decimal

from skymark.outcome import MET, Outcome
from skymark.result import Criterion, Result, Score

COMPLETE, NOT_ALL_PASSED, INCOMPLETE = 0, 1, 3


def points_of(outcome: Outcome, possible: Decimal) -> Decimal | None:
    """What an outcome is worth; None for `unverified`: neither earned nor lost.

    A waived criterion's points are the assistant's decision and do not come from here.
    """
    match outcome:
        case Outcome.PASSED:
            return possible
        case Outcome.UNVERIFIED:
            return None
        case _:
            return Decimal(0)


def score_of(criteria: Sequence[Criterion]) -> Score:
    """The sums. The maximum never shrinks: what is unverified stays in `possible`."""
    unverified = [one for one in criteria if one.outcome is Outcome.UNVERIFIED]
    open_points = sum((one.possible for one in unverified), Decimal(0))
    return Score(
        earned=sum((one.points for one in criteria if one.points is not None), Decimal(0)),
        possible=sum((one.possible for one in criteria), Decimal(0)),
        unverified=open_points,
        complete=open_points == 0,
    )


def exit_status(result: Result) -> int:
    """As `status_of` its criteria."""
    return status_of(result.criteria)


def status_of(criteria: Sequence[Criterion]) -> int:
    """0 all passed or waived, 1 graded but not all passed, 3 something is unverified (which wins over 1).

    Criteria worth 0 points are advice and change nothing.
    """
    outcomes = {one.outcome for one in criteria if one.possible > 0}
    if Outcome.UNVERIFIED in outcomes:
        return INCOMPLETE
    return COMPLETE if outcomes <= {*MET} else NOT_ALL_PASSED

"""Students of a class as a gradebook might have them, made from nothing but their verdicts."""

import datetime as dt
from decimal import Decimal

from skymark.cohort.standing_of_class import ClassView, Member
from skymark.export.row import ClassRow, Withheld
from skymark.gradebook.standing import Standing
from skymark.outcome import Outcome
from skymark.result import Criterion, RubricName
from skymark.score import points_of, score_of

AT = dt.datetime(2019, 7, 1, 19, 0, tzinfo=dt.UTC)
FULL = Decimal(10)


def criterion(id="bucket.name", outcome="passed", message="", possible=FULL, points=None) -> Criterion:
    """One verdict; its points are those of the outcome, unless they are given."""
    said = Outcome(outcome)
    worth = points_of(said, Decimal(possible)) if points is None else Decimal(points)
    return Criterion(id, id.title(), said, worth, Decimal(possible), message)


def standing(student, *criteria, account="", rubric="intro", at=AT) -> Standing:
    """How a student stands; without an account they have one of their own."""
    where = account or f"account of {student}"
    name = RubricName(rubric, "1", rubric.title())
    return Standing(where, student, name, at, False, 1, score_of(criteria), criteria, ())


def member(student, *criteria, account="", withheld=None) -> Member:
    """One student; without any verdict they were never graded."""
    stands = standing(student, *criteria, account=account) if criteria else None
    why = (Withheld(withheld, "decide it"),) if withheld else ()
    return Member(ClassRow(student, student.title(), stands, why), is_shared=bool(why))


def view(*members: Member) -> ClassView:
    """A class of them."""
    return ClassView("class.csv", members)

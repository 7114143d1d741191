"""A class as CSV for people: a row for each student, a row for each criterion, and what still needs somebody."""

from collections.abc import Iterator, Sequence
from typing import Final

from skymark.export.cells import points, sheet, words
from skymark.export.row import ClassRow, open_things
from skymark.outcome import Outcome
from skymark.render.marked import points_of
from skymark.result import Criterion

CLASS: Final = (
    *("student", "name", "account", "rubric", "state", "score", "possible", "verified", "unverified", "surveyed_at"),
)
CRITERIA: Final = ("student", "criterion", "points", "possible", "outcome", "message")
NEEDS_REGRADE: Final = ("student", "name", "criterion", "points", "cause", "reason", "settles")

COMPLETE, PENDING, INCOMPLETE, WITHHELD, NOT_GRADED = "complete", "pending", "incomplete", "withheld", "not graded"


def to_class(rows: Sequence[ClassRow]) -> str:
    """`class.csv`: a row for each student, with a column of points for each criterion that any of them has.

    `score` is blank until nothing is unverified; `verified` is what counts so far. A criterion's cell is blank where
    it is unverified, where no mark may be given, and where the rubric has none of it.
    """
    ids = tuple(dict.fromkeys(one.id for row in rows if row.standing for one in row.standing.criteria))
    return sheet((*CLASS, *map(words, ids)), (_student(row, ids) for row in rows))


def to_criteria(rows: Sequence[ClassRow]) -> str:
    """`criteria.csv`: a row for each criterion of each student who was graded, in rubric order."""
    return sheet(CRITERIA, (cells for row in rows for cells in _criteria(row)))


def to_needs_regrade(rows: Sequence[ClassRow], *, with_pending: bool = False) -> str:
    """`needs-regrade.csv`: what keeps marks back, with the points that wait for it; no criterion: the whole of it."""
    return sheet(
        NEEDS_REGRADE,
        (
            (
                *map(words, (row.student, row.name, one.criterion or "")),
                points(one.points),
                *map(words, (one.cause or "", one.reason, one.settles)),
            )
            for row in rows
            for one in open_things(row, with_pending=with_pending)
        ),
    )


def state(row: ClassRow) -> str:
    """In a word, whether the student has a mark, or why not."""
    if row.withheld:
        return WITHHELD
    if row.standing is None:
        return NOT_GRADED
    if not row.standing.score.complete:
        return INCOMPLETE
    return PENDING if open_things(row) else COMPLETE


def _student(row: ClassRow, ids: Sequence[str]) -> Iterator[str]:
    yield from map(words, (row.student, row.name))
    standing, said = row.standing, state(row)
    if standing is None:
        yield from ("", "", said, "", "", "", "", "", *("" for _ in ids))
        return
    score = standing.score
    yield from map(words, (standing.account, standing.rubric.id))
    yield said
    yield points(score.earned) if said in (COMPLETE, PENDING) else ""
    yield points(score.possible)
    yield from ("", "") if said == WITHHELD else (points(score.earned), points(score.unverified))
    yield f"{standing.surveyed_at:%Y-%m-%dT%H:%M:%SZ}"
    found = {one.id: None if row.withheld else points_of(one) for one in standing.criteria}
    yield from (points(found.get(id)) for id in ids)


def _criteria(row: ClassRow) -> Iterator[tuple[str, ...]]:
    for one in row.standing.criteria if row.standing else ():
        yield (*map(words, (row.student, one.id)), *_outcome(row, one))


def _outcome(row: ClassRow, one: Criterion) -> tuple[str, ...]:
    if row.withheld:
        return "", points(one.possible), str(Outcome.UNVERIFIED), words(f"no mark yet: {row.withheld[0].reason}")
    needs = "; needs regrade" if one.outcome is Outcome.UNVERIFIED else ""
    return points(points_of(one)), points(one.possible), str(one.outcome), words(f"{one.message}{needs}")

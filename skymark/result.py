"""The result of one grading, `skymark/result/v1`: what every report is made from."""

import datetime as dt
from decimal import Decimal
from typing import Final, Literal

from skymark.evidence import Gap, Struct
from skymark.outcome import ChainLink, Outcome, Source

SCHEMA: Final = "skymark/result/v1"


class Subject(Struct, frozen=True):
    """Whose account was graded. `student` is set where a roster names one."""

    account: str
    caller: str
    alias: str | None = None
    student: str | None = None


class RubricName(Struct, frozen=True):
    """Which rubric was applied."""

    id: str
    version: str
    title: str


class Score(Struct, frozen=True):
    """Points, as decimals. `unverified` are neither earned nor lost; then the score is not `complete`."""

    earned: Decimal
    possible: Decimal
    unverified: Decimal
    complete: bool


class Link(Struct, frozen=True):
    """A page of the AWS console."""

    title: str
    url: str


class Criterion(Struct, frozen=True):
    """One criterion as graded. `points` is None where nothing could be said: neither earned nor lost.

    `stage` is the step of the lesson that it belongs to.
    """

    id: str
    title: str
    outcome: Outcome
    points: Decimal | None
    possible: Decimal
    message: str
    hint: str | None = None
    blocked_by: str | None = None
    source: Source | None = None
    evidence: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    stage: str = ""


class Leftover(Struct, frozen=True):
    """A thing that bills by the hour, or would once started. `hourly_usd` is what it costs now, None if not known.

    `type` is the AWS CLI's own noun; `cleanup` the command that removes it.
    """

    service: str
    type: str
    id: str
    region: str
    status: str
    hourly_usd: Decimal | None
    cleanup: str


class Next(Struct, frozen=True):
    """The one thing to do first."""

    criterion: str
    text: str
    command: str | None = None
    url: str | None = None


class RegionNames(Struct, frozen=True):
    """Where was looked."""

    answered: tuple[str, ...]
    closed: tuple[str, ...]
    unread: tuple[str, ...]


class Result(Struct, frozen=True, kw_only=True):
    """One grading of one account. Criteria in rubric order."""

    schema: Literal["skymark/result/v1"] = SCHEMA
    rubric: RubricName
    subject: Subject
    region: str
    surveyed_at: dt.datetime
    final: bool
    score: Score
    criteria: tuple[Criterion, ...]
    leftovers: tuple[Leftover, ...]
    hourly_usd: Decimal
    unpriced: int
    regions: RegionNames
    chain: tuple[ChainLink, ...]
    next: Next | None
    gaps: tuple[Gap, ...]
    warnings: tuple[str, ...] = ()

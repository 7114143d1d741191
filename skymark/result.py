"""The result of one grading, `skymark/result/v1`: what every report is made from."""

import datetime as dt
from decimal import Decimal
from typing import Final, Literal

from skymark.cause import Cause
from skymark.digits import Digits
from skymark.evidence import Gap, Struct
from skymark.outcome import ChainLink, Outcome, Source, Step
from skymark.timeline import Happened
from skymark.window import ALWAYS, Outsider, Window

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

    `message` says what was found, `expected` what has to be there, `hint` what to do; `command` is one of the AWS CLI
    for that. `stage` is the step of the lesson that it belongs to. `cause` is what stood in the way of deciding it, if
    anything.
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
    cause: Cause | None = None
    expected: str | None = None
    command: str | None = None


class Leftover(Struct, frozen=True):
    """A thing that bills, or would once started, or that may be tidied away.

    `type` is the AWS CLI's own noun; `cleanup` the commands that remove it, in order, "" where none is to be given.
    `hourly_usd` is what it costs now by the hour, `monthly_usd` what it costs for being kept, None where that is not
    known; `cost_so_far_usd` is an estimate since `created_at`, at least. `bills` says whether it bills by the hour
    now, whatever the price. `apart` says why it counts against nobody, None where it does.
    """

    service: str
    type: str
    id: str
    region: str
    status: str
    hourly_usd: Decimal | None
    cleanup: str
    bills: bool = True
    created_at: dt.datetime | None = None
    cost_so_far_usd: Decimal | None = None
    monthly_usd: Decimal | None = None
    apart: str | None = None


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
    """One grading of one account. Criteria in rubric order, steps and timeline in that of time.

    Only what was made in the `window` counts; `outsiders` were not. Teardown was judged as of `due`, if that is past.
    `timeline` is what happened to the things of the chain, `digits` what the endpoint said of the sample digits, None
    where it was not asked.
    """

    schema: Literal["skymark/result/v1"] = SCHEMA
    rubric: RubricName
    subject: Subject
    region: str
    surveyed_at: dt.datetime
    final: bool
    window: Window = ALWAYS
    due: dt.datetime | None = None
    score: Score
    criteria: tuple[Criterion, ...]
    leftovers: tuple[Leftover, ...]
    tidy: tuple[Leftover, ...] = ()
    hourly_usd: Decimal
    unpriced: int
    regions: RegionNames
    chain: tuple[ChainLink, ...]
    steps: tuple[Step, ...] = ()
    timeline: tuple[Happened, ...] = ()
    digits: Digits | None = None
    outsiders: tuple[Outsider, ...] = ()
    next: Next | None
    gaps: tuple[Gap, ...]
    warnings: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """By what it was judged, as the options of a command that judges by the same."""
        times = (("--since", self.window.since), ("--until", self.window.until), ("--due", self.due))
        named = (word for option, at in times if at for word in (option, f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"))
        return (*(("--final",) if self.final else ()), *named)

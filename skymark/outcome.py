"""The six outcomes, and what a fixture raises when there is nothing to assert.

A check that returns is `passed`; a check whose assertion does not hold is `failed`. Everything else that
can be said of a criterion is said by raising one of the signals below, and `verdict_of` translates it.
"""

import datetime as dt
import enum
from collections.abc import Mapping
from typing import Final, Protocol

import msgspec

from skymark.cause import Cause, cause_of_gaps, cause_of_refusal
from skymark.evidence import Gap, Struct

NOTHING_TO_MEND = "There is nothing for you to mend: it cannot be seen. A teaching assistant can decide it."
TOO_LATE = "It is gone now, and nothing is left to do. A teaching assistant can decide it."


class Outcome(enum.StrEnum):
    """What can be said of a criterion. Six, and no other."""

    PASSED = "passed"
    FAILED = "failed"
    PENDING = "pending"
    BLOCKED = "blocked"
    UNVERIFIED = "unverified"
    WAIVED = "waived"


MET: Final = (Outcome.PASSED, Outcome.WAIVED)
"""What a criterion is that holds, by the evidence or by an assistant's decision."""


class Source(enum.StrEnum):
    """Where evidence comes from, strongest first."""

    LIVE = "live"
    TRACE = "trace"
    EARLIER = "earlier"
    HANDED_IN = "handed-in"

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return RANKS[self]


RANKS: Final = {source: rank for rank, source in enumerate(Source)}


class Exhibit(Protocol):
    """What a fixture hands to a check: a thing of the lesson, and how it is known.

    Attributes:
        label: the one line that names it in a report.
        source: where it was seen.
        evidence: what was seen, a line each.
        doubt: the gaps behind which a better candidate may hide; they turn a failure into `unverified`.
    """

    @property
    def label(self) -> str: ...
    @property
    def source(self) -> Source: ...
    @property
    def evidence(self) -> tuple[str, ...]: ...
    @property
    def doubt(self) -> tuple[Gap, ...]: ...


class Signal(Exception):
    """There is nothing to assert, and here is why.

    Args:
        message: what was found, then what was wanted.
        criterion: the id of the criterion that stands for this fact. Any other criterion that meets the
            signal hangs on that one. None: the fact concerns whichever criterion meets it.
        source: where it was seen; None where nothing was seen.
        evidence: what was seen, a line each.
    """

    def __init__(
        self,
        message: str,
        *,
        criterion: str | None = None,
        source: Source | None = None,
        evidence: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.criterion = criterion
        self.source = source
        self.evidence = evidence

    def outcome(self, final: bool) -> Outcome:
        """What this means for the criterion that stands for it: unverified, where nothing better is known."""
        return Outcome.UNVERIFIED

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The calls that were not answered and are the reason."""
        return ()

    @property
    def cause(self) -> Cause | None:
        """What stood in the way; None where nothing did."""
        return cause_of_gaps(self.gaps)


class NotYet(Signal):
    """It is not there (yet): something to do. `unseen` names what else could have shown it and was not read.

    Absence is only a failure where everything that could have shown it was read.
    """

    def __init__(
        self,
        message: str,
        *,
        unseen: tuple[str, ...] = (),
        gaps: tuple[Gap, ...] = (),
        criterion: str | None = None,
        source: Source | None = None,
        evidence: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, criterion=criterion, source=source, evidence=evidence)
        self.unseen = unseen
        self._gaps = gaps

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The calls that could have shown it, and were not answered."""
        return self._gaps

    @property
    def cause(self) -> Cause | None:
        """None where everything that could have shown it was read."""
        return cause_of_gaps(self.gaps) if self.unseen else None

    def outcome(self, final: bool) -> Outcome:
        """Pending; under `--final` a failure, or unverified where something was not read."""
        if not final:
            return Outcome.PENDING
        return Outcome.UNVERIFIED if self.unseen else Outcome.FAILED


class Working(Signal):
    """AWS is still at work on it, for about `minutes` more: time passes, and it is not the student's fault."""

    minutes = 10

    @property
    def cause(self) -> Cause | None:
        """Always the same."""
        return Cause.AT_WORK

    def outcome(self, final: bool) -> Outcome:
        """Pending; under `--final` unverified, never a failure."""
        return Outcome.UNVERIFIED if final else Outcome.PENDING


class Refused(Signal):
    """AWS refused it: a quota, no capacity, a suspended service. Not the student's fault; an assistant may waive it."""

    @property
    def cause(self) -> Cause | None:
        """By AWS's words."""
        return cause_of_refusal(self.message)

    def outcome(self, final: bool) -> Outcome:
        """Pending; under `--final` unverified, never a failure."""
        return Outcome.UNVERIFIED if final else Outcome.PENDING


class Wrong(Signal):
    """The evidence shows that it is wrong, and no check needs to look further.

    `advice` says what to do where that is another thing than the rubric's hint.
    """

    def __init__(
        self,
        message: str,
        *,
        advice: str | None = None,
        criterion: str | None = None,
        source: Source | None = None,
        evidence: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, criterion=criterion, source=source, evidence=evidence)
        self.advice = advice

    @property
    def cause(self) -> Cause | None:
        """None: it was seen."""
        return None

    def outcome(self, final: bool) -> Outcome:
        """Failed."""
        return Outcome.FAILED


class Unseen(Signal):
    """Skymark could not look. `gaps` are the calls that were not answered; without any, `advice` says what to do."""

    def __init__(
        self,
        message: str,
        *,
        gaps: tuple[Gap, ...] = (),
        advice: str = NOTHING_TO_MEND,
        criterion: str | None = None,
        source: Source | None = None,
        evidence: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, criterion=criterion, source=source, evidence=evidence)
        self._gaps = gaps
        self.advice = advice

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The calls that were not answered and are the reason."""
        return self._gaps


class Verdict(Struct, frozen=True):
    """What was decided about one criterion, and on what grounds.

    `advice` says what to do where that is another thing than the rubric's hint. `cause` says what stood in the way
    where it is unverified, or pending because AWS refused it or is at work; else it is None.
    """

    id: str
    outcome: Outcome
    message: str
    blocked_by: str | None = None
    source: Source | None = None
    evidence: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    advice: str | None = None
    cause: Cause | None = None


class ChainLink(Struct, frozen=True):
    """One thing that was judged, and why it and not another. `kind`: bucket, role, instance, job, model, endpoint."""

    kind: str
    id: str
    region: str | None
    why: str


class Step(Struct, frozen=True):
    """One step of the lesson, and when it was done, as far as anything tells.

    `ends` is whether it tears down, `late` whether it did so after everything had to be gone.
    """

    at: dt.datetime
    what: str
    source: Source
    ends: bool = False
    late: bool = False


class Judgement(Struct, frozen=True):
    """All verdicts in rubric order, with what the report says beside them.

    `steps` are in the order in which they were done. `places` are the names that links and commands are filled with
    (`region`, `bucket`, `instance`, …).
    """

    verdicts: tuple[Verdict, ...]
    chain: tuple[ChainLink, ...] = ()
    steps: tuple[Step, ...] = ()
    places: Mapping[str, str] = msgspec.field(default_factory=dict)
    warnings: tuple[str, ...] = ()

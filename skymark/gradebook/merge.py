"""The best of all checks, criterion by criterion, and what teaching assistants decided. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from skymark.cause import Cause
from skymark.evidence import Struct
from skymark.next_step import completed
from skymark.outcome import MET, NOTHING_TO_MEND, Outcome, Source
from skymark.result import Criterion, Result
from skymark.rubric import Rubric

TEARDOWN = "teardown."
"""How the ids of criteria begin that are always judged now: what was torn down last week may run again today."""


class Proof(Struct, frozen=True):
    """A criterion that an earlier check saw passed; `source` and `evidence` are what it went by then."""

    criterion: str
    seen_at: dt.datetime
    message: str
    source: Source | None = None
    evidence: tuple[str, ...] = ()


class Override(Struct, frozen=True):
    """What a teaching assistant decided about one criterion of one account, and what that replaced.

    `replaced_points` is None where the criterion was unverified.
    """

    id: int
    criterion: str
    points: Decimal
    reason: str
    by: str
    at: dt.datetime
    replaced_outcome: Outcome
    replaced_points: Decimal | None


class Known(Struct, frozen=True):
    """What a gradebook knows of one account and one rubric: the best proofs, and the overrides in force."""

    proofs: tuple[Proof, ...] = ()
    overrides: tuple[Override, ...] = ()


NOTHING = Known()


def merge(result: Result, known: Known, rubric: Rubric) -> Result:
    """The result with what was proved earlier and what was decided.

    Score, next step and warnings follow. `rubric` is the one that the result was made by. No point that the result
    has is lost, but by an override; merging twice changes nothing more.
    """
    return completed(replace(result, criteria=settled(result.criteria, known)), rubric)


def proofs_of(results: Iterable[Result]) -> tuple[Proof, ...]:
    """The best proof for each criterion that any of these passed by itself, by id.

    The best is the one of the strongest source, then the latest; in which order the results come changes nothing.
    """
    best: dict[str, Proof] = {}
    for result in results:
        for one in result.criteria:
            if _is_proof(one):
                proof = Proof(one.id, result.surveyed_at, one.message, one.source, one.evidence)
                known = best.setdefault(one.id, proof)
                best[one.id] = known if known is proof else max(known, proof, key=strength)
    return tuple(best[id] for id in sorted(best))


def proved_by(result: Result) -> frozenset[str]:
    """The criteria that a check saw passed by itself."""
    return frozenset(one.id for one in result.criteria if _is_proof(one))


def _is_proof(one: Criterion) -> bool:
    return one.outcome is Outcome.PASSED and one.source is not Source.EARLIER


def settled(criteria: Sequence[Criterion], known: Known) -> tuple[Criterion, ...]:
    """The criteria, each with its override; else, if it did not pass now, with its proof; in the same order.

    Teardown and advice are never taken over. What hangs on a criterion that counts only now is not blocked any more:
    what it would be judged by is not there, so it is unverified.
    """
    proofs = {proof.criterion: proof for proof in known.proofs}
    overrides = {override.criterion: override for override in known.overrides}
    found = tuple(_settled(one, proofs.get(one.id), overrides.get(one.id)) for one in criteria)
    return unblocked(found)


def carried(result: Result, before: Result, rubric: Rubric) -> Result:
    """A result with what the one before it had met, which stays met; `before` is of the same account and rubric.

    Teardown and advice are judged now. Score, next step and warnings follow.
    """
    kept = {one.id: one for one in before.criteria if one.outcome in MET and not is_judged_now(one)}
    criteria = tuple(_carried(one, kept.get(one.id), before) for one in result.criteria)
    return completed(replace(result, criteria=unblocked(criteria)), rubric)


def _carried(one: Criterion, kept: Criterion | None, before: Result) -> Criterion:
    if kept is None or one.outcome in MET:
        return one
    if kept.outcome is Outcome.WAIVED or kept.source in (Source.EARLIER, Source.HANDED_IN):
        return kept
    return taken_over(one, f"{kept.message}, seen {when(before.surveyed_at)}", Source.EARLIER, kept.evidence)


def is_judged_now(one: Criterion) -> bool:
    """Whether nothing that was seen elsewhere or earlier can make it pass: teardown and advice."""
    return one.id.startswith(TEARDOWN) or one.possible == 0


def taken_over(one: Criterion, message: str, source: Source, evidence: tuple[str, ...]) -> Criterion:
    """The criterion as passed, by what was seen elsewhere; what this check says by itself stands below the evidence."""
    return replace(
        one,
        outcome=Outcome.PASSED,
        points=one.possible,
        message=message,
        hint=None,
        command=None,
        blocked_by=None,
        cause=None,
        source=source,
        evidence=(*evidence, _now(one)),
    )


def unblocked(criteria: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """The criteria, those unverified that were blocked by what counts now; in the same order."""
    by_id = {one.id: one for one in criteria}
    return tuple(_unblocked(one, by_id) for one in criteria)


def strength(proof: Proof) -> tuple[int, dt.datetime, str, tuple[str, ...]]:
    """The better the proof, the higher: the strongest source, then the latest."""
    rank = len(Source) if proof.source is None else proof.source.rank
    return (-rank, proof.seen_at, proof.message, proof.evidence)


def _settled(one: Criterion, proof: Proof | None, override: Override | None) -> Criterion:
    if override is not None:
        return _waived(one, override)
    if proof is None or is_judged_now(one) or one.outcome is Outcome.PASSED:
        return one
    how = "handed in by" if proof.source is Source.HANDED_IN else "seen"
    return taken_over(one, f"{proof.message}, {how} {when(proof.seen_at)}", Source.EARLIER, proof.evidence)


def _waived(one: Criterion, override: Override) -> Criterion:
    """Points beyond what the criterion is worth by now, in a rubric that was changed, are cut."""
    points = min(override.points, one.possible)
    worth = f"{_short(points)} of {_short(one.possible)} points"
    return replace(
        one,
        outcome=Outcome.WAIVED,
        points=points,
        message=f"{worth}, decided by {override.by}, {when(override.at)}: {override.reason}",
        hint=None,
        command=None,
        blocked_by=None,
        cause=None,
        source=None,
        evidence=one.evidence if one.outcome is Outcome.WAIVED else (*one.evidence, _now(one)),
    )


def _unblocked(one: Criterion, by_id: Mapping[str, Criterion]) -> Criterion:
    blocker = by_id.get(one.blocked_by or "")
    if one.outcome is not Outcome.BLOCKED or blocker is None:
        return one
    if blocker.outcome is Outcome.PASSED:
        how = "shown by what was handed in" if blocker.source is Source.HANDED_IN else "proved by an earlier check"
        why = f"{blocker.id} was {how}, and what this would be judged by is not there any more"
    elif blocker.outcome is Outcome.WAIVED and blocker.points:
        why = f"{blocker.id}, on which it hangs, was decided by a teaching assistant"
    else:
        return one
    return replace(
        one,
        outcome=Outcome.UNVERIFIED,
        points=None,
        message=f"cannot be judged now: {why}",
        hint=NOTHING_TO_MEND,
        blocked_by=None,
        cause=Cause.RECORDS,
    )


def _now(one: Criterion) -> str:
    return f"by itself this check says {one.outcome}: {one.message}"


def when(time: dt.datetime) -> str:
    """A time as reports write it, in UTC."""
    return f"{time.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"


def _short(points: Decimal) -> str:
    """`6`, not `6.00` nor `1E+1`."""
    return f"{points.normalize():f}"

"""From the signals that a check met to the one verdict on its criterion."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from skymark.cause import Cause
from skymark.outcome import NotYet, Outcome, Refused, Signal, Unseen, Verdict, Working, Wrong
from skymark.rubric import Rubric


@dataclass(frozen=True)
class Terms:
    """What verdicts are given by: the rubric, whether the lesson is over, and when the account was looked at."""

    rubric: Rubric
    final: bool
    surveyed_at: dt.datetime


def verdict_of(signals: Sequence[Signal], id: str, terms: Terms) -> Verdict:
    """The verdict on criterion `id`, whose fixtures raised these signals (at least one).

    What was seen of the thing itself decides, whatever else was unreadable. Else what hangs on something
    unverified is unverified, what hangs on something not done is blocked by the first such criterion in rubric
    order, and what hangs on nothing is what the signal says.
    """
    own = [signal for signal in signals if _is_own(signal, id, terms.rubric)]
    others = sorted((one for one in signals if one not in own), key=lambda one: _position(one, terms.rubric))
    seen = [signal for signal in own if signal.source is not None]
    unverified = [one for one in (*own, *others) if one.outcome(terms.final) is Outcome.UNVERIFIED]
    if seen:
        return _own_verdict(seen[0], id, terms)
    if unverified and unverified[0] in own:
        return _own_verdict(unverified[0], id, terms)
    if unverified:
        return _hanging(unverified[0], id, Outcome.UNVERIFIED, terms)
    if others:
        return _hanging(others[0], id, Outcome.BLOCKED, terms)
    return _own_verdict(own[0], id, terms)


def _is_own(signal: Signal, id: str, rubric: Rubric) -> bool:
    """A signal that stands for a criterion which the rubric does not have concerns whoever meets it."""
    return signal.criterion in (None, id) or rubric.criterion(signal.criterion) is None


def _position(signal: Signal, rubric: Rubric) -> int:
    return [criterion.id for criterion in rubric.criteria].index(signal.criterion or "")


def _own_verdict(signal: Signal, id: str, terms: Terms) -> Verdict:
    outcome = signal.outcome(terms.final)
    criterion = terms.rubric.criterion(id)
    if criterion is not None and criterion.is_advice and isinstance(signal, NotYet):
        # Advice stays advice: `--final` makes no mistake of what costs no points.
        outcome = Outcome.PENDING
    message = signal.message
    if isinstance(signal, NotYet) and signal.unseen and outcome is Outcome.UNVERIFIED:
        message = f"{message}; it may have been there, and could still show in {_listed(signal.unseen)}"
    return Verdict(
        id,
        outcome,
        message,
        source=signal.source,
        evidence=signal.evidence,
        gaps=signal.gaps,
        advice=_advice(signal, terms),
        cause=_cause(signal, outcome),
    )


def _hanging(signal: Signal, id: str, outcome: Outcome, terms: Terms) -> Verdict:
    if outcome is Outcome.BLOCKED:
        message = f"cannot be judged until {signal.criterion} holds: {signal.message}"
        return Verdict(id, outcome, message, blocked_by=signal.criterion)
    message = f"cannot be judged while {signal.criterion} is unverified: {signal.message}"
    return Verdict(id, outcome, message, gaps=signal.gaps, advice=_advice(signal, terms), cause=signal.cause)


def _cause(signal: Signal, outcome: Outcome) -> Cause | None:
    """What stood in the way: of something unverified anything, of something pending what AWS does or refused."""
    is_aws = isinstance(signal, Working | Refused)
    return signal.cause if outcome is Outcome.UNVERIFIED or (outcome is Outcome.PENDING and is_aws) else None


def _advice(signal: Signal, terms: Terms) -> str | None:
    """What to do, where that is another thing than the rubric's hint; what to do about a refused call, its gap says."""
    if isinstance(signal, Wrong):
        return signal.advice
    if signal.gaps or signal.outcome(terms.final) is not Outcome.UNVERIFIED:
        return None
    match signal:
        case Working():
            again = terms.surveyed_at + dt.timedelta(minutes=signal.minutes)
            return f"AWS is still at work, and that is not your fault. Check again after {again:%H:%M} UTC."
        case Refused():
            return "AWS refused this, and that is not your fault. A teaching assistant can waive it."
        case NotYet():
            return "If you did this, show it to a teaching assistant, who can decide it."
        case Unseen():
            return signal.advice
        case _:
            return None


def _listed(names: Sequence[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]

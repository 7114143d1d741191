"""From the signals that a check met to the one verdict on its criterion."""

from collections.abc import Sequence

from skymark.outcome import NotYet, Outcome, Signal, Verdict
from skymark.rubric import Rubric


def verdict_of(signals: Sequence[Signal], id: str, rubric: Rubric, *, final: bool) -> Verdict:
    """The verdict on criterion `id`, whose fixtures raised these signals (at least one).

    What was seen of the thing itself decides, whatever else was unreadable. Else what hangs on something
    unverified is unverified, what hangs on something not done is blocked by the first such criterion in rubric
    order, and what hangs on nothing is what the signal says.
    """
    own = [signal for signal in signals if _is_own(signal, id, rubric)]
    others = sorted((signal for signal in signals if signal not in own), key=lambda one: _position(one, rubric))
    seen = [signal for signal in own if signal.source is not None]
    unverified = [one for one in (*own, *others) if one.outcome(final) is Outcome.UNVERIFIED]
    if seen:
        return _own_verdict(seen[0], id, rubric, final)
    if unverified and unverified[0] in own:
        return _own_verdict(unverified[0], id, rubric, final)
    if unverified:
        return _hanging(unverified[0], id, Outcome.UNVERIFIED)
    if others:
        return _hanging(others[0], id, Outcome.BLOCKED)
    return _own_verdict(own[0], id, rubric, final)


def _is_own(signal: Signal, id: str, rubric: Rubric) -> bool:
    """A signal that stands for a criterion which the rubric does not have concerns whoever meets it."""
    return signal.criterion in (None, id) or rubric.criterion(signal.criterion) is None


def _position(signal: Signal, rubric: Rubric) -> int:
    return [criterion.id for criterion in rubric.criteria].index(signal.criterion or "")


def _own_verdict(signal: Signal, id: str, rubric: Rubric, final: bool) -> Verdict:
    outcome = signal.outcome(final)
    criterion = rubric.criterion(id)
    if criterion is not None and criterion.is_advice and isinstance(signal, NotYet):
        # Advice stays advice: `--final` makes no mistake of what costs no points.
        outcome = Outcome.PENDING
    message = signal.message
    if final and isinstance(signal, NotYet) and signal.unseen and outcome is Outcome.UNVERIFIED:
        message = f"{message}; it may have been there: {_listed(signal.unseen)} could not be read"
    return Verdict(id, outcome, message, source=signal.source, evidence=signal.evidence, gaps=signal.gaps)


def _hanging(signal: Signal, id: str, outcome: Outcome) -> Verdict:
    if outcome is Outcome.BLOCKED:
        message = f"cannot be judged until {signal.criterion} holds: {signal.message}"
        return Verdict(id, outcome, message, blocked_by=signal.criterion)
    message = f"cannot be judged while {signal.criterion} is unverified: {signal.message}"
    return Verdict(id, outcome, message, gaps=signal.gaps)


def _listed(names: Sequence[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]

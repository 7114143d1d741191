"""What one verdict rests on, for a student who doubts it: the calls, the times, and what could not be seen."""

import datetime as dt
import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from skymark.evidence import CallMade, Struct, Survey
from skymark.outcome import Outcome, Source
from skymark.render.gaps import Refusal, refusals
from skymark.render.times import moment, terms
from skymark.render.words import MEANING, SOURCE, WORD, clean, counted, listed, points_text
from skymark.result import Criterion, Result
from skymark.roster.entry import Files
from skymark.rubric import Rubric

ANSWERED: Final = "answered"


class Asked(Struct, frozen=True):
    """One call of AWS, made once or in many regions, with the same end: `code` is AWS's error code, or `answered`.

    `longest_ms` is the time that the slowest answer took.
    """

    service: str
    call: str
    code: str
    times: int
    regions: tuple[str, ...]
    first_at: dt.datetime
    last_at: dt.datetime
    longest_ms: int


class Dispute(Struct, frozen=True):
    """Everything that can be said of how a criterion was decided.

    `rests_on` says in a sentence by what, `terms` what counted. `asked` are the calls of the last check that it is
    judged by, in time; empty where the survey kept none, which `is_kept` tells. `refused` are those not answered.
    """

    criterion: Criterion
    rests_on: str
    surveyed_at: dt.datetime
    final: bool
    terms: tuple[str, ...]
    asked: tuple[Asked, ...]
    refused: tuple[Refusal, ...]
    is_kept: bool


def dispute(criterion: str, survey: Survey | None, result: Result, rubric: Rubric | None) -> Dispute:
    """How one criterion of a result was decided; `survey` is that of the last check, None where it is not known.

    Raises:
        KeyError: the result has no such criterion.
    """
    one = next((one for one in result.criteria if one.id == criterion), None)
    if one is None:
        raise KeyError(criterion)
    entry = rubric.criterion(criterion) if rubric else None
    wanted = frozenset(entry.calls if entry else ())
    made = survey.calls if survey else ()
    return Dispute(
        one,
        _rests_on(one),
        result.surveyed_at,
        result.final,
        tuple(terms(result)),
        asked(call for call in made if f"{call.service}:{call.call}" in wanted),
        refusals(gap for gap in result.gaps if f"{gap.service}:{gap.call}" in wanted),
        bool(made),
    )


def asked(calls: Iterable[CallMade]) -> tuple[Asked, ...]:
    """Calls that differ only in where and when, as one; in the order in which each was first made."""
    groups: dict[tuple[str, str, str], list[CallMade]] = {}
    for one in sorted(calls, key=lambda one: one.at):
        groups.setdefault((one.service, one.call, one.code or ANSWERED), []).append(one)
    return tuple(
        Asked(
            *key,
            len(same),
            tuple(sorted({one.region for one in same if one.region})),
            same[0].at,
            same[-1].at,
            max(one.took_ms for one in same),
        )
        for key, same in groups.items()
    )


def lines(found: Dispute) -> tuple[str, ...]:
    """The same for a terminal, a line each; whatever a name holds, it is safe to print."""
    return tuple(clean(line) for line in _lines(found))


def again(files: Files, student: str, criterion: str, terms: Sequence[str] = ()) -> str:
    """The command that looks at one criterion of one student again, by the same `terms`."""
    words = f"grade.py class {shlex.join(files.words)} {_option('--students', student)} {_option('--only', criterion)}"
    return f"{words} {shlex.join(terms)}".rstrip()


def in_words(one: Asked) -> str:
    """`in 17 regions, 2026-11-24 10:00 UTC to 2026-11-24 10:01 UTC, 420 ms at most`: where, when and how long."""
    many = len(one.regions) > 1
    where = f"in {counted(len(one.regions), 'region')}" if many else f"in {one.regions[0]}" if one.regions else ""
    often = f"{one.times} times" if one.times > max(len(one.regions), 1) else ""
    first, last = moment(one.first_at), moment(one.last_at)
    when = first if first == last else f"{first} to {last}"
    return ", ".join(
        part for part in (where, often, when, f"{one.longest_ms} ms{' at most' * (one.times > 1)}") if part
    )


def _rests_on(one: Criterion) -> str:
    """The calls below are those of the last check: where something else decided it, that has to be said."""
    if one.outcome is Outcome.WAIVED:
        return "A teaching assistant decided it. The calls are those of the last check, which the decision overrules."
    match one.source:
        case Source.EARLIER:
            return "An earlier check proved it. The calls are those of the last check, which saw less."
        case Source.HANDED_IN:
            return "It rests on what was handed in, not on the calls below."
        case Source.LIVE | Source.TRACE as source:
            return f"It was {SOURCE[source]}, by the calls below."
        case None if one.outcome is Outcome.BLOCKED:
            return f"It was not judged by itself: first comes {one.blocked_by}."
        case None:
            return "Nothing was found to judge it by; the calls below are those that would have shown it."


def _lines(found: Dispute) -> Iterator[str]:
    one = found.criterion
    worth = "advice" if not one.possible else f"{points_text(one.points)} of {points_text(one.possible)} points"
    yield f"{one.id}: {one.title}"
    yield f"  {WORD[one.outcome]}, {worth}: {one.message}"
    yield f"  {MEANING[one.outcome]}"
    yield f"  {found.rests_on}"
    yield f"  The account was looked at {moment(found.surveyed_at)}{', as final' if found.final else ''}."
    yield from (f"  {line}" for line in found.terms)
    if one.evidence:
        yield "Evidence"
        yield from (f"  {line}" for line in one.evidence)
    yield "Calls"
    if not found.asked:
        yield f"  {none_asked(found)}"
    for call in found.asked:
        yield f"  {call.service} {call.call}: {call.code}, {in_words(call)}"
        if len(call.regions) > 1:
            yield f"    {', '.join(call.regions)}"
    if found.refused:
        yield "Not answered: this costs no points"
    for gap in found.refused:
        where = f" in {listed(gap.regions)}" if gap.regions else ""
        what = f" of {listed(gap.resources)}" if gap.resources else ""
        yield f"  {gap.service} {gap.call}{what}{where}: {gap.code}. {gap.advice}"


def none_asked(found: Dispute) -> str:
    """Why no call is shown."""
    if found.is_kept:
        return "None of the calls that it is judged by was made: nothing was there to ask about."
    return "The calls of this check were not kept."


def _option(name: str, value: str) -> str:
    """A value that begins with a dash would be an option itself."""
    word = _word(value)
    return f"{name}={word}" if value.startswith("-") else f"{name} {word}"


def _word(value: str) -> str:
    return shlex.quote(value)

"""The same refusal in seventeen regions is told once, and that nobody asked, once for all."""

from collections.abc import Iterable
from typing import Final

from skymark.cause import NOT_ASKED
from skymark.evidence import Gap, Struct

NOT_LOOKED_FOR: Final = "Whatever else bills was not looked for: only a part of the account is judged."


class Refusal(Struct, frozen=True):
    """One kind of gap: what was asked, what AWS said, what to do, and every region and thing it was asked of."""

    service: str
    call: str
    code: str
    advice: str
    regions: tuple[str, ...]
    resources: tuple[str, ...]


def refusals(gaps: Iterable[Gap]) -> tuple[Refusal, ...]:
    """Gaps that differ only in where, as one; in the order in which each first appears. Somebody has asked."""
    groups: dict[tuple[str, str, str, str], list[Gap]] = {}
    for gap in gaps:
        if gap.code == NOT_ASKED:
            continue
        groups.setdefault((gap.service, gap.call, gap.code, gap.advice), []).append(gap)
    return tuple(
        Refusal(
            *key,
            regions=tuple(dict.fromkeys(gap.region for gap in same if gap.region)),
            resources=tuple(dict.fromkeys(gap.resource for gap in same if gap.resource)),
        )
        for key, same in groups.items()
    )


def was_looked_for(gaps: Iterable[Gap]) -> bool:
    """Whether all that bills was asked for, be it without an answer."""
    return all(gap.code != NOT_ASKED for gap in gaps)

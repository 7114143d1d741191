"""Standings as a file: CSV that people open in a spreadsheet, or JSON. Pure."""

import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

from skymark.errors import UsageError
from skymark.export.cells import points, sheet, words
from skymark.gradebook.standing import Standing
from skymark.render.marked import number
from skymark.render.words import no_surrogates

SCHEMA: Final = "skymark/gradebook/v1"
HEAD: Final = ("account", "student", "rubric", "earned", "possible", "unverified", "complete", "surveyed_at")
Writer = Callable[[Sequence[Standing]], str]
CRITERION: Final = ("id", "title", "outcome", "points", "possible", "message", "source")


def to_csv(standings: Sequence[Standing]) -> str:
    """One row for each account and rubric, one column for each criterion that any of them has.

    A criterion's cell holds its points; it is blank where it is unverified, and where the rubric has none of it. No
    cell is run by a spreadsheet, whatever somebody called themselves. It begins with the mark by which Excel knows
    UTF-8.
    """
    ids = tuple(dict.fromkeys(one.id for standing in standings for one in standing.criteria))
    return sheet((*HEAD, *map(words, ids)), (_row(standing, ids) for standing in standings))


def to_json(standings: Sequence[Standing]) -> str:
    """`skymark/gradebook/v1`: the accounts in order, each with its criteria in the rubric's order, and overrides.

    Points are numbers with at most two decimals, null where unverified; times are ISO 8601, UTC.
    """
    accounts = [_account(standing) for standing in standings]
    return json.dumps({"schema": SCHEMA, "accounts": accounts}, indent=2, allow_nan=False) + "\n"


def writer(name: str) -> Writer:
    """What writes the format of this name.

    Raises:
        UsageError: there is none.
    """
    writers: dict[str, Writer] = {"csv": to_csv, "json": to_json}
    if name not in writers:
        raise UsageError(f'--format "{name}": there are csv and json.')
    return writers[name]


def _row(standing: Standing, ids: Sequence[str]) -> Iterator[str]:
    score = standing.score
    yield from map(words, (standing.account, standing.student or "", standing.rubric.id))
    yield from map(points, (score.earned, score.possible, score.unverified))
    yield "yes" if score.complete else "no"
    yield f"{standing.surveyed_at:%Y-%m-%dT%H:%M:%SZ}"
    found = {one.id: one.points for one in standing.criteria}
    yield from (points(found.get(id)) for id in ids)


def _account(standing: Standing) -> dict[str, Any]:
    plain: dict[str, Any] = _plain(msgspec.to_builtins(standing, builtin_types=(Decimal,)))
    plain["criteria"] = [{name: one[name] for name in CRITERION} for one in plain["criteria"]]
    return plain


def _plain(value: Any) -> Any:
    """What JSON can hold: numbers for points, and no half characters."""
    match value:
        case dict():
            return {name: _plain(part) for name, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
        case str():
            return no_surrogates(value)
        case Decimal():
            return number(value)
        case _:
            return value

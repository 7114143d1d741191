"""What SageMaker's list calls have in common: filters, an order, pages of ten."""

import base64
import binascii
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.sagemaker.refusals import ValidationError

_PAGE = 10
_MOST = 100


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of resource is listed: where its list stands in the answer, and the fields of a summary."""

    result: str
    name: str
    status: str | None = None
    order: str = "CreationTime"
    ascending: bool = False


def page(kind: Kind, summaries: Iterable[Mapping[str, Any]], asked: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a list call: `{kind.result: […], "NextToken": …}`.

    `NameContains` ignores case, as AWS does. Raises ValidationError for a token that is none of ours.
    """
    rows = _ordered(kind, [row for row in summaries if _is_wanted(kind, row, asked)], asked)
    start = _start(asked.get("NextToken"))
    end = start + min(int(asked.get("MaxResults") or _PAGE), _MOST)
    answer: dict[str, Any] = {kind.result: rows[start:end]}
    if end < len(rows):
        answer["NextToken"] = base64.b64encode(f"from:{end}".encode()).decode()
    return answer


def _is_wanted(kind: Kind, row: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    part, status = asked.get("NameContains"), asked.get("StatusEquals")
    if part and part.lower() not in row[kind.name].lower():
        return False
    if status and kind.status and row[kind.status] != status:
        return False
    return all(bound(row, asked) for bound in _BOUNDS)


def _bound(field: str, parameter: str, holds: Callable[[dt.datetime, dt.datetime], bool]) -> Any:
    def check(row: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
        limit, value = asked.get(parameter), row.get(field)
        return limit is None or value is None or holds(value, limit)

    return check


_BOUNDS = tuple(
    _bound(field, f"{field}{side}", holds)
    for field in ("CreationTime", "LastModifiedTime")
    for side, holds in (("After", lambda value, limit: value > limit), ("Before", lambda value, limit: value < limit))
)


def _ordered(kind: Kind, rows: Sequence[Mapping[str, Any]], asked: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    by = asked.get("SortBy") or kind.order
    field = {"Name": kind.name, "Status": kind.status or kind.name}.get(by, by)
    default = "Ascending" if kind.ascending else "Descending"
    descending = (asked.get("SortOrder") or default) == "Descending"
    return sorted(rows, key=lambda row: row.get(field) or row["CreationTime"], reverse=descending)


def _start(token: str | None) -> int:
    if not token:
        return 0
    try:
        word, _, number = base64.b64decode(token, validate=True).decode().partition(":")
        if word == "from":
            return int(number)
    except (binascii.Error, ValueError):
        pass
    raise ValidationError("The token is invalid.")

"""How one kind of thing is listed, told by AWS's names, and read: one function for all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore import xform_name
from msgspec.structs import replace

from skymark.evidence import Resource
from skymark.survey.reading import GONE, Reading, described, pages

Row = dict[str, Any]

# Two thousand of one kind in one region: no lesson leaves as many, and nobody waits for more.
MOST_PAGES = 20


def nothing_more(row: Row) -> Row:
    """What is told of most kinds beside the usual fields."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of thing and the call that lists it.

    `key` is where the answer's rows stand; `id`, `status` and `created` are a row's fields; `more` makes the other
    fields of the evidence of a row. Of jobs only those in one of `states` are kept, and `state_filter` is the parameter
    by which AWS can be asked for these alone; what is in one of the states `gone` is listed, and not there any more.
    `describe` are a call that tells more and its parameter.
    """

    service: str = "sagemaker"
    type: str
    call: str
    key: str
    id: str
    status: str = "Status"
    created: str = "CreationTime"
    more: Callable[[Row], Row] = nothing_more
    states: tuple[str, ...] = ()
    state_filter: str = ""
    gone: tuple[str, ...] = ("Deleted",)
    describe: tuple[str, str] | None = None

    def resource(self, row: Row, region: str) -> Resource:
        """The evidence of one row."""
        usual: Row = {"status": row.get(self.status), "created_at": row.get(self.created)}
        return Resource(self.service, self.type, str(row.get(self.id, "")), region, **usual | self.more(row))

    def is_there(self, one: Resource) -> bool:
        """Whether it is still there, or still runs."""
        return one.status in self.states if self.states else one.status not in self.gone


def read_kind(kind: Kind, client: Any, region: str) -> Reading[Resource]:
    """Everything of one kind in one region. What cannot be described is as the list told.

    Source: the kind's List and Describe calls.
    """
    return read_rows(kind, client, region, list_rows(kind, client, region))


def read_within(kind: Kind, client: Any, region: str, outer: str, parameter: str) -> Reading[Resource]:
    """Everything of one kind that lies in something that was listed; nothing, if that is gone since."""
    rows = list_rows(kind, client, region, outer, **{parameter: outer})
    if any(gap.code in GONE for gap in rows.gaps):
        return Reading()
    found = read_rows(kind, client, region, rows)
    return Reading(tuple(replace(one, within=(outer,)) for one in found.items), found.gaps)


def read_rows(kind: Kind, client: Any, region: str, rows: Reading[Row]) -> Reading[Resource]:
    """The evidence of rows that were listed."""
    listed = [row for row in rows.items if kind.is_there(kind.resource(row, region))]
    found = Reading.merged(_told(kind, client, region, row) for row in listed)
    return Reading(tuple(one for one in found.items if kind.is_there(one)), (*rows.gaps, *found.gaps))


def list_rows(kind: Kind, client: Any, region: str, resource: str | None = None, **asked: Any) -> Reading[Row]:
    """The rows of one kind's list.

    Where AWS can filter, one page of all states is enough in nearly every account; where there are more, each state is
    asked for alone, so that nobody pages through years of finished jobs.
    """
    if not kind.state_filter:
        return _pages(kind, client, region, resource, MOST_PAGES, **asked)
    first = _pages(kind, client, region, resource, 1, **asked)
    if all(gap.code != "Truncated" for gap in first.gaps):
        return first
    # In the order in which a job goes through them: one that goes on in between is found in both, none in neither.
    filtered = [
        _pages(kind, client, region, resource, MOST_PAGES, **asked, **{kind.state_filter: state})
        for state in kind.states
    ]
    found = Reading.merged(filtered)
    return Reading(tuple({row.get(kind.id): row for row in found.items}.values()), tuple(dict.fromkeys(found.gaps)))


def _pages(kind: Kind, client: Any, region: str, resource: str | None, most_pages: int, **asked: Any) -> Reading[Row]:
    if client.can_paginate(xform_name(kind.call)):
        asked["PaginationConfig"] = {"PageSize": 100}
    return pages(client, kind.service, kind.call, kind.key, region, resource, most_pages, **asked)


def _told(kind: Kind, client: Any, region: str, row: Row) -> Reading[Resource]:
    known = kind.resource(row, region)
    if kind.describe is None:
        return Reading((known,))
    call, parameter = kind.describe
    return described(
        kind.service,
        call,
        region,
        known.id,
        lambda: kind.resource(row | getattr(client, xform_name(call))(**{parameter: known.id}), region),
        otherwise=known,
    )

"""docs/faults.md: which fault of which service leaves how much unverified."""

from collections.abc import Mapping
from pathlib import Path

from simulator.students.table import put_between
from tests.faults.kinds import KINDS
from tests.faults.walk import SERVICES, STATES, State

DOCUMENT = Path(__file__).parents[2] / "docs" / "faults.md"
Cells = Mapping[str, str]
"""By the kind of fault, how a look with it ended."""


def table(state: State, of_service: Mapping[str, Cells]) -> str:
    """Markdown: a row for each kind of fault, a column for each service.

    Raises:
        KeyError: something was not tried.
    """
    head = f"| fault | {' | '.join(SERVICES)} |\n| --- |{' ---: |' * len(SERVICES)}\n"
    rows = (
        f"| {kind.name} | {' | '.join(of_service[service][kind.name] for service in SERVICES)} |\n" for kind in KINDS
    )
    return head + "".join(rows)


def read(text: str, state: State) -> dict[str, dict[str, str]]:
    """What the document says, by service and kind of fault."""
    begin, end = markers(state)
    lines = text.partition(begin)[2].partition(end)[0].strip().splitlines()
    _, *services = cells_of(lines[0])
    rows = [cells_of(line) for line in lines[2:]]
    return {service: {name: cells[at] for name, *cells in rows} for at, service in enumerate(services)}


def put_into(text: str, state: State, of_service: Mapping[str, Cells]) -> str:
    """The document with this table between its markers.

    Raises:
        ValueError: the document has no such markers.
    """
    return put_between(text, *markers(state), table(state, of_service))


def markers(state: State) -> tuple[str, str]:
    """Between which a state's table stands."""
    name = f"faults {STATES.index(state) + 1}"
    return (f"<!-- {name}: made by `python -m tests.faults` -->", f"<!-- {name}: end -->")


def cells_of(line: str) -> list[str]:
    """The cells of a row."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]

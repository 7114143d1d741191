"""A diagnosis for the terminal, and as JSON, `skymark/doctor/v1`."""

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from rich.console import Console

from skymark.doctor.finding import SCHEMA, Diagnosis, Finding, State, Topic
from skymark.outcome import Outcome
from skymark.render.json import DRAFT
from skymark.render.page import Page
from skymark.render.words import counted, writable

LIKE: Final[Mapping[State, Outcome]] = {
    State.OK: Outcome.PASSED,
    State.TO_MEND: Outcome.FAILED,
    State.UNKNOWN: Outcome.UNVERIFIED,
}
"""Which outcome has the same sign."""
WORD: Final[Mapping[State, str]] = {State.OK: "ok", State.TO_MEND: "to mend", State.UNKNOWN: "could not tell"}
STYLE: Final[Mapping[State, str]] = {State.OK: "green", State.TO_MEND: "red", State.UNKNOWN: "magenta"}
INDENT: Final = 2


def render(diagnosis: Diagnosis, console: Console) -> None:
    """Print everything; what it comes to stands last, just above the prompt."""
    page = Page(console)
    page.say(f"{diagnosis.rubric.title}: is everything ready?", style="bold")
    page.say(_subject(diagnosis), style="dim")
    page.say(f"as of {diagnosis.examined_at:%Y-%m-%d %H:%M} UTC", style="dim")
    for topics, findings in _blocks(diagnosis.findings):
        state = findings[0].state
        names = ", ".join(topics).capitalize()
        page.heading(f"{page.symbols[LIKE[state]]} {names}: {WORD[state]}", f"bold {STYLE[state]}")
        for advice, same in itertools.groupby(findings, key=_advice):
            _findings(page, tuple(same), advice[0])
    page.heading(brief(diagnosis))


def brief(diagnosis: Diagnosis) -> str:
    """What it comes to, in one line."""
    states = [one.state for one in diagnosis.findings]
    mend, unknown = states.count(State.TO_MEND), states.count(State.UNKNOWN)
    untold = f"{counted(unknown, 'thing')} could not be told"
    if mend:
        rest = f", and {untold}" if unknown else ""
        return f"{counted(mend, 'thing')} to mend{rest}. Begin at the top, then run this again."
    return f"Nothing to mend, but {untold}." if unknown else "Everything is ready."


def to_json(diagnosis: Diagnosis) -> str:
    """As JSON text: keys in the order of the types, ASCII only, with a line end."""
    return json.dumps(writable(msgspec.to_builtins(diagnosis)), indent=2) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a diagnosis. It allows further keys: readers ignore what they don't know."""
    made = msgspec.json.schema(Diagnosis)
    whole = made["$defs"]["Diagnosis"]
    whole["required"] = ["schema", *whole["required"]]
    whole["properties"]["examined_at"]["format"] = "date-time"
    for definition in made["$defs"].values():
        definition.pop("additionalProperties", None)
    return {"$schema": DRAFT, "$id": SCHEMA, "title": SCHEMA, **made}


def _subject(diagnosis: Diagnosis) -> str:
    account = f"account {diagnosis.account}" if diagnosis.account else "an account that is not known yet"
    region = f", region {diagnosis.region}" if diagnosis.region else ""
    return account + region + (f", profile {diagnosis.profile}" if diagnosis.profile else "")


Block = tuple[tuple[Topic, ...], tuple[Finding, ...]]


def _blocks(findings: Iterable[Finding]) -> Iterator[Block]:
    """A block for each topic and state; topics of which only the same is said share one."""
    by_topic = (tuple(group) for _, group in itertools.groupby(findings, key=lambda one: (one.topic, one.state)))
    for _, group in itertools.groupby(by_topic, key=lambda same: (same[0].state, tuple(one.found for one in same))):
        alike = tuple(group)
        yield tuple(same[0].topic for same in alike), alike[0]


def _advice(one: Finding) -> tuple[str | None, tuple[str, ...], tuple[Any, ...]]:
    return one.advice, one.commands, one.links


def _findings(page: Page, findings: Sequence[Finding], advice: str | None) -> None:
    """Those that are mended in the same way, and then how."""
    for one in findings:
        page.say(one.found, indent=INDENT)
    if advice:
        page.say(advice, indent=INDENT, style="italic")
    for command in findings[0].commands:
        page.copy(command, indent=2 * INDENT)
    for link in findings[0].links:
        page.say(f"{link.title}:", indent=INDENT, style="dim")
        page.copy(link.url, indent=2 * INDENT)

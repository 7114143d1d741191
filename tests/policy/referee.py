"""A second opinion on what policies allow: each request by itself, by brute force, in every world that may be.

Written from AWS's published evaluation logic, and on purpose from nothing of Skymark's. Everything is known here: a
request has all its condition keys, or surely lacks them. What Skymark cannot know is asked in several worlds.

Sources: IAM user guide, "Policy evaluation logic", "IAM JSON policy elements: Resource / NotAction / NotResource /
Condition operators", "Multivalued context keys", "Policy variables".
"""

import ipaddress
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

Statement = Mapping[str, Any]
World = Mapping[str, tuple[str, ...]]
"""Condition keys in lower case with their values; a key that is missing is not in the request."""

VARIABLE = re.compile(r"\$\{([^},]*)(?:,\s*'([^']*)')?\}")


@dataclass(frozen=True)
class Documents:
    """All that is said of a role: its policies' documents, and the boundary's, if there is one."""

    policies: tuple[Mapping[str, Any], ...]
    boundary: Mapping[str, Any] | None = None

    @property
    def all(self) -> tuple[Mapping[str, Any], ...]:
        """The boundary, too."""
        return (*self.policies, *(() if self.boundary is None else (self.boundary,)))


def allows(documents: Documents, action: str, arn: str, world: World) -> bool:
    """Whether IAM allows the request: an explicit deny wins; else a policy has to allow it, and the boundary, too."""
    if any(_speaks(document, "Deny", action, arn, world) for document in documents.all):
        return False
    if documents.boundary is not None and not _speaks(documents.boundary, "Allow", action, arn, world):
        return False
    return any(_speaks(document, "Allow", action, arn, world) for document in documents.policies)


def worlds(documents: Documents, known: World, absent: Iterable[str]) -> Iterator[World]:
    """Every way the world may be: each key that nobody knows has each value that matters, another one, or none."""
    settled = {*known, *absent}
    unknown = sorted(_keys(documents) - settled)
    for values in itertools.product(*(_candidates(documents, key) for key in unknown)):
        yield {**known, **{key: value for key, value in zip(unknown, values, strict=True) if value is not None}}


def hangs_on_unknown(documents: Documents, known: World, absent: Iterable[str]) -> bool:
    """Whether any statement speaks of a key that is not settled."""
    return bool(_keys(documents) - {*known, *absent})


def _statements(document: Mapping[str, Any]) -> Iterator[tuple[Statement, bool]]:
    """Each with whether policy variables mean anything in it."""
    for one in _listed(document["Statement"]):
        yield one, document.get("Version") == "2012-10-17"


def _speaks(document: Mapping[str, Any], effect: str, action: str, arn: str, world: World) -> bool:
    return any(
        one["Effect"] == effect
        and _covers_action(one, action)
        and _covers_resource(one, arn, world, variables)
        and _holds(one, world, variables)
        for one, variables in _statements(document)
    )


def _covers_action(one: Statement, action: str) -> bool:
    listed = _listed(one["Action"] if "Action" in one else one["NotAction"])
    named = any(_glob(pattern.lower()).fullmatch(action.lower()) for pattern in listed)
    return named is ("Action" in one)


def _covers_resource(one: Statement, arn: str, world: World, variables: bool) -> bool:
    listed = _listed(one["Resource"] if "Resource" in one else one["NotResource"])
    named = any(_names(pattern, arn, world, variables) for pattern in listed)
    return named is ("Resource" in one)


def _names(pattern: str, arn: str, world: World, variables: bool) -> bool:
    """Field by field; what is left out at the end is a star."""
    filled = _filled(pattern, world) if variables else pattern
    if filled is None:
        return False
    fields = filled.split(":", 5)
    if filled == "*":
        return True
    if len(fields) == 1:
        return False
    fields += ["*"] * (6 - len(fields))
    return all(_glob(field).fullmatch(part) for field, part in zip(fields, arn.split(":", 5), strict=True))


def _filled(text: str, world: World) -> str | None:
    """With the values of its variables, whose own stars are no wildcards; None where one has no single value."""
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        name = match[1].strip()
        if name in ("*", "?", "$"):
            return {"*": "\0", "?": "\1", "$": "$"}[name]
        values = world.get(name.lower(), ())
        if len(values) != 1:
            missing = missing or match[2] is None
            return match[2] or ""
        return values[0].replace("*", "\0").replace("?", "\1")

    filled = VARIABLE.sub(value, text)
    return None if missing else filled


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    special = {"*": ".*", "?": ".", "\0": r"\*", "\1": r"\?"}
    return re.compile("".join(special.get(one) or re.escape(one) for one in pattern), re.DOTALL)


# -- conditions -------------------------------------------------------------------------------------------------------


def _holds(one: Statement, world: World, variables: bool) -> bool:
    return all(
        _test(operator, key, _texts(wanted), world, variables)
        for operator, tests in one.get("Condition", {}).items()
        for key, wanted in tests.items()
    )


def _test(operator: str, key: str, wanted: Sequence[str], world: World, variables: bool) -> bool:
    quantifier, _, name = operator.lower().rpartition(":")
    actual = world.get(key.lower())
    if name == "null":
        return ("true" if actual is None else "false") in {one.lower() for one in wanted}
    if_exists, name = name.endswith("ifexists"), name.removesuffix("ifexists")
    if actual is None and if_exists:
        return True
    positive, negated = NEGATED.get(name, name), name in NEGATED
    compare = OPERATORS[positive]
    known = [one for one in (_filled(one, world) if variables else one for one in wanted) if one is not None]
    fits = [any(compare(one, value) for one in known) is not negated for value in actual or ()]
    if quantifier == "forallvalues":
        return all(fits)
    if quantifier == "foranyvalue":
        return any(fits)
    return fits[0] if fits else negated


def _arn_like(wanted: str, value: str) -> bool:
    fields, parts = wanted.split(":", 5), value.split(":", 5)
    return len(fields) == len(parts) == 6 and all(
        _glob(field).fullmatch(part) for field, part in zip(fields, parts, strict=True)
    )


def _in_network(wanted: str, value: str) -> bool:
    return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)


def _plain(text: str) -> str:
    return text.replace("\0", "*").replace("\1", "?")


OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "stringequals": lambda wanted, value: _plain(wanted) == value,
    "stringequalsignorecase": lambda wanted, value: _plain(wanted).lower() == value.lower(),
    "stringlike": lambda wanted, value: bool(_glob(wanted).fullmatch(value)),
    "arnequals": _arn_like,
    "arnlike": _arn_like,
    "bool": lambda wanted, value: wanted.lower() == value.lower(),
    "ipaddress": _in_network,
}
NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
}


# -- what may be ------------------------------------------------------------------------------------------------------


def _keys(documents: Documents) -> set[str]:
    """The keys that conditions and variables speak of, in lower case."""
    found: set[str] = set()
    for document in documents.all:
        for one, variables in _statements(document):
            tests = [test for tests in one.get("Condition", {}).values() for test in tests.items()]
            found |= {key.lower() for key, _ in tests}
            texts = [*_listed(one.get("Resource", ())), *_listed(one.get("NotResource", ()))]
            texts += [text for _, wanted in tests for text in _texts(wanted)]
            named = {match[1].strip().lower() for text in texts for match in VARIABLE.finditer(text)}
            found |= {name for name in named if name not in ("*", "?", "$")} if variables else set()
    return found


def _candidates(documents: Documents, key: str) -> list[tuple[str, ...] | None]:
    """No value, one that nobody speaks of, and each that somebody does."""
    if key == "aws:sourceip":
        return [("10.1.2.3",), ("203.0.113.9",)]
    if key == "aws:securetransport":
        return [("true",), ("false",)]
    spoken = {
        text.replace("*", "").replace("?", "x")
        for document in documents.all
        for one, _ in _statements(document)
        for tests in one.get("Condition", {}).values()
        for name, wanted in tests.items()
        if name.lower() == key
        for text in _texts(wanted)
        if text not in ("true", "false") and "${" not in text
    }
    return [None, ("elsewhere",), *((text,) for text in sorted(spoken)[:2])]


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(one if isinstance(one, str) else str(one).lower() for one in _listed(value))


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]

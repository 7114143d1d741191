"""Policy documents, read once.

Source: IAM user guide, "IAM JSON policy element reference" and "Grammar of the IAM JSON policy language".
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from simulator.authorization.conditions import Condition, conditions
from simulator.authorization.patterns import Patterns, patterns

_ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?")


class MalformedPolicy(ValueError):
    """The text is no policy document; what is wrong with it is the message."""


@dataclass(frozen=True, slots=True)
class Principals:
    """Whom a Principal or NotPrincipal element names.

    `accounts` are 12-digit numbers, `named` ARNs and ids of users, roles and sessions, `services` as in
    `sagemaker.amazonaws.com`. Identity providers and S3's canonical ids name nobody here.
    """

    everybody: bool = False
    accounts: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; where it has no Resource or Principal element, as policies of the other kind do, that is None.

    `actions` are in lower case. With `not_actions` the statement is about every action that `actions` does not match;
    the same with the other two.
    """

    effect: Literal["Allow", "Deny"]
    actions: Patterns
    not_actions: bool
    resources: Patterns | None
    not_resources: bool
    principals: Principals | None
    not_principals: bool
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document; `source` is the ARN of the policy that it is of, empty where it has none."""

    statements: tuple[Statement, ...]
    source: str = ""


def parse(policy: str | Mapping[str, Any], source: str = "") -> Document:
    """Read a policy document; anywhere a list may stand, a single value may.

    Raises:
        MalformedPolicy: it is none. AWS would not have taken it.
    """
    return _parse_text(policy, source) if isinstance(policy, str) else _document(policy, source)


@lru_cache(maxsize=4096)
def _parse_text(text: str, source: str) -> Document:
    try:
        return _document(json.loads(text), source)
    except json.JSONDecodeError as error:
        raise MalformedPolicy("The policy is not in the valid JSON format.") from error


def _document(policy: object, source: str) -> Document:
    if not isinstance(policy, Mapping) or "Statement" not in policy:
        raise MalformedPolicy("Syntax errors in policy.")
    variables = policy.get("Version") == "2012-10-17"
    return Document(tuple(_statement(each, variables=variables) for each in _listed(policy["Statement"])), source)


def _statement(element: object, *, variables: bool) -> Statement:
    if not isinstance(element, Mapping):
        raise MalformedPolicy("Syntax errors in policy.")
    effect = element.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise MalformedPolicy(f"Invalid effect: {effect}")
    actions, not_actions = _either(element, "Action")
    resources, not_resources = _either(element, "Resource")
    principals, not_principals = _either(element, "Principal")
    if actions is None:
        raise MalformedPolicy("Policy statement must contain actions.")
    return Statement(
        effect,
        patterns(action.lower() for action in _texts(actions)),
        not_actions,
        None if resources is None else patterns(_texts(resources), variables=variables),
        not_resources,
        None if principals is None else _principals(principals),
        not_principals,
        _conditions(element.get("Condition", {}), variables=variables),
    )


def _either(element: Mapping[str, Any], name: str) -> tuple[object, bool]:
    """What stands under the name, or else under `Not` and the name, and whether it was that."""
    return (element[name], False) if name in element else (element.get(f"Not{name}"), f"Not{name}" in element)


def _conditions(block: object, *, variables: bool) -> tuple[Condition, ...]:
    if not isinstance(block, Mapping) or not all(isinstance(keys, Mapping) for keys in block.values()):
        raise MalformedPolicy("Syntax errors in policy.")
    try:
        return conditions(block, variables=variables)
    except ValueError as error:
        raise MalformedPolicy(str(error)) from error


def _principals(element: object) -> Principals:
    if element == "*":
        return Principals(everybody=True)
    if not isinstance(element, Mapping):
        raise MalformedPolicy("Invalid principal in policy.")
    named = _texts(element.get("AWS", []))
    accounts = {name: found[1] for name in named if (found := _ACCOUNT.fullmatch(name))}
    return Principals(
        "*" in named,
        frozenset(accounts.values()),
        frozenset(named).difference(accounts, "*"),
        frozenset(_texts(element.get("Service", []))),
    )


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _texts(value: object) -> list[str]:
    listed = _listed(value)
    if not all(isinstance(each, str) for each in listed):
        raise MalformedPolicy("Syntax errors in policy.")
    return listed

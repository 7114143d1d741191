"""Wildcards and variables, as they stand in policies.

Source: IAM user guide, "IAM JSON policy elements: Resource" and "IAM policy elements: Variables and tags".
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

# What a request has under a key; None where it has nothing, or several values.
Lookup = Callable[[str], str | None]

# In a marked text these stand for the wildcards, so that a variable's value may hold a `*` that is only a star.
_MANY, _ONE = "\0", "\1"
_MARKS = str.maketrans({"*": _MANY, "?": _ONE})
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_WITH_DEFAULT = re.compile(r"\s*([^,\s]+)\s*(?:,\s*'(.*)'\s*)?")
_PLAIN_CHARACTERS = frozenset("*?$")


@dataclass(frozen=True, slots=True)
class Template:
    """A text of a policy, in which `${…}` stands for something of the request."""

    text: str
    variable: bool

    def literal(self, lookup: Lookup) -> str | None:
        """The text with its variables replaced, for a comparison without wildcards; None where one has no value."""
        return _filled(self.text, lookup) if self.variable else self.text

    def marked(self, lookup: Lookup) -> str | None:
        """The same for `matches`: what was a wildcard in the policy still is one, what a variable brought is not."""
        return _filled(self.text.translate(_MARKS), lookup) if self.variable else self.text.translate(_MARKS)


def template(text: str, *, variables: bool) -> Template:
    """Read a text of a policy; before version 2012-10-17 `${` was two characters like others."""
    return Template(text, variables and "${" in text)


def _filled(text: str, lookup: Lookup) -> str | None:
    pieces, end = [], 0
    for found in _VARIABLE.finditer(text):
        value = _value(found[1].replace(_MANY, "*").replace(_ONE, "?"), lookup)
        if value is None:
            return None
        pieces += [text[end : found.start()], value]
        end = found.end()
    return "".join([*pieces, text[end:]])


def _value(name: str, lookup: Lookup) -> str | None:
    if name in _PLAIN_CHARACTERS:
        return name
    found = _WITH_DEFAULT.fullmatch(name)
    if found is None:
        return None
    value = lookup(found[1])
    return found[2] if value is None else value


@dataclass(frozen=True, slots=True)
class Patterns:
    """Several texts of a policy that may match, sorted by what it costs to try them."""

    exact: frozenset[str]
    wild: re.Pattern[str] | None
    variable: tuple[Template, ...]

    def match(self, text: str, lookup: Lookup) -> bool:
        """Whether one of them is this text."""
        if text in self.exact or (self.wild is not None and self.wild.fullmatch(text)):
            return True
        filled = (each.marked(lookup) for each in self.variable)
        return any(marked is not None and matches(text, marked) for marked in filled)


def patterns(texts: Iterable[str], *, variables: bool = False) -> Patterns:
    """Read the texts of an Action, Resource, … element."""
    all_of_them = [template(text, variables=variables) for text in texts]
    plain = [each.text for each in all_of_them if not each.variable]
    wild = [text for text in plain if "*" in text or "?" in text]
    either = "|".join(f"(?:{_expression(text.translate(_MARKS))})" for text in wild)
    return Patterns(
        frozenset(plain).difference(wild),
        re.compile(either, re.DOTALL) if wild else None,
        tuple(each for each in all_of_them if each.variable),
    )


def matches(text: str, marked: str) -> bool:
    """Whether a text is what a marked one describes."""
    return _compiled(marked).fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _compiled(marked: str) -> re.Pattern[str]:
    return re.compile(_expression(marked), re.DOTALL)


def _expression(marked: str) -> str:
    """A regular expression without runaway backtracking: each piece between two stars is sought once, leftmost."""
    first, *rest = (_piece(piece) for piece in marked.split(_MANY))
    if not rest:
        return first
    *middle, last = rest
    return first + "".join(f"(?>.*?{piece})" for piece in middle if piece) + ".*" + last


def _piece(text: str) -> str:
    return ".".join(re.escape(part) for part in text.split(_ONE))

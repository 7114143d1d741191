"""Conditions, with what is known of a request: True, False, or None where nobody knows.

Source: IAM user guide, "IAM JSON policy elements: Condition operators" and "AWS global condition context keys".
"""

from collections.abc import Callable, Mapping

from skymark.evidence import Struct
from skymark.policy.document import Condition, Statement
from skymark.policy.logic import every, negate, some
from skymark.policy.pattern import Lookup, fields_of, is_exact, matches, tokens_of

_NEGATIONS = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}


class Context(Struct, frozen=True):
    """What is known of a request, by condition key in lower case.

    None: the key is surely not in the request. A key that is not listed: nobody knows.
    """

    values: Mapping[str, tuple[str, ...] | None]

    @property
    def lookup(self) -> Lookup:
        """The values as policy variables."""
        return self._value

    def _value(self, name: str) -> str | None:
        found = self.values.get(name.lower())
        return found[0] if found and len(found) == 1 else None


class _Operator(Struct, frozen=True):
    name: str
    quantifier: str
    if_exists: bool


def applies(statement: Statement, context: Context) -> bool | None:
    """Whether all conditions of a statement hold."""
    lookup = context.lookup if statement.variables else None
    return every(_holds(test, context, lookup) for test in statement.conditions)


def undecided_keys(statement: Statement, context: Context) -> tuple[str, ...]:
    """The condition keys that leave it open whether the statement applies, in its own spelling."""
    lookup = context.lookup if statement.variables else None
    return tuple(dict.fromkeys(test.key for test in statement.conditions if _holds(test, context, lookup) is None))


def _holds(test: Condition, context: Context, lookup: Lookup | None) -> bool | None:
    operator = _operator(test.operator)
    key = test.key.lower()
    if key not in context.values:
        return None
    actual = context.values[key]
    if operator.name == "null":
        return _is_null(actual, test.values)
    if actual is None:
        return _holds_of_nothing(operator)
    positive = _NEGATIONS.get(operator.name, operator.name)
    if positive not in _COMPARISONS or len(actual) != 1 or not test.values:
        return None
    compare = _COMPARISONS[positive]
    fits = some(compare(value, actual[0], lookup) for value in test.values)
    return negate(fits) if operator.name in _NEGATIONS else fits


def _operator(text: str) -> _Operator:
    quantifier, _, name = text.lower().rpartition(":")
    bare = name.removesuffix("ifexists")
    return _Operator(bare, quantifier, bare != name)


def _is_null(actual: tuple[str, ...] | None, values: tuple[str, ...]) -> bool:
    return ("true" if actual is None else "false") in {value.lower() for value in values}


def _holds_of_nothing(operator: _Operator) -> bool:
    # A key that is not in the request fits no value; so it "does not equal" either.
    if operator.quantifier == "foranyvalue":
        return False
    return operator.if_exists or operator.quantifier == "forallvalues" or operator.name in _NEGATIONS


def _same(value: str, actual: str, lookup: Lookup | None) -> bool | None:
    return matches(tokens_of(value, lookup=lookup, wildcards=False), actual)


def _same_letters(value: str, actual: str, lookup: Lookup | None) -> bool | None:
    tokens = tokens_of(value, lookup=lookup, wildcards=False)
    lowered = tuple(token.lower() if isinstance(token, str) else token for token in tokens)
    return matches(lowered, actual.lower())


def _like(value: str, actual: str, lookup: Lookup | None) -> bool | None:
    return matches(tokens_of(value, lookup=lookup), actual)


def _arn_like(value: str, actual: str, lookup: Lookup | None) -> bool | None:
    # Each of the six fields is compared by itself: a `*` stays within its field.
    tokens = tokens_of(value, lookup=lookup)
    if not is_exact(tokens):
        return None
    fields = fields_of(tokens)
    parts = actual.split(":", 5)
    return len(fields) == len(parts) == 6 and all(map(matches, fields, parts))


def _same_bool(value: str, actual: str, _lookup: Lookup | None) -> bool | None:
    return value.lower() == actual.lower()


_COMPARISONS: Mapping[str, Callable[[str, str, Lookup | None], bool | None]] = {
    "stringequals": _same,
    "stringequalsignorecase": _same_letters,
    "stringlike": _like,
    "arnequals": _arn_like,
    "arnlike": _arn_like,
    "bool": _same_bool,
}

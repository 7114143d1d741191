"""What stands under Condition in a policy's statement.

Source: IAM user guide, "IAM JSON policy elements: Condition operators" and "Conditions with multiple context keys or
values".
"""

import datetime as dt
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from operator import eq, ge, gt, le, lt
from typing import Any, Literal

from simulator.authorization.patterns import Lookup, Template, matches, template

# Whether what the request says is what the policy says; where wildcards count, the policy's text is marked.
Compare = Callable[[str, str], bool]
Values = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator, one key, and the values of which one must do; the key is in lower case.

    `kind` is the operator without `Not`, `IfExists` and the quantifier: `StringLike`, `Null`, ….
    """

    kind: str
    key: str
    values: tuple[Template, ...]
    negated: bool = False
    quantifier: Literal["ForAllValues", "ForAnyValue"] | None = None
    if_exists: bool = False

    def holds(self, context: Mapping[str, Values], lookup: Lookup) -> bool:
        """Whether the request is so; `context` is by keys in lower case.

        A key that the request lacks fails a positive operator and holds for a negated one.
        """
        has = context.get(self.key, ())
        asked = (has,) if isinstance(has, str) else has
        if self.kind == "Null":
            return any((each.text.lower() == "true") is not bool(asked) for each in self.values)
        if not asked:
            return self._holds_without_key()
        found = (self._one_holds(each, lookup) is not self.negated for each in asked)
        if self.quantifier == "ForAllValues" or (self.negated and self.quantifier is None):
            return all(found)
        return any(found)

    def _holds_without_key(self) -> bool:
        if self.if_exists or self.quantifier == "ForAllValues":
            return True
        return self.negated and self.quantifier is None

    def _one_holds(self, asked: str, lookup: Lookup) -> bool:
        compare, wild = _COMPARISONS[self.kind]
        for each in self.values:
            wanted = each.marked(lookup) if wild else each.literal(lookup)
            if wanted is not None and compare(asked, wanted):
                return True
        return False


def conditions(block: Mapping[str, Mapping[str, Any]], *, variables: bool) -> tuple[Condition, ...]:
    """Read a Condition element.

    Raises:
        ValueError: there is no such operator; it is in the message.
    """
    return tuple(
        _condition(operator, key, values, variables=variables)
        for operator, keys in block.items()
        for key, values in keys.items()
    )


def _condition(operator: str, key: str, values: Any, *, variables: bool) -> Condition:
    quantifier, name = _quantifier(operator)
    base = name.removesuffix("IfExists")
    negated, kind = _NEGATED.get(base) is not None, _NEGATED.get(base, base)
    if kind not in _COMPARISONS and name != "Null":
        raise ValueError(f"Invalid Condition type : {operator}")
    fills = variables and kind.startswith(("String", "Arn"))
    listed = values if isinstance(values, list) else [values]
    wanted = tuple(template(_text(value), variables=fills) for value in listed)
    return Condition(kind, key.lower(), wanted, negated, quantifier, base != name)


def _quantifier(operator: str) -> tuple[Literal["ForAllValues", "ForAnyValue"] | None, str]:
    before, colon, name = operator.partition(":")
    if before == "ForAllValues":
        return "ForAllValues", name
    if before == "ForAnyValue":
        return "ForAnyValue", name
    return None, operator if colon else before


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _same_letters(asked: str, wanted: str) -> bool:
    return asked.casefold() == wanted.casefold()


def _arn_like(asked: str, wanted: str) -> bool:
    """Each of the six parts between colons is compared by itself."""
    ours, theirs = asked.split(":", 5), wanted.split(":", 5)
    return len(ours) == len(theirs) == 6 and all(map(matches, ours, theirs))


def _in_network(asked: str, wanted: str) -> bool:
    try:
        return ipaddress.ip_address(asked) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False


def _numbers(compare: Callable[[Decimal, Decimal], bool]) -> Compare:
    def compared(asked: str, wanted: str) -> bool:
        try:
            return compare(Decimal(asked), Decimal(wanted))
        except InvalidOperation:
            return False

    return compared


def _dates(compare: Callable[[dt.datetime, dt.datetime], bool]) -> Compare:
    def compared(asked: str, wanted: str) -> bool:
        try:
            return compare(_date(asked), _date(wanted))
        except (ValueError, OverflowError, OSError):
            return False

    return compared


def _date(text: str) -> dt.datetime:
    """An ISO 8601 date, with or without a time, or seconds since 1970."""
    if text.lstrip("-").isdecimal() and len(text) != len("20260701"):
        return dt.datetime.fromtimestamp(int(text), dt.UTC)
    date = dt.datetime.fromisoformat(text)
    return date if date.tzinfo else date.replace(tzinfo=dt.UTC)


_COMPARISONS: dict[str, tuple[Compare, bool]] = {
    "StringEquals": (eq, False),
    "StringEqualsIgnoreCase": (_same_letters, False),
    "StringLike": (matches, True),
    "NumericEquals": (_numbers(eq), False),
    "NumericLessThan": (_numbers(lt), False),
    "NumericLessThanEquals": (_numbers(le), False),
    "NumericGreaterThan": (_numbers(gt), False),
    "NumericGreaterThanEquals": (_numbers(ge), False),
    "DateEquals": (_dates(eq), False),
    "DateLessThan": (_dates(lt), False),
    "DateLessThanEquals": (_dates(le), False),
    "DateGreaterThan": (_dates(gt), False),
    "DateGreaterThanEquals": (_dates(ge), False),
    "Bool": (_same_letters, False),
    "BinaryEquals": (eq, False),
    "IpAddress": (_in_network, False),
    "ArnEquals": (_arn_like, True),
    "ArnLike": (_arn_like, True),
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}

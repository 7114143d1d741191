"""The JSON text of a policy, as immutable statements.

Source: IAM user guide, "Grammar of the IAM JSON policy language".
"""

import functools
import json
from typing import Any, Literal

from skymark.evidence import Struct


class PolicyDocumentError(Exception):
    """This is not a policy document.

    Attributes:
        policy: the name of the policy.
        reason: what is wrong with its text.
    """

    def __init__(self, policy: str, reason: str) -> None:
        super().__init__(f"{policy}: {reason}")
        self.policy = policy
        self.reason = reason


class Selection(Struct, frozen=True):
    """What an element or its `Not…` twin lists; `inverted` is the twin: everything but these."""

    values: tuple[str, ...]
    inverted: bool = False


class Principal(Struct, frozen=True):
    """Whom a trust policy speaks of. `kind` is AWS's word (`AWS`, `Service`, …); `*` alone has the kind `*`."""

    kind: str
    name: str


class Principals(Struct, frozen=True):
    """`Principal`, or with `inverted` `NotPrincipal`: everybody but these."""

    values: tuple[Principal, ...]
    inverted: bool = False


class Condition(Struct, frozen=True):
    """One line of a `Condition`: operator, key, and the values of which one has to fit."""

    operator: str
    key: str
    values: tuple[str, ...]


class Statement(Struct, frozen=True):
    """One statement of a policy.

    `number` counts from 1. `variables` tells whether `${…}` means anything: only in version 2012-10-17.
    A trust policy's statement has `principals` and no `resources`; a role's own policy has it the other way; a bucket's
    has both.
    """

    policy: str
    number: int
    effect: Literal["Allow", "Deny"]
    actions: Selection
    resources: Selection = Selection(())
    principals: Principals = Principals(())
    conditions: tuple[Condition, ...] = ()
    sid: str | None = None
    variables: bool = False

    @property
    def label(self) -> str:
        """How to find it: by its Sid, or by its number."""
        return f'statement "{self.sid}"' if self.sid else f"statement {self.number}"


@functools.lru_cache(maxsize=64)  # AWS's own are the same for a whole class, and long
def parse_policy(text: str, policy: str) -> tuple[Statement, ...]:
    """The statements of a policy that is on a role, or is its boundary.

    Raises:
        PolicyDocumentError: the text is not such a policy.
    """
    return _statements(text, policy, ("Resource",))


def parse_bucket_policy(text: str, bucket: str) -> tuple[Statement, ...]:
    """The statements of a bucket's policy, which is called as the bucket is; none of an empty text.

    Raises:
        PolicyDocumentError: the text is not such a policy.
    """
    return _statements(text, bucket, ("Principal", "Resource")) if text else ()


def parse_trust(text: str, policy: str) -> tuple[Statement, ...]:
    """The statements of a role's trust policy.

    Raises:
        PolicyDocumentError: the text is not such a policy.
    """
    return _statements(text, policy, ("Principal",))


_Subjects = tuple[Literal["Resource", "Principal"], ...]


def _statements(text: str, policy: str, subjects: _Subjects) -> tuple[Statement, ...]:
    document = _document(text, policy)
    variables = document.get("Version") == "2012-10-17"
    return tuple(
        _statement(raw, number, policy, subjects, variables)
        for number, raw in enumerate(_listed(document["Statement"]), start=1)
    )


def _document(text: str, policy: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PolicyDocumentError(policy, "it is not JSON") from error
    if not isinstance(document, dict) or "Statement" not in document:
        raise PolicyDocumentError(policy, "it has no Statement")
    return document


def _statement(raw: Any, number: int, policy: str, subjects: _Subjects, variables: bool) -> Statement:
    where = f"statement {number}"
    if not isinstance(raw, dict):
        raise PolicyDocumentError(policy, f"{where} is not an object")
    if raw.get("Effect") not in ("Allow", "Deny"):
        raise PolicyDocumentError(policy, f"{where} has no Effect of Allow or Deny")
    sid = raw.get("Sid")
    return Statement(
        policy=policy,
        number=number,
        effect=raw["Effect"],
        actions=_selection(raw, "Action", where, policy),
        resources=_selection(raw, "Resource", where, policy) if "Resource" in subjects else Selection(()),
        principals=_principals(raw, where, policy) if "Principal" in subjects else Principals(()),
        conditions=_conditions(raw.get("Condition", {}), where, policy),
        sid=sid if isinstance(sid, str) and sid else None,
        variables=variables,
    )


def _one_of(raw: dict[str, Any], name: str, where: str, policy: str) -> tuple[Any, bool]:
    present = [key for key in (name, f"Not{name}") if key in raw]
    if len(present) != 1:
        raise PolicyDocumentError(policy, f"{where} needs one of {name} and Not{name}")
    return raw[present[0]], present[0] != name


def _selection(raw: dict[str, Any], name: str, where: str, policy: str) -> Selection:
    value, inverted = _one_of(raw, name, where, policy)
    return Selection(_texts(value, f"{name} of {where}", policy), inverted)


def _principals(raw: dict[str, Any], where: str, policy: str) -> Principals:
    value, inverted = _one_of(raw, "Principal", where, policy)
    if value == "*":
        return Principals((Principal("*", "*"),), inverted)
    if not isinstance(value, dict):
        raise PolicyDocumentError(policy, f"Principal of {where} is neither * nor an object")
    named = tuple(
        Principal(kind, name)
        for kind, names in value.items()
        for name in _texts(names, f"Principal of {where}", policy)
    )
    return Principals(named, inverted)


def _conditions(raw: Any, where: str, policy: str) -> tuple[Condition, ...]:
    if not isinstance(raw, dict) or not all(isinstance(tests, dict) for tests in raw.values()):
        raise PolicyDocumentError(policy, f"Condition of {where} is not an object of objects")
    return tuple(
        Condition(operator, key, _texts(values, f"Condition of {where}", policy))
        for operator, tests in raw.items()
        for key, values in tests.items()
    )


def _texts(value: Any, what: str, policy: str) -> tuple[str, ...]:
    values = _listed(value)
    if not all(isinstance(item, str | bool | int | float) for item in values):
        raise PolicyDocumentError(policy, f"{what} is not text")
    # JSON's true and 1 may stand for "true" and "1" in conditions.
    return tuple(item if isinstance(item, str) else json.dumps(item) for item in values)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

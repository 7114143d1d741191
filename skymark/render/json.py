"""A result as JSON, `skymark/result/v1`: what other people's scripts read."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import inspect

from skymark.render.words import CENT, TENTH_OF_CENT, no_surrogates, rounded
from skymark.result import SCHEMA, Result

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
TIMES: Final = {"surveyed_at", "created_at", "made_at", "at", "since", "until", "due"}
"""The fields that hold a time: msgspec's schema calls each a string."""


def render(result: Result) -> str:
    """The result as JSON text: keys in the contract's order, ASCII only, with a line end.

    Points have at most two decimals, prices four, rounded half up. What is no Unicode (a lone surrogate) becomes
    a replacement character, so that every reader can take it.
    """
    # Python's own writer is three times as slow as soon as it has to indent.
    return msgspec.json.format(json.dumps(written(result), allow_nan=False), indent=2) + "\n"


def written(result: Result) -> Any:
    """What `render` writes, before it is text."""
    return _builtins(result)


def says_the_same(one: Result, other: Result) -> bool:
    """Whether both are written alike, however many decimals their numbers have."""
    fields = ((name, getattr(one, name), getattr(other, name)) for name in Result.__struct_fields__)
    return all(mine == theirs or _builtins(mine, name) == _builtins(theirs, name) for name, mine, theirs in fields)


def loads(text: str | bytes) -> Result:
    """Read a result; keys that this Skymark doesn't know are ignored.

    Raises:
        ValueError: it is no JSON, or no result of this version.
    """
    try:
        data = json.loads(text, parse_float=Decimal)
    except RecursionError as error:
        raise ValueError("nested too deeply to be a result") from error
    return msgspec.convert(_known(data, inspect.type_info(Result)), Result)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a result. It allows further keys: readers ignore what they don't know."""
    made = msgspec.json.schema(Result)
    whole = made["$defs"]["Result"]
    whole["required"] = ["schema", *whole["required"]]
    for definition in made["$defs"].values():
        for name in TIMES & definition.get("properties", {}).keys():
            _string(definition["properties"][name])["format"] = "date-time"
    published = _published(made)
    return {"$schema": DRAFT, "$id": SCHEMA, "title": SCHEMA, **published}


def _string(field: dict[str, Any]) -> dict[str, Any]:
    """The string in the schema of a field that may be null."""
    return next((part for part in field.get("anyOf", ()) if part["type"] == "string"), field)


def _builtins(value: Any, key: str = "") -> Any:
    return _writable(msgspec.to_builtins(value, builtin_types=(Decimal,)), key)


def _writable(value: Any, key: str = "") -> Any:
    if type(value) is str:  # most are; and of a thousand results each has a thousand values
        return value if value.isascii() else no_surrogates(value)
    match value:
        case dict():
            return {name: _writable(part, name) for name, part in value.items()}
        case list() | tuple():
            return [_writable(part, key) for part in value]
        case Decimal():
            return _number(rounded(value, TENTH_OF_CENT if key.endswith("_usd") else CENT))
        case _:
            return value


def _number(value: Decimal) -> int | float:
    """`5`, never `5.0`; a float of so few decimals is written as the decimal it came from."""
    return int(value) if value == value.to_integral_value() else float(value)


def _known(data: Any, wanted: inspect.Type) -> Any:
    """The data without the keys that the types have no field for; a wrong shape is left for msgspec to refuse."""
    match wanted, data:
        case inspect.StructType(fields=fields), dict():
            return {
                field.encode_name: _known(data[field.encode_name], field.type)
                for field in fields
                if field.encode_name in data
            }
        case inspect.VarTupleType(item_type=item), list():
            return [_known(one, item) for one in data]
        case inspect.UnionType(types=types), dict():
            return next((_known(data, one) for one in types if isinstance(one, inspect.StructType)), data)
        case _:
            return data


def _published(value: Any) -> Any:
    """msgspec's schema as a reader needs it: decimals are numbers, and objects may have more keys."""
    match value:
        case {"type": "string", "format": "decimal"}:
            return {"type": "number"}
        case Mapping():
            return {key: _published(part) for key, part in value.items() if key != "additionalProperties"}
        case list():
            return [_published(part) for part in value]
        case _:
            return value

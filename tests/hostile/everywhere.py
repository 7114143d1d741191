"""Every text of a value, found by its type and not by a list of names, so that a new field is walked, too."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import inspect

Way = tuple[str | int, ...]
"""The way to a text: fields and positions, from the outside in; `json` and then keys within a text that is JSON."""
JSON = "json:"


def ways(value: Any, type: Any) -> Iterator[Way]:
    """The way to every text that the type lets be there, those that are None now among them.

    What can only be one of a few words is no text. In a text that is a JSON object, each text within it follows.
    """
    yield from _ways(value, inspect.type_info(type), (), inspect.StrType)


def number_ways(value: Any, type: Any) -> Iterator[Way]:
    """The way to every number that the type lets be there."""
    yield from _ways(value, inspect.type_info(type), (), inspect.IntType | inspect.FloatType)


def text_fields(type: Any) -> set[tuple[str, str]]:
    """The struct and the field of every text that such a value can hold, however deep."""
    return set(_fields(inspect.type_info(type), set()))


def put(value: Any, way: Way, new: Callable[[Any], Any]) -> Any:
    """The value with what `new` makes of the text or number there, or of None."""
    match way:
        case ():
            return new(value)
        case (key, *rest) if key == JSON:
            return json.dumps(put(json.loads(value), tuple(rest), new))
        case (key, *rest):
            part = put(_part(value, key), tuple(rest), new)
            if isinstance(value, msgspec.Struct):
                return msgspec.structs.replace(value, **{str(key): part})
            if isinstance(value, dict):
                return value | {key: part}
            made = [*value[:key], part, *value[int(key) + 1 :]]
            return tuple(made) if isinstance(value, tuple) else made
    raise AssertionError(way)


def _part(value: Any, key: str | int) -> Any:
    return getattr(value, str(key)) if isinstance(value, msgspec.Struct) else value[key]


def _ways(value: Any, type: inspect.Type, way: Way, wanted: Any) -> Iterator[Way]:
    match type:
        case _ if isinstance(type, wanted):
            yield way
            yield from ((*way, JSON, *rest) for rest in _json_ways(value))
        case inspect.StructType(fields=fields):
            for field in fields:
                yield from _ways(getattr(value, field.name), field.type, (*way, field.name), wanted)
        case inspect.VarTupleType(item_type=item) if value is not None:
            for at, one in enumerate(value):
                yield from _ways(one, item, (*way, at), wanted)
        case inspect.UnionType(types=types):
            for one in types:
                if isinstance(one, wanted) or value is not None:
                    yield from _ways(value, one, way, wanted)


def _json_ways(text: Any) -> Iterator[Way]:
    try:
        found = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return
    if isinstance(found, dict):
        yield from _plain_ways(found, ())


def _plain_ways(value: Any, way: Way) -> Iterator[Way]:
    match value:
        case str():
            yield way
        case dict():
            for key, part in value.items():
                yield from _plain_ways(part, (*way, key))
        case list():
            for at, part in enumerate(value):
                yield from _plain_ways(part, (*way, at))


def _fields(type: inspect.Type, seen: set[Any]) -> Iterator[tuple[str, str]]:
    match type:
        case inspect.StructType(cls=cls, fields=fields) if cls not in seen:
            seen.add(cls)
            for field in fields:
                if any(isinstance(one, inspect.StrType) for one in _flat(field.type)):
                    yield cls.__name__, field.name
                for one in _flat(field.type):
                    yield from _fields(one, seen)


def _flat(type: inspect.Type) -> Iterator[inspect.Type]:
    match type:
        case inspect.UnionType(types=types):
            for one in types:
                yield from _flat(one)
        case inspect.VarTupleType(item_type=item):
            yield from _flat(item)
        case _:
            yield type

"""A survey with something of everything in it: the good account, and one made of each type that a survey can hold."""

import datetime as dt
from typing import Any

import msgspec
from msgspec import inspect

from skymark.cost.cleanup import SIMPLE, SPECIAL
from skymark.evidence import Resource, Survey

AT = dt.datetime(2019, 7, 1, 18, 30, tzinfo=dt.UTC)


def whole(good: Survey) -> Survey:
    """The good account, and behind it one more of every kind, with every field filled in."""
    made: Survey = _made(inspect.type_info(Survey), "")
    more = {
        name: (*getattr(good, name), *getattr(made, name))
        for name in made.__struct_fields__
        if name != "history" and isinstance(getattr(made, name), tuple)
    }
    kinds = tuple(_kind(service, type) for service, type in (*SIMPLE, *SPECIAL))
    regions = msgspec.structs.replace(made.regions, answered=(*good.regions.answered, *made.regions.answered))
    return msgspec.structs.replace(
        good, **more | {"resources": (*made.resources, *kinds)}, history=made.history, regions=regions
    )


def _kind(service: str, type: str) -> Resource:
    """One of each kind that Skymark knows a command for."""
    within = ("some-bucket", "some-key") if type == "multipart-upload" else ("some-domain_id",)
    return Resource(service, type, f"a-{type}", "us-east-1", "there", AT, within)


def _made(type: inspect.Type, name: str) -> Any:
    match type:
        case inspect.StructType(cls=cls, fields=fields):
            return cls(**{field.name: _made(field.type, field.name) for field in fields})
        case inspect.VarTupleType(item_type=item):
            return (_made(item, name),)
        case inspect.UnionType(types=types):
            return _made(next(one for one in types if not isinstance(one, inspect.NoneType)), name)
        case inspect.LiteralType(values=values):
            return values[0]
        case inspect.DateTimeType():
            return AT
        case inspect.BoolType():
            return True
        case inspect.IntType():
            return 2
        case inspect.FloatType():
            return 2.5
        case inspect.StrType():
            return "us-east-1" if name == "region" else f"some-{name}"
    raise AssertionError(type)

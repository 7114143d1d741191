"""Checks a rubric's data against `rubrics/rubric.schema.json`, and says in plain words what is wrong.

Every part of the schema has a description that says what is allowed; it is the second half of a mistake's sentence.
"""

import functools
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from skymark.lesson import Lesson
from skymark.located_yaml import Document, Where, quoted
from skymark.suggest import did_you_mean, one_of

SCHEMA_FILE = Lesson().root / "rubrics" / "rubric.schema.json"

Mistake = tuple[Where, str]
"""Where in the document, and the sentences: what was found, what is allowed."""


def schema_mistakes(document: Document) -> list[Mistake]:
    """What the schema has against this rubric. Values that are wrong as YAML are said already."""
    found = (mistake for error in _validator().iter_errors(document.data) for mistake in _mistakes(error))
    return [(path, text) for path, text in dict.fromkeys(found) if path not in document.refused]


@functools.cache
def _validator() -> Draft202012Validator:
    # Decimals, since 0.07 is a multiple of 0.01 in no other arithmetic.
    return Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8"), parse_float=Decimal))


def _mistakes(error: ValidationError) -> Iterator[Mistake]:
    path: Where = tuple(error.absolute_path)
    instance: Any = error.instance
    schema: Any = error.schema  # a mapping: we write no `true` and `false`
    if "propertyNames" in error.absolute_schema_path:
        yield (*path, instance), f"a parameter is called {quoted(instance)}. {schema['description']}"
    elif error.validator == "additionalProperties":
        for key in instance.keys() - schema["properties"].keys():
            advice = did_you_mean(key, schema["properties"]) or f"Allowed: {one_of(schema['properties'])}."
            yield (*path, key), f"{_name(path, instance)} has an unknown key {quoted(key)}. {advice}"
    elif error.validator == "required":
        required: Any = error.validator_value
        missing = [key for key in required if key not in instance]
        text = f"{_name(path, instance)} has no {' and no '.join(missing)}. {schema['description']}"
        yield (*path, missing[0]), text
    else:
        yield path, f"{_found(error, path)}. {schema['description']}"


def _name(path: Where, instance: Mapping[str, object]) -> str:
    """What to call a mapping of the rubric."""
    match path:
        case ():
            return "the rubric"
        case ("criteria", _):
            return f"the criterion {quoted(instance['id'])}" if "id" in instance else "a criterion"
        case (*_, "links", _):
            return "a link"
        case (*_, "quotas" | "any_of", _):
            return "a quota"
        case ("timetable", _):
            return "a step"
        case _:
            return f"the {path[-1]}"


def _found(error: ValidationError, path: Where) -> str:
    # What is wrong with the rubric as a whole is said of its keys, by `_mistakes`.
    key = [step for step in path if isinstance(step, str)][-1]
    match error.validator:
        case "minItems":
            return f"{key} is an empty list"
        case "uniqueItems":
            return f"{key} names something twice"
        case "not":
            return f"{key} stands in a rubric that extends no other"
        case _ if isinstance(path[-1], int):
            return f"{key} holds {quoted(error.instance)}"
        case _:
            return f"{key} is {quoted(error.instance)}"

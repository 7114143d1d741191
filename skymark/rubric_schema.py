"""Checks a rubric's data against `rubrics/rubric.schema.json`, and says in plain words what is wrong.

Every part of the schema has a description that says what is allowed; it is the second half of a mistake's sentence.
"""

import functools
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from skymark.located_yaml import Document, Where, quoted
from skymark.suggest import did_you_mean, one_of

SCHEMA_FILE = Path(__file__).resolve().parents[1] / "rubrics" / "rubric.schema.json"

Mistake = tuple[Where, str]
"""Where in the document, and the sentences: what was found, what is allowed."""

_TYPES = {dict: "a mapping", list: "a list", str: "a text", int: "a number", Decimal: "a number"}


def schema_mistakes(document: Document) -> list[Mistake]:
    """What the schema has against this rubric. Values that are no good as YAML are passed over: they are said already."""
    found = (mistake for error in _validator().iter_errors(document.data) for mistake in _mistakes(error))
    return [(path, text) for path, text in dict.fromkeys(found) if path not in document.refused]


@functools.cache
def _validator() -> Draft202012Validator:
    # Decimals, since 0.07 is a multiple of 0.01 in no other arithmetic.
    return Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8"), parse_float=Decimal))


def _mistakes(error: ValidationError) -> Iterator[Mistake]:
    path: Where = tuple(error.absolute_path)
    allowed = str(error.schema["description"])  # type: ignore[index]  # a schema is a mapping here, never true or false
    match error.validator:
        case "additionalProperties":
            known = error.schema["properties"]  # type: ignore[index]
            for key in error.instance.keys() - known.keys():
                advice = did_you_mean(key, known) or f"Allowed: {one_of(known)}."
                yield (*path, key), f"{_name(path)} has an unknown key {quoted(key)}. {advice}"
        case "required":
            missing = [key for key in error.validator_value if key not in error.instance]
            yield path, f"{_name(path, error.instance)} has no {' and no '.join(missing)}. {allowed}"
        case "propertyNames" | "pattern" if isinstance(error.parent, ValidationError):
            yield (*path, error.instance), f"a parameter is called {quoted(error.instance)}. {allowed}"
        case _:
            yield path, f"{_what(error, path)}. {allowed}"

"""Surveys as files: written whole, read back without loss."""

import datetime as dt
from pathlib import Path
from typing import Any

import msgspec

from skymark.errors import SurveyFileError
from skymark.evidence import SCHEMA, Survey
from skymark.files import write_whole

LONGEST_REASON = 200


class _Header(msgspec.Struct):
    """What any version of a survey file begins with."""

    schema: str


def save(survey: Survey, path: Path) -> None:
    """Write a survey, readable by its owner only: it names what is in somebody's account.

    Raises:
        UsageError: the file cannot be written there.
    """
    text = msgspec.json.format(msgspec.json.encode(survey), indent=1).decode()
    write_whole(path, text + "\n", private=True)


def load(path: Path) -> Survey:
    """Read a survey.

    Raises:
        SurveyFileError: the file is missing, truncated, of another version, or no survey.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SurveyFileError(
            f"{path}: cannot be read ({error.strerror}). `grade.py check --save-survey FILE` makes a survey file."
        ) from error
    _refuse_others(path, content)
    try:
        survey = msgspec.json.decode(content, type=Survey)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = " ".join(str(error).split())[:LONGEST_REASON]
        raise SurveyFileError(f"{path}: is a survey, but not a valid one ({reason}). Make it again.") from error
    if _has_naive_time(survey):
        raise SurveyFileError(f"{path}: is a survey, but has a time without a time zone. Make it again.")
    return survey


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a survey file."""
    found = msgspec.to_builtins(msgspec.json.schema(Survey))
    found["$defs"]["Survey"]["required"].append("schema")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA, **_listed(found)}


def _has_naive_time(value: Any) -> bool:
    """Whether any time in it has no time zone: it could be compared with none of the others."""
    if isinstance(value, tuple):
        return any(_has_naive_time(part) for part in value)
    if isinstance(value, msgspec.Struct):
        return any(_has_naive_time(getattr(value, name)) for name in value.__struct_fields__)
    return isinstance(value, dt.datetime) and value.tzinfo is None


def _listed(value: Any) -> Any:
    """The same with lists for tuples, as JSON has it."""
    if isinstance(value, dict):
        return {key: _listed(part) for key, part in value.items()}
    return [_listed(part) for part in value] if isinstance(value, list | tuple) else value


def _refuse_others(path: Path, content: bytes) -> None:
    try:
        found = msgspec.json.decode(content, type=_Header).schema
    except msgspec.ValidationError as error:
        raise SurveyFileError(f"{path}: is JSON, but no survey. Give a file that --save-survey wrote.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SurveyFileError(f"{path}: is truncated, or no JSON at all. Make the survey again.") from error
    if found != SCHEMA:
        raise SurveyFileError(
            f"{path}: is of the version {found[:LONGEST_REASON]!r}, this Skymark reads {SCHEMA!r}. "
            "Make it again with this Skymark."
        )

"""Surveys as files: written whole, read back without loss."""

import datetime as dt
from collections.abc import Iterator
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


class _Notebook(msgspec.Struct):
    """What any version of a Jupyter notebook has."""

    nbformat: int


# Made here, before there are threads: where several of them read a type for the first time, msgspec 0.22 breaks down.
_SURVEY = msgspec.json.Decoder(Survey)
_HEADER = msgspec.json.Decoder(_Header)
_NOTEBOOK = msgspec.json.Decoder(_Notebook)


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
        survey = _SURVEY.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = " ".join(str(error).split())[:LONGEST_REASON]
        raise SurveyFileError(f"{path}: is a survey, but not a valid one ({reason}). Make it again.") from error
    if any(time.tzinfo is None for time in times(survey)):
        raise SurveyFileError(f"{path}: is a survey, but has a time without a time zone. Make it again.")
    return survey


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a survey file."""
    found = msgspec.to_builtins(msgspec.json.schema(Survey))
    found["$defs"]["Survey"]["required"].append("schema")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA, **_listed(found)}


def times(value: Any) -> Iterator[dt.datetime]:
    """Every time in a survey, or in a part of one; one without a time zone can be compared with none of the others."""
    if isinstance(value, tuple):
        for part in value:
            yield from times(part)
    elif isinstance(value, msgspec.Struct):
        yield from times(tuple(getattr(value, name) for name in value.__struct_fields__))
    elif isinstance(value, dt.datetime):
        yield value


def _listed(value: Any) -> Any:
    """The same with lists for tuples, as JSON has it."""
    if isinstance(value, dict):
        return {key: _listed(part) for key, part in value.items()}
    return [_listed(part) for part in value] if isinstance(value, list | tuple) else value


def _refuse_others(path: Path, content: bytes) -> None:
    try:
        found = _HEADER.decode(content).schema
    except msgspec.ValidationError as error:
        also = " It is a notebook: hand it in with --notebook." if _is_notebook(content) else ""
        raise SurveyFileError(f"{path}: is JSON, but no survey. Give a file that --save-survey wrote.{also}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SurveyFileError(f"{path}: is truncated, or no JSON at all. Make the survey again.") from error
    if found != SCHEMA:
        raise SurveyFileError(
            f"{path}: is of the version {found[:LONGEST_REASON]!r}, this Skymark reads {SCHEMA!r}. "
            "Make it again with this Skymark."
        )


def _is_notebook(content: bytes) -> bool:
    try:
        _NOTEBOOK.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True

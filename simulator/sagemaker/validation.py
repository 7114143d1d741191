"""Parameters held against AWS's own description of the operation: patterns, lengths, ranges and enumerations.

boto3 looks only at types and at what is missing before it sends; the rest is refused by AWS, in the words below.
Source: messages of SageMaker's API, `1 validation error detected: Value '…' at '…' failed to satisfy constraint: …`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape


def complaints(operation: OperationModel, params: Mapping[str, Any]) -> list[str]:
    """What AWS would complain about, each as `Value '…' at '…' failed to satisfy constraint: …`."""
    return list(_complaints(operation.input_shape, params, "")) if operation.input_shape else []


def message(found: list[str]) -> str:
    """All complaints in AWS's one sentence."""
    count = f"{len(found)} validation error{'s' if len(found) > 1 else ''} detected: "
    return count + "; ".join(found)


def _complaints(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if value is None:
        return
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        yield from _in_structure(shape, value, path)
    elif isinstance(shape, ListShape) and isinstance(value, list):
        yield from _length(shape, value, path)
        for index, item in enumerate(value, 1):
            yield from _complaints(shape.member, item, f"{path}.{index}.member")
    elif isinstance(shape, MapShape) and isinstance(value, Mapping):
        yield from _length(shape, value, path)
    elif isinstance(shape, StringShape):
        yield from _in_text(shape, str(value), path)
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _in_number(shape, value, path)


def _in_structure(shape: StructureShape, value: Mapping[str, Any], path: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield _sentence(None, _join(path, name), "Member must not be null")
    for name, member in shape.members.items():
        yield from _complaints(member, value.get(name), _join(path, name))


def _in_text(shape: StringShape, value: str, path: str) -> Iterator[str]:
    if shape.enum and value not in shape.enum:
        yield _sentence(value, path, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]")
        return
    yield from _length(shape, value, path)
    pattern = shape.metadata.get("pattern")
    if pattern and not _matches(pattern, value):
        yield _sentence(value, path, f"Member must satisfy regular expression pattern: {pattern}")


def _in_number(shape: Shape, value: Any, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        yield _sentence(value, path, f"Member must have value greater than or equal to {low}")
    if high is not None and value > high:
        yield _sentence(value, path, f"Member must have value less than or equal to {high}")


def _length(shape: Shape, value: Any, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and len(value) < low:
        yield _sentence(value, path, f"Member must have length greater than or equal to {low}")
    if high is not None and len(value) > high:
        yield _sentence(value, path, f"Member must have length less than or equal to {high}")


def _matches(pattern: str, value: str) -> bool:
    try:
        return (
            re.fullmatch(pattern.replace(r"\p{L}", r"\w").replace(r"\p{Z}", r"\s").replace(r"\p{N}", r"\d"), value)
            is not None
        )
    except re.error:  # written in a way that only Java reads
        return True


def _sentence(value: Any, path: str, constraint: str) -> str:
    shown = "null" if value is None else f"'{value}'"
    return f"Value {shown} at '{path}' failed to satisfy constraint: {constraint}"


def _join(path: str, name: str) -> str:
    lowered = name[0].lower() + name[1:]
    return f"{path}.{lowered}" if path else lowered

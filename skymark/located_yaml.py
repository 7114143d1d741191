"""A small, strict YAML: plain data, and the line of every key and value.

What surprises people in YAML 1.1 (`yes` that is true, `010` that is eight, aliases, tags, a key written twice) is
refused with words rather than guessed. Numbers keep the text they were written in: `int`, or `Decimal` if they
have decimals.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

Where = tuple[str | int, ...]
"""The way to a value: keys and positions, from the outside in."""

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20

# The C parser is many times faster; PyYAML can be built without it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CORE = "tag:yaml.org,2002:"
# 12 digits are more than any rubric needs, and keep exact arithmetic within Decimal's precision.
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,12})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_PLAIN_WORDS = {
    "mapping values are not allowed": (
        'Put a text that has ": " in it in quotes, and write a colon behind the key in the line above.'
    ),
    "cannot start any token": "Indent with spaces, not tabs, and put a text that begins with @, ` or % in quotes.",
    "could not find expected ':'": 'Write a colon and a space behind each key, such as "points: 6".',
    "did not find expected key": "Check that the lines of one list or mapping begin in the same column.",
    "did not find expected '-' indicator": "Check that each line of the list begins with a dash, in the same column.",
    "did not find expected ',' or": "Close the bracket, or put a comma between its parts.",
    "expected <block end>": "Check that the lines of one list or mapping begin in the same column.",
    "expected ',' or": "Close the bracket, or put a comma between its parts.",
    "unexpected end of stream": "Close the quote that is opened here.",
    "expected <document start>": "Check that the lines of one list or mapping begin in the same column.",
    "alphabetic or numeric character": "Put a text that begins with * or & in quotes.",
    "unknown escape character": "Write \\\\ for a backslash, or use single quotes.",
    "characters are not allowed": "Remove it.",
    "block sequence entries are not allowed": "Begin a list in a line of its own, below its key.",
}


@dataclass
class Document:
    """One YAML file as plain data: dict, list, str, int, Decimal, bool, None. Empty or broken: `data` is None.

    Attributes:
        keys: the line of each key, by the way to its value.
        values: the line of each value, by the way to it.
        mistakes: what is wrong with it as YAML: line and sentence.
        refused: the values that are among the mistakes; something harmless stands in for each.
    """

    data: Any = None
    keys: dict[Where, int] = field(default_factory=dict)
    values: dict[Where, int] = field(default_factory=dict)
    mistakes: list[tuple[int, str]] = field(default_factory=list)
    refused: set[Where] = field(default_factory=set)

    def refuse(self, path: Where, message: str) -> None:
        """Note a mistake in the value at this path."""
        self.mistakes.append((self.values[path], message))
        self.refused.add(path)

    def line(self, path: Where) -> int:
        """The line of a key if there is one, else of the value, else of what it would stand in. From 1."""
        while path and path not in self.keys and path not in self.values:
            path = path[:-1]
        return self.keys.get(path) or self.values.get(path) or 1


def read(raw: bytes) -> Document:
    """Read one YAML document. Raises nothing: whatever is wrong stands in `mistakes`."""
    document = Document()
    if len(raw) > MAX_BYTES:
        document.mistakes.append(
            (1, "the file is larger than 1 MiB. A rubric has some kilobytes: is this the right file?")
        )
        return document
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        if control := _CONTROL.search(text):
            line = text.count("\n", 0, control.start()) + 1
            document.mistakes.append((line, f"there is a control character ({control[0]!a}) in this line. Remove it."))
            return document
        document.mistakes += _refused(text)
        if not document.mistakes:
            root = yaml.compose(text, Loader=_LOADER)
            document.data = _plain(root, (), document) if root else None
    except UnicodeDecodeError as error:
        document.mistakes.append(
            (raw[: error.start].count(b"\n") + 1, "this is no UTF-8 text. Save the file as UTF-8.")
        )
    except yaml.YAMLError as error:
        document.mistakes.append(_broken(error))
    return document


def _refused(text: str) -> Iterator[tuple[int, str]]:
    """What YAML allows and a rubric does not, found before anything is built: a bomb must not go off."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = _line(event)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents == 2:
                yield line, "a second document begins here. Write one rubric in a file, without --- between its parts."
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            yield line, "this is an anchor or alias (& or *). Write the value out, or put a text with & or * in quotes."
        elif tag := getattr(event, "tag", None):
            yield line, f"this has a tag ({tag}). Write the plain value, or put a text that begins with ! in quotes."
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            yield line, f"this is nested more than {MAX_DEPTH} levels deep. A rubric needs five."
            return


def _line(part: yaml.Event | yaml.Node) -> int:
    return part.start_mark.line + 1 if part.start_mark else 1


def _plain(node: yaml.Node, path: Where, document: Document) -> Any:
    document.values[path] = _line(node)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, position), document) for position, item in enumerate(node.value)]
    return _scalar(str(node.value), node.tag, path, document)


def _mapping(node: yaml.MappingNode, path: Where, document: Document) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = _line(key_node)
        if not isinstance(key_node, yaml.ScalarNode):
            document.mistakes.append((line, "a key is a list or a mapping here. A key is a word."))
            continue
        key = key_node.value
        if key in found:
            first = document.keys[*path, key]
            document.mistakes.append((line, f"the key {quoted(key)} is already in line {first}. Write it once."))
            continue
        document.keys[*path, key] = line
        found[key] = _plain(value_node, (*path, key), document)
    return found


def _scalar(text: str, tag: str, path: Where, document: Document) -> Any:
    kind = tag.removeprefix(_CORE)
    if control := _CONTROL.search(text):
        document.refuse(path, f"there is a control character ({control[0]!a}) in this text. Remove it.")
        return ""
    if kind == "null":
        return None
    if kind == "bool":
        if text.lower() not in ("true", "false"):
            document.refuse(path, f"{text} can mean true/false or a word. Write true or false, or put it in quotes.")
        return text.lower() in ("true", "yes", "on")
    return _number(text, path, document) if kind in ("int", "float") else text


def _number(text: str, path: Where, document: Document) -> int | Decimal:
    if not _NUMBER.fullmatch(text):
        what = f"{text[:40]} is no plain number"
        document.refuse(path, f"{what}. Write it like 6 or 2.5, with at most 12 digits, or put it in quotes.")
        return 0
    return Decimal(text) if "." in text else int(text)


def _broken(error: yaml.YAMLError) -> tuple[int, str]:
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error).splitlines()[0]
    mark = getattr(error, "problem_mark", None)
    if "unexpected end of stream" in problem:
        mark = getattr(error, "context_mark", None) or mark  # where the quote was opened, not the end of the file
    advice = next(
        (words for part, words in _PLAIN_WORDS.items() if part in problem), "Check this line and the one above."
    )
    where = f" at column {mark.column + 1}" if mark else ""
    return (mark.line + 1 if mark else 1), f"the YAML is broken{where} ({problem}). {advice}"


def quoted(value: object) -> str:
    """A value in one short line, as it might stand in the file; it comes from a file and may hold anything."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "a mapping"
    if not isinstance(value, str):
        return str(value)
    short = value if len(value) <= 60 else value[:59] + "…"
    return '"' + short.replace("\n", "\\n").replace("\t", "\\t") + '"'

"""A page for each kind of file, from its JSON Schema: every type with its fields."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docs_site.reference.text import code, plain, table

SOURCES = {
    "rubric.md": ("A rubric", "rubrics/rubric.schema.json"),
    "result.md": ("A result", "skymark/result.schema.json"),
    "survey.md": ("A survey", "skymark/survey.schema.json"),
}
Schema = Mapping[str, Any]


def pages(root: Path) -> dict[str, str]:
    """The pages by their files' names."""
    return {
        name: _page(title, file, json.loads((root / file).read_text("utf-8")))
        for name, (title, file) in SOURCES.items()
    }


def _page(title: str, file: str, schema: Schema) -> str:
    lines = [f"# {title}", "", f"Made from its JSON Schema, `{file}`. A field without a default has to be there.", ""]
    for name, kind in _types(schema):
        lines += [f"## {name}", "", plain(kind.get("description", "")), ""]
        if "enum" in kind:
            lines += [f"One of {', '.join(code(str(one)) for one in kind['enum'])}.", ""]
        elif "properties" in kind:
            needed = kind.get("required", ())
            rows = (
                (code(field), _kind(of), _default(of, field in needed), plain(of.get("description", "")))
                for field, of in kind["properties"].items()
            )
            lines += table(("field", "type", "default", "what it says"), rows)
        else:
            lines += [_kind(kind), ""]
    return "\n".join(lines)


def _types(schema: Schema) -> Iterator[tuple[str, Schema]]:
    if "properties" in schema:
        yield "The file", schema
    yield from schema.get("$defs", {}).items()


def _default(field: Schema, needed: bool) -> str:
    if needed:
        return "needed"
    return code(json.dumps(field["default"])) if "default" in field else ""


def _kind(field: Any) -> str:
    """A type in words. Whatever a schema says in a way that is not known here is shown as JSON."""
    if not isinstance(field, dict):
        return "anything" if field else "nothing"
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    for many in ("anyOf", "oneOf"):
        if many in field:
            return " or ".join(_kind(one) for one in field[many])
    if "const" in field or "enum" in field:
        return " or ".join(code(json.dumps(one)) for one in field.get("enum", [field.get("const")]))
    if field.get("type") == "array":
        return f"list of {_kind(field['items'])}" if isinstance(field.get("items"), dict) else "list"
    if "type" in field:
        kinds = field["type"] if isinstance(field["type"], list) else [field["type"]]
        return plain(" or ".join(kinds) + (f", {field['format']}" if "format" in field else ""))
    return (
        code(json.dumps({name: value for name, value in field.items() if name != "description"}))
        if field
        else "anything"
    )

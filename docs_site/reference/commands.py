"""The page of all commands, from what Typer makes of them."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from docs_site.reference.text import code, plain, table

VALUES = {int: "N", float: "X"}  # what stands for a value that has no name of its own
HEAD = """# Commands and options

Made from the program itself, as `--help` tells it. What the options are for, with examples: [Use it](../use.md).
"""


def page(root: Path) -> str:
    """Every command with its arguments and options."""
    lines = [HEAD]
    for path, command in every(command_line(root)):
        lines += _command(path, command)
    return "\n".join(lines)


def command_line(root: Path) -> Any:
    """The command line of `grade.py`, as Click knows it."""
    spec = importlib.util.spec_from_file_location("grade", root / "grade.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return typer.main.get_command(module.app)


def every(command: Any, path: str = "grade.py") -> Iterator[tuple[str, Any]]:
    """A command and all those below it, each with the words that call it."""
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from every(child, f"{path} {name}")


def _command(path: str, command: Any) -> list[str]:
    names = " ".join(_name(one) for one in command.params if one.param_type_name == "argument")
    lines = [f"## {path}", "", plain(command.help or ""), ""]
    if not getattr(command, "commands", {}):
        lines += [f"    {path} {names}".rstrip() + (" [OPTIONS]" if _options(command) else ""), ""]
    rows = [(_typed(one), plain(one.help or ""), _default(one)) for one in _shown(command)]
    return [*lines, *table(("option", "what it does", "otherwise"), rows)] if rows else lines


def _shown(command: Any) -> list[Any]:
    arguments = [one for one in command.params if one.param_type_name == "argument" and getattr(one, "help", None)]
    return [*arguments, *_options(command)]


def _options(command: Any) -> list[Any]:
    return [one for one in command.params if one.param_type_name == "option"]


def _name(argument: Any) -> str:
    name = argument.metavar or argument.name.upper()
    return name if argument.required else f"[{name.strip('[]')}]"


def _typed(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return code(_name(parameter))
    value = "" if parameter.is_flag else f" {parameter.metavar or VALUES.get(type(parameter.default), 'TEXT')}"
    return ", ".join(code(f"{one}{value}") for one in parameter.opts)


def _default(parameter: Any) -> str:
    if parameter.required:
        return "needed"
    default = parameter.default
    if (
        default is None
        or isinstance(default, bool)
        or callable(default)
        or repr(default) in ("()", "[]", "Sentinel.UNSET")
    ):
        return ""
    return code(str(default))

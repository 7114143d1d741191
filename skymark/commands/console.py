"""What commands print on, and what moves while they wait."""

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from skymark import program

if TYPE_CHECKING:
    from rich.console import Console


def say(text: str, *, err: bool = False) -> None:
    """Print lines for people, with their commands as they can be typed here.

    They are safe to show, whatever they quote: a file that a student handed in, a roster, an answer of AWS.
    """
    from skymark.render.words import clean

    typer.echo("\n".join(map(clean, program.as_called(text).split("\n"))), err=err)


def warn(text: str) -> None:
    """Print lines for people on standard error."""
    say(text, err=True)


@contextlib.contextmanager
def printing(*, to_stderr: bool = False) -> Iterator["Console"]:
    """A console whose text is written in one go, with its commands as they can be typed here."""
    from skymark.commands.pipe import PipeConsole

    console = PipeConsole(stderr=to_stderr, highlight=False)
    with console.capture() as text:
        yield console
    stream = sys.stderr if to_stderr else sys.stdout
    stream.writelines(f"{line.rstrip()}\n" for line in program.as_called(text.get()).splitlines())
    stream.flush()


@contextlib.contextmanager
def waiting(text: str, quiet: bool) -> Iterator[None]:
    """Something that moves while AWS is asked, where somebody is watching."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    from skymark.commands.pipe import PipeConsole

    with PipeConsole(stderr=True).status(f"{text} …"):
        yield

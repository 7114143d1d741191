"""A console that may write into a pipe."""

from rich.console import Console


class PipeConsole(Console):
    """Says by `BrokenPipeError` that nobody reads on. Rich's own ends the program with 1 then, which is a grade.

    It flushes what others wrote, too, also where it only captures.
    """

    def on_broken_pipe(self) -> None:
        """Called while the error is handled."""
        raise  # what Rich has just caught

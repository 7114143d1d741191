"""The terminal while an account is watched: a page that stays in its place, or lines where it cannot."""

from collections import deque
from collections.abc import Iterable
from types import TracebackType

from rich.live import Live

from skymark.commands.console import say
from skymark.commands.pipe import PipeConsole
from skymark.outcome import Outcome
from skymark.program import as_called
from skymark.render.watching import NEWS, lines, news, page
from skymark.watch.steps import Change
from skymark.watch.watching import Seen


class Screen:
    """Shows what is seen. Begun with `with`; when it ends, the last page stays where it is.

    `plain`, or where the terminal cannot redraw: lines. `bell`: ring when AWS is ready with something, on terminals.
    A page is drawn only when something was seen, so that a slow line keeps up.
    """

    def __init__(self, *, plain: bool, bell: bool) -> None:
        self._console = PipeConsole(highlight=False)
        self._bell = bell and self._console.is_terminal
        is_page = self._console.is_terminal and not self._console.is_dumb_terminal and not plain
        self._live = Live(console=self._console, auto_refresh=False, vertical_overflow="crop") if is_page else None
        self._news: deque[str] = deque(maxlen=NEWS)
        self._before: Seen | None = None

    def __enter__(self) -> "Screen":
        if self._live:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._live:
            self._live.stop()

    def show(self, seen: Seen) -> None:
        """Show how the account stands, and ring where something has become ready."""
        if self._live:
            if self._before is not None:
                self._news += [f"{seen.at.astimezone():%H:%M:%S} {news(one)}" for one in _weightiest_last(seen.changes)]
            self._live.update(page(seen, self._news, self._console, as_called), refresh=True)
        else:
            for line in lines(seen, self._before):
                say(line)
        if self._bell and any(change.is_ready for change in seen.changes):
            self._console.bell()
        self._before = seen


def _weightiest_last(changes: Iterable[Change]) -> list[Change]:
    """Only the last of many stay on the page: what is wrong, then what was waited for, then the rest."""
    return sorted(changes, key=lambda one: (one.criterion.outcome is Outcome.FAILED, one.is_ready))

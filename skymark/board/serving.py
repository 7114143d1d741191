"""Serving the board until Ctrl-C, while the class is looked at in the background."""

import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn

from skymark.board.app import make_app
from skymark.board.board import Board
from skymark.board.watching import Look, Rounds, Watching, accounts
from skymark.errors import UsageError

HOST = "127.0.0.1"
GRACE_S = 1
"""How long open pages are waited for when the board ends: they stay open for hours."""


def serve(board: Board, look: Look, *, port: int, every_s: float, at_once: int, begun: Callable[[str], object]) -> None:
    """Serve on this machine alone until Ctrl-C. `begun` is told the address once it is listened on. Port 0: any free.

    Raises:
        UsageError: the port cannot be used.
    """
    rounds = Rounds(accounts(board.info.entries), every_s)
    with (
        _listening(port) as listener,
        Watching(look, board.task, board.note, board.is_watching, rounds, at_once=at_once) as watching,
    ):
        app = make_app(board, lambda anew: watching.wake(anew=anew))
        # Nothing of a proxy is believed: there is none.
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
        )
        begun(f"http://{HOST}:{listener.getsockname()[1]}")
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


@contextlib.contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    with listener:
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, port))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or "it is no port"
            raise UsageError(
                f"Port {port} cannot be used ({why}). Choose another with --port; 0 is any free one."
            ) from error
        listener.listen()
        yield listener

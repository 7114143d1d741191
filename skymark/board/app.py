"""The board's pages: served to this machine alone, changed only by its own page, kept up to date by events."""

import asyncio
import datetime as dt
import hmac
import json
import mimetypes
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import jinja2
from sse_starlette.sse import EventSourceResponse
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skymark.board.board import Board
from skymark.board.timetable import Action, NotNow

HERE: Final = Path(__file__).parent
# A registry may call scripts plain text, and then no browser runs them.
mimetypes.add_type("text/javascript", ".js")
PROOF_HEADER: Final = "X-Board-Token"
HOSTS: Final = ("127.0.0.1", "localhost")
AGAIN_S: Final = 10
"""After so long everything is sent again though nothing was done: time alone makes a student stuck."""
APART_S: Final = 0.25
"""How long at least between two events: a class of hundreds moves all the time."""
HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


def make_app(board: Board, wake: Callable[[bool], object]) -> Starlette:
    """The application for one board. `wake` is called after each act, with whether it began a new lesson."""
    pages = _Pages(board, wake)
    return Starlette(
        routes=[
            Route("/", pages.projector),
            Route("/assistant", pages.assistant),
            Route("/events", pages.events),
            Route("/assistant/events", pages.assistants_events),
            Route("/timelog.csv", pages.timelog),
            Route("/do/tick", pages.tick, methods=["POST"]),
            Route("/do/{action}", pages.act, methods=["POST"]),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(_OnlyHere)],
    )


class _Pages:
    """What answers each address."""

    def __init__(self, board: Board, wake: Callable[[bool], object]) -> None:
        self.board, self.wake = board, wake
        # Other pages in this browser can send a request here, but cannot read this one's.
        self.token = secrets.token_urlsafe(32)

    async def projector(self, _: Request) -> Response:
        return self._page("projector.html.j2")

    async def assistant(self, _: Request) -> Response:
        return self._page("assistant.html.j2", token=self.token)

    async def events(self, _: Request) -> Response:
        return self._events(for_assistants=False)

    async def assistants_events(self, _: Request) -> Response:
        return self._events(for_assistants=True)

    async def timelog(self, _: Request) -> Response:
        name = f"timelog-{dt.datetime.now(dt.UTC):%Y-%m-%d}.csv"
        head = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(self.board.log.bytes(), media_type="text/csv; charset=utf-8", headers=head)

    async def act(self, request: Request) -> Response:
        try:
            action = Action(request.path_params["action"])
        except ValueError:
            return PlainTextResponse("There is no such button.", 404)

        def act(said: dict[str, Any]) -> None:
            self.wake(self.board.act(action, int(said["step"])))

        return await self._done(request, act)

    async def tick(self, request: Request) -> Response:
        def tick(said: dict[str, Any]) -> None:
            self.board.tick(str(said["student"]), out=bool(said["out"]))

        return await self._done(request, tick)

    async def _done(self, request: Request, do: Callable[[dict[str, Any]], object]) -> Response:
        """Do what the board's own page asks for; nothing for anybody else."""
        if not self._is_ours(request):
            return PlainTextResponse("Only the board's own page can do that. Load it again.", 403)
        try:
            do(json.loads(await request.body()))
        except NotNow as error:
            return PlainTextResponse(f"That cannot be done now: {error}.", 409)
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return PlainTextResponse("That is no such request.", 400)
        return JSONResponse(self.board.state(for_assistants=True))

    def _is_ours(self, request: Request) -> bool:
        """The token, and the origin that browsers name for each POST, which no page can forge."""
        has_token = hmac.compare_digest(request.headers.get(PROOF_HEADER, "").encode(), self.token.encode())
        return has_token and request.headers.get("origin") == f"http://{request.headers['host']}"

    def _page(self, name: str, **known: object) -> Response:
        info = self.board.info
        page = _environment().get_template(name)
        return HTMLResponse(page.render(title=info.rubric.title, names=info.names, **known))

    def _events(self, *, for_assistants: bool) -> Response:
        async def states() -> AsyncIterator[dict[str, str]]:
            change, loop = asyncio.Event(), asyncio.get_running_loop()

            def told() -> None:
                loop.call_soon_threadsafe(change.set)

            self.board.changed.append(told)
            try:
                while True:
                    change.clear()
                    yield {"data": json.dumps(self.board.state(for_assistants=for_assistants))}
                    await asyncio.sleep(APART_S)
                    try:
                        await asyncio.wait_for(change.wait(), AGAIN_S)
                    except TimeoutError:
                        continue
            finally:
                self.board.changed.remove(told)

        return EventSourceResponse(states())


class _OnlyHere:
    """Answers only where the browser's address bar names this machine: else another site's name could lead here."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name for name, _ in message["headers"]}
                added = [(name.encode(), text.encode()) for name, text in HEADERS.items() if name.encode() not in named]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        answer: Callable[[Scope, Receive, Send], Awaitable[None]] = self.app
        if not _is_here(scope):
            answer = PlainTextResponse("The board answers only as 127.0.0.1 or localhost.", 421)
        await answer(scope, receive, guarded)


def _is_here(scope: Scope) -> bool:
    """Whether exactly one Host is named, and it is this machine's, with the port that is listened on."""
    hosts = [text.decode("latin-1") for name, text in scope["headers"] if name == b"host"]
    port = scope["server"][1]
    return len(hosts) == 1 and hosts[0] in {f"{name}:{port}" for name in HOSTS}


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

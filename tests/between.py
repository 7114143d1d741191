"""Something between Skymark and the practice cloud that lets requests through, or answers some of them itself."""

import datetime as dt
import email.utils
import http.client
import json
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from moto.moto_server.werkzeug_app import BackendRequest
from werkzeug.test import EnvironBuilder

from simulator import cbor
from simulator.call import Call, read_call

SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([^/]+/[^/]+)/")
XML = {
    "sts": "<ErrorResponse><Error><Type>Sender</Type><Code>{0}</Code><Message>{1}</Message></Error></ErrorResponse>",
    "ec2": "<Response><Errors><Error><Code>{0}</Code><Message>{1}</Message></Error></Errors></Response>",
    "s3": "<Error><Code>{0}</Code><Message>{1}</Message></Error>",
}
HOP = ("connection", "date", "server", "transfer-encoding", "content-length")


@dataclass
class Fault:
    """What goes wrong with some calls: those `where`, but for the first `after` of them, and only so many `times`.

    `does` is given the exchange and answers it, or breaks it. Calls are counted as they come, retries too.
    """

    does: "Callable[[Exchange], object]"
    where: Callable[[Call], bool]
    after: int = 0
    times: int | None = None
    met: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def strikes(self, call: Call) -> bool:
        """Whether it is this call's turn."""
        if not self.where(call):
            return False
        with self.lock:
            self.met += 1
            turn = self.met - self.after
        return turn > 0 and (self.times is None or turn <= self.times)


@dataclass
class Answers:
    """What is answered otherwise than by the cloud.

    `refuse` is by service (`ec2`), or service and operation (`sagemaker:ListEndpoints`): code, message and status;
    `tell` is by service: the body of a success. `page` is a status, a type and a body for everything
    else; with `greets` whoever does not sign is told so instead. Services that are `silent` take a request, set `heard`
    and answer nothing until all is `over`. `ahead_s` is by how much the clock of whoever asks is
    ahead of the header Date. `faults` are asked in their order; `calls` are those that came since it was emptied.
    What the cloud has once answered is in `kept`, where nothing in it changes: the same is then answered at once.
    """

    ahead_s: float = 0
    faults: tuple[Fault, ...] = ()
    calls: list[tuple[str, str | None]] = field(default_factory=list)
    kept: "dict[tuple[Any, ...], Answer] | None" = None
    refuse: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    tell: dict[str, str] = field(default_factory=dict)
    page: tuple[int, str, bytes] | None = None
    greets: bool = False
    silent: tuple[str, ...] = ()
    heard: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Between:
    """Where it listens, and what it answers."""

    url: str
    answers: Answers


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, cloud: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.cloud = urlsplit(cloud)
        self.answers = Answers()

    def handle_error(self, *which: Any) -> None:
        """Whoever asked may not have waited for the answer."""
        if not isinstance(sys.exception(), OSError | ValueError):
            super().handle_error(*which)


@dataclass(frozen=True)
class Answer:
    """What came, or is to come."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Exchange:
    """One call, what the cloud would answer, and the ways to answer otherwise."""

    call: Call
    protocol: str | None
    handler: "_Handler"
    body: bytes
    known: Answer | None = None
    """The answer, where the cloud need not be asked."""

    def ask(self) -> Answer:
        """What the cloud answers."""
        return self.known or self.handler.ask(self.body)

    def send(self, answer: Answer) -> None:
        """Answer so."""
        self.handler.send(answer.status, answer.headers, answer.body)

    @property
    def over(self) -> threading.Event:
        """Set when nobody need wait any more."""
        return self.handler.server.answers.over


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def handle_any(self) -> None:
        """Answer, or let through."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answers = self.server.answers
        if answers.faults and self._is_struck(body):
            return
        service, operation = self._asked(body)
        if service in answers.silent:
            answers.heard.set()
            answers.over.wait()
            return
        if answers.greets and service == "unsigned":
            self._refuse("sts", "MissingAuthenticationToken", "Request is missing Authentication Token", 403)
            return
        if answers.page and service not in answers.tell:
            status, kind, page = answers.page
            self.send(status, {"Content-Type": kind}, page)
            return
        refusal = answers.refuse.get(f"{service}:{operation}") or answers.refuse.get(service)
        if refusal:
            self._refuse(service, *refusal)
        elif service in answers.tell:
            self.send(200, {"Content-Type": "text/xml"}, answers.tell[service].encode())
        else:
            self._let_through(body)

    do_GET = do_POST = do_PUT = do_HEAD = handle_any

    def _is_struck(self, body: bytes) -> bool:
        call, protocol = self._read(body)
        self.server.answers.calls.append((call.service, call.operation))
        fault = next((one for one in self.server.answers.faults if one.strikes(call)), None)
        if fault is not None:
            fault.does(Exchange(call, protocol, self, body))
        return fault is not None

    def _read(self, body: bytes) -> tuple[Call, str | None]:
        """The call, and the protocol where it is not the service's usual."""
        path, _, query = self.path.partition("?")
        headers = list(self.headers.items())
        builder = EnvironBuilder(path, method=self.command, query_string=query, headers=headers, data=body)
        request = BackendRequest(builder.get_environ() | {"RAW_URI": self.path, "REQUEST_URI": self.path})
        spoken = cbor.PROTOCOL if cbor.is_spoken(request) else None
        if spoken:
            request = BackendRequest(cbor.as_json(request))
        request.get_data(cache=True)
        return read_call(request), spoken

    def _asked(self, body: bytes) -> tuple[str, str]:
        found = SCOPE.search(self._authorization)
        action = re.search(rb"Action=(\w+)", body)
        target = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        return (found[1].rpartition("/")[2] if found else "unsigned"), target or (action[1].decode() if action else "")

    def _refuse(self, service: str, code: str, message: str, status: int) -> None:
        if service in XML:
            self.send(status, {"Content-Type": "text/xml"}, XML[service].format(code, message).encode())
        else:
            text = json.dumps({"__type": code, "message": message}).encode()
            self.send(status, {"Content-Type": "application/x-amz-json-1.1"}, text)

    def _let_through(self, body: bytes) -> None:
        answer = self.ask(body)
        self.send(answer.status, answer.headers, answer.body)

    def ask(self, body: bytes) -> Answer:
        """What the cloud answers, or has answered before."""
        kept = self.server.answers.kept
        asked = (self.command, self.path, body, self.headers.get("X-Amz-Target"), *SCOPE.findall(self._authorization))
        if kept is not None and asked in kept:
            return kept[asked]
        answer = self._answer_of_cloud(body)
        if kept is not None:
            kept[asked] = answer
        return answer

    @property
    def _authorization(self) -> str:
        return self.headers.get("Authorization", "")

    def _answer_of_cloud(self, body: bytes) -> Answer:
        cloud = http.client.HTTPConnection(str(self.server.cloud.hostname), int(self.server.cloud.port or 80))
        cloud.request(self.command, self.path, body, dict(self.headers))
        answer = cloud.getresponse()
        found = Answer(answer.status, dict(answer.getheaders()), answer.read())
        cloud.close()
        return found

    def send(self, status: int, headers: dict[str, str], body: bytes, length: int | None = None) -> None:
        """Answer so; `length` is how long the answer is said to be, where that is not how long it is."""
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in HOP:
                self.send_header(name, value)
        at = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=self.server.answers.ahead_s)
        self.send_header("Date", email.utils.format_datetime(at, usegmt=True))
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def between(cloud: str) -> Iterator[Between]:
    """Listen before a cloud at this address."""
    with _Server(cloud) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield Between(f"http://127.0.0.1:{server.server_port}", server.answers)
        finally:
            server.answers.over.set()
            server.shutdown()
            thread.join()

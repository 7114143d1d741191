"""The board's addresses: for this machine alone, and changed by its own page alone."""

import csv
import http.client
import io
import json
import re
import signal
import urllib.parse
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .conftest import NAMES, SOON_S, Served

Ask = Callable[..., http.client.HTTPResponse]


@pytest.fixture
def served(serve) -> Served:
    """A board."""
    return serve()


@pytest.fixture
def ask(served) -> Iterator[Ask]:
    """Send one request as it is written here."""
    opened: list[Any] = []

    def send(method: str, path: str, said: Any = None, **headers: str | None) -> http.client.HTTPResponse:
        place = urllib.parse.urlsplit(served.address)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=SOON_S)
        connection.putrequest(method, path, skip_host=True)
        body = b"" if said is None else json.dumps(said).encode()
        usual = {"Host": place.netloc, "Content-Length": str(len(body))}
        for name, text in (usual | {name.replace("_", "-"): text for name, text in headers.items()}).items():
            if text is not None:
                connection.putheader(name, text)
        connection.endheaders(body)
        opened.append(connection)
        opened.append(connection.getresponse())
        return opened[-1]

    yield send
    for one in reversed(opened):
        one.close()


@pytest.fixture
def press(ask, served) -> Ask:
    """Press a button as the board's own page does, but for the headers that are changed."""
    page = ask("GET", "/assistant").read().decode()
    token = re.search('name="board-token" content="([^"]+)"', page)[1]

    def send(button: str, said: Any = None, **headers: str | None) -> http.client.HTTPResponse:
        ours = {"Origin": served.address, "X_Board_Token": token}
        return ask("POST", f"/do/{button}", {"step": 0} if said is None else said, **(ours | headers))

    return send


def event(answer: http.client.HTTPResponse) -> dict[str, Any]:
    """The first event of a stream."""
    while line := answer.readline().decode():
        if line.startswith("data: "):
            return json.loads(line.removeprefix("data: "))
    raise AssertionError("the stream has ended")


def phase(ask: Ask) -> str:
    """Where the lesson is."""
    return event(ask("GET", "/events"))["phase"]


def test_the_pages_run_only_what_comes_from_here(ask):
    """The browser holds the line, too."""
    for path in ("/", "/assistant", "/static/board.js", "/events", "/timelog.csv", "/nothing"):
        headers = ask("GET", path).headers

        policy = headers["content-security-policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
        assert "unsafe" not in policy
        assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
        assert headers["access-control-allow-origin"] is None


def test_a_page_names_no_other_host_and_has_no_script_in_it(ask):
    """Everything is here, without a network."""
    for path in ("/", "/assistant"):
        page = ask("GET", path).read().decode()

        assert not re.search(r"(src|href)=\"(https?:)?//", page)
        assert not re.search(r"<script(?![^>]* src=)|<style|\son[a-z]+=|\sstyle=", page)


def test_the_projector_has_no_token_and_no_name(ask):
    """Nobody who photographs it can do anything with that."""
    page = ask("GET", "/").read().decode()
    told = json.dumps(event(ask("GET", "/events")))

    assert "token" not in page
    assert not [name for name in (*NAMES, *NAMES.values()) if name in page or f'"{name}"' in told]


def test_a_button_is_pressed_and_everybody_is_told(ask, press):
    """By the same stream that was open before."""
    stream = ask("GET", "/events")
    assert event(stream)["phase"] == "before"

    assert press("start").status == 200

    assert event(stream)["phase"] == "running"


def test_no_other_page_can_press_a_button(ask, press):
    """A form of another site has neither the token nor the origin."""
    forged = (
        *({"Origin": origin} for origin in ("https://evil.example", "null", "http://127.0.0.1", None)),
        *({"X_Board_Token": token} for token in ("", "guessed", "ü", None)),
    )

    assert [press("start", **headers).status for headers in forged] == [403] * len(forged)
    assert phase(ask) == "before"


def test_no_other_name_leads_here(ask, served):
    """A site whose name suddenly means this machine reads nothing."""
    port = urllib.parse.urlsplit(served.address).port
    hosts = ("evil.example", f"evil.example:{port}", "127.0.0.1", "127.0.0.1:1", f"0.0.0.0:{port}", "", None)
    for path in ("/", "/assistant", "/events", "/assistant/events", "/timelog.csv", "/static/board.js"):
        for host in hosts:
            answer = ask("GET", path, Host=host)

            assert answer.status in (400, 421)
            assert not [name for name in NAMES.values() if name in answer.read().decode()]


def test_localhost_leads_here(ask, served, press):
    """With its own origin."""
    host = f"localhost:{urllib.parse.urlsplit(served.address).port}"

    assert ask("GET", "/", Host=host).status == 200
    assert press("start", Host=host, Origin=f"http://{host}").status == 200


def test_a_request_that_makes_no_sense_does_nothing(ask, press):
    """And says so."""
    pressed = (
        ("dance", {"step": 0}),
        ("pause", {"step": 0}),
        ("start", {"step": 3}),
        ("start", {"step": "x"}),
        ("start", {}),
        ("start", []),
        ("start", 7),
        ("tick", {"student": "nobody", "out": True}),
        ("tick", {"student": "s1"}),
    )

    assert [press(*one).status for one in pressed] == [404, 409, 409, 400, 400, 400, 400, 409, 400]
    assert phase(ask) == "before"


def test_a_button_is_no_link(ask):
    """Nothing is done by GET, which anybody can make a browser send."""
    assert ask("GET", "/do/start").status == 405


def test_the_time_log_is_a_file_to_keep(ask, press, served):
    """As it is on the disk."""
    press("start")
    press("tick", {"student": "s1", "out": True})

    answer = ask("GET", "/timelog.csv")

    assert "attachment" in answer.headers["content-disposition"]
    written = answer.read()
    assert written == served.log.read_bytes()
    assert [row["event"] for row in csv.DictReader(io.StringIO(written.decode("utf-8-sig")))] == [
        "start",
        "cannot-log-in",
    ]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_board_ends_at_once_though_pages_are_open_and_goes_on_when_begun_again(
    serve, ask, served, press, number, status
):
    """By Ctrl-C without a word of trouble, and by a power cut without loss."""
    stream = ask("GET", "/events")
    event(stream)
    press("start")

    assert served.end(number) == status
    assert serve().log.read_text("utf-8-sig").count("start") == 1

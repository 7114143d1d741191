"""Python imports this by itself, where it is on the path: it writes down each host that is looked up or connected to.

The file that WATCH_FILE names gets one host a line, but for this machine's own address.
"""

import os
import sys
from typing import Any

HERE = {"127.0.0.1", "localhost", "0.0.0.0", "", None}  # noqa: S104 - compared, not listened on


def _host(event: str, arguments: tuple[Any, ...]) -> Any:
    if event == "socket.getaddrinfo":
        return arguments[0]
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        return arguments[1][0]
    return None


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    host = _host(event, arguments)
    if host not in HERE:
        with open(os.environ["WATCH_FILE"], "a", encoding="utf-8") as file:
            file.write(f"{host}\n")


if "WATCH_FILE" in os.environ:
    sys.addaudithook(_watch)

"""How long one answer may take from its first byte to its last.

The time-outs that botocore can be given are for silence: somebody in between who hands on a byte each second would be
listened to for hours. What serves here is private to botocore and urllib3; a test with such a one in between fails if
either changes it.
"""

import http.client
import io
import time
from typing import Any, Final

from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)

ANSWER_S: Final = 40
"""Seconds for a whole answer: a page of a hundred rows comes in that time at 2 kB a second."""


def pools_in_time(seconds: float) -> dict[str, type[Any]]:
    """Pools of connections, by scheme, that give up on an answer which is not whole by then: a time-out."""

    class Answer(http.client.HTTPResponse):
        def __init__(self, sock: Any, *arguments: Any, **named: Any) -> None:
            super().__init__(sock, *arguments, **named)
            self.fp = io.BufferedReader(_InTime(self.fp.detach(), sock, time.monotonic() + seconds))

    # botocore-stubs name another class, which botocore puts there for an early refusal alone.
    class Connection(AWSHTTPConnection):
        response_class = Answer  # type: ignore[assignment]

    class SecureConnection(AWSHTTPSConnection):
        response_class = Answer  # type: ignore[assignment]

    class Pool(AWSHTTPConnectionPool):
        ConnectionCls = Connection

    class SecurePool(AWSHTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return {"http": Pool, "https": SecurePool}


class _InTime(io.RawIOBase):
    """What comes through a socket, until a moment of the monotonic clock."""

    def __init__(self, raw: Any, sock: Any, until: float) -> None:
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._silence = sock.gettimeout()
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int | None:
        """As many bytes as have come.

        Raises:
            TimeoutError: none came for as long as silence is borne, or the time is over.
        """
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left if self._silence is None else min(self._silence, left))
        read: int | None = self._raw.readinto(into)
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()

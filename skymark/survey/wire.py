"""One HTTP session for all clients: the authorities' certificates are read once, connections are kept for every host.

botocore gives each client a session of its own, and reads the certificates of all authorities (about 16 ms) again for
each connection that is made. Nothing public changes that: whatever is private to botocore is touched here alone, and
held against its next release by tests/survey/test_wire.py.
"""

import threading
from typing import Any, Final

from botocore.httpsession import URLLib3Session, create_urllib3_context
from urllib3.exceptions import SSLError

from skymark.survey.deadline import pools_in_time

MOST_HOSTS: Final = 512
"""Each service is a host in each region; urllib3 keeps connections to ten unless told otherwise."""


class SharedSession(URLLib3Session):
    """botocore's session, which reads the certificates that it trusts when it needs them first, and never again.

    A whole answer may take `answer_s` seconds.
    """

    def __init__(self, answer_s: float, **options: Any) -> None:
        self._context: Any = create_urllib3_context()
        self._is_trusting = False
        self._lock = threading.Lock()
        super().__init__(**options)
        self._pool_classes_by_scheme = pools_in_time(answer_s)
        self._manager.pool_classes_by_scheme = self._pool_classes_by_scheme  # type: ignore[attr-defined] # private

    def _get_pool_manager_kwargs(self, **more: Any) -> dict[str, Any]:
        # Not by _get_ssl_context: a proxy's own certificates are read into another context.
        own = {"num_pools": MOST_HOSTS, "ssl_context": self._context}
        options: dict[str, Any] = super()._get_pool_manager_kwargs(**own | more)  # type: ignore[misc] # private
        return options

    def _setup_ssl_cert(self, conn: Any, url: str, verify: Any) -> None:
        super()._setup_ssl_cert(conn, url, verify)  # type: ignore[misc] # private
        if conn.ca_certs is not None:
            self._trust(conn.ca_certs)
            conn.ca_certs = None  # urllib3 would read them again; that they are required stays

    def _trust(self, certificates: str) -> None:
        with self._lock:
            if self._is_trusting:
                return
            try:
                self._context.load_verify_locations(certificates)
            except OSError as error:
                raise SSLError(f"{certificates}: {error}") from error
            self._is_trusting = True


class Wire:
    """The sessions that clients share: one for all that are configured alike. Not safe for threads.

    A whole answer may take `answer_s` seconds.
    """

    def __init__(self, answer_s: float) -> None:
        self._answer_s = answer_s
        self._sessions: dict[str, SharedSession] = {}

    def share(self, client: Any) -> None:
        """Let a client that was just built send by the session of all that are configured as it is."""
        options = options_of(client._endpoint.http_session)
        key = repr(sorted(options.items()))
        if key not in self._sessions:
            self._sessions[key] = SharedSession(self._answer_s, **options)
        client._endpoint.http_session = self._sessions[key]


def options_of(session: Any) -> dict[str, Any]:
    """What one of botocore's sessions was made with."""
    return {
        "verify": session._verify,
        "proxies": session._proxy_config._proxies,
        "proxies_config": session._proxy_config._proxies_settings,
        "timeout": (session._timeout.connect_timeout, session._timeout.read_timeout),
        "max_pool_connections": session._max_pool_connections,
        "socket_options": session._socket_options,
        "client_cert": (session._cert_file, session._key_file) if session._cert_file else None,
    }

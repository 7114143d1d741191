"""moto's server on a free local port, with as many accounts as there are students."""

import logging
import os
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import boto3
import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    from moto.server import ThreadedMotoServer

HOST = "127.0.0.1"
HOME_REGION = "us-east-1"
MOTOS_OWN_ACCOUNT = "123456789012"  # for requests with keys that belong to nobody
CONFIG = Config(proxies={}, retries={"mode": "standard", "total_max_attempts": 1}, read_timeout=30)
# A practice run must not pick up a profile or a file of the machine's user.
NO_USER_CONFIGURATION = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """Keys of one account; `token` is None for a user's own, long-lived keys."""

    key: str
    secret: str
    token: str | None = None

    def for_boto3(self) -> dict[str, str | None]:
        """The arguments by which boto3's `client()` takes them."""
        return {
            "aws_access_key_id": self.key,
            "aws_secret_access_key": self.secret,
            "aws_session_token": self.token,
        }


class PracticeServer:
    """moto's server in this process; a context manager.

    moto keeps one cloud for a whole process: servers that run at the same time show the same accounts. It is
    forgotten when the last of them stops, or by `reset()`, and the keys with it. As on AWS, no two accounts can have
    a bucket of the same name.
    """

    _started: ClassVar[int] = 0
    _keys: ClassVar[dict[str, Credentials]] = {}
    _lock: ClassVar[threading.RLock] = threading.RLock()

    def __init__(self) -> None:
        self._server: ThreadedMotoServer | None = None
        self._session = boto3.Session(botocore_session=botocore.session.Session(session_vars=NO_USER_CONFIGURATION))

    def __enter__(self) -> Self:
        os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
        os.environ.pop("MOTO_ACCOUNT_ID", None)  # it would make one account of all
        # A request for an operation that moto lacks logs a traceback; the caller sees the answer anyway.
        logging.getLogger("werkzeug").setLevel(logging.CRITICAL + 1)
        from moto.server import ThreadedMotoServer  # slow to import

        self._server = ThreadedMotoServer(HOST, port=0, verbose=False)
        self._server.start()
        with self._lock:
            PracticeServer._started += 1
            self._open(MOTOS_OWN_ACCOUNT)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._lock:
            PracticeServer._started -= 1
            if not PracticeServer._started:
                self._forget()
        server = self._running
        server.stop()
        if server._server is not None:  # moto leaves the listening socket open
            server._server.server_close()
        self._server = None

    @property
    def _running(self) -> "ThreadedMotoServer":
        if self._server is None:
            raise RuntimeError("the practice server runs only inside its `with` block")
        return self._server

    @property
    def url(self) -> str:
        """Where it listens: what `AWS_ENDPOINT_URL` must be set to."""
        _, port = self._running.get_host_and_port()
        return f"http://{HOST}:{port}"

    def reset(self) -> None:
        """Forget every account."""
        with self._lock:
            self._forget()
            self._open(MOTOS_OWN_ACCOUNT)

    def tell(self, path: str, body: bytes) -> None:
        """Post to moto's own interface, `/moto-api/…`."""
        request = urllib.request.Request(f"{self.url}{path}", data=body, method="POST")  # noqa: S310 - always http
        request.add_header("Content-Type", "application/json")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30):
            pass

    def credentials(self, account: str) -> Credentials:
        """Keys of the user `student` of this 12-digit account; the account comes to be with the first call."""
        with self._lock:
            if account not in self._keys:
                self._keys[account] = self._make_student(account)
            return self._keys[account]

    def session_credentials(self, account: str, role: str, session: str) -> Credentials:
        """Temporary keys of a role of this account, as `voclabs` of a Learner Lab has; the role need not exist."""
        with self._lock:
            self._open(account)
        # moto puts a request into the account that its key belongs to; assuming a role of an account makes such a key.
        sts = self.client("sts", account, HOME_REGION, Credentials("practice", "practice"))
        answer = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName=session)
        keys = answer["Credentials"]
        return Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])

    def client(self, service: str, account: str, region: str, credentials: Credentials | None = None) -> Any:
        """A boto3 client that talks to this server as the student of this account."""
        keys = credentials or self.credentials(account)
        make: Any = self._session.client  # its overloads want the service's name as a literal
        return make(service, region, endpoint_url=self.url, config=CONFIG, **keys.for_boto3())

    def environment(self, credentials: Credentials, region: str = HOME_REGION) -> dict[str, str]:
        """This process's environment without its AWS settings, and with those that lead to this server."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
        token = {"AWS_SESSION_TOKEN": credentials.token} if credentials.token else {}
        return (
            kept
            | token
            | {
                "AWS_ENDPOINT_URL": self.url,
                "AWS_ACCESS_KEY_ID": credentials.key,
                "AWS_SECRET_ACCESS_KEY": credentials.secret,
                "AWS_DEFAULT_REGION": region,
                "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
                "NO_PROXY": HOST,
                "no_proxy": HOST,
            }
        )

    def _make_student(self, account: str) -> Credentials:
        first = self.session_credentials(account, "practice", "practice")
        iam = self.client("iam", account, HOME_REGION, first)
        iam.create_user(UserName="student")
        keys = iam.create_access_key(UserName="student")["AccessKey"]
        return Credentials(keys["AccessKeyId"], keys["SecretAccessKey"])

    def _open(self, account: str) -> None:
        """Have AWS's own policies in this account.

        moto reads 1,500 of them for each partition of an account; in those that nobody uses that is a second lost.
        """
        from moto.backends import get_backend
        from moto.utilities.utils import PARTITION_NAMES

        iam = get_backend("iam")[account]
        with _managed_policies("false"):
            for partition in PARTITION_NAMES:
                if partition != "aws":
                    _ = iam[partition]
        with _managed_policies("true"):
            _ = iam["aws"]

    def _forget(self) -> None:
        with _managed_policies("false"):  # moto empties an account by making it anew
            self.tell("/moto-api/reset", b"")
        self._keys.clear()


@contextmanager
def _managed_policies(wanted: Literal["true", "false"]) -> Iterator[None]:
    """Tell moto whether accounts that come to be meanwhile have AWS's own policies."""
    name = "MOTO_IAM_LOAD_MANAGED_POLICIES"
    before = os.environ.get(name)
    os.environ[name] = wanted
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before

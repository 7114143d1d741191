"""The practice cloud on a local port, with as many accounts as there are students."""

import logging
import math
import os
import socket
import threading
import urllib.request
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self

import boto3
import botocore.session
from botocore.config import Config

from simulator.clock import clock
from skymark.errors import UsageError

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

HOST = "127.0.0.1"
HOME_REGION = "us-east-1"
SESSION_S = 14_400  # a Learner Lab's keys last for four hours
CONFIG = Config(proxies={}, retries={"mode": "standard", "total_max_attempts": 1}, read_timeout=30)
# A practice run must not pick up a profile or a file of the machine's user.
NO_USER_CONFIGURATION = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class PortError(UsageError):
    """The practice cloud cannot listen where it was told to."""


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
    """The practice cloud on a local port, in this process; a context manager.

    moto keeps one cloud for a whole process: servers that run at the same time show the same accounts. It is
    forgotten when the last of them stops, or by `reset()`, and the keys with it. As on AWS, no two accounts can have
    a bucket of the same name.

    `port` 0 is any that is free; `speed` divides AWS's waits, by default there are none. Without `moto_api` nobody can
    change or read it all by moto's own interface.
    """

    _started: ClassVar[int] = 0
    _keys: ClassVar[dict[str, Credentials]] = {}
    _lock: ClassVar[threading.RLock] = threading.RLock()

    def __init__(
        self, port: int = 0, *, speed: float = math.inf, region: str = HOME_REGION, moto_api: bool = True
    ) -> None:
        self._port = port
        self._moto_api = moto_api
        self._speed = speed
        self.region = region
        self._server: BaseWSGIServer | None = None
        self._session = boto3.Session(botocore_session=botocore.session.Session(session_vars=NO_USER_CONFIGURATION))

    def __enter__(self) -> Self:
        os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
        os.environ.pop("MOTO_ACCOUNT_ID", None)  # it would make one account of all
        # A request for an operation that moto lacks logs a traceback; the caller sees the answer anyway.
        logging.getLogger("werkzeug").setLevel(logging.CRITICAL + 1)
        listening = _listen(self._port)
        with self._lock:
            if not PracticeServer._started:
                _open_cloud(self._speed, self.region)
            PracticeServer._started += 1
        self._server = _serve(listening, self.region, self._moto_api)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        server, self._server = self._running, None
        server.shutdown()
        server.server_close()
        with self._lock:
            PracticeServer._started -= 1
            if not PracticeServer._started:
                self._forget()

    @property
    def _running(self) -> "BaseWSGIServer":
        if self._server is None:
            raise RuntimeError("the practice server runs only inside its `with` block")
        return self._server

    @property
    def url(self) -> str:
        """Where it listens: what `AWS_ENDPOINT_URL` must be set to."""
        return f"http://{HOST}:{self._running.server_address[1]}"

    def reset(self) -> None:
        """Forget every account."""
        with self._lock:
            self._forget()

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
                self._keys[account] = _student(account)
            return self._keys[account]

    def session_credentials(self, account: str, role: str, session: str) -> Credentials:
        """Temporary keys of a role of this account, as `voclabs` of a Learner Lab has; the role need not exist."""
        from moto.iam.models import iam_backends
        from moto.sts.models import sts_backends

        from simulator.authorization.callers import FREE_SESSIONS

        _ = iam_backends[account]["aws"]  # the account comes to be
        arn = f"arn:aws:iam::{account}:role/{role}"
        made = sts_backends[account]["aws"].assume_role(HOME_REGION, session, arn, "", SESSION_S, "")
        FREE_SESSIONS.add(made.access_key_id)
        return Credentials(made.access_key_id, made.secret_access_key, made.session_token)

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

    def _forget(self) -> None:
        from moto.iam.models import iam_backends
        from moto.moto_api._internal.models import moto_api_backend

        from simulator import jupyter
        from simulator.sagemaker.quotas import forget_limits

        iam_backends.clear()  # moto empties an account by making it anew, with AWS's 1,500 policies
        moto_api_backend.reset()
        self._keys.clear()
        clock.forget()
        forget_limits()
        jupyter.forget()


def _listen(port: int) -> socket.socket:
    """A listening socket.

    Raises:
        PortError: something else listens there, or this user may not.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise PortError(
            f"Port {port} cannot be used: {reason}. Choose another one, or 0 for any that is free."
        ) from error
    listening.listen(128)
    return listening


def _serve(listening: socket.socket, region: str, moto_api: bool) -> "BaseWSGIServer":
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    from simulator.gateway import Gateway

    application = Gateway(region, moto_api=moto_api)
    # werkzeug takes a copy of the socket, and ends the process where it cannot bind one of its own.
    server = make_server(HOST, 0, application, threaded=True, request_handler=MotoRequestHandler, fd=listening.fileno())
    listening.close()
    threading.Thread(target=server.serve_forever, name="practice cloud", daemon=True).start()
    return server


def _open_cloud(speed: float, region: str) -> None:
    from simulator import cloudtrail, ec2, iam, regions, s3, sagemaker, servicequotas

    os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")  # machines' images, made anew in each account
    for service in (s3, iam, sagemaker, cloudtrail, regions, ec2, servicequotas):
        service.install()
    clock.run(speed)


def _student(account: str) -> Credentials:
    """The user `student`, who may do everything, as in an account of one's own."""
    from moto.backends import get_backend

    iam = get_backend("iam")[account]["aws"]
    iam.create_user("aws", user_name="student", path="/", tags=None)
    iam.attach_user_policy("arn:aws:iam::aws:policy/AdministratorAccess", "student")
    key = iam.create_access_key("student")
    return Credentials(key.access_key_id, key.secret_access_key)

"""One way into one account: a session, and clients that all threads share."""

import threading
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, NoCredentialsError, PartialCredentialsError, ProfileNotFound

from skymark.errors import CredentialsError, UsageError
from skymark.evidence import Identity
from skymark.survey.reading import EXPIRED, INVALID, REFUSALS, code_of, message_of
from skymark.survey.redact import identity_of, redacted

CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 20
ATTEMPTS = 4
THREADS = 32


class Connection:
    """Clients by service and region, each built once: sessions are not thread-safe, clients are.

    Source: boto3 guide, "Multithreading or multiprocessing with clients"; botocore Config reference.
    """

    def __init__(self, session: boto3.Session, region: str) -> None:
        self.session = session
        self.region = region
        self._clients: dict[tuple[str, str, int], Any] = {}
        self._lock = threading.Lock()

    def client(self, service: str, region: str | None = None, *, attempts: int = ATTEMPTS) -> Any:
        """The client of one service in one region (None: the home region)."""
        key = (service, region or self.region, attempts)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._build(*key)
            return self._clients[key]

    def sagemaker_regions(self, partition: str) -> frozenset[str]:
        """The regions of a partition in which botocore knows SageMaker."""
        return frozenset(self.session.get_available_regions("sagemaker", partition))

    def _build(self, service: str, region: str, attempts: int) -> Any:
        config = Config(
            retries={"mode": "standard", "total_max_attempts": attempts},
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            max_pool_connections=THREADS,
            user_agent_extra="skymark",
        )
        client = self.session.client(service, region_name=region, config=config)  # type: ignore[call-overload]
        name = client.meta.service_model.service_id.hyphenize()
        client.meta.events.register_first(f"needs-retry.{name}", _do_not_ask_a_simulator_again)
        return client


def connect(profile: str | None = None, region: str | None = None) -> Connection:
    """A connection by AWS's standard configuration; without any region, us-east-1 is home.

    Raises:
        UsageError: there is no such profile, or the configuration cannot be read.
    """
    try:
        session = boto3.Session(profile_name=profile, region_name=region)
    except ProfileNotFound as error:
        raise UsageError(f"{error}. `aws configure list-profiles` lists those that there are.") from error
    except BotoCoreError as error:
        raise UsageError(f"The AWS configuration cannot be used: {error}.") from error
    return Connection(session, region or session.region_name or "us-east-1")


def identify(connection: Connection) -> Identity:
    """Whose account the credentials open.

    Raises:
        CredentialsError: there are none, they do not work, or STS cannot be reached.

    Source: STS API, GetCallerIdentity, which needs no permission.
    """
    try:
        answer = connection.client("sts").get_caller_identity()
    except REFUSALS as error:
        raise CredentialsError(_why_not(error, connection.region)) from error
    except BotoCoreError as error:
        raise CredentialsError(f"AWS could not be asked who you are: {error}. See `aws configure list`.") from error
    return identity_of(answer["Account"], answer["Arn"])


def _why_not(error: BaseException, region: str) -> str:
    code, message = code_of(error), redacted(message_of(error)) or ""
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return f"{message}. Set up your keys with `aws configure`, or choose a profile with --profile."
    if "voc-cancel-cred" in message or code in EXPIRED:
        return (
            "Your AWS credentials have expired. Sign in again and copy the new keys "
            "(AWS Academy Learner Lab: press Start Lab, then AWS Details)."
        )
    if code in INVALID:
        return f"AWS does not know these access keys ({code}). Copy them again, with the session token if there is one."
    if "Signature" in code or code == "RequestTimeTooSkewed":
        if "expired" in message or "Skewed" in code:
            return "AWS refuses the request's time. Set this computer's clock right, then try again."
        return f"The secret access key does not fit the access key ({code}). Copy both again."
    if code in ("UnauthorizedSSOTokenError", "TokenRetrievalError", "CredentialRetrievalError"):
        return f"Your sign-in is over ({code}). Sign in again with `aws sso login` or `aws login`."
    if code.startswith("HTTP") or "Error" not in code:
        return f"AWS refused to say whose account this is ({code}). Check your keys and try again."
    return f"STS in region {region} cannot be reached ({code}). Check the region's name and your connection."


def _do_not_ask_a_simulator_again(response: Any = None, **_: Any) -> None:
    """A simulator says by an HTML page that it lacks a call; AWS never answers in HTML. Asking again is no use."""
    if response is not None:
        http, _parsed = response
        if http.status_code == 500 and "html" in http.headers.get("content-type", ""):
            http.status_code = 501

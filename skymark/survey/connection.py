"""One way into one account: a session, and clients that all threads share."""

import datetime as dt
import re
import threading
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, InvalidRegionError, NoCredentialsError, ProfileNotFound
from botocore.utils import parse_timestamp, validate_region_name

from skymark.cause import EXPIRED, INVALID
from skymark.errors import CredentialsError, UsageError
from skymark.evidence import Identity
from skymark.suggest import did_you_mean, one_of
from skymark.survey.reading import REFUSALS, SIGN_IN_OVER, code_of, message_of
from skymark.survey.redact import identity_of, redacted

# A call that nobody answers ends after at most ATTEMPTS * (READ_TIMEOUT_S + the wait in between, 7 s in all);
# where not even a connection is made, after ATTEMPTS * CONNECT_TIMEOUT_S + 7 s = 27 s.
CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 20
ATTEMPTS = 4
THREADS = 32
ACCOUNT_BEFORE_ADDRESS = re.compile(r"(?<=://)\d{12}\.(?=\d+\.\d+\.\d+\.\d+(?::|/|$))")
EXPIRED_KEYS = (
    "Your AWS credentials have expired. Sign in again and copy the new keys "
    "(AWS Academy Learner Lab: press Start Lab, then AWS Details)."
)


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

    def partitions(self) -> list[str]:
        """`aws`, `aws-cn`, `aws-us-gov`, …, as botocore knows them."""
        return self.session.get_available_partitions()

    def _build(self, service: str, region: str, attempts: int) -> Any:
        config = Config(
            retries={"mode": "standard", "total_max_attempts": attempts},
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            max_pool_connections=THREADS,
            user_agent_extra="skymark",
        )
        try:
            client = self.session.client(service, region_name=region, config=config)  # type: ignore[call-overload]
        except ValueError as error:  # botocore's for an address without http:// or https://, of one service or of all
            raise UsageError(
                f"The AWS configuration cannot be used: {_sentence(error)} See AWS_ENDPOINT_URL and endpoint_url."
            ) from error
        name = client.meta.service_model.service_id.hyphenize()
        client.meta.events.register_first(f"needs-retry.{name}", _do_not_ask_a_simulator_again)
        if service != "sagemaker-runtime":  # there the student's own container chooses the type
            client.meta.events.register_first(f"needs-retry.{name}", _take_no_web_page_for_an_answer)
        client.meta.events.register_first(f"before-call.{name}", _put_no_account_before_a_number)
        return client


def connect(profile: str | None = None, region: str | None = None) -> Connection:
    """A connection by AWS's standard configuration; without any region, us-east-1 is home.

    Raises:
        UsageError: there is no such profile, the region is none, or the configuration cannot be read.
    """
    core = botocore.session.Session()
    # botocore gives some times in this computer's time zone.
    core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_utc)
    try:
        session = boto3.Session(botocore_session=core, profile_name=profile, region_name=region)
        home = region or session.region_name or "us-east-1"
        validate_region_name(home)
    except ProfileNotFound as error:
        raise UsageError(f"{error}. There are: {one_of(_profiles())}.") from error
    except InvalidRegionError as error:
        raise UsageError(f'"{home}" is not a region. Regions have names like us-east-1.') from error
    except BotoCoreError as error:
        raise UsageError(f"The AWS configuration cannot be used: {_sentence(error)}") from error
    return Connection(session, home)


def identify(connection: Connection) -> Identity:
    """Whose account the credentials open.

    Raises:
        CredentialsError: there are none, they do not work, or STS cannot be reached.
        UsageError: what is configured as AWS's address is none.

    Source: STS API, GetCallerIdentity, which needs no permission.
    """
    try:
        answer = connection.client("sts").get_caller_identity()
    except REFUSALS as error:
        raise CredentialsError(_why_not(error, connection)) from error
    except BotoCoreError as error:
        text = f"AWS could not be asked who you are: {_sentence(error)} See `aws configure list`."
        raise CredentialsError(text) from error
    except ValueError as error:
        raise UsageError(f"The AWS configuration cannot be used: {_sentence(error)} See AWS_ENDPOINT_URL.") from error
    except RuntimeError as error:  # botocore's, for keys from a credential process that are over already
        if "expired" not in str(error):
            raise
        raise CredentialsError(EXPIRED_KEYS) from error
    return identity_of(answer["Account"], answer["Arn"])


def _profiles() -> list[str]:
    try:
        return sorted(botocore.session.Session().available_profiles)
    except BotoCoreError:
        return []


def _sentence(error: BaseException) -> str:
    """What botocore says, on one line."""
    return f"{(redacted(str(error)) or type(error).__name__).rstrip('.')}."


def _why_not(error: BaseException, connection: Connection) -> str:
    code, message = code_of(error), redacted(message_of(error)) or ""
    if isinstance(error, NoCredentialsError):
        return f"{message}. Set up your keys with `aws configure`, or choose a profile with --profile."
    if "voc-cancel-cred" in message or code in EXPIRED:
        return EXPIRED_KEYS
    if code in INVALID:
        return f"AWS does not know these access keys ({code}). Copy them again, with the session token if there is one."
    if "Signature" in code or code == "RequestTimeTooSkewed":
        if "expired" in message or "not yet current" in message or "Skewed" in code:
            return "AWS refuses the request's time. Set this computer's clock right, then try again."
        return f"The secret access key does not fit the access key ({code}). Copy both again."
    if isinstance(error, SIGN_IN_OVER):
        return f"Your sign-in is over ({code}). Sign in again with `aws sso login` or `aws login`."
    if code.startswith("HTTP") or "Error" not in code:
        return f"AWS refused to say whose account this is ({code}). Check your keys and try again."
    return _unreachable(code, connection)


def _unreachable(code: str, connection: Connection) -> str:
    region = connection.region
    known = {name for partition in connection.partitions() for name in connection.sagemaker_regions(partition)}
    meant = "" if region in known else did_you_mean(region, sorted(known))
    check = meant or "Check the region's name and your connection."
    return f"STS in region {region} cannot be reached ({code}). {check}"


def _do_not_ask_a_simulator_again(response: Any = None, **_: Any) -> None:
    """A simulator says by an HTML page that it lacks a call; AWS never answers in HTML. Asking again is no use."""
    if response is not None:
        http, _parsed = response
        if http.status_code == 500 and "html" in http.headers.get("content-type", ""):
            http.status_code = 501


def _put_no_account_before_a_number(params: dict[str, Any], **_: Any) -> None:
    """S3 Control's hosts begin with the account's number; a simulator's address of numbers can have none before it."""
    params["url"] = ACCOUNT_BEFORE_ADDRESS.sub("", params["url"])


def _take_no_web_page_for_an_answer(response: Any = None, **_: Any) -> None:
    """botocore reads a web page of a proxy or a filter, sent as a success, as an answer in which nothing stands."""
    if response is not None:
        http, _parsed = response
        # By its first words: simulators send XML and JSON, too, under the name of HTML.
        if http.status_code < 300 and http.content.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
            http.status_code = 501


def _utc(value: Any) -> dt.datetime:
    moment: dt.datetime = parse_timestamp(value)
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)

"""Clients for AWS that all threads and all accounts share: each is built once for a service and a region.

Whose keys sign a request is decided when it is signed: those of the account that the asking thread is about.
"""

import contextlib
import contextvars
import datetime as dt
import json
import re
import threading
import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import boto3
import botocore
import botocore.session
from botocore import UNSIGNED, xform_name
from botocore.config import Config
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError
from botocore.utils import parse_timestamp

from skymark import __version__
from skymark.cause import Cause, cause_of_code
from skymark.environment import ENVIRONMENT
from skymark.errors import ConfigurationError
from skymark.evidence import CallMade
from skymark.fault import Fault
from skymark.survey.answers import refuse_halves, refuse_others
from skymark.survey.deadline import ANSWER_S
from skymark.survey.models import Models
from skymark.survey.reading import OVER_ALREADY, STS, code_of
from skymark.survey.redact import redacted
from skymark.survey.regional import in_region, is_for_all_regions, let_regions_differ
from skymark.survey.wire import Wire

# A call that nobody answers ends after at most ATTEMPTS * READ_TIMEOUT_S and the waits in between, 7 s in all, which is
# 87 s; where not even a connection is made, after ATTEMPTS * CONNECT_TIMEOUT_S + 7 s = 27 s; where answers trickle,
# after ATTEMPTS * ANSWER_S + 7 s = 167 s. Who has been silent so long is asked nothing more in the same look, and what
# another thread asks just then is not tried again: one try more at most.
CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 20
ATTEMPTS = 4
THREADS = 32
MOST_CONNECTIONS = 64
ACCOUNT_BEFORE_ADDRESS = re.compile(r"(?<=://)\d{12}\.(?=\d+\.\d+\.\d+\.\d+(?::|/|$))")
USER_AGENT: Final = f"skymark/{__version__} Boto3/{boto3.__version__} Botocore/{botocore.__version__}"
"""Who asks, as CloudTrail tells it. botocore's own is put together twice for each call, which costs."""
GLOBAL: Final = ("account", "iam", "sts")
"""Services of which a call concerns no region."""
BEGUN: Final = "skymark_begun"
SILENCE: Final = (ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError)
STUDENTS_OWN: Final = "sagemaker-runtime"
"""The service whose answers come from what the student deployed: their type, and their silence, say nothing of AWS."""


class Asking:
    """What a thread asks about: whose keys sign, None for the session's own, and the calls that were made so far."""

    def __init__(self, credentials: Credentials | None) -> None:
        self.credentials = credentials
        self._calls: list[CallMade] = []
        self._silent: dict[tuple[str, str], BaseException] = {}

    def begin(self) -> None:
        """A new look, in which everybody is asked again."""
        self._silent.clear()

    def gave_up(self, service: str, region: str, error: BaseException) -> None:
        """Nobody has answered for this service in this region, however often it was tried."""
        self._silent[service, region] = error

    def why_not(self, service: str, region: str) -> BaseException | None:
        """Why nothing more is asked there; None where it is."""
        return self._silent.get((service, region))

    def note(self, call: CallMade) -> None:
        """Keep a call; threads may do so at once."""
        self._calls.append(call)

    def taken(self) -> tuple[CallMade, ...]:
        """The calls since this was asked last, in time."""
        calls, self._calls = self._calls, []
        return tuple(sorted(calls, key=lambda one: (one.at, one.service, one.call, one.region or "")))


_ASKING: contextvars.ContextVar[Asking | None] = contextvars.ContextVar("asking", default=None)


@contextmanager
def asking(about: Asking) -> Iterator[None]:
    """Whatever is asked inside, here and by tasks that run in a copy of this context, is about one account."""
    about.begin()
    before = _ASKING.set(about)
    try:
        yield
    finally:
        _ASKING.reset(before)


class _AskersCredentials(Credentials):
    """The keys of the account that the thread asks about; without one there are none, least of all another's.

    Source: botocore's RequestSigner, which asks for frozen credentials each time that it signs.
    """

    def __init__(self) -> None:
        super().__init__("", "", method="skymark")

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Those of now, refreshed if they would soon be over."""
        about = _ASKING.get()
        if about is None or about.credentials is None:
            raise NoCredentialsError
        frozen: ReadOnlyCredentials = about.credentials.get_frozen_credentials()
        return frozen


class _AskersCredentialsOnly:
    """In place of botocore's chain of places in which it looks for keys."""

    def load_credentials(self) -> Credentials:
        """Always the same."""
        return _AskersCredentials()


class Clients:
    """Clients by service, region and attempts, each built once: sessions are not thread-safe, clients are.

    The standard retry mode counts what it may still try again for each client, so for all accounts that share it. Who
    is left without another try sees a gap of a passing cause, and a class looks at those once more in the end.

    Source: boto3 guide, "Multithreading or multiprocessing with clients"; botocore Config reference.
    """

    def __init__(self, session: boto3.Session | None = None) -> None:
        """`session` None: one by AWS's standard configuration, in which every account brings its own keys.

        Raises:
            ConfigurationError: the configuration cannot be read, or names a profile that is not there.
        """
        with ENVIRONMENT:
            self.session = session or _keyless()
        self._clients: dict[tuple[str, str, int], Any] = {}
        self._for_all_regions: dict[tuple[str, int], Any] = {}
        self._wire = Wire(ANSWER_S)
        self._lock = threading.Lock()

    def client(self, service: str, region: str, *, attempts: int = ATTEMPTS) -> Any:
        """The client of one service in one region.

        Raises:
            ConfigurationError: what is configured as AWS's address is none.
        """
        key = (service, region, attempts)
        found = self._clients.get(key)
        if found is None:
            with ENVIRONMENT, self._lock:
                found = self._clients[key] = self._clients.get(key) or self._in_region(*key)
        return found

    def build_ahead(self, services: Iterable[str], region: str) -> None:
        """Build the client of the first service, and begin with the others, in a thread of its own.

        Each takes tens of milliseconds, which are hidden while the first calls are waited for. What goes wrong goes
        wrong again where the client is asked for, and is told there.
        """
        first, *others = services

        def build(names: Iterable[str]) -> None:
            with contextlib.suppress(Exception):
                for name in names:
                    self.client(name, region)

        build([first])
        threading.Thread(target=build, args=(others,), name="clients", daemon=True).start()

    def _in_region(self, service: str, region: str, attempts: int) -> Any:
        if not is_for_all_regions(self.session, service):
            return self._build(service, region, attempts)
        found = self._for_all_regions.get((service, attempts))
        if found is None:
            found = self._for_all_regions[service, attempts] = self._build(service, region, attempts)
            let_regions_differ(found, attempts)
        return in_region(found, region)

    def _build(self, service: str, region: str, attempts: int) -> Any:
        config = Config(
            retries={"mode": "standard", "total_max_attempts": attempts},
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            max_pool_connections=MOST_CONNECTIONS,
            user_agent=USER_AGENT,
        )
        with built():
            client = self.session.client(service, region_name=region, config=config)  # type: ignore[call-overload]
        self._wire.share(client)
        # How lists are paged is read now, and not by every thread that lists something first.
        client.can_paginate(xform_name(client.meta.service_model.operation_names[0]))
        name = client.meta.service_model.service_id.hyphenize()
        client.meta.events.register_first(f"needs-retry.{name}", _do_not_ask_a_simulator_again)
        if service != STUDENTS_OWN:
            _take_nothing_else_for_an_answer(client)
        client.meta.events.register_first(f"before-call.{name}", _put_no_account_before_a_number)
        client.meta.events.register_first(f"before-call.{name}", _begin)
        client.meta.events.register_first(f"request-created.{name}", _try)
        client.meta.events.register_first(f"after-call.{name}", _note_answer)
        client.meta.events.register_first(f"after-call-error.{name}", _note_failure)
        return client


@contextmanager
def built() -> Iterator[None]:
    """What botocore makes by the configuration is made inside; what it raises by a name of its own, it raises.

    Raises:
        ConfigurationError: an address is none; or botocore breaks over a setting of a kind that it does not expect.
    """
    try:
        yield
    except BotoCoreError:
        raise
    except ValueError as error:  # an address without http:// or https://, of one service or of all
        found = f"The AWS configuration cannot be used: {sentence(error)}"
        raise ConfigurationError(found, "See AWS_ENDPOINT_URL and endpoint_url.", Fault.ADDRESS) from error
    except (AttributeError, KeyError, TypeError) as error:  # a setting with lines below it, where it should have one
        found = f"The AWS configuration cannot be used: AWS's SDK breaks over it ({type(error).__name__}: {error})."
        raise ConfigurationError(found, fault=Fault.FILES) from error


def unsigned_client(session: boto3.Session, service: str, region: str) -> Any:
    """A client that signs nothing and looks for no keys: for whether anybody answers.

    Raises:
        ConfigurationError: what is configured, as AWS's address or otherwise, is none.
    """
    config = Config(
        signature_version=UNSIGNED,
        retries={"mode": "standard", "total_max_attempts": 2},
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S,
        user_agent=USER_AGENT,
    )
    try:
        with ENVIRONMENT, built():
            client = session.client(service, region_name=region, config=config)  # type: ignore[call-overload]
    except BotoCoreError as error:  # a setting that is none, such as of AWS_RETRY_MODE
        raise ConfigurationError(f"The AWS configuration cannot be used: {sentence(error)}") from error
    Wire(ANSWER_S).share(client)
    _take_nothing_else_for_an_answer(client)
    return client


def session_of(profile: str | None = None, region: str | None = None) -> boto3.Session:
    """A session by AWS's standard configuration, whose times are UTC.

    Raises:
        BotoCoreError: there is no such profile, or the configuration cannot be read.
    """
    with ENVIRONMENT:
        core = _core()
        if profile is not None:
            core.set_config_variable("profile", profile)
        return _session(core, region)


def sentence(error: BaseException) -> str:
    """What botocore says, on one line."""
    return f"{(redacted(str(error)) or type(error).__name__).rstrip('.')}."


def may_pass(error: ClientError) -> bool:
    """Whether AWS asks to go slower or is not well, or it was not AWS that answered."""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    code = code_of(error)
    return status >= 500 or code.startswith("HTTP") or cause_of_code(code) is Cause.THROTTLED


def _core() -> botocore.session.Session:
    core = botocore.session.Session()
    # botocore gives some times in this computer's time zone.
    core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_utc)
    return core


def _session(core: botocore.session.Session, region: str | None = None) -> boto3.Session:
    """Of what is configured: a profile that is not there is told now, whatever else AWS's variables say."""
    core.get_scoped_config()
    core.register_component("data_loader", Models(core.get_component("data_loader")))
    return boto3.Session(botocore_session=core, region_name=region)


def _keyless() -> boto3.Session:
    core = _core()
    core.register_component("credential_provider", _AskersCredentialsOnly())
    try:
        return _session(core)
    except BotoCoreError as error:
        raise ConfigurationError(f"The AWS configuration cannot be used: {sentence(error)}") from error


def _begin(context: dict[str, Any], model: Any, **_: Any) -> None:
    about, service, region = _ASKING.get(), model.service_model.service_name, context["client_region"]
    silence = about.why_not(service, region) if about is not None else None
    if silence is not None:
        raise silence
    context[BEGUN] = (service, model.name, region, dt.datetime.now(dt.UTC), time.perf_counter())


def _try(request: Any, **_: Any) -> None:
    """Before each try: another call may have found out meanwhile that nobody answers there."""
    about, begun = _ASKING.get(), request.context.get(BEGUN)
    silence = about.why_not(begun[0], begun[2]) if about is not None and begun else None
    if silence is not None:
        raise silence


def _note_answer(context: dict[str, Any], http_response: Any, parsed: Any, **_: Any) -> None:
    code = None
    if http_response.status_code >= 300:
        code = str((parsed or {}).get("Error", {}).get("Code") or f"HTTP {http_response.status_code}")
    _note(context, code)


def _note_failure(context: dict[str, Any], exception: BaseException, **_: Any) -> None:
    named, about = _named(exception), _ASKING.get()
    if about is not None and BEGUN in context and isinstance(named, SILENCE):
        service, _call, region, *_times = context[BEGUN]
        if service != STUDENTS_OWN:
            about.gave_up(service, region, named)
    _note(context, code_of(named))
    if named is not exception:
        raise named from exception


def _named(error: BaseException) -> BaseException:
    """What kept a call from an answer, by a name that tells it from a refusal of the call, and from a bug.

    What AWS refuses is raised later: a ClientError here is STS's, which gave no new keys. By its own name a role that
    was taken away meanwhile would read as a permission that the call lacks.

    Source: botocore's RefreshableCredentials and ProcessProvider, which raise whatever went wrong in them; its
    QueryParser, which looks for an element that another answer than AWS's does not have.
    """
    match error:
        case ClientError() if not may_pass(error):
            return CredentialRetrievalError(provider=STS, error_msg=f"{code_of(error)} ({error.operation_name})")
        case RuntimeError() if "expired" in str(error):
            return CredentialRetrievalError(provider=OVER_ALREADY, error_msg="the new keys are over already")
        case BotoCoreError():
            # Its time-outs are OSErrors, too, and no fault of a credential process.
            return error
        case json.JSONDecodeError() | OSError():
            return CredentialRetrievalError(provider="credential_process", error_msg=str(error))
        case KeyError():
            return ResponseParserError(f"the answer has no {error}")
        case _ if _is_of_parsers(error):
            return ResponseParserError("the answer is of another shape than AWS's")
        case _:
            return error


def _is_of_parsers(error: BaseException) -> bool:
    """Whether botocore broke over an answer, such as JSON of another shape, and not over a mistake of ours."""
    frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(frame.f_globals.get("__name__") == "botocore.parsers" for frame in frames)


def _note(context: dict[str, Any], code: str | None) -> None:
    about, begun = _ASKING.get(), context.pop(BEGUN, None)
    if about is None or begun is None:
        return
    service, call, region, at, started = begun
    is_global = service in GLOBAL or call == "ListBuckets"
    took_ms = round((time.perf_counter() - started) * 1000)
    begun_at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    about.note(CallMade(service, call, None if is_global else region, begun_at, took_ms, code))


def _do_not_ask_a_simulator_again(response: Any = None, **_: Any) -> None:
    """A simulator says by an HTML page that it lacks a call; AWS never answers in HTML. Asking again is no use."""
    if response is not None:
        http, _parsed = response
        if http.status_code == 500 and "html" in http.headers.get("content-type", ""):
            http.status_code = 501


def _put_no_account_before_a_number(params: dict[str, Any], **_: Any) -> None:
    """S3 Control's hosts begin with the account's number; a simulator's address of numbers can have none before it."""
    params["url"] = ACCOUNT_BEFORE_ADDRESS.sub("", params["url"])


def _take_nothing_else_for_an_answer(client: Any) -> None:
    name = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register_first(f"before-parse.{name}", refuse_halves)
    client.meta.events.register_first(f"needs-retry.{name}", refuse_others)


def _utc(value: Any) -> dt.datetime:
    moment: dt.datetime = parse_timestamp(value)
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)

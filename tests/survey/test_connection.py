"""Who am I, and how long may that take."""

import http.server
import threading
import time

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from skymark.errors import CredentialsError, UsageError
from skymark.evidence import Identity
from skymark.survey import connect, identify
from skymark.survey.connection import ATTEMPTS

CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL")


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """No configuration of whoever runs the tests."""
    for name in (*CREDENTIALS, "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def keys(monkeypatch):
    """Some keys, and no way out of this machine."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")


def refused(code, message):
    """What identify() says if STS refuses like this."""
    connection = connect()
    with Stubber(connection.client("sts")) as sts:
        sts.add_client_error("get_caller_identity", code, message)
        with pytest.raises(CredentialsError) as error:
            identify(connection)
    return str(error.value)


LAB = "arn:aws:iam::123456789012:policy/voc-cancel-cred"
ADA = "arn:aws:sts::123456789012:assumed-role/voclabs/user1=ada@example.edu"


@pytest.mark.parametrize(
    ("code", "message", "words"),
    [
        ("ExpiredToken", "The security token included in the request is expired", "have expired"),
        ("InvalidClientTokenId", "The security token included in the request is invalid.", "does not know these"),
        ("SignatureDoesNotMatch", "The request signature we calculated does not match", "does not fit"),
        ("SignatureDoesNotMatch", "Signature expired: 1 is now earlier than 2", "clock"),
        ("AccessDenied", f"with an explicit deny in an identity-based policy: {LAB}", "Start Lab"),
        ("AccessDenied", f"User: {ADA} is not authorized", "refused"),
    ],
)
def test_what_is_wrong_with_the_keys_is_said_in_one_or_two_lines(keys, code, message, words):
    """With what to do, and nobody's name or secret."""
    text = refused(code, message)

    assert words in text
    assert len(text.splitlines()) <= 2
    assert "@" not in text
    assert "wJalr" not in text


def test_no_keys_at_all():
    """The first thing that a newcomer meets."""
    with pytest.raises(CredentialsError, match="aws configure"):
        identify(connect())


def test_half_of_the_keys(monkeypatch):
    """Which half is missing is said."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")

    with pytest.raises(CredentialsError, match="AWS_SECRET_ACCESS_KEY"):
        identify(connect())


@pytest.mark.parametrize("by_environment", [True, False])
def test_a_profile_that_is_not_there(monkeypatch, by_environment):
    """By option or by environment."""
    if by_environment:
        monkeypatch.setenv("AWS_PROFILE", "nobody")

    with pytest.raises(UsageError, match="nobody"):
        connect(None if by_environment else "nobody")


def test_a_region_that_is_none(keys):
    """Not even the shape of one."""
    with pytest.raises(CredentialsError, match="us east"):
        identify(connect(None, "us east"))


def test_an_endpoint_that_is_not_there_ends_soon(keys):
    """In seconds, naming the region."""
    begun = time.monotonic()

    with pytest.raises(CredentialsError, match="us-east-9 cannot be reached"):
        identify(connect(None, "us-east-9"))

    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    ("configured", "asked", "home"),
    [(None, None, "us-east-1"), ("eu-west-3", None, "eu-west-3"), ("eu-west-3", "us-west-2", "us-west-2")],
)
def test_the_home_region(monkeypatch, configured, asked, home):
    """The option, else the configuration, else us-east-1."""
    if configured:
        monkeypatch.setenv("AWS_DEFAULT_REGION", configured)

    assert connect(None, asked).region == home


def test_a_client_is_built_once(keys):
    """And shared."""
    connection = connect()

    assert connection.client("s3") is connection.client("s3", "us-east-1")
    assert connection.client("s3") is not connection.client("s3", "us-west-2")


def test_the_identity_carries_no_e_mail_address(keys):
    """Learner Lab puts one into the session's name."""
    connection = connect()
    arn = "arn:aws:sts::123456789012:assumed-role/voclabs/user3277609=ada@example.edu"
    with Stubber(connection.client("sts")) as sts:
        sts.add_response("get_caller_identity", {"Account": "123456789012", "Arn": arn, "UserId": "x"})
        found = identify(connection)

    assert found == Identity("123456789012", "arn:aws:sts::123456789012:assumed-role/voclabs/user")
    assert found.is_learner_lab


@pytest.fixture
def answering():
    """A server that answers always the same, and counts."""

    class Handler(http.server.BaseHTTPRequestHandler):
        asked = 0
        answer = (500, "text/html", b"<!doctype html>")

        def do_POST(self):
            Handler.asked += 1
            status, kind, text = Handler.answer
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        Handler.url = f"http://127.0.0.1:{server.server_port}"
        yield Handler
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("answer", "times"),
    [
        ((500, "text/html; charset=utf-8", b"<!doctype html><h1>Internal Server Error</h1>"), 1),
        ((501, "application/json", b"{}"), 1),
        ((400, "application/x-amz-json-1.1", b'{"__type": "AccessDeniedException"}'), 1),
        ((500, "application/x-amz-json-1.1", b'{"__type": "InternalFailure"}'), ATTEMPTS),
        ((400, "application/x-amz-json-1.1", b'{"__type": "ThrottlingException"}'), ATTEMPTS),
    ],
)
def test_only_what_may_pass_is_asked_again(keys, monkeypatch, answering, answer, times):
    """A simulator that lacks a call says so in HTML, which AWS never does; retries are capped."""
    answering.answer = answer
    monkeypatch.setenv("AWS_ENDPOINT_URL", answering.url)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    sagemaker = connect().client("sagemaker")

    with pytest.raises(ClientError):
        sagemaker.list_apps()

    assert answering.asked == times

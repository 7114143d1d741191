"""Who am I, and how long may that take."""

import datetime as dt
import http.server
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from skymark.errors import ConfigurationError, CredentialsError, UsageError
from skymark.evidence import Endpoint, Identity
from skymark.samples import Samples
from skymark.survey.connection import ATTEMPTS, connect, identify
from skymark.survey.notebooks import describe_notebook_instance
from skymark.survey.predictions import ask_endpoint
from skymark.survey.studio import list_domains

PATIENCE_S = 30

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
        ("SignatureDoesNotMatch", "Signature not yet current: 2 is still later than 1", "clock"),
        ("InvalidSignatureException", "Signature expired: 1 is now earlier than 2", "clock"),
        ("RequestTimeTooSkewed", "The difference is too large", "clock"),
        ("ExpiredTokenException", "The security token included in the request is expired", "have expired"),
        ("RequestExpired", "Request has expired", "have expired"),
        ("UnrecognizedClientException", "The security token included in the request is invalid", "does not know these"),
        ("ServiceUnavailable", "of ada@example.edu", "refused"),
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
@pytest.mark.parametrize(("text", "there"), [("", "none"), ("[profile class]\n[default]\n", "class, default")])
def test_a_profile_that_is_not_there(monkeypatch, tmp_path, by_environment, text, there):
    """By option or by environment; those that there are, are named."""
    (tmp_path / "config").write_text(text)
    if by_environment:
        monkeypatch.setenv("AWS_PROFILE", "nobody")

    with pytest.raises(UsageError) as error:
        connect(None if by_environment else "nobody")

    assert str(error.value) == f"The config profile (nobody) could not be found. There are: {there}."


@pytest.mark.parametrize("by_environment", [True, False])
def test_a_region_that_is_none(keys, monkeypatch, by_environment):
    """Not even the shape of one: it is said before anything is asked."""
    if by_environment:
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us east")

    with pytest.raises(UsageError) as error:
        connect(None, None if by_environment else "us east")

    assert str(error.value) == '"us east" is not a region. Regions have names like us-east-1.'


@pytest.mark.parametrize("text", ["[default\nregion=", "[default]\nregion = \xff\xfe"])
def test_a_configuration_that_cannot_be_read(tmp_path, text):
    """Whose file it is, is said."""
    (tmp_path / "config").write_text(text, encoding="latin-1")

    with pytest.raises(UsageError, match="config file"):
        connect()


@pytest.mark.parametrize("address", ["foo", "http://", "http://127.0.0.1:99999"])
def test_an_address_that_is_none(keys, monkeypatch, address):
    """One line, and where it comes from."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)

    with pytest.raises(UsageError, match="AWS_ENDPOINT_URL"):
        identify(connect())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("credential_process = /bin/false", "Sign in again"),
        ("source_profile = nobody\nrole_arn = arn:aws:iam::123456789012:role/x", "nobody"),
        (
            "sso_start_url = http://127.0.0.1:9/\nsso_region = us-east-1\n"
            "sso_account_id = 123456789012\nsso_role_name = r",
            "aws sso login",
        ),
        ("login_session = arn:aws:iam::123456789012:user/ada", "aws login"),
    ],
)
def test_a_profile_that_gives_no_keys(tmp_path, text, words):
    """Single sign-on that is over, a command that fails, a profile that leads nowhere."""
    (tmp_path / "config").write_text(f"[profile a]\n{text}\n")

    with pytest.raises(CredentialsError) as error:
        identify(connect("a"))

    assert words in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_an_endpoint_that_is_not_there_ends_soon(keys):
    """In seconds, naming the region."""
    begun = time.monotonic()

    with pytest.raises(CredentialsError, match=r'us-east-9 cannot be reached .*Did you mean "us-east-'):
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


def built_ahead(connection, services):
    """Wait until all are."""
    connection.build_ahead(services)
    for thread in threading.enumerate():
        if thread.name == "clients":
            thread.join(PATIENCE_S)


def test_what_was_built_ahead_is_not_built_again(keys, monkeypatch):
    """Whoever asks does not wait for it."""
    connection = connect()
    built_ahead(connection, ("sts", "ec2", "s3"))
    monkeypatch.setattr(connection.session, "client", None)  # nothing more can be built

    for service in ("sts", "ec2", "s3"):
        assert connection.client(service).meta.service_model.service_name == service
    with pytest.raises(ConfigurationError):
        connection.client("logs")


@pytest.mark.parametrize("service", ["sts", "s3"])
def test_what_goes_wrong_while_clients_are_built_ahead_is_told_where_they_are_asked_for(keys, monkeypatch, service):
    """Not before, and not in a thread where nobody hears it."""
    monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service.upper()}", "not-an-address")
    connection = connect()

    built_ahead(connection, ("sts", "s3"))

    with pytest.raises(ConfigurationError, match="not-an-address"):
        connection.client(service)


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
        url = ""
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
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
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


PAGE = b"\n<!DOCTYPE html><html>Your school has blocked this site</html>"


@pytest.mark.parametrize("kind", ["text/html", "application/x-amz-json-1.1"])
def test_a_web_page_in_aws_place_is_no_empty_list(keys, monkeypatch, answering, kind):
    """botocore takes any text for an answer in which nothing stands: a filter's page would read as nothing there."""
    answering.answer = (200, kind, PAGE)
    monkeypatch.setenv("AWS_ENDPOINT_URL", answering.url)

    reading = list_domains(connect().client("sagemaker"), "us-east-1")

    assert (reading.items, [one.code for one in reading.gaps]) == ((), ["HTTP 200"])
    assert answering.asked == 1


def test_a_page_that_is_not_found_is_no_absence(keys, monkeypatch, answering):
    """The instance was listed: it is a leftover, whatever a proxy says."""
    row = {
        "NotebookInstanceName": "sm-test",
        "NotebookInstanceStatus": "InService",
        "CreationTime": dt.datetime(2019, 7, 1, tzinfo=dt.UTC),
    }
    answering.answer = (404, "text/html", b"<html>404</html>")
    monkeypatch.setenv("AWS_ENDPOINT_URL", answering.url)

    reading = describe_notebook_instance(connect().client("sagemaker"), "us-east-1", row)

    assert [one.name for one in reading.items] == ["sm-test"]
    assert [one.code for one in reading.gaps] == ["HTTP 404"]


def test_a_models_own_web_page_is_its_answer(keys, monkeypatch, answering):
    """The student's container chooses what it sends."""
    answering.answer = (200, "text/html", PAGE)
    monkeypatch.setenv("AWS_ENDPOINT_URL", answering.url)
    runtime = connect().client("sagemaker-runtime", attempts=1)
    endpoint = Endpoint("ep", "us-east-1", "InService", dt.datetime(2019, 7, 1, tzinfo=dt.UTC))

    (asked,) = ask_endpoint(runtime, endpoint, Samples((0,), ("0",))).items

    assert (asked.body, asked.content_type) == (PAGE.decode(), "text/html")


@pytest.fixture
def new_york(monkeypatch):
    """This computer's clock is on New York's time."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("told", [b"1562004120.0", b'"2019-07-01T18:02:00Z"', b'"2019-07-01T20:02:00+02:00"'])
def test_times_are_utc_wherever_it_runs(new_york, keys, monkeypatch, answering, told):
    """botocore gives some in the computer's own time zone."""
    answering.answer = (200, "application/x-amz-json-1.1", b'{"Domains": [{"CreationTime": %b}]}' % told)
    monkeypatch.setenv("AWS_ENDPOINT_URL", answering.url)

    (row,) = connect().client("sagemaker").list_domains()["Domains"]

    assert row["CreationTime"].isoformat() == "2019-07-01T18:02:00+00:00"


def test_many_threads_ask_for_clients_at_once(keys):
    """Sessions are not thread-safe: each client is built once, and all threads get the same."""
    connection, gate = connect(), threading.Barrier(16)
    regions = ("us-east-1", "us-west-2", "eu-west-1", "eu-west-3")

    def clients(_):
        gate.wait()
        return [connection.client("sagemaker", region) for region in regions]

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(clients, range(16)))

    assert all(one is other for each in found for one, other in zip(each, found[0], strict=True))

"""The one session of all clients: what is trusted is read once, and nobody else is ever trusted."""

import datetime as dt
import http.server
import inspect
import ipaddress
import ssl
import threading
from pathlib import Path
from typing import NamedTuple

import boto3
import pytest
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from skymark.errors import CredentialsError
from skymark.fault import Fault
from skymark.survey import clients as clients_module
from skymark.survey.clients import Clients
from skymark.survey.connection import Connection, identify
from skymark.survey.deadline import ANSWER_S
from skymark.survey.wire import MOST_HOSTS, Wire, options_of

ANSWER = b"""<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ada</Arn>
<Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"""


class Authority(NamedTuple):
    """Who signs certificates, and the file of its own."""

    file: Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def certificate(name, issuer, key, signer, *, is_authority=False):
    """A certificate for a host's name, good for a day."""
    today = dt.datetime.now(dt.UTC)
    hosts = x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(hours=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .sign(signer, hashes.SHA256())
    )


@pytest.fixture
def authority(tmp_path):
    """Make an authority of this name."""

    def make(name):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        own = certificate(name, subject, key, key, is_authority=True)
        file = tmp_path / f"{name}.pem"
        file.write_bytes(own.public_bytes(serialization.Encoding.PEM))
        return Authority(file, own, key)

    return make


class Handler(http.server.BaseHTTPRequestHandler):
    """Whoever asks is Ada. Each connection is for one request."""

    def do_POST(self):
        """Answer."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.connections += 1
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_):
        """Nothing."""


class Quiet(http.server.ThreadingHTTPServer):
    """A server that says nothing of those who do not trust it."""

    daemon_threads = True
    connections = 0

    def handle_error(self, *_):
        """Nothing."""


@pytest.fixture
def aws(tmp_path, monkeypatch):
    """AWS over TLS, with a certificate for a host's name that an authority signed; gives the server."""
    running = []

    def serve(authority, name="127.0.0.1"):
        key = ec.generate_private_key(ec.SECP256R1())
        own = certificate(name, authority.certificate.subject, key, authority.key)
        file = tmp_path / "server.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + own.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        server = Quiet(("127.0.0.1", 0), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        running.append((server, thread))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"https://127.0.0.1:{server.server_port}")
        return server

    yield serve
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def one_try(monkeypatch):
    """What is not trusted would be asked again."""
    monkeypatch.setattr(clients_module.Clients.client, "__kwdefaults__", {"attempts": 1})
    monkeypatch.setattr(Connection.client, "__kwdefaults__", {"attempts": 1})


def whose(clients):
    """Whose account it is."""
    return identify(Connection(clients, "us-east-1", Credentials("AKIA1", "secret"))).account


def test_who_has_a_certificate_of_a_trusted_authority_is_aws(authority, aws, monkeypatch):
    """As AWS_CA_BUNDLE names it."""
    ours = authority("ours")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(ours.file))
    aws(ours)

    assert whose(Clients()) == "123456789012"


def test_nobody_else_is(authority, aws, monkeypatch):
    """Another authority's certificate tells of somebody in between: nothing is asked, and it is nobody's absence."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority("ours").file))
    server = aws(authority("theirs"))

    with pytest.raises(CredentialsError, match="SSLError") as refused:
        whose(Clients())

    assert refused.value.fault is Fault.UNREACHABLE
    assert server.connections == 0


def test_without_a_word_the_authorities_of_the_world_are_trusted(authority, aws):
    """And not one that was made here."""
    server = aws(authority("ours"))

    with pytest.raises(CredentialsError, match="SSLError"):
        whose(Clients())

    assert server.connections == 0


def test_nor_is_who_has_another_host_s_certificate(authority, aws, monkeypatch):
    """Whoever signed it."""
    ours = authority("ours")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(ours.file))
    server = aws(ours, name="elsewhere.example")

    with pytest.raises(CredentialsError, match="SSLError"):
        whose(Clients())

    assert server.connections == 0


def test_a_file_of_certificates_that_is_not_there_is_no_mistake_of_skymark_s(authority, aws, monkeypatch, tmp_path):
    """It is told as botocore tells it."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "nowhere.pem"))
    aws(authority("ours"))

    with pytest.raises(CredentialsError, match="SSLError"):
        whose(Clients())


def test_what_is_trusted_is_read_once_for_all_clients_and_connections(authority, aws, monkeypatch):
    """In a survey of 17 regions botocore would read it 182 times."""
    ours = authority("ours")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(ours.file))
    server, clients = aws(ours), Clients()
    whose(clients)

    ours.file.unlink()

    for region in ("us-east-1", "eu-west-1"):
        assert identify(Connection(clients, region, Credentials("AKIA1", "secret"))).account == "123456789012"
    assert server.connections == 3


def test_clients_that_are_configured_alike_share_a_session_and_others_do_not(monkeypatch):
    """A proxy may be for some hosts only: what is configured for one client is no other's."""
    clients = Clients()
    one, other = (clients.client("sagemaker", region) for region in ("us-east-1", "eu-west-1"))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    behind = clients.client("sagemaker", "us-west-2")

    assert one._endpoint.http_session is other._endpoint.http_session
    assert behind._endpoint.http_session is not one._endpoint.http_session
    assert options_of(behind._endpoint.http_session)["proxies"] == {"https": "http://127.0.0.1:9"}


def test_connections_to_every_host_of_a_survey_are_kept():
    """urllib3 keeps ten hosts unless told otherwise, and closes the others' connections."""
    session = Clients().client("sagemaker", "us-east-1")._endpoint.http_session

    assert session._manager.pools._maxsize == MOST_HOSTS


def test_botocore_s_sessions_are_still_made_of_what_is_copied():
    """What is private to botocore may change with any release; then this must be looked at again."""
    client = boto3.client("sagemaker", region_name="us-east-1", aws_access_key_id="A", aws_secret_access_key="S")
    options = options_of(client._endpoint.http_session)

    Wire(ANSWER_S).share(client)

    assert set(options) == set(inspect.signature(URLLib3Session.__init__).parameters) - {"self"}
    assert options_of(client._endpoint.http_session) == options

"""One client asks in all regions exactly as one client for each of them would."""

import contextlib
import json
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.loaders import Loader
from botocore.parsers import ResponseParserError

from skymark.survey.calls import CALLS
from skymark.survey.clients import USER_AGENT, Clients, asking
from skymark.survey.connection import Connection
from skymark.survey.regional import ITS_OWN

REGIONS = ("us-east-1", "eu-west-1", "ap-east-1", "us-gov-west-1", "cn-north-1")
CHANGING = ("x-amz-date", "authorization", "amz-sdk-invocation-id", "amz-sdk-request")
SERVICES = sorted({one.service for one in CALLS} - set(ITS_OWN))
WITHOUT_PARAMETERS = {
    one.service: one.operation
    for one in CALLS
    if one.operation.startswith(("List", "Describe"))
    and not boto3.Session()
    .client(one.service, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    .meta.service_model.operation_model(one.operation)
    .input_shape.required_members
} | {
    "iam": "GetRole",
    "sagemaker-runtime": "InvokeEndpoint",
    "cloudwatch": "GetMetricData",
    "cloudtrail": "LookupEvents",
}
PARAMETERS = {
    "iam": {"RoleName": "r"},
    "sagemaker-runtime": {"EndpointName": "e", "Body": b"1"},
    "cloudwatch": {"MetricDataQueries": [], "StartTime": "2026-01-01", "EndTime": "2026-01-02"},
}


class Raw:
    """The body of an answer."""

    def __init__(self, body):
        self.body = body

    def stream(self, *_args, **_named):
        return [self.body]


@pytest.fixture
def sent(monkeypatch):
    """What would have been sent: nothing goes out; every answer is of this status."""
    requests = []

    def to(client, status=200):
        def answer(request, **_):
            requests.append(request)
            return AWSResponse(request.url, status, {"x-amzn-requestid": "r"}, Raw(b"{}"))

        client.meta.events.register_last("before-send", answer)
        return requests

    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    return to


@pytest.fixture
def connection(monkeypatch, tmp_path):
    """A way into an account, by nobody's configuration."""
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))

    return lambda: Connection(Clients(), "us-east-1", Credentials("AKIAEXAMPLE", "secret", "token"))


def call(client, service):
    """Make the one call of a service that needs least; what comes back is of no interest."""
    with contextlib.suppress(ClientError, ResponseParserError):
        getattr(client, xform_name(WITHOUT_PARAMETERS[service]))(**PARAMETERS.get(service, {}))


def told(request):
    """Where it goes, for what it is signed, and all else that does not change by itself."""
    scope = request.headers["authorization"].decode().partition("Credential=")[2].partition(",")[0].split("/")[2:]
    headers = {name.lower(): value for name, value in request.headers.items() if name.lower() not in CHANGING}
    return request.method, request.url, scope, headers, request.body


@pytest.mark.parametrize("address", [None, "http://127.0.0.1:9/aws"])
@pytest.mark.parametrize("service", SERVICES)
def test_what_is_sent_is_what_a_client_of_the_region_would_send(service, address, connection, sent, monkeypatch):
    """To its host, signed for its region, in every partition; and to one's own address, if there is one."""
    if address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    found = connection()
    expected, ours = [], []
    for region in REGIONS:
        own = boto3.Session().client(
            service,
            region_name=region,
            config=Config(user_agent=USER_AGENT),
            aws_access_key_id="AKIAEXAMPLE",
            aws_secret_access_key="secret",
            aws_session_token="token",
        )
        expected = sent(own)
        call(own, service)
    expected = [told(one) for one in expected]
    clients = [found.client(service, region) for region in REGIONS]
    requests = sent(clients[0])
    requests.clear()

    with asking(found.asking):
        for client in clients:
            call(client, service)

    ours = [told(one) for one in requests]
    assert len({one.meta for one in clients}) == 1
    assert ours == expected
    assert len({url for _, url, *_ in ours}) > 1 or address or service in ("account", "iam")


def test_threads_that_ask_in_several_regions_at_once_do_not_meet(connection, sent):
    """Each call is its own region's."""
    found = connection()
    clients = {region: found.client("sagemaker", region) for region in REGIONS}
    requests = sent(clients["us-east-1"])

    def ask(region):
        with asking(found.asking):
            call(clients[region], "sagemaker")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(ask, REGIONS * 40))

    assert len(requests) == len(REGIONS) * 40
    assert all(told(one)[2][0] in one.url for one in requests)
    assert sorted(one.region for one in found.asking.taken()) == sorted(REGIONS * 40)


def test_a_page_after_the_first_is_asked_for_in_the_same_region(connection, monkeypatch):
    """Paginators are botocore's own."""
    found = connection()
    client = found.client("sagemaker", "eu-west-1")
    found.client("sagemaker", "us-east-1")
    asked = []

    def answer(request, **_):
        asked.append(request.url)
        body = {"Models": [], **({"NextToken": f"page {len(asked)}"} if len(asked) < 3 else {})}
        return AWSResponse(request.url, 200, {"x-amzn-requestid": "r"}, Raw(json.dumps(body).encode()))

    client.meta.events.register_last("before-send", answer)
    with asking(found.asking):
        list(client.get_paginator("list_models").paginate())

    assert asked == ["https://api.sagemaker.eu-west-1.amazonaws.com/"] * 3


def test_all_regions_may_try_again_as_often_as_each_by_itself(connection, sent):
    """What one client may spend on it would be over after thirty-three calls."""
    found = connection()
    clients = [found.client("sagemaker", region) for region in REGIONS]
    requests = sent(clients[0], status=500)

    with asking(found.asking):
        for number in range(100):
            call(clients[number % len(clients)], "sagemaker")

    assert len(requests) == 100 * 4


def test_by_somebodys_own_list_of_addresses_each_region_has_its_client(connection, monkeypatch, tmp_path):
    """Such an address hangs on the region in ways that no rule tells."""
    original = Loader().load_data("endpoints")
    (tmp_path / "endpoints.json").write_text(json.dumps(original))
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    found = connection()

    clients = [found.client("sagemaker", region) for region in REGIONS]

    assert len({id(one.meta) for one in clients}) == len(REGIONS)
    assert [one.meta.region_name for one in clients] == list(REGIONS)

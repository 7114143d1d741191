"""Whether AWS answers, asked without keys; and what time it has."""

import datetime as dt
import email.utils
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, SSLError

from skymark.survey import reachability
from skymark.survey.connection import connect
from skymark.survey.reachability import reach


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """No configuration of whoever runs the tests."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


def refusal(status=403, code="MissingAuthenticationToken", ahead_s=0.0, **headers):
    """What STS answers to whoever has not signed."""
    at = email.utils.format_datetime(dt.datetime.now(dt.UTC) - dt.timedelta(seconds=ahead_s), usegmt=True)
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": {"date": at} | headers}
    return ClientError({"Error": {"Code": code, "Message": "x"}, "ResponseMetadata": metadata}, "GetCallerIdentity")


@pytest.fixture
def regions(monkeypatch):
    """What STS does in each region, since no test asks AWS."""
    answers = {}

    def client(_session, _service, region):
        def ask():
            raise answers[region]

        url = f"https://sts.{region}.amazonaws.com"
        return SimpleNamespace(meta=SimpleNamespace(endpoint_url=url), get_caller_identity=ask)

    monkeypatch.setattr(reachability, "unsigned_client", client)
    return answers


DEAD = EndpointConnectionError(endpoint_url="https://x")


def test_a_refusal_is_an_answer(regions):
    """And tells the time, to about a second."""
    regions["us-east-1"] = refusal(ahead_s=-300)

    found = reach(connect(None, "us-east-1"))

    assert (found.code, found.is_awss, found.by, found.elsewhere) == (None, True, None, False)
    assert found.ahead_s == pytest.approx(-300, abs=30)


def test_a_region_that_is_none_is_no_network_that_is_down(regions):
    """AWS answers elsewhere, and tells its time there."""
    regions.update({"us-east-9": DEAD, "us-east-1": refusal()})

    found = reach(connect(None, "us-east-9"))

    assert (found.code, found.elsewhere, found.ahead_s is not None) == ("EndpointConnectionError", True, True)


def test_no_network(regions):
    """Nobody answers anywhere; another partition's keys are of no use here, so nobody is asked twice."""
    regions.update({"eu-west-1": DEAD, "us-east-1": DEAD, "cn-north-1": DEAD})

    assert not reach(connect(None, "eu-west-1")).elsewhere
    assert not reach(connect(None, "cn-north-1")).elsewhere


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (refusal(503, "ServiceUnavailable"), "ServiceUnavailable"),
        (refusal(200, "<html>"), "HTTP 200"),
        (refusal(407, ""), "HTTP 407"),
        (SSLError(endpoint_url="https://x", error="no"), "SSLError"),
        (KeyError("Arn"), "KeyError"),
    ],
)
def test_what_is_no_answer_of_awss(regions, answer, code):
    """A proxy's page, somebody's certificate, AWS itself when it is ill."""
    regions["us-east-1"] = answer

    assert reach(connect(None, "us-east-1")).code == code


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 01 Jan 2024 00:00:00"])
def test_a_time_that_is_none(regions, date):
    """Then nobody knows."""
    regions["us-east-1"] = refusal(date=date)

    assert reach(connect(None, "us-east-1")).ahead_s is None

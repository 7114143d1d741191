"""Asking an endpoint about digits."""

import datetime as dt
import io
import socket

import boto3
import pytest
from botocore.config import Config
from botocore.response import StreamingBody
from botocore.stub import Stubber

from skymark.evidence import Endpoint
from skymark.samples import Samples
from skymark.survey.predictions import LARGEST_ANSWER, ask_endpoint

ENDPOINT = Endpoint("ep", "us-east-1", "InService", dt.datetime(2019, 7, 1, tzinfo=dt.UTC))
DIGITS = Samples((0, 7), ("0.0,1", "1,0.5"))


def body(text):
    """An answer's body."""
    return StreamingBody(io.BytesIO(text), len(text))


def test_all_digits_go_in_one_request_as_csv(client):
    """As the lesson's notebook sends them."""
    runtime = client("sagemaker-runtime")
    wanted = {"EndpointName": "ep", "ContentType": "text/csv", "Accept": "application/json", "Body": b"0.0,1\n1,0.5"}
    with Stubber(runtime) as aws:
        aws.add_response("invoke_endpoint", {"Body": body(b"{}"), "ContentType": "application/json"}, wanted)
        reading = ask_endpoint(runtime, ENDPOINT, DIGITS)

    (asked,) = reading.items
    assert (asked.endpoint, asked.labels, asked.body, asked.content_type) == ("ep", (0, 7), "{}", "application/json")


def test_no_more_of_an_answer_is_kept_than_is_needed(client):
    """64 KiB; bytes that are no text are replaced."""
    runtime = client("sagemaker-runtime")
    with Stubber(runtime) as aws:
        aws.add_response("invoke_endpoint", {"Body": body(b"\xff" + b"x" * LARGEST_ANSWER * 2)})
        (asked,) = ask_endpoint(runtime, ENDPOINT, DIGITS).items

    assert len(asked.body) == LARGEST_ANSWER
    assert asked.body.startswith("\N{REPLACEMENT CHARACTER}x")


def test_an_error_of_the_model_is_an_answer(client):
    """With the container's own status."""
    runtime = client("sagemaker-runtime")
    with Stubber(runtime) as aws:
        aws.add_client_error(
            "invoke_endpoint", "ModelError", "no", 424, response_meta={},
            modeled_fields={"OriginalStatusCode": 400, "OriginalMessage": "feature_dim is 10"},
        )  # fmt: skip
        reading = ask_endpoint(runtime, ENDPOINT, DIGITS)

    (asked,) = reading.items
    assert (asked.error, asked.original_status, asked.body) == ("ModelError", 400, None)
    assert "feature_dim is 10" in asked.message
    assert reading.gaps == ()


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "ExpiredTokenException", "UnrecognizedClientException", "403"]
)
def test_a_refusal_is_a_gap(client, code):
    """Then nobody asked."""
    runtime = client("sagemaker-runtime")
    with Stubber(runtime) as aws:
        aws.add_client_error("invoke_endpoint", code, http_status_code=403)
        reading = ask_endpoint(runtime, ENDPOINT, DIGITS)

    assert reading.items == ()
    assert [(one.service, one.call, one.resource) for one in reading.gaps] == [
        ("sagemaker-runtime", "InvokeEndpoint", "ep")
    ]


@pytest.fixture
def silent():
    """A port that takes the request and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_an_endpoint_that_hangs_ends_in_time(silent):
    """The error is told, nothing is raised."""
    config = Config(read_timeout=0.3, connect_timeout=0.3, retries={"total_max_attempts": 1})
    session = boto3.Session(aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1")
    runtime = session.client("sagemaker-runtime", endpoint_url=silent, config=config)

    (asked,) = ask_endpoint(runtime, ENDPOINT, DIGITS).items

    assert asked.error == "ReadTimeoutError"


def test_an_answer_is_let_go_of_once_its_beginning_was_read(client):
    """Or its connection would stay open."""
    runtime, stream = client("sagemaker-runtime"), body(b"{}" * LARGEST_ANSWER)
    with Stubber(runtime) as aws:
        aws.add_response("invoke_endpoint", {"Body": stream})
        ask_endpoint(runtime, ENDPOINT, DIGITS)

    with pytest.raises(ValueError, match="closed"):
        stream.read(1)


def test_nobodys_name_stands_in_what_is_kept_of_an_error(client):
    """The model's own message is for the student."""
    runtime = client("sagemaker-runtime")
    with Stubber(runtime) as aws:
        aws.add_client_error("invoke_endpoint", "ValidationError", "no endpoint of ada@example.edu")
        (asked,) = ask_endpoint(runtime, ENDPOINT, DIGITS).items

    assert (asked.error, asked.message) == ("ValidationError", "no endpoint of …")

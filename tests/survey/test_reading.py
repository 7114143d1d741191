"""An answer, an absence and a refusal are three things."""

import datetime as dt

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.stub import Stubber

from skymark.survey.calls import CALLS
from skymark.survey.reading import Reading, code_of, described, gap, is_absent, pages


def refusal(code, message="no", status=400):
    """What boto3 raises for an answer that is an error."""
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "AnyCall")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ValidationException", "RecordNotFound"),
        ("ValidationException", 'Could not find endpoint "arn:aws:sagemaker:us-west-2:1:endpoint/x".'),
        ("ValidationException", "Could not find training job 'arn'."),
        ("ValidationException", "Requested resource not found."),
        ("NoSuchEntity", "The role with name x cannot be found."),
        ("NoSuchBucket", "The specified bucket does not exist"),
        ("404", "Not Found"),
        ("ResourceNotFoundException", "The specified log group does not exist."),
    ],
)
def test_aws_ways_to_say_that_it_is_not_there(code, message):
    """These are answers."""
    assert is_absent(refusal(code, message))


@pytest.mark.parametrize(
    "error",
    [
        refusal("ValidationException", "1 validation error detected: Value at 'notebookInstanceName' failed"),
        refusal("AccessDeniedException", "Could not find out"),
        refusal("ThrottlingException", "Rate exceeded"),
        ReadTimeoutError(endpoint_url="http://x"),
        NoCredentialsError(),
    ],
)
def test_every_other_error_is_no_absence(error):
    """Nobody knows."""
    assert not is_absent(error)


@pytest.mark.parametrize(
    ("error", "code", "advice"),
    [
        (refusal("AccessDeniedException"), "AccessDeniedException", "Grant sagemaker:ListEndpoints"),
        (
            refusal("AccessDeniedException", "with an explicit deny in a service control policy"),
            "AccessDenied (service control policy)",
            "Your organisation forbids",
        ),
        (refusal("ThrottlingException"), "ThrottlingException", "Wait a minute"),
        (refusal("ExpiredTokenException"), "ExpiredTokenException", "credentials expired"),
        (refusal("AccessDenied", "explicit deny: policy/voc-cancel-cred"), "AccessDenied", "credentials expired"),
        (refusal("500", "<!doctype html>", 500), "HTTP 500", "may lack it"),
        (refusal("403", "Forbidden", 403), "HTTP 403", "Grant sagemaker:ListEndpoints"),
        (EndpointConnectionError(endpoint_url="http://x"), "EndpointConnectionError", "That may pass"),
        (ConnectTimeoutError(endpoint_url="http://x"), "ConnectTimeoutError", "That may pass"),
    ],
)
def test_a_gap_says_what_to_do(error, code, advice):
    """In the student's words, with the permission by its name."""
    found = gap("sagemaker", "ListEndpoints", "us-east-1", error)

    assert (found.service, found.call, found.region, found.code) == ("sagemaker", "ListEndpoints", "us-east-1", code)
    assert advice in found.advice


def test_every_refused_call_has_an_action_to_grant():
    """Whichever call it is."""
    for call in CALLS:
        assert call.action in gap(call.service, call.operation, None, refusal("AccessDenied")).advice


def test_all_pages_are_read_even_past_an_empty_one(client):
    """An empty page may carry a token."""
    made = dt.datetime(2019, 7, 1, tzinfo=dt.UTC)
    row = {"EndpointName": "x", "EndpointArn": "a" * 20, "CreationTime": made, "LastModifiedTime": made}
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("list_endpoints", {"Endpoints": [row | {"EndpointStatus": "InService"}], "NextToken": "1"})
        aws.add_response("list_endpoints", {"Endpoints": [], "NextToken": "2"})
        aws.add_response("list_endpoints", {"Endpoints": [row | {"EndpointStatus": "Failed"}]})
        reading = pages(sagemaker, "sagemaker", "ListEndpoints", "Endpoints", "us-east-1")

    assert [one["EndpointStatus"] for one in reading.items] == ["InService", "Failed"]
    assert reading.gaps == ()


def test_a_refusal_midway_keeps_what_was_read_and_is_a_gap(client):
    """Half a list is not taken for the whole."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("list_domains", {"Domains": [{"DomainId": "d-1"}], "NextToken": "1"})
        aws.add_client_error("list_domains", "ThrottlingException")
        reading = pages(sagemaker, "sagemaker", "ListDomains", "Domains", "us-east-1")

    assert [one["DomainId"] for one in reading.items] == ["d-1"]
    assert [one.code for one in reading.gaps] == ["ThrottlingException"]


def test_gone_is_left_out_and_refused_keeps_what_the_list_told():
    """Deleted between list and describe; or not to be seen."""

    def gone():
        raise refusal("ValidationException", "RecordNotFound")

    def denied():
        raise refusal("AccessDeniedException")

    assert described("sagemaker", "DescribeEndpoint", "us-east-1", "x", gone, otherwise="by its list") == Reading()
    kept = described("sagemaker", "DescribeEndpoint", "us-east-1", "x", denied, otherwise="by its list")
    assert kept.items == ("by its list",)
    assert [(one.call, one.resource) for one in kept.gaps] == [("DescribeEndpoint", "x")]


def test_a_mistake_of_our_own_is_raised():
    """A parameter that botocore refuses is a bug, no gap."""

    def ours():
        raise TypeError

    with pytest.raises(TypeError):
        described("sagemaker", "DescribeEndpoint", "us-east-1", "x", ours)
    assert code_of(TypeError()) == "TypeError"

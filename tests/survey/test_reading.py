"""An answer, an absence and a refusal are three things."""

import datetime as dt

import pytest
from botocore import xform_name
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
    SSOTokenLoadError,
    UnauthorizedSSOTokenError,
)
from botocore.stub import Stubber

from skymark.survey.calls import CALLS
from skymark.survey.reading import Reading, code_of, described, gap, is_absent, is_unavailable, pages


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
        refusal("404", "Not Found", 404),
        ReadTimeoutError(endpoint_url="http://x"),
        NoCredentialsError(),
    ],
)
def test_every_other_error_is_no_absence(error):
    """Nobody knows."""
    assert not is_absent(error)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("UnknownOperationException", "The requested operation is not supported in the called region."),
        ("UnknownOperationException", "Operation is disabled in this region"),
        ("UnsupportedOperation", "The functionality you requested is not available in this region."),
    ],
)
def test_aws_ways_to_say_that_a_region_lacks_an_operation(code, message):
    """These are answers."""
    assert is_unavailable(refusal(code, message))


@pytest.mark.parametrize(
    "error",
    [
        refusal("UnknownOperationException", "The practice cloud does not simulate this operation."),
        refusal("UnknownOperationException", ""),
        refusal("AccessDeniedException", "not allowed in this region"),
        refusal("404", "<!doctype html>", 404),
        refusal("501", "<!doctype html>", 501),
        EndpointConnectionError(endpoint_url="http://x"),
    ],
)
def test_an_operation_that_nobody_answers_is_not_lacked_by_a_region(error):
    """A simulated AWS may lack it, or the network: nobody knows what is there."""
    assert not is_unavailable(error)


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
        (refusal("", "", 200), "HTTP 200", "a proxy or filter"),
        (refusal("OptInRequired"), "OptInRequired", "Finish signing up"),
        (refusal("AccountProblem"), "AccountProblem", "is suspended"),
        (refusal("UnrecognizedClientException"), "UnrecognizedClientException", "region is enabled"),
        (
            CredentialRetrievalError(provider="STS", error_msg="AccessDenied"),
            "CredentialRetrievalError",
            "The role lent",
        ),
        (CredentialRetrievalError(provider="sso", error_msg="x"), "CredentialRetrievalError", "aws sso login"),
        (UnauthorizedSSOTokenError(), "UnauthorizedSSOTokenError", "aws sso login"),
        (SSOTokenLoadError(error_msg="none"), "SSOTokenLoadError", "aws sso login"),
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


def test_a_list_that_never_ends_is_a_gap(client):
    """One that gives the same token again would be read for ever; botocore stops it."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        for _ in range(2):
            aws.add_response("list_domains", {"Domains": [{"DomainId": "d-1"}], "NextToken": "1"})
        reading = pages(sagemaker, "sagemaker", "ListDomains", "Domains", "us-east-1")

    assert [one.code for one in reading.gaps] == ["PaginationError"]


@pytest.mark.parametrize(("last", "codes"), [({"NextToken": "2"}, ["Truncated"]), ({}, [])])
def test_no_more_pages_are_read_than_are_wanted_and_that_there_are_more_is_a_gap(client, last, codes):
    """A log of years would be read for minutes."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("list_domains", {"Domains": [{"DomainId": "d-1"}], "NextToken": "1"})
        aws.add_response("list_domains", {"Domains": [{"DomainId": "d-2"}]} | last)
        reading = pages(sagemaker, "sagemaker", "ListDomains", "Domains", "us-east-1", most_pages=2)

    assert [one["DomainId"] for one in reading.items] == ["d-1", "d-2"]
    assert [one.code for one in reading.gaps] == codes


def test_every_list_of_the_survey_can_be_paginated(client):
    """boto3 has paginators for these operations, and not for all."""
    lists = [call for call in CALLS if call.operation.startswith("List") and call.operation != "ListObjectsV2"]
    lists += [call for call in CALLS if call.service == "logs"]

    for call in lists:
        assert client(call.service).can_paginate(xform_name(call.operation)), call.operation

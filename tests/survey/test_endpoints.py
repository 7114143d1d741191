"""Endpoints, and what they lead to."""

import datetime as dt

import pytest
from botocore.stub import Stubber

from skymark.evidence import ConfigVariant, Endpoint, EndpointConfig, EndpointVariant, Model
from skymark.survey.endpoints import (
    describe_endpoint,
    describe_endpoint_config,
    describe_model,
    list_endpoint_configs,
    list_endpoints,
    list_models,
)
from skymark.survey.reading import Reading

MADE = dt.datetime(2019, 7, 1, 18, 46, tzinfo=dt.UTC)
ARN = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/ep"
ROW = {
    "EndpointName": "ep",
    "EndpointArn": ARN,
    "EndpointStatus": "InService",
    "CreationTime": MADE,
    "LastModifiedTime": MADE,
}
CONFIG = {"EndpointConfigName": "config", "EndpointConfigArn": ARN, "CreationTime": MADE}
MODEL = {"ModelName": "model", "ModelArn": ARN, "CreationTime": MADE}
IMAGE = "1.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1"
ROLE = "arn:aws:iam::123456789012:role/R"


@pytest.fixture
def asked(client):
    """What a reader makes of one answer, or of one error code and message."""

    def run(read, operation, answer, *arguments):
        sagemaker = client("sagemaker")
        with Stubber(sagemaker) as aws:
            if isinstance(answer, tuple):
                aws.add_client_error(operation, *answer)
            else:
                aws.add_response(operation, answer)
            return read(sagemaker, "us-east-1", *arguments)

    return run


def test_an_endpoint_with_its_configuration_and_its_machines(asked):
    """Serverless ones are told apart: they do not bill by the hour."""
    machines = {"VariantName": "AllTraffic", "CurrentInstanceCount": 2}
    serverless = {"VariantName": "b", "CurrentServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 1}}
    answer = ROW | {"EndpointConfigName": "config", "ProductionVariants": [machines, serverless]}

    assert asked(describe_endpoint, "describe_endpoint", answer, ROW) == Reading(
        (
            Endpoint(
                "ep",
                "us-east-1",
                "InService",
                MADE,
                MADE,
                config_name="config",
                variants=(EndpointVariant("AllTraffic", 2), EndpointVariant("b", None, serverless=True)),
            ),
        )
    )


def test_an_endpoint_that_is_being_made_has_no_machines_yet(asked):
    """AWS leaves the key out."""
    answer = ROW | {"EndpointStatus": "Creating"}

    assert asked(describe_endpoint, "describe_endpoint", answer, ROW).items == (
        Endpoint("ep", "us-east-1", "Creating", MADE, MADE),
    )


def test_why_it_failed_is_kept_without_anybodys_name(asked):
    """AWS's words are for the student."""
    answer = ROW | {"EndpointStatus": "Failed", "FailureReason": "role of ada@example.edu is missing"}

    (found,) = asked(describe_endpoint, "describe_endpoint", answer, ROW).items

    assert found.failure_reason == "role of … is missing"


def test_a_refused_describe_keeps_what_the_list_told(asked):
    """It is a leftover all the same; what it serves is unknown."""
    reading = asked(describe_endpoint, "describe_endpoint", ("AccessDeniedException", "no"), ROW)

    assert reading.items == (Endpoint("ep", "us-east-1", "InService", MADE, MADE),)
    assert [(one.call, one.region, one.resource) for one in reading.gaps] == [("DescribeEndpoint", "us-east-1", "ep")]


GONE = [
    (describe_endpoint, "describe_endpoint", "endpoint", ROW),
    (describe_endpoint_config, "describe_endpoint_config", "endpoint configuration", "config"),
    (describe_model, "describe_model", "model", "model"),
]


@pytest.mark.parametrize(("read", "operation", "noun", "what"), GONE)
@pytest.mark.parametrize("quote", ['"', "'"])
def test_one_that_was_deleted_meanwhile_is_left_out(asked, read, operation, noun, what, quote):
    """In AWS's words and in moto's."""
    message = f"Could not find {noun} {quote}{ARN}{quote}."

    assert asked(read, operation, ("ValidationException", message), what) == Reading()


@pytest.mark.parametrize(("read", "operation", "noun", "what"), GONE)
def test_a_page_that_was_not_found_is_no_absence(asked, read, operation, noun, what):
    """Any proxy between here and AWS says 404."""
    reading = asked(read, operation, ("404", f"<html>{noun}"), what)

    assert len(reading.gaps) == 1


def test_a_configuration_names_models_and_machines(asked):
    """One without a model serves inference components."""
    by_model = {"VariantName": "AllTraffic", "ModelName": "model", "InstanceType": "ml.m4.xlarge"}
    serverless = {
        "VariantName": "b",
        "ModelName": "m",
        "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1},
    }
    answer = CONFIG | {"ProductionVariants": [by_model, serverless, {"VariantName": "c"}]}

    assert asked(describe_endpoint_config, "describe_endpoint_config", answer, "config").items == (
        EndpointConfig(
            "config",
            "us-east-1",
            MADE,
            (
                ConfigVariant("AllTraffic", "model", "ml.m4.xlarge"),
                ConfigVariant("b", "m", serverless=True),
                ConfigVariant("c", None),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("containers", "image", "artifact"),
    [
        ({"PrimaryContainer": {"Image": IMAGE, "ModelDataUrl": "s3://b/m.tar.gz"}}, IMAGE, "s3://b/m.tar.gz"),
        ({"Containers": [{"Image": IMAGE, "ModelDataUrl": "s3://b/1"}, {"Image": "x"}]}, IMAGE, "s3://b/1"),
        (
            {
                "PrimaryContainer": {
                    "ModelDataSource": {
                        "S3DataSource": {"S3Uri": "s3://b/m", "S3DataType": "S3Prefix", "CompressionType": "None"}
                    }
                }
            },
            None,
            "s3://b/m",
        ),
        ({}, None, None),
    ],
)
def test_a_model_names_its_artifact(asked, containers, image, artifact):
    """In whichever of AWS's ways it was given."""
    answer = MODEL | {"ExecutionRoleArn": ROLE} | containers

    assert asked(describe_model, "describe_model", answer, "model").items == (
        Model("model", "us-east-1", MADE, image, artifact, ROLE),
    )


LISTED_CONFIG = EndpointConfig("config", "us-east-1", MADE)
LISTS = [
    (list_endpoints, "list_endpoints", "Endpoints", ROW, ROW),
    (list_endpoint_configs, "list_endpoint_configs", "EndpointConfigs", CONFIG, LISTED_CONFIG),
    (list_models, "list_models", "Models", MODEL, Model("model", "us-east-1", MADE)),
]  # fmt: skip


@pytest.mark.parametrize(("read", "operation", "key", "row", "item"), LISTS)
def test_every_page_is_read_and_what_was_read_before_a_refusal_is_kept(client, read, operation, key, row, item):
    """An empty page may carry a token; half a list is not taken for the whole."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response(operation, {key: [], "NextToken": "1"})
        aws.add_response(operation, {key: [row]})
        aws.add_response(operation, {key: [row], "NextToken": "2"})
        aws.add_client_error(operation, "ThrottlingException")
        whole, half = read(sagemaker, "us-east-1"), read(sagemaker, "us-east-1")

    assert whole == Reading((item,))
    assert half.items == (item,)
    assert [(one.region, one.code) for one in half.gaps] == [("us-east-1", "ThrottlingException")]

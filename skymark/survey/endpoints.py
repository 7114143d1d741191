"""Endpoints, endpoint configurations and models."""

from typing import Any

from skymark.evidence import ConfigVariant, Endpoint, EndpointConfig, EndpointVariant, Model
from skymark.survey.reading import Reading, described, pages
from skymark.survey.redact import redacted

SERVICE = "sagemaker"
PAGES_OF_100 = {"PageSize": 100}


def list_endpoints(client: Any, region: str) -> Reading[dict[str, Any]]:
    """A row for each endpoint of one region. Source: SageMaker API, ListEndpoints."""
    return pages(client, SERVICE, "ListEndpoints", "Endpoints", region, PaginationConfig=PAGES_OF_100)


def describe_endpoint(client: Any, region: str, row: dict[str, Any]) -> Reading[Endpoint]:
    """One endpoint. Deleted since it was listed: none. Refused: what the list told.

    Source: SageMaker API, DescribeEndpoint.
    """
    name = row["EndpointName"]
    return described(
        SERVICE,
        "DescribeEndpoint",
        region,
        name,
        lambda: _endpoint(client.describe_endpoint(EndpointName=name), region),
        otherwise=Endpoint(name, region, row["EndpointStatus"], row["CreationTime"], row.get("LastModifiedTime")),
    )


def list_endpoint_configs(client: Any, region: str) -> Reading[EndpointConfig]:
    """The endpoint configurations of one region, by name alone. Source: SageMaker API, ListEndpointConfigs."""
    rows = pages(client, SERVICE, "ListEndpointConfigs", "EndpointConfigs", region, PaginationConfig=PAGES_OF_100)
    found = (EndpointConfig(row["EndpointConfigName"], region, row["CreationTime"]) for row in rows.items)
    return Reading(tuple(found), rows.gaps)


def describe_endpoint_config(client: Any, region: str, name: str) -> Reading[EndpointConfig]:
    """One endpoint configuration; none if it is gone. Source: SageMaker API, DescribeEndpointConfig."""
    return described(
        SERVICE,
        "DescribeEndpointConfig",
        region,
        name,
        lambda: _config(client.describe_endpoint_config(EndpointConfigName=name), region),
    )


def list_models(client: Any, region: str) -> Reading[Model]:
    """The models of one region, by name alone. Source: SageMaker API, ListModels."""
    rows = pages(client, SERVICE, "ListModels", "Models", region, PaginationConfig=PAGES_OF_100)
    return Reading(tuple(Model(row["ModelName"], region, row["CreationTime"]) for row in rows.items), rows.gaps)


def describe_model(client: Any, region: str, name: str) -> Reading[Model]:
    """One model; none if it is gone. Source: SageMaker API, DescribeModel."""
    return described(
        SERVICE, "DescribeModel", region, name, lambda: _model(client.describe_model(ModelName=name), region)
    )


def _endpoint(answer: dict[str, Any], region: str) -> Endpoint:
    return Endpoint(
        name=answer["EndpointName"],
        region=region,
        status=answer["EndpointStatus"],
        created_at=answer["CreationTime"],
        modified_at=answer.get("LastModifiedTime"),
        failure_reason=redacted(answer.get("FailureReason")) or None,
        config_name=answer.get("EndpointConfigName"),
        variants=tuple(
            EndpointVariant(
                row["VariantName"],
                row.get("CurrentInstanceCount"),
                "CurrentServerlessConfig" in row,
                "ProvisionedConcurrency" in row.get("CurrentServerlessConfig", {}),
            )
            for row in answer.get("ProductionVariants", ())
        ),
    )


def _config(answer: dict[str, Any], region: str) -> EndpointConfig:
    variants = (
        ConfigVariant(row["VariantName"], row.get("ModelName"), row.get("InstanceType"), "ServerlessConfig" in row)
        for row in answer.get("ProductionVariants", ())
    )
    return EndpointConfig(answer["EndpointConfigName"], region, answer["CreationTime"], tuple(variants))


def _model(answer: dict[str, Any], region: str) -> Model:
    """A model of several containers is told by its first."""
    container: dict[str, Any] = answer.get("PrimaryContainer") or next(iter(answer.get("Containers", ())), {})
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    return Model(
        name=answer["ModelName"],
        region=region,
        created_at=answer["CreationTime"],
        image=container.get("Image"),
        artifact_uri=container.get("ModelDataUrl") or source.get("S3Uri"),
        role_arn=answer.get("ExecutionRoleArn"),
    )

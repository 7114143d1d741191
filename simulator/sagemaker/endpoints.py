"""Models, endpoint configurations and endpoints.

Source: SageMaker API reference, CreateModel, CreateEndpointConfig, CreateEndpoint, UpdateEndpoint, DeleteEndpoint.
"""

from typing import Any

from moto.sagemaker.models import FakeEndpointConfig, Model, SageMakerModelBackend
from moto.sagemaker.utils import arn_formatter

from simulator.clock import clock
from simulator.failing import failure_on_demand
from simulator.linear_learner import ArtifactError, LinearModel, load
from simulator.logs import write_log
from simulator.sagemaker import images, quotas, timing
from simulator.sagemaker.buckets import Refused, RoleBuckets, split
from simulator.sagemaker.course import Course
from simulator.sagemaker.listing import Kind, page
from simulator.sagemaker.refusals import ValidationError, already_exists, not_found
from simulator.sagemaker.roles import demand_role

CONTAINER = "i-0123456789abcdef0"
_MODELS = Kind("Models", "ModelName")
_CONFIGS = Kind("EndpointConfigs", "EndpointConfigName")
_ENDPOINTS = Kind("Endpoints", "EndpointName", "EndpointStatus")
_AT_WORK = ("Creating", "Updating", "RollingBack", "SystemUpdating")


class Endpoint:
    """One endpoint, and the models that it serves: by variant, None where a container has none that it can load.

    It keeps its configuration as it was: deleting that later changes nothing.
    """

    def __init__(self, account: str, region: str, asked: dict[str, Any], config: FakeEndpointConfig) -> None:
        self.endpoint_name: str = asked["EndpointName"]
        self.arn = arn_formatter("endpoint", self.endpoint_name.lower(), account, region)
        self.tags = list(asked.get("Tags") or [])
        self.creation_time = self.last_modified_time = clock.utcnow()
        self.endpoint_status = "Creating"
        self.failure_reason: str | None = None
        self.config = config
        self.served: dict[str, LinearModel | None] = {}
        self.broken: int | None = None  # what its container answers to everything
        self.course = Course()

    @property
    def log_group(self) -> str:
        """Where its containers log; it outlives the endpoint."""
        return f"/aws/sagemaker/Endpoints/{self.endpoint_name}"

    @property
    def machines(self) -> dict[str, int]:
        """How many machines of which type it has."""
        counts: dict[str, int] = {}
        for variant in self.config.production_variants:
            kind = variant.get("InstanceType")
            if kind:
                counts[kind] = counts.get(kind, 0) + int(variant.get("InitialInstanceCount") or 1)
        return counts

    @property
    def production_variants(self) -> list[dict[str, Any]]:
        """Its variants, as DescribeEndpoint shows them."""
        return [_variant(one) for one in self.config.production_variants]

    def enter(self, status: str, reason: str | None = None) -> None:
        """Be in this state from now on."""
        self.endpoint_status, self.failure_reason = status, reason
        self.last_modified_time = clock.utcnow()

    def described(self) -> dict[str, Any]:
        """What DescribeEndpoint answers."""
        shown = {
            **self.summary(),
            "EndpointConfigName": self.config.endpoint_config_name,
            "FailureReason": self.failure_reason,
            "DataCaptureConfig": self.config.data_capture_config,
        }
        if self.endpoint_status not in ("Creating", "Failed"):
            shown["ProductionVariants"] = self.production_variants
        return {name: value for name, value in shown.items() if value not in (None, {}, [])}

    def summary(self) -> dict[str, Any]:
        """What ListEndpoints shows of it."""
        return {
            "EndpointName": self.endpoint_name,
            "EndpointArn": self.arn,
            "EndpointStatus": self.endpoint_status,
            "CreationTime": self.creation_time,
            "LastModifiedTime": self.last_modified_time,
        }


_VARIANT = {
    "InitialInstanceCount": ("CurrentInstanceCount", "DesiredInstanceCount"),
    "InitialVariantWeight": ("CurrentWeight", "DesiredWeight"),
    "ServerlessConfig": ("CurrentServerlessConfig", "DesiredServerlessConfig"),
}


def _variant(configured: dict[str, Any]) -> dict[str, Any]:
    given = {shown: configured[name] for name, both in _VARIANT.items() if configured.get(name) for shown in both}
    return {"VariantName": configured["VariantName"]} | given


class Endpoints(SageMakerModelBackend):
    """Models, configurations and endpoints of an account in a region."""

    endpoints: dict[str, Endpoint]  # type: ignore[assignment]

    # -- models -------------------------------------------------------------------------------------------------

    def make_model(self, asked: dict[str, Any]) -> Model:
        """CreateModel: its role can be assumed, its image and its artifact exist."""
        name = asked["ModelName"]
        arn = arn_formatter("model", name.lower(), self.account_id, self.region_name)
        if name in self._models:
            raise already_exists("model", arn)
        role = asked.get("ExecutionRoleArn", "")
        demand_role(role, self.account_id, arn)
        containers = [asked.get("PrimaryContainer"), *(asked.get("Containers") or [])]
        for container in filter(None, containers):
            images.demand(container.get("Image"), self.region_name)
            self._demand_artifact(container.get("ModelDataUrl"), role)
        model = self.create_model(
            name,
            role,
            asked.get("PrimaryContainer"),
            asked.get("VpcConfig"),
            asked.get("Containers"),
            asked.get("Tags"),
        )
        model.creation_time, model.arn = clock.utcnow(), arn
        return model

    def list_model_page(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListModels."""
        rows = [
            {"ModelName": model.model_name, "ModelArn": model.arn, "CreationTime": model.creation_time}
            for model in self._models.values()
        ]
        return page(_MODELS, rows, asked)

    def describe_model(self, model_name: str) -> Model:
        """DescribeModel."""
        if model_name not in self._models:
            raise not_found("model", self._arn("model", model_name))
        return self._models[model_name]

    def delete_model(self, model_name: str) -> None:
        """DeleteModel."""
        self.describe_model(model_name)
        del self._models[model_name]

    def _demand_artifact(self, uri: str | None, role: str) -> None:
        if uri is None:
            return
        bucket, key = split(uri)
        try:
            RoleBuckets(self.account_id, self.region_name, role).read(bucket, key)
        except Refused as error:
            raise ValidationError(
                f'Could not access model data at {uri}. Please ensure that the role "{role}" exists and that its trust '
                'relationship policy allows the action "sts:AssumeRole" for the service principal '
                '"sagemaker.amazonaws.com". Also ensure that the role has "s3:GetObject" permissions and that the '
                f"object is located in {self.region_name}."
            ) from error

    # -- endpoint configurations --------------------------------------------------------------------------------

    def make_endpoint_config(self, asked: dict[str, Any]) -> FakeEndpointConfig:
        """CreateEndpointConfig."""
        name = asked["EndpointConfigName"]
        if name in self.endpoint_configs:
            raise already_exists("endpoint configuration", self._arn("endpoint-config", name))
        for variant in asked["ProductionVariants"]:
            if variant.get("ModelName"):
                self.describe_model(variant["ModelName"])
        made = self.create_endpoint_config(
            name,
            asked["ProductionVariants"],
            asked.get("DataCaptureConfig"),  # type: ignore[arg-type]
            asked.get("AsyncInferenceConfig"),  # type: ignore[arg-type]
            asked.get("Tags") or [],
            asked.get("KmsKeyId"),  # type: ignore[arg-type]
        )
        made.creation_time, made.arn = clock.utcnow(), self._arn("endpoint-config", name)  # type: ignore[assignment]
        return made

    def validate_production_variants(self, production_variants: list[dict[str, Any]]) -> None:
        """Nothing: `make_endpoint_config` has looked, and moto knows no variants without a model."""

    def list_endpoint_config_page(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListEndpointConfigs."""
        rows = [
            {
                "EndpointConfigName": one.endpoint_config_name,
                "EndpointConfigArn": one.arn,
                "CreationTime": one.creation_time,
            }
            for one in self.endpoint_configs.values()
        ]
        return page(_CONFIGS, rows, asked)

    def describe_endpoint_config(self, endpoint_config_name: str) -> dict[str, Any]:
        """DescribeEndpointConfig."""
        described: dict[str, Any] = self._config(endpoint_config_name).response_object
        return described

    def delete_endpoint_config(self, endpoint_config_name: str) -> None:
        """DeleteEndpointConfig."""
        self._config(endpoint_config_name)
        del self.endpoint_configs[endpoint_config_name]

    # -- endpoints ----------------------------------------------------------------------------------------------

    def make_endpoint(self, asked: dict[str, Any]) -> Endpoint:
        """CreateEndpoint: within the quota, and of a configuration that is there."""
        name = asked["EndpointName"]
        if name in self.endpoints:
            raise already_exists("endpoint", self.endpoints[name].arn)
        config = self._config(asked["EndpointConfigName"])
        made = Endpoint(self.account_id, self.region_name, asked, config)
        self._demand_hosting_machines(made)
        self.endpoints[name] = made
        made.course.go((timing.CREATING_ENDPOINT_S, lambda: self._deployed(made)))
        return made

    def change_endpoint(self, asked: dict[str, Any]) -> Endpoint:
        """UpdateEndpoint: it goes on answering with its old models until the new ones are there."""
        endpoint = self._endpoint(asked["EndpointName"])
        config = self._config(asked["EndpointConfigName"])
        if endpoint.endpoint_status != "InService":
            raise ValidationError(f'Cannot update in-progress endpoint "{endpoint.arn}".')
        endpoint.enter("Updating")
        endpoint.course.go((timing.UPDATING_ENDPOINT_S, lambda: self._redeployed(endpoint, config)))
        return endpoint

    def list_endpoint_page(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListEndpoints."""
        return page(_ENDPOINTS, [endpoint.summary() for endpoint in self.endpoints.values()], asked)

    def describe_endpoint(self, endpoint_name: str) -> dict[str, Any]:
        """DescribeEndpoint."""
        return self._endpoint(endpoint_name).described()

    def delete_endpoint(self, endpoint_name: str) -> None:
        """DeleteEndpoint: not while it is being made or changed."""
        endpoint = self._endpoint(endpoint_name)
        if endpoint.endpoint_status in (*_AT_WORK, "Deleting"):
            raise ValidationError(f'Cannot update in-progress endpoint "{endpoint.arn}".')
        endpoint.enter("Deleting")
        endpoint.course.go((timing.DELETING_ENDPOINT_S, lambda: self._forget_endpoint(endpoint_name)))

    def _forget_endpoint(self, name: str) -> None:
        del self.endpoints[name]

    def _deployed(self, endpoint: Endpoint) -> None:
        reason = failure_on_demand(endpoint.tags)
        if reason is None:
            reason = self._serve(endpoint, endpoint.config)
        endpoint.enter("Failed" if reason else "InService", reason)
        if reason is None:
            for variant in endpoint.production_variants:
                self._log_container(endpoint, variant["VariantName"], "Loading entry points")

    def _log_container(self, endpoint: Endpoint, variant: str, line: str) -> None:
        stream = f"{variant}/{CONTAINER}"
        write_log(self.account_id, self.region_name, endpoint.log_group, stream, [(clock.now(), line)])

    def _redeployed(self, endpoint: Endpoint, config: FakeEndpointConfig) -> None:
        before = dict(endpoint.served)
        reason = self._serve(endpoint, config)
        if reason is None:
            endpoint.config = config
        else:
            endpoint.served.update(before)
        endpoint.enter("InService", reason)

    def _serve(self, endpoint: Endpoint, config: FakeEndpointConfig) -> str | None:
        """Load what the variants serve; the reason why that cannot be, if it cannot."""
        for variant in config.production_variants:
            if not variant.get("ModelName"):
                continue  # it serves inference components, which bring their own models
            name, model = variant["VariantName"], self._models.get(variant["ModelName"])
            if model is None:
                return f"Could not find model {variant['ModelName']}."
            try:
                endpoint.served[name] = self._load(model)
            except (Refused, ArtifactError):
                return (
                    f"The primary container for production variant {name} did not pass the ping health check. "
                    "Please check CloudWatch logs for this endpoint."
                )
        return None

    def _load(self, model: Model) -> LinearModel | None:
        container: dict[str, Any] = model.response_object["PrimaryContainer"]
        if not images.is_linear_learner(container.get("Image")) or not container.get("ModelDataUrl"):
            return None
        bucket, key = split(container["ModelDataUrl"])
        role: str = model.response_object["ExecutionRoleArn"]
        return load(RoleBuckets(self.account_id, self.region_name, role).read(bucket, key))

    def _demand_hosting_machines(self, endpoint: Endpoint) -> None:
        for kind, count in endpoint.machines.items():
            in_use = [one.machines.get(kind, 0) for one in self.endpoints.values() if one.endpoint_status != "Failed"]
            quotas.demand(self.account_id, kind, "endpoint usage", count, in_use)

    def _config(self, name: str) -> FakeEndpointConfig:
        if name not in self.endpoint_configs:
            raise not_found("endpoint configuration", self._arn("endpoint-config", name))
        return self.endpoint_configs[name]

    def _endpoint(self, name: str) -> Endpoint:
        if name not in self.endpoints:
            raise not_found("endpoint", self._arn("endpoint", name))
        return self.endpoints[name]

    def _arn(self, kind: str, name: str) -> str:
        return arn_formatter(kind, name.lower(), self.account_id, self.region_name)

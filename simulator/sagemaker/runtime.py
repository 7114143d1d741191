"""InvokeEndpoint: the endpoint's own model answers, and CloudWatch counts it.

Source: SageMaker runtime API reference, InvokeEndpoint (ModelError and its OriginalStatusCode).
"""

import json
from dataclasses import dataclass
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.core.common_types import TYPE_RESPONSE
from moto.sagemaker.models import sagemaker_backends
from moto.sagemakerruntime.responses import SageMakerRuntimeResponse

from simulator.clock import clock
from simulator.linear_learner import InvocationRefused, LinearModel, predict
from simulator.logs import write_log
from simulator.sagemaker.endpoints import CONTAINER, Endpoint

_ANSWERS = ("InService", "Updating", "SystemUpdating", "RollingBack")
LATENCY_US = 1_200
_LOST = "<html><title>404 Not Found</title></html>"


class PracticeSageMakerRuntimeResponse(SageMakerRuntimeResponse):
    """Answers invocations."""

    use_raw_body = True

    def invoke_endpoint(self) -> TYPE_RESPONSE:
        """What a test has queued with moto's own interface comes first; else the model answers."""
        name = str(self.uri_match.get("EndpointName") or self.path.split("/")[2])
        runtime = self.sagemakerruntime_backend
        if runtime.results_queue or runtime.results.get(name):
            return self._queued()
        endpoint = sagemaker_backends[self.current_account][self.region].endpoints.get(name)
        if not isinstance(endpoint, Endpoint) or endpoint.endpoint_status not in _ANSWERS:
            message = f"Endpoint {name} of account {self.current_account} not found."
            return self._error(400, "ValidationError", {"Message": message})
        return self._answer(endpoint)

    def _queued(self) -> TYPE_RESPONSE:
        self.body = self.body.decode() if isinstance(self.body, bytes) else self.body
        return super().invoke_endpoint()

    def _answer(self, endpoint: Endpoint) -> TYPE_RESPONSE:
        variant = self.headers.get("X-Amzn-SageMaker-Target-Variant") or endpoint.production_variants[0]["VariantName"]
        model: LinearModel | None = endpoint.served.get(variant)
        container = Container(self.current_account, self.region, endpoint, variant)
        try:
            if endpoint.broken or model is None:
                raise InvocationRefused(endpoint.broken or 404, _LOST)
            answer = predict(model, self.body, self.headers.get("Content-Type"), self.headers.get("Accept"))
        except InvocationRefused as error:
            container.count(error.status, error.log)
            return self._model_error(endpoint, variant, error)
        container.count(200)
        headers = {"Content-Type": answer.content_type, "x-Amzn-Invoked-Production-Variant": variant}
        return 200, headers, answer.body

    def _model_error(self, endpoint: Endpoint, variant: str, error: InvocationRefused) -> TYPE_RESPONSE:
        group, side = endpoint.log_group, "client" if error.status < 500 else "server"
        console = f"https://{self.region}.console.aws.amazon.com/cloudwatch/home?region={self.region}"
        message = (
            f'Received {side} error ({error.status}) from {variant} with message "{error.message}". See '
            f"{console}#logEventViewer:group={group} in account {self.current_account} for more information."
        )
        fields = {"OriginalStatusCode": error.status, "OriginalMessage": error.message, "Message": message}
        return self._error(424, "ModelError", fields | {"LogStreamArn": self._log_arn(group)})

    def _log_arn(self, group: str) -> str:
        return f"arn:aws:logs:{self.region}:{self.current_account}:log-group:{group}"

    @staticmethod
    def _error(status: int, code: str, fields: dict[str, Any]) -> TYPE_RESPONSE:
        headers: dict[str, Any] = {"status": status, "Content-Type": "application/json", "x-amzn-ErrorType": code}
        return status, headers, json.dumps(fields)


@dataclass(frozen=True, slots=True)
class Container:
    """One variant of an endpoint, as CloudWatch sees it."""

    account: str
    region: str
    endpoint: Endpoint
    variant: str

    def count(self, status: int, *lines: str) -> None:
        """Count an invocation that ended with this HTTP status, and log it as the container does, after these lines."""
        values = {
            "Invocations": (1, "None"),
            "Invocation4XXErrors": (int(400 <= status < 500), "None"),
            "Invocation5XXErrors": (int(status >= 500), "None"),
            "ModelLatency": (LATENCY_US, "Microseconds"),
        }
        name = self.endpoint.endpoint_name
        dimensions = [{"Name": "EndpointName", "Value": name}, {"Name": "VariantName", "Value": self.variant}]
        data = [
            {"MetricName": metric, "Value": value, "Unit": unit, "Timestamp": clock.utcnow(), "Dimensions": dimensions}
            for metric, (value, unit) in values.items()
        ]
        cloudwatch_backends[self.account][self.region].put_metric_data("AWS/SageMaker", data)
        total = {"sum": 1.0, "count": 1, "min": 1, "max": 1}
        counted = f"#metrics {json.dumps({'Metrics': {'invocations.count': total}})}"
        stream = f"{self.variant}/{CONTAINER}"
        stamped = [(clock.now(), line) for line in (*lines, counted)]
        write_log(self.account, self.region, self.endpoint.log_group, stream, stamped)

"""What a request asks of which service, read with AWS's own descriptions of its APIs, and who asks it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

# `Credential=KEY/20260701/us-east-1/sagemaker/aws4_request`, in the header; in a presigned address after `=`.
_SCOPE = re.compile(r"Credential=([^/,&]+)/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")
_STS_VERSION = "2011-06-15"  # what each query of STS says of its API
# By what a service signs with, where botocore calls it otherwise.
_NAMES = {"elasticfilesystem": "efs", "monitoring": "cloudwatch", "servicequotas": "service-quotas"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of AWS's API.

    `service` is botocore's name of it (`sagemaker`, `sagemaker-runtime`, `s3`, `s3control`, `cloudwatch`, …),
    `operation` AWS's (`CreateBucket`), None where the request is none of the service's; `params` what boto3 was
    given. `access_key` is None for an unsigned request. The body of one that is malformed could not be read.
    """

    service: str
    operation: str | None
    region: str
    access_key: str | None
    params: Mapping[str, Any] = field(default_factory=dict)
    user_agent: str = ""
    host: str = ""
    is_malformed: bool = False

    @property
    def model(self) -> ServiceModel:
        """botocore's description of the service."""
        return get_service_model(self.service)

    @property
    def operation_model(self) -> OperationModel | None:
        """botocore's description of the operation, where it knows it."""
        try:
            found: OperationModel = self.model.operation_model(self.operation)
        except (UnknownServiceError, OperationNotFoundError):
            return None
        return found


def read_call(request: Request, default_region: str = "us-east-1") -> Call:
    """Read the request; its body must be buffered, since it is read again by who answers.

    A request that is not signed is for S3, as on AWS whoever knows a public object's address may get it; or for STS, by
    what it says.
    """
    scope = _SCOPE.search(request.headers.get("Authorization", "")) or _SCOPE.search(_presigned(request))
    key, region, signed = scope.groups() if scope else (None, default_region, _unsigned_service(request))
    service = _service(signed, request)
    key = key or request.args.get("AWSAccessKeyId")  # an older kind of signed address
    operation, params = _read(service, request)
    agent, host = request.headers.get("User-Agent", ""), request.headers.get("Host", "")
    return Call(service, operation, region, key, params or {}, agent, host, is_malformed=params is None)


def _presigned(request: Request) -> str:
    return "Credential=" + request.args.get("X-Amz-Credential", "")


def _unsigned_service(request: Request) -> str:
    return "sts" if request.form.get("Version") == _STS_VERSION else "s3"


def _service(signed: str, request: Request) -> str:
    if signed == "sagemaker" and request.path.endswith("/invocations"):
        return "sagemaker-runtime"
    if signed == "sagemaker" and request.path.endswith("/BatchPutMetrics"):
        return "sagemaker-metrics"
    if signed == "s3" and request.path.startswith("/v20180820/"):
        return "s3control"
    return _NAMES.get(signed, signed)


def _read(service: str, request: Request) -> tuple[str | None, Mapping[str, Any] | None]:
    """The operation and its parameters; these are None where the body cannot be read."""
    try:
        model = get_service_model(service)
        operation, in_path = get_service_router(service).match(request)
    except (NotFound, NotImplementedError, ValueError, UnknownServiceError):
        return _named(request), {}
    protocol = determine_request_protocol(model, request.content_type)
    if protocol == "json" and not _is_object(request.get_data()):
        return operation.name, None
    parser = PROTOCOL_PARSERS[protocol](operation)
    asked: Any = {
        "method": request.method,
        "values": request.values,
        "headers": request.headers,
        "body": request.get_data(),
        "url_path": request.path,
        "url_params": in_path,
    }
    try:
        return operation.name, parser.parse(asked)
    except (RequestParserError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, OverflowError):
        return operation.name, None


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body or b"{}"), dict)
    except ValueError:
        return False


def _named(request: Request) -> str | None:
    """The operation that the request says it is, known or not."""
    target = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
    return target or request.values.get("Action") or None

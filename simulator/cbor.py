"""CloudWatch's own protocol, which moto lacks: CBOR on the outside, the JSON that moto understands on the inside.

Source: Smithy specification, "Smithy RPC v2 CBOR protocol".
"""

import datetime as dt
import io
import json
import re
from typing import Any

import cbor2
from botocore.model import ListShape, MapShape, Shape, StructureShape
from moto.core.request import Request
from werkzeug.wrappers import Response

from simulator.call import Call

PROTOCOL = "rpc-v2-cbor"
MODELLED = "smithy-rpc-v2-cbor"  # as botocore's descriptions of services call it
_PATH = re.compile(r"/service/(?P<service>[^/]+)/operation/(?P<operation>[^/]+)")


def is_spoken(request: Request) -> bool:
    """Whether the client speaks it."""
    return request.headers.get("smithy-protocol") == PROTOCOL


def as_json(request: Request) -> dict[str, Any]:
    """The same request in the JSON protocol, as a WSGI environment."""
    found = _PATH.search(request.path)
    target = f"{found['service']}.{found['operation']}" if found else ""
    asked = cbor2.loads(request.get_data()) if request.get_data() else {}
    body = json.dumps(asked, default=_seconds).encode()
    kept = {name: value for name, value in request.environ.items() if name != "HTTP_SMITHY_PROTOCOL"}
    return kept | {
        "PATH_INFO": "/",
        "RAW_URI": "/",
        "REQUEST_URI": "/",
        "CONTENT_TYPE": "application/x-amz-json-1.0",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_AMZ_TARGET": target,
        "HTTP_ACCEPT": "application/json",
        "wsgi.input": io.BytesIO(body),
    }


def from_json(call: Call, response: Response) -> Response:
    """The same answer in CBOR."""
    answer = json.loads(response.get_data() or b"{}")
    operation = call.operation_model
    if response.status_code < 300 and operation is not None and operation.output_shape is not None:
        answer = _typed(operation.output_shape, answer)
    headers = {"smithy-protocol": PROTOCOL, "Content-Type": "application/cbor"}
    return Response(cbor2.dumps(answer), response.status_code, headers)


def _typed(shape: Shape, value: Any) -> Any:
    """With real times where the description has times, and floating point where it has that."""
    if value is None:
        return None
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return {name: _typed(shape.members[name], item) for name, item in value.items() if name in shape.members}
    if isinstance(shape, ListShape):
        return [_typed(shape.member, item) for item in value]
    if isinstance(shape, MapShape):
        return {name: _typed(shape.value, item) for name, item in value.items()}
    if shape.type_name == "timestamp":
        return dt.datetime.fromtimestamp(float(value), dt.UTC)
    return float(value) if shape.type_name in ("float", "double") else value


def _seconds(value: Any) -> float:
    if isinstance(value, dt.datetime):
        return value.timestamp()
    raise TypeError(f"no JSON for {type(value).__name__}")

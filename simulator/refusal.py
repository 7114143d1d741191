"""What AWS answers when it refuses, in the shape of each of its protocols."""

import json
import uuid
from dataclasses import dataclass
from xml.sax.saxutils import escape

from moto.core.request import determine_request_protocol
from werkzeug.wrappers import Response

from simulator.call import Call

_CBOR = "rpc-v2-cbor"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error of AWS's: its code, what it says, the HTTP status."""

    code: str
    message: str
    status: int = 400


def respond(call: Call, refusal: Refusal, *, protocol: str | None = None) -> Response:
    """The answer to this call that says so; `protocol` is what the client spoke, where it was not the service's usual.

    Source: Smithy specification, "AWS protocols"; S3 API reference, "Error responses".
    """
    kind, request_id = protocol or _protocol(call), str(uuid.uuid4())
    body, content_type = _BODIES.get(kind, _json)(refusal, request_id)
    headers = {"Content-Type": content_type, "x-amzn-RequestId": request_id}
    if kind == "rest-json":
        headers["x-amzn-ErrorType"] = refusal.code
    if kind == _CBOR:
        headers["smithy-protocol"] = _CBOR
    return Response(body, refusal.status, headers)


def _protocol(call: Call) -> str:
    if call.service == "s3":
        return "s3"
    try:
        return determine_request_protocol(call.model)
    except (NotImplementedError, ValueError):
        return "json"


def _json(refusal: Refusal, request_id: str) -> tuple[bytes, str]:
    return json.dumps({"__type": refusal.code, "message": refusal.message}).encode(), "application/x-amz-json-1.1"


def _rest_json(refusal: Refusal, request_id: str) -> tuple[bytes, str]:
    return json.dumps({"Code": refusal.code, "message": refusal.message}).encode(), "application/json"


def _query(refusal: Refusal, request_id: str) -> tuple[bytes, str]:
    side = "Sender" if refusal.status < 500 else "Receiver"
    error = f"<Type>{side}</Type><Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message>"
    text = f"<ErrorResponse><Error>{error}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    return text.encode(), "text/xml"


def _ec2(refusal: Refusal, request_id: str) -> tuple[bytes, str]:
    error = f"<Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message>"
    errors = f"<Errors><Error>{error}</Error></Errors><RequestID>{request_id}</RequestID>"
    return f"<Response>{errors}</Response>".encode(), "text/xml"


def _s3(refusal: Refusal, request_id: str) -> tuple[bytes, str]:
    error = f"<Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message>"
    return f"<Error>{error}<RequestId>{request_id}</RequestId></Error>".encode(), "application/xml"


def _cbor(refusal: Refusal, request_id: str) -> tuple[bytes, str]:
    pairs = (b"__type", refusal.code.encode()), (b"message", refusal.message.encode())
    return b"\xa2" + b"".join(_cbor_text(name) + _cbor_text(value) for name, value in pairs), "application/cbor"


def _cbor_text(text: bytes) -> bytes:
    """A text string with its length in two bytes (RFC 8949, section 3.1)."""
    return b"\x79" + len(text).to_bytes(2, "big") + text


_BODIES = {
    "rest-json": _rest_json,
    "query": _query,
    "ec2": _ec2,
    "s3": _s3,
    "rest-xml": _query,
    _CBOR: _cbor,
}

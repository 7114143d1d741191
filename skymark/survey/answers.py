"""Whether what came is AWS's answer, and all of it.

botocore takes much for an answer in which nothing stands: one that is cut off in the middle, a page of a proxy, a
filter's `{}`. Whoever lists things would then find none, and what is there would be taken to be gone.

Source: botocore's JSONParser, which takes what it cannot read for a message, and its HTTP session, which does not hold
the answer's length against `Content-Length`.
"""

import json
from typing import Any, Final

IN_HEADERS: Final = ("header", "headers", "statusCode")
PAGES: Final = (b"<!doctype html", b"<html")
BAD_GATEWAY: Final = 502
"""As which such an answer is tried again, as though the one in between had said so itself."""
NOT_IMPLEMENTED: Final = 501
"""As which it is not: a Wi-Fi that wants people to sign in goes on wanting it."""


def refuse_halves(response_dict: dict[str, Any], operation_model: Any, **_: Any) -> None:
    """Before it is read: half of an answer, or none, or what is none in the service's protocol, is not read at all."""
    if response_dict["status_code"] < 300 and not _is_whole(response_dict, operation_model):
        response_dict.update(status_code=BAD_GATEWAY, body=b"")


def refuse_others(response: Any = None, operation: Any = None, **_: Any) -> None:
    """After it was read: halves, and what somebody else says, are no success.

    Whatever AWS answers bears an id of the request, and even a simulator that gives none has something to tell. Where
    there is nothing raw botocore looks for no bucket's region in it, over which it would break.
    """
    if response is None:
        return
    http, parsed = response
    if http.status_code >= 300:
        http.raw = None
        return
    told = parsed.get("ResponseMetadata", {})
    if http.content.lstrip()[:14].lower().startswith(PAGES):
        # By its first words: simulators send XML and JSON, too, under the name of HTML.
        http.status_code = NOT_IMPLEMENTED
    elif told.get("HTTPStatusCode") == BAD_GATEWAY or (not told.get("RequestId") and _tells_nothing(parsed, operation)):
        http.status_code = BAD_GATEWAY
    if http.status_code >= 300:
        told["HTTPStatusCode"] = 200
        http.raw = None


def _is_whole(answer: dict[str, Any], operation: Any) -> bool:
    if operation.has_streaming_output or operation.http.get("method") == "HEAD":
        return True
    body, said = answer["body"], str(answer["headers"].get("content-length", ""))
    if said.isdigit() and int(said) != len(body):
        return False
    if not _wants_body(operation):
        return True
    is_as_modelled = not _is_json(operation) or _is_text(operation.output_shape) or _is_object(body)
    return bool(body) and is_as_modelled


def _tells_nothing(parsed: dict[str, Any], operation: Any) -> bool:
    is_of_body = not operation.has_streaming_output and operation.http.get("method") != "HEAD"
    return is_of_body and _wants_body(operation) and not parsed.keys() - {"ResponseMetadata"}


def _wants_body(operation: Any) -> bool:
    members = operation.output_shape.members.values() if operation.output_shape else ()
    return any(one.serialization.get("location") not in IN_HEADERS for one in members)


def _is_json(operation: Any) -> bool:
    """Which of a service's protocols is spoken, botocore tells since it knows that some have several."""
    model = operation.service_model
    return (getattr(model, "resolved_protocol", None) or model.metadata["protocol"]) in ("json", "rest-json")


def _is_text(shape: Any) -> bool:
    """Whether the body is one text, whatever is in it."""
    payload = shape.serialization.get("payload")
    return payload is not None and shape.members[payload].type_name in ("string", "blob")


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False

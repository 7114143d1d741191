"""What S3 tells CloudTrail of a call: the request itself, headers, query and XML body in their own spelling.

Source: S3 user guide, "Example: Amazon S3 log file entries"; real events in public repositories.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from botocore.model import ListShape, Shape, StructureShape
from moto.core.model import OperationModel

from simulator.call import Call

_XMLNS = "http://s3.amazonaws.com/doc/2006-03-01/"
_AWS_HOST = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")
# At these there is no bucket yet, or none at all: the service itself is asked.
_OF_NO_BUCKET = {"CreateBucket", "ListBuckets", "ListDirectoryBuckets"}


def request_parameters(call: Call, operation: OperationModel, region: str) -> dict[str, Any]:
    """`requestParameters` of a call to a bucket or to an account's settings in S3."""
    bucket = {"bucketName": call.params["Bucket"]} if call.params.get("Bucket") else {}
    sent = operation.input_shape
    members = dict(_members(sent, call.params)) if isinstance(sent, StructureShape) else {}
    return bucket | {"Host": _host(call, region)} | _asked_for(operation) | members


def _host(call: Call, region: str) -> str:
    """Where AWS would have been asked; the practice cloud has one address for all."""
    if _AWS_HOST.fullmatch(call.host):
        return call.host
    if call.service == "s3control":
        return f"{call.params.get('AccountId')}.s3-control.{region}.amazonaws.com"
    bucket = "" if call.operation in _OF_NO_BUCKET else f"{call.params.get('Bucket')}."
    return f"{bucket}s3.{region}.amazonaws.com"


def _asked_for(operation: OperationModel) -> dict[str, str]:
    """`{"acl": ""}` for `/{Bucket}?acl`."""
    query = operation.http["requestUri"].partition("?")[2]
    return dict(parse_qsl(query, keep_blank_values=True))


def _members(shape: StructureShape, params: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    body = shape.serialization.get("payload")
    for name, value in params.items():
        member = shape.members.get(name)
        if member is None or value is None or member.metadata.get("sensitive"):
            continue
        spelled = str(member.serialization.get("name", name))
        if member.serialization.get("location") in {"header", "querystring"}:
            yield spelled, _text(value)
        elif name == body:
            yield _body(spelled, member, value)


def _body(name: str, shape: Shape, value: Any) -> tuple[str, Any]:
    if isinstance(shape, StructureShape):
        return name, {"xmlns": _XMLNS} | _structure(shape, value)
    return "bucketPolicy", _document(value)  # the only body that is not XML


def _document(value: Any) -> Any:
    text = value.decode(errors="replace") if isinstance(value, bytes) else value
    try:
        return json.loads(text)
    except (TypeError, ValueError):  # whatever the caller sent: S3 refuses it
        return text


def _structure(shape: StructureShape, value: Mapping[str, Any]) -> dict[str, Any]:
    return dict(
        _element(name, shape.members[name], item)
        for name, item in value.items()
        if item is not None and name in shape.members
    )


def _element(name: str, shape: Shape, value: Any) -> tuple[str, Any]:
    spelled = str(shape.serialization.get("name", name))
    if isinstance(shape, ListShape):
        return _elements(spelled, shape, value)
    return spelled, _value(shape, value)


def _elements(name: str, shape: ListShape, value: list[Any]) -> tuple[str, Any]:
    """Of one element no list is made: XML does not tell whether there could be more."""
    values = [_value(shape.member, item) for item in value]
    only = values[0] if len(values) == 1 else values
    inner = str(shape.member.serialization.get("name", "member"))
    if shape.serialization.get("flattened"):
        return (name if "name" in shape.serialization else inner), only
    return name, {inner: only}


def _value(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape):
        return _structure(shape, value)
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

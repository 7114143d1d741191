"""A call's parameters and an answer's elements, as CloudTrail writes them.

Names begin with a small letter, also those of abbreviations (`sAMLAssertionID`); a map's keys stay as they were sent,
which only AWS's description of the API can tell. EC2 has a style of its own. Passwords, secret keys and bytes are left
out: what they are is in the description, too. Policies stay, since no secret is in them.

Sources: the log file examples of the SageMaker, IAM, CloudWatch and EC2 user guides.
"""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from botocore.model import ListShape, MapShape, Shape, StructureShape
from moto.core.model import OperationModel

# An address that lets in whoever has it; the description does not call it sensitive.
_SECRET_MEMBERS = {"AuthorizedUrl"}


def request_parameters(operation: OperationModel, params: Mapping[str, Any]) -> dict[str, Any] | None:
    """`requestParameters` of the services whose protocol is JSON, query or CBOR; None where none was given."""
    return _written(operation.input_shape, params, ec2=operation.service_model.service_name == "ec2")


def response_elements(operation: OperationModel, response: Mapping[str, Any]) -> dict[str, Any] | None:
    """`responseElements` of a call that changed something; None where the answer is empty."""
    return _written(operation.output_shape, response, ec2=operation.service_model.service_name == "ec2")


def _written(shape: Shape | None, value: Mapping[str, Any], *, ec2: bool) -> dict[str, Any] | None:
    if not isinstance(shape, StructureShape):
        return None
    return (_ec2_structure(shape, value) if ec2 else _structure(shape, value)) or None


def _structure(shape: StructureShape, value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        _small(name): _value(shape.members[name], item)
        for name, item in value.items()
        if item is not None and _shown(shape, name)
    }


def _value(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape):
        return _structure(shape, value) if isinstance(value, Mapping) else value
    if isinstance(shape, ListShape):
        return [_value(shape.member, item) for item in value] if isinstance(value, list | tuple) else value
    if isinstance(shape, MapShape):
        return {key: _value(shape.value, item) for key, item in value.items()} if isinstance(value, Mapping) else value
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return _date(value)
    if isinstance(value, Mapping):  # a policy, which boto3 parses and CloudTrail shows as IAM sends it
        return quote(json.dumps(value, separators=(",", ":")), safe="")
    return value


def _date(at: dt.datetime) -> str:
    """`Jul 1, 2026, 5:55:02 PM`, in UTC whatever the machine's language."""
    utc = at.astimezone(dt.UTC)
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[utc.month - 1]
    half = "AM" if utc.hour < 12 else "PM"
    return f"{month} {utc.day}, {utc.year}, {utc.hour % 12 or 12}:{utc:%M:%S} {half}"


def _shown(shape: StructureShape, name: str) -> bool:
    member = shape.members.get(name)
    if member is None or name in _SECRET_MEMBERS or member.type_name == "blob":
        return False
    inner = member.member if isinstance(member, ListShape) else member.value if isinstance(member, MapShape) else member
    return not (member.metadata.get("sensitive") or inner.metadata.get("sensitive"))


def _ec2_structure(shape: StructureShape, value: Mapping[str, Any]) -> dict[str, Any]:
    """EC2's: `{"filterSet": {"items": [{"name": …, "valueSet": {"items": [{"value": …}]}}]}}`."""
    return dict(
        _ec2_member(str(shape.members[name].serialization.get("name", name)), shape.members[name], item)
        for name, item in value.items()
        if item is not None and _shown(shape, name)
    )


def _ec2_member(name: str, shape: Shape, value: Any) -> tuple[str, Any]:
    key = _small(name)
    if isinstance(shape, StructureShape):
        return key, _ec2_structure(shape, value)
    if isinstance(shape, ListShape):
        return _ec2_set(key), {"items": [_ec2_item(key, shape.member, item) for item in value]}
    return key, _value(shape, value)


def _ec2_item(key: str, shape: Shape, value: Any) -> dict[str, Any]:
    return _ec2_structure(shape, value) if isinstance(shape, StructureShape) else {key: _value(shape, value)}


def _ec2_set(key: str) -> str:
    return key if key.endswith("Set") else key.removesuffix("Id").removesuffix("Name") + "Set"


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]

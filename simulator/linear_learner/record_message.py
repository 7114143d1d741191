"""aialgs.data.Record, the protobuf message of Amazon's own algorithms, made at run time.

Source: SageMaker developer guide, "Common data formats for training".
"""

from typing import Any

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass


def _field(name: str, number: int, kind: str, *, repeated: bool = False, packed: bool = False) -> FieldDescriptorProto:
    label = FieldDescriptorProto.LABEL_REPEATED if repeated else FieldDescriptorProto.LABEL_OPTIONAL
    field = FieldDescriptorProto(name=name, number=number, label=label)
    if kind[0].isupper():
        field.type, field.type_name = FieldDescriptorProto.TYPE_MESSAGE, f".aialgs.data.{kind}"
    else:
        field.type = FieldDescriptorProto.Type.Value(f"TYPE_{kind.upper()}")
    if packed:
        field.options.packed = True
    return field


def _tensor(name: str, kind: str) -> DescriptorProto:
    fields = [("values", 1, kind), ("keys", 2, "uint64"), ("shape", 3, "uint64")]
    return DescriptorProto(name=name, field=[_field(*one, repeated=True, packed=True) for one in fields])


def _value() -> DescriptorProto:
    fields = [
        _field("float32_tensor", 2, "Float32Tensor"),
        _field("float64_tensor", 3, "Float64Tensor"),
        _field("int32_tensor", 7, "Int32Tensor"),
        _field("bytes", 9, "Bytes"),
    ]
    for field in fields:
        field.oneof_index = 0
    value = DescriptorProto(name="Value", field=fields)
    value.oneof_decl.add(name="value")
    return value


def _entry(name: str) -> DescriptorProto:
    entry = DescriptorProto(name=name, field=[_field("key", 1, "string"), _field("value", 2, "Value")])
    entry.options.map_entry = True
    return entry


def _record() -> DescriptorProto:
    fields = [
        _field("features", 1, "Record.FeaturesEntry", repeated=True),
        _field("label", 2, "Record.LabelEntry", repeated=True),
        _field("uid", 3, "string"),
        _field("metadata", 4, "string"),
        _field("configuration", 5, "string"),
    ]
    return DescriptorProto(name="Record", field=fields, nested_type=[_entry("FeaturesEntry"), _entry("LabelEntry")])


def _message_class() -> type[Message]:
    file = FileDescriptorProto(name="aialgs/data/record.proto", package="aialgs.data", syntax="proto2")
    texts = DescriptorProto(
        name="Bytes", field=[_field("value", 1, "bytes", repeated=True), _field("content_type", 2, "string")]
    )
    tensors = [_tensor("Float32Tensor", "float"), _tensor("Float64Tensor", "double"), _tensor("Int32Tensor", "int32")]
    file.message_type.extend([*tensors, texts, _value(), _record()])
    pool = DescriptorPool()  # of its own: the SageMaker SDK puts the same message into the common one
    pool.Add(file)
    return GetMessageClass(pool.FindMessageTypeByName("aialgs.data.Record"))


# Typed Any: the class is made at run time, its fields are in no stub.
Record: Any = _message_class()

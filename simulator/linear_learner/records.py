"""Examples as RecordIO-protobuf: rows of features with labels, read and written.

Source: SageMaker developer guide, "Common data formats for training" and "Linear learner response formats".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from google.protobuf.message import DecodeError

from simulator.linear_learner.record_message import Record
from simulator.linear_learner.recordio import RecordError, read_frames, write_frames

Matrix = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float32]
TensorKind = Literal["float32_tensor", "float64_tensor", "int32_tensor"]

MOST_BYTES = 4 << 30  # of one matrix: a sparse record may say that it is as wide as it likes
_TENSORS: tuple[TensorKind, ...] = ("float32_tensor", "float64_tensor", "int32_tensor")


class TooLarge(RecordError):
    """The records would not fit into memory as a dense matrix."""


@dataclass(frozen=True, slots=True)
class SparseRow:
    """One row of a sparse matrix: `values[i]` is in column `keys[i]` of `width` columns, all others are 0."""

    keys: tuple[int, ...]
    values: tuple[float, ...]
    width: int


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What records hold: `features` is (records, features), `labels` (records,); `sparse`: any tensor was sparse."""

    features: Matrix
    labels: Vector
    sparse: bool = False


def read_examples(body: bytes) -> Rows:
    """Read records that have a label, dense or sparse, of 32-bit, 64-bit or whole numbers.

    Raises:
        RecordError: the bytes are no such records, a record has no label or several, or they differ in width.
        TooLarge: as a dense matrix they would have more than `MOST_BYTES`.
    """
    return _read(body, labelled=True)


def read_features(body: bytes) -> Rows:
    """Read records whose labels do not matter: `labels` is empty. Raises as `read_examples` does."""
    return _read(body, labelled=False)


def write_examples(
    features: npt.NDArray[Any], labels: npt.NDArray[Any] | None = None, kind: TensorKind = "float32_tensor"
) -> bytes:
    """Dense records of these rows, as the SDK's write_numpy_to_dense_tensor writes them."""
    given = [None] * len(features) if labels is None else labels.tolist()
    return write_frames(_dense(row.tolist(), label, kind) for row, label in zip(features, given, strict=True))


def write_sparse(rows: Sequence[SparseRow], labels: Sequence[float]) -> bytes:
    """Sparse records of these rows, as the SDK's write_spmatrix_to_sparse_tensor writes them."""
    return write_frames(_sparse(row, label) for row, label in zip(rows, labels, strict=True))


def write_labels(rows: Iterable[Mapping[str, Sequence[float]]]) -> bytes:
    """Records without features: what an endpoint answers, by name (`score`, `predicted_label`)."""
    return write_frames(_labels(row) for row in rows)


def _dense(row: list[float], label: float | None, kind: TensorKind) -> bytes:
    record = Record()
    getattr(record.features["values"], kind).values.extend(row)
    if label is not None:
        getattr(record.label["values"], kind).values.append(label)
    return bytes(record.SerializeToString())


def _sparse(row: SparseRow, label: float) -> bytes:
    record = Record()
    tensor = record.features["values"].float32_tensor
    tensor.values.extend(row.values)
    tensor.keys.extend(row.keys)
    tensor.shape.append(row.width)
    record.label["values"].float32_tensor.values.append(label)
    return bytes(record.SerializeToString())


def _labels(row: Mapping[str, Sequence[float]]) -> bytes:
    record = Record()
    for name, values in row.items():
        record.label[name].float32_tensor.values.extend(values)
    return bytes(record.SerializeToString(deterministic=True))


def _read(body: bytes, *, labelled: bool) -> Rows:
    count = sum(1 for _ in read_frames(body))  # read twice, so that no second copy of everything is needed
    features: Matrix | None = None
    labels, sparse = np.zeros(count if labelled else 0, np.float32), False
    for index, payload in enumerate(read_frames(body)):
        record = _parsed(payload, index)
        tensor = _tensor(record.features, "values", index)
        if features is None:
            features = _room(count, _width(tensor))
        sparse |= _fill(features[index], tensor, index)
        if labelled:
            labels[index] = _label(record, index)
    return Rows(np.zeros((0, 0), np.float32) if features is None else features, labels, sparse)


def _parsed(payload: bytes, index: int) -> Any:
    try:
        return Record.FromString(payload)
    except DecodeError as error:
        raise RecordError(f"record {index} is no protobuf record of examples") from error


def _tensor(entries: Any, name: str, index: int) -> Any:
    kind = entries[name].WhichOneof("value") if name in entries else None
    if kind not in _TENSORS:
        raise RecordError(f"record {index} holds no numbers under the name {name!r}")
    return getattr(entries[name], kind)


def _width(tensor: Any) -> int:
    return int(tensor.shape[-1]) if tensor.shape else len(tensor.values)


def _room(count: int, width: int) -> Matrix:
    if 4 * count * width > MOST_BYTES:
        raise TooLarge(f"{count} records of {width} features")
    return np.zeros((count, width), np.float32)


def _fill(row: Vector, tensor: Any, index: int) -> bool:
    """Put the tensor's numbers into the row; whether it is sparse."""
    sparse = bool(tensor.keys) or (bool(tensor.shape) and not tensor.values)
    if _width(tensor) != len(row) or len(tensor.values) != len(tensor.keys if sparse else row):
        raise RecordError(f"record {index} has {_width(tensor)} features, the first one has {len(row)}")
    if sparse and tensor.keys and max(tensor.keys) >= len(row):
        raise RecordError(f"record {index} has a value in column {max(tensor.keys)} of {len(row)}")
    with np.errstate(over="ignore"):  # what is too large for 32 bits becomes infinite, which the reader refuses
        row[np.array(tensor.keys, np.int64) if sparse else slice(None)] = np.asarray(tensor.values)
    return sparse


def _label(record: Any, index: int) -> float:
    values = _tensor(record.label, "values", index).values
    if len(values) != 1:
        raise RecordError(f"record {index} has {len(values)} labels")
    return float(values[0])

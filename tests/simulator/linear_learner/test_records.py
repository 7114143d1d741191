"""Examples as RecordIO-protobuf."""

from pathlib import Path

import hypothesis.extra.numpy as hnp
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.linear_learner.record_message import Record
from simulator.linear_learner.recordio import RecordError, read_frames, write_frames
from simulator.linear_learner.records import (
    SparseRow,
    TooLarge,
    read_examples,
    read_features,
    write_examples,
    write_labels,
    write_sparse,
)

HERE = Path(__file__).parent
ALTERNATING = np.arange(20, dtype=np.float32) % 2

shapes = hnp.array_shapes(min_dims=2, max_dims=2, max_side=6)
singles = hnp.arrays(np.float32, shapes, elements=st.floats(-1e6, 1e6, width=32))
doubles = hnp.arrays(np.float64, shapes, elements=st.floats(-1e6, 1e6))
wholes = hnp.arrays(np.int32, shapes, elements=st.integers(-(2**24), 2**24))


@st.composite
def sparse_rows(draw: st.DrawFn) -> list[SparseRow]:
    width = draw(st.integers(1, 30))
    filled = st.dictionaries(st.integers(0, width - 1), st.floats(-1e6, 1e6, width=32), max_size=5)
    rows = draw(st.lists(filled, min_size=1, max_size=5))
    return [SparseRow(tuple(row), tuple(row.values()), width) for row in rows]


@given(singles)
def test_dense_float32_comes_back_exactly(features: npt.NDArray[np.float32]) -> None:
    """Rows and labels are the same numbers, and are not taken for sparse ones."""
    read = read_examples(write_examples(features, features[:, 0]))

    np.testing.assert_array_equal(read.features, features)
    np.testing.assert_array_equal(read.labels, features[:, 0])
    assert not read.sparse


@given(doubles)
def test_dense_float64_comes_back_in_32_bits(features: npt.NDArray[np.float64]) -> None:
    """The algorithm computes in 32 bits."""
    read = read_examples(write_examples(features, features[:, 0], "float64_tensor"))

    np.testing.assert_array_equal(read.features, features.astype(np.float32))
    np.testing.assert_array_equal(read.labels, features[:, 0].astype(np.float32))


@given(wholes)
def test_dense_int32_comes_back_exactly(features: npt.NDArray[np.int32]) -> None:
    """Whole numbers are examples too."""
    read = read_examples(write_examples(features, features[:, 0], "int32_tensor"))

    np.testing.assert_array_equal(read.features, features)


@given(sparse_rows())
def test_sparse_rows_come_back_dense(rows: list[SparseRow]) -> None:
    """What is not written is 0."""
    read = read_examples(write_sparse(rows, range(len(rows))))

    expected = np.zeros((len(rows), rows[0].width), np.float32)
    for index, row in enumerate(rows):
        expected[index, list(row.keys)] = row.values
    np.testing.assert_array_equal(read.features, expected)
    np.testing.assert_array_equal(read.labels, np.arange(len(rows)))
    assert read.sparse


def test_file_of_the_sdk_is_read() -> None:
    """The SageMaker SDK 2.257's write_numpy_to_dense_tensor wrote the file."""
    read = read_examples((HERE / "sdk.recordio").read_bytes())

    np.testing.assert_array_equal(read.features, np.arange(60).reshape(20, 3) / 4)
    np.testing.assert_array_equal(read.labels, ALTERNATING)


def test_file_is_written_as_the_sdk_does() -> None:
    """Byte for byte."""
    features = (np.arange(60).reshape(20, 3) / 4).astype(np.float32)

    assert write_examples(features, ALTERNATING) == (HERE / "sdk.recordio").read_bytes()


def test_sparse_file_of_the_sdk_is_read() -> None:
    """The SageMaker SDK 2.257's write_spmatrix_to_sparse_tensor wrote the file; its first row is all zeros."""
    read = read_examples((HERE / "sdk-sparse.recordio").read_bytes())

    expected = np.zeros((20, 5), np.float32)
    expected[np.arange(20), np.arange(20) % 5] = np.arange(20)
    np.testing.assert_array_equal(read.features, expected)
    assert read.sparse


def test_features_are_read_without_labels() -> None:
    """A request to an endpoint has none."""
    read = read_features(write_examples(np.array([[1.0, 2.0]])))

    assert (read.features.tolist(), read.labels.tolist()) == ([[1.0, 2.0]], [])


def test_answers_are_records_of_labels() -> None:
    """The label map holds what an endpoint says, and the features are empty."""
    (payload,) = read_frames(write_labels([{"score": [0.25], "predicted_label": [1]}]))

    record = Record.FromString(payload)
    assert {name: list(value.float32_tensor.values) for name, value in record.label.items()} == {
        "score": [0.25],
        "predicted_label": [1.0],
    }
    assert not record.features


def record(features: dict[str, list[float]], labels: dict[str, list[float]]) -> bytes:
    made = Record()
    for name, values in features.items():
        made.features[name].float32_tensor.values.extend(values)
    for name, values in labels.items():
        made.label[name].float32_tensor.values.extend(values)
    return bytes(made.SerializeToString())


ONE = record({"values": [1, 2]}, {"values": [0]})


@pytest.mark.parametrize(
    ("payloads", "said"),
    [
        pytest.param([ONE, b"\xff\xff"], "record 1 is no protobuf record of examples", id="no protobuf"),
        pytest.param(
            [ONE, record({}, {"values": [0]})], "record 1 holds no numbers under the name 'values'", id="none"
        ),
        pytest.param(
            [ONE, record({"values": [1]}, {"values": [0]})],
            "record 1 has 1 features, the first one has 2",
            id="narrower",
        ),
        pytest.param([record({"values": [1]}, {})], "record 0 holds no numbers under the name 'values'", id="no label"),
        pytest.param([record({"values": [1]}, {"values": [0, 1]})], "record 0 has 2 labels", id="two labels"),
    ],
)
def test_records_that_are_no_examples_are_told(payloads: list[bytes], said: str) -> None:
    """The reader names the record."""
    with pytest.raises(RecordError) as error:
        read_examples(write_frames(payloads))

    assert str(error.value) == said


def test_value_outside_a_sparse_row_is_told() -> None:
    """A key beyond the shape is a damaged record."""
    with pytest.raises(RecordError) as error:
        read_examples(write_sparse([SparseRow((5,), (1.0,), 5)], [0]))

    assert str(error.value) == "record 0 has a value in column 5 of 5"


def test_sparse_rows_of_any_width_do_not_fill_the_memory() -> None:
    """A record may say that it has a thousand milliard columns."""
    with pytest.raises(TooLarge):
        read_examples(write_sparse([SparseRow((0,), (1.0,), 10**12)], [0]))

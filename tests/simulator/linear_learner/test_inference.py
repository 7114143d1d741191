"""What an endpoint answers, and what it refuses."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.linear_learner import InvocationRefused, LinearModel, predict
from simulator.linear_learner.record_message import Record
from simulator.linear_learner.recordio import read_frames
from simulator.linear_learner.records import SparseRow, write_examples, write_sparse

CSV, JSON, LINES, RECORDIO = "text/csv", "application/json", "application/jsonlines", "application/x-recordio-protobuf"

BINARY = LinearModel("binary_classifier", np.array([[1.0], [-1.0]]), np.zeros(1), probability=True, threshold=0.6)
REGRESSOR = LinearModel("regressor", np.array([[1.0], [10.0]]), np.array([0.5]))
CLASSES = LinearModel("multiclass_classifier", np.array([[1.0, 0, 0], [0, 1.0, 0]]), np.zeros(3), probability=True)
MODELS = {"binary": BINARY, "regressor": REGRESSOR, "multiclass": CLASSES}

ROWS = [[2.0, 0.5], [0.0, 0.0], [-1.5, 3.25]]
BODIES: Mapping[str, bytes] = {
    CSV: b"2.0,0.5\n0,0\n-1.5,3.25\n",
    JSON: json.dumps({"instances": [{"features": row} for row in ROWS]}).encode(),
    LINES: "\n".join(json.dumps({"features": row}) for row in ROWS).encode(),
    RECORDIO: write_examples(np.array(ROWS)),
}


def read(body: bytes, content_type: str, *, classifier: bool) -> list[dict[str, Any]]:
    """The answers as JSON has them, whatever the format."""
    if content_type == JSON:
        return list(json.loads(body)["predictions"])
    if content_type == LINES:
        return [json.loads(line) for line in body.splitlines()]
    if content_type == CSV:
        table = [[float(value) for value in line.split(",")] for line in body.decode().splitlines()]
        return [_named(row[:-1] if classifier else row, row[-1] if classifier else None) for row in table]
    records = [Record.FromString(payload).label for payload in read_frames(body)]
    return [
        _named(
            list(one["score"].float32_tensor.values),
            one["predicted_label"].float32_tensor.values[0] if classifier else None,
        )
        for one in records
    ]


def _named(scores: list[float], label: float | None) -> dict[str, Any]:
    score = scores if len(scores) > 1 else scores[0]
    return {"score": score} if label is None else {"score": score, "predicted_label": label}


@pytest.mark.parametrize("wanted", [CSV, JSON, LINES, RECORDIO])
@pytest.mark.parametrize("given_", [CSV, JSON, LINES, RECORDIO])
@pytest.mark.parametrize("name", MODELS)
def test_each_format_in_and_out_gives_the_same_answers(name: str, given_: str, wanted: str) -> None:
    """What is asked in one format is told in any other."""
    model = MODELS[name]
    plain = json.loads(predict(model, BODIES[CSV], CSV, JSON).body)["predictions"]

    answer = predict(model, BODIES[given_], given_, wanted)

    assert answer.content_type == wanted
    assert read(answer.body, wanted, classifier=model is not REGRESSOR) == plain


def test_binary_classifier_tells_a_probability_and_a_label() -> None:
    """The label is 1 above the model's own threshold, here 0.6."""
    body = predict(BINARY, b"2,0.5\n0.3,0\n", CSV, None).body

    assert json.loads(body)["predictions"] == [
        {"score": pytest.approx(1 / (1 + np.exp(-1.5)), rel=1e-6), "predicted_label": 1},
        {"score": pytest.approx(1 / (1 + np.exp(-0.3)), rel=1e-6), "predicted_label": 0},
    ]
    assert b'"predicted_label": 1}' in body  # a whole number, as the guide shows it


def test_regressor_tells_a_score_only() -> None:
    """1 * 2 + 10 * 0.5 + 0.5."""
    assert predict(REGRESSOR, b"2,0.5", CSV, None).body == b'{"predictions": [{"score": 7.5}]}'


def test_multiclass_classifier_tells_a_list_and_the_likeliest() -> None:
    """The scores are probabilities."""
    (answer,) = json.loads(predict(CLASSES, b"0,0.5", CSV, None).body)["predictions"]

    assert answer == {"score": pytest.approx([0.274069, 0.451863, 0.274069], rel=1e-5), "predicted_label": 1}


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/*", CSV),
        ("Application/JSON; charset=utf-8", JSON),
        ("application/x-npy, text/csv;q=0.5", CSV),
    ],
)
def test_answer_is_in_the_first_type_that_can_be_written(accept: str | None, wanted: str) -> None:
    """JSON where nothing is said."""
    assert predict(REGRESSOR, b"2,0.5", CSV, accept).content_type == wanted


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"2,0.5", "text/csv; charset=utf-8", id="parameters"),
        pytest.param(b"2,0.5", "Text/CSV", id="capitals"),
        pytest.param(b'"2","0.5"\r\n', CSV, id="quoted"),
        pytest.param(b'{"instances": [{"data": {"features": {"values": [2, 0.5]}}}]}', JSON, id="long JSON"),
        pytest.param(
            b'{"instances": [{"data": {"features": {"keys": [1, 0], "shape": [2], "values": [0.5, 2]}}}]}',
            JSON,
            id="sparse JSON",
        ),
        pytest.param(write_sparse([SparseRow((0, 1), (2.0, 0.5), 2)], [0]), RECORDIO, id="sparse records"),
    ],
)
def test_same_row_may_be_written_in_other_ways(body: bytes, content_type: str) -> None:
    """The guide's other forms of a request."""
    assert predict(REGRESSOR, body, content_type, None).body == b'{"predictions": [{"score": 7.5}]}'


@pytest.mark.parametrize("content_type", [None, "application/octet-stream", "image/png", "csv"])
def test_content_type_that_cannot_be_read_is_415(content_type: str | None) -> None:
    """No content type is taken for bytes of any kind, as by the SDK."""
    with pytest.raises(InvocationRefused) as error:
        predict(REGRESSOR, b"2,0.5", content_type, None)

    said = f"Customer Error: Content-Type header value '{content_type or 'application/octet-stream'}' not supported"
    assert (error.value.status, error.value.message) == (415, said)


def test_answer_that_cannot_be_written_is_406() -> None:
    """The message names what was asked."""
    with pytest.raises(InvocationRefused) as error:
        predict(REGRESSOR, b"2,0.5", CSV, "application/x-npy")

    assert (error.value.status, str(error.value)) == (406, "Accept type 'application/x-npy' is not supported.")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"", CSV, id="nothing"),
        pytest.param(b"a,b", CSV, id="words"),
        pytest.param(b"1,2\n3", CSV, id="rows of two lengths"),
        pytest.param(b"1,nan", CSV, id="missing value"),
        pytest.param(b"1,1e39", CSV, id="infinite"),
        pytest.param(b"\xff\xfe", CSV, id="bytes"),
        pytest.param(b"1,2", JSON, id="CSV for JSON"),
        pytest.param(b"[1, 2]", JSON, id="bare list"),
        pytest.param(b'{"instances": []}', JSON, id="no instances"),
        pytest.param(b'{"instances": [[1, 2]]}', JSON, id="instance that is a list"),
        pytest.param(b'{"instances": [7]}', JSON, id="instance that is a number"),
        pytest.param(b'{"instances": [{"feature": [1, 2]}]}', JSON, id="misspelt"),
        pytest.param(b'{"instances": [{"features": ["1", "2"]}]}', JSON, id="numbers in quotes"),
        pytest.param(b'{"instances": [{"features": [true, null]}]}', JSON, id="truth"),
        pytest.param(b'{"instances": [{"features": [1, NaN]}]}', JSON, id="NaN"),
        pytest.param(b'{"instances": [{"features": [1, 1' + b"0" * 400 + b"]}]}", JSON, id="huge"),
        pytest.param(b'{"instances": ' + b"[" * 100_000, JSON, id="deep"),
        pytest.param(
            b'{"instances": [{"data": {"features": {"keys": [2], "shape": [2], "values": [1]}}}]}', JSON, id="key"
        ),
        pytest.param(
            b'{"instances": [{"data": {"features": {"keys": [-1], "shape": [2], "values": [1]}}}]}', JSON, id="minus"
        ),
        pytest.param(
            b'{"instances": [{"data": {"features": {"keys": [1], "shape": [1000000000000], "values": [1]}}}]}',
            JSON,
            id="too wide",
        ),
        pytest.param(b'{"features": [1, 2]}\n{"features": [1]}', LINES, id="lines of two lengths"),
        pytest.param(b"1,2", RECORDIO, id="CSV for RecordIO"),
        pytest.param(write_sparse([SparseRow((0,), (1.0,), 10**12)], [0]), RECORDIO, id="too wide a record"),
    ],
)
def test_body_that_cannot_be_read_is_400(body: bytes, content_type: str) -> None:
    """AWS says no more than this; the endpoint's log does."""
    with pytest.raises(InvocationRefused) as error:
        predict(REGRESSOR, body, content_type, None)

    assert (error.value.status, error.value.message) == (400, "unable to evaluate payload provided")
    assert error.value.log.startswith("Customer Error: ")


def test_row_of_another_width_is_400_and_the_log_says_why() -> None:
    """The label sent along is the most frequent mistake."""
    with pytest.raises(InvocationRefused) as error:
        predict(REGRESSOR, b"1,2,3", CSV, None)

    assert (error.value.status, error.value.message) == (400, "unable to evaluate payload provided")
    assert error.value.log == (
        "Customer Error: The feature dimension of the input: 3 does not match the feature dimension of the model: 2. "
        "Please fix the input and try again."
    )


@given(st.binary(max_size=60), st.sampled_from([CSV, JSON, LINES, RECORDIO]))
def test_any_body_is_answered_or_refused(body: bytes, content_type: str) -> None:
    """There is no other exception."""
    try:
        answer = predict(REGRESSOR, body, content_type, None)
    except InvocationRefused as error:
        answer = error

    assert getattr(answer, "status", 200) in (200, 400)


@given(st.lists(st.lists(st.floats(-1e6, 1e6, width=32), min_size=2, max_size=2), min_size=1, max_size=5))
def test_any_numbers_are_the_same_in_csv_and_json(rows: list[list[float]]) -> None:
    """However they are written."""
    text = "\n".join(",".join(map(repr, row)) for row in rows).encode()
    instances = json.dumps({"instances": [{"features": row} for row in rows]}).encode()

    assert predict(REGRESSOR, text, CSV, None) == predict(REGRESSOR, instances, JSON, None)

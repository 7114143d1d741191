"""What an endpoint of Linear Learner answers.

Source: SageMaker developer guide, "Common data formats for inference" and "Linear learner response formats".
Sentences: what people have pasted of endpoints, aws/sagemaker-python-sdk issues 345 and 2046, aws/
amazon-sagemaker-examples issues 1881 and 4839. The guide does not show CSV answers: a row here is the score (or
scores), then the label.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from simulator.linear_learner.channels import CSV, RECORDIO, media_type, parse_csv
from simulator.linear_learner.model import LinearModel
from simulator.linear_learner.records import MOST_BYTES, Matrix, read_features, write_labels

JSON = "application/json"
JSON_LINES = "application/jsonlines"
Prediction = Mapping[str, float | int | list[float]]

_UNREADABLE = "unable to evaluate payload provided"
_UNSAID = "application/octet-stream"  # what a request without a content type is taken for


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an endpoint's answer, and its type."""

    body: bytes
    content_type: str


class InvocationRefused(Exception):
    """The container does not answer. `status` is its HTTP status, `message` its answer, `log` the line it logs."""

    def __init__(self, status: int, message: str, log: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.log = log or message


def predict(model: LinearModel, body: bytes, content_type: str | None, accept: str | None) -> Answer:
    """Answer one request; the rows come back in their order.

    Raises:
        InvocationRefused: 415, the content type is none that can be read; 406, `accept` names none that can be
            written; 400, the body cannot be read, or has rows of another number of features than the model.
    """
    kind, _ = media_type(content_type or _UNSAID)
    if kind not in _READERS:
        raise InvocationRefused(415, f"Customer Error: Content-Type header value '{kind}' not supported")
    wanted = _wanted(accept)
    return Answer(_WRITERS[wanted](_predictions(model, _features(model, body, kind))), wanted)


def _features(model: LinearModel, body: bytes, kind: str) -> Matrix:
    try:
        features = _READERS[kind](body)
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError, MemoryError) as error:
        raise InvocationRefused(400, _UNREADABLE, f"Customer Error: {_UNREADABLE}: {error}") from error
    if features.shape[1] != model.feature_dim:
        raise InvocationRefused(
            400,
            _UNREADABLE,
            f"Customer Error: The feature dimension of the input: {features.shape[1]} does not match the feature "
            f"dimension of the model: {model.feature_dim}. Please fix the input and try again.",
        )
    if not len(features) or not np.isfinite(features).all():
        raise InvocationRefused(400, _UNREADABLE, f"Customer Error: {_UNREADABLE}: no rows, or a value is not finite")
    return features


def _predictions(model: LinearModel, features: Matrix) -> list[Prediction]:
    scores = model.scores(features)
    if model.predictor_type == "regressor":
        return [{"score": score} for score in scores[:, 0].tolist()]
    labels = model.labels(scores).astype(np.int64).tolist()
    told: list[Any] = scores.tolist() if model.predictor_type == "multiclass_classifier" else scores[:, 0].tolist()
    return [{"score": score, "predicted_label": label} for score, label in zip(told, labels, strict=True)]


def _wanted(accept: str | None) -> str:
    """The first type in the header that can be written."""
    for part in (accept or "*/*").split(","):
        kind, _ = media_type(part.strip())
        if kind in _WILDCARDS:
            return _WILDCARDS[kind]
        if kind in _WRITERS:
            return kind
    raise InvocationRefused(406, f"Accept type '{accept}' is not supported.")


# -- reading ----------------------------------------------------------------------------------------------------


def _read_json(body: bytes) -> Matrix:
    return _table([_row(instance) for instance in json.loads(body)["instances"]])


def _read_json_lines(body: bytes) -> Matrix:
    return _table([_row(json.loads(line)) for line in body.splitlines() if line.strip()])


def _row(instance: Any) -> list[float]:
    """The numbers of `{"features": […]}`, or of `{"data": {"features": {"values": […]}}}`, dense or sparse."""
    if "features" in instance:
        return _numbers(instance["features"])
    tensor = instance["data"]["features"]
    values = _numbers(tensor["values"])
    if "keys" not in tensor:
        return values
    width = int(tensor["shape"][-1])
    if 8 * width > MOST_BYTES:
        raise ValueError(f"a row of {width} features")
    row = [0.0] * width
    for key, value in zip(tensor["keys"], values, strict=True):
        row[key if key >= 0 else width] = value
    return row


def _numbers(values: Sequence[Any]) -> list[float]:
    if not isinstance(values, list) or not all(type(value) in (int, float) for value in values):
        raise ValueError("features are no list of numbers")
    return values


def _table(rows: list[list[float]]) -> Matrix:
    if len({len(row) for row in rows}) != 1:
        raise ValueError("there are no rows, or they differ in length")
    with np.errstate(over="ignore"):
        return np.array(rows, np.float64).astype(np.float32)


def _read_records(body: bytes) -> Matrix:
    return read_features(body).features


_READERS: Mapping[str, Callable[[bytes], Matrix]] = MappingProxyType(
    {CSV: parse_csv, JSON: _read_json, JSON_LINES: _read_json_lines, RECORDIO: _read_records}
)

# -- writing ----------------------------------------------------------------------------------------------------


def _write_json(predictions: list[Prediction]) -> bytes:
    return json.dumps({"predictions": predictions}).encode()


def _write_json_lines(predictions: list[Prediction]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in predictions).encode()


def _write_csv(predictions: list[Prediction]) -> bytes:
    return "".join(",".join(map(repr, _flat(one))) + "\n" for one in predictions).encode()


def _flat(prediction: Prediction) -> list[float]:
    score = prediction["score"]
    scores = score if isinstance(score, list) else [score]
    return [*scores, *([prediction["predicted_label"]] if "predicted_label" in prediction else [])]


def _write_records(predictions: list[Prediction]) -> bytes:
    return write_labels(
        {name: value if isinstance(value, list) else [value] for name, value in one.items()} for one in predictions
    )


_WRITERS: Mapping[str, Callable[[list[Prediction]], bytes]] = MappingProxyType(
    {JSON: _write_json, CSV: _write_csv, JSON_LINES: _write_json_lines, RECORDIO: _write_records}
)
_WILDCARDS = {"*/*": JSON, "application/*": JSON, "text/*": CSV}

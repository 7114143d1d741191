"""The channels of a training job: what the customer put into S3, read as examples and checked.

Source: SageMaker developer guide, "Linear learner algorithm" (channels, content types, labels) and "Common data
formats for training". Sentences: the error conversion that AWS published with its XGBoost container
(sagemaker-algorithm-toolkit), and what people have pasted of Linear Learner's failures: aws/sagemaker-python-sdk
issues 132, 345 and 819, aws/amazon-sagemaker-examples issue 1017.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulator.linear_learner.failure import TOO_LARGE, client_error
from simulator.linear_learner.hyperparameters import Settings
from simulator.linear_learner.recordio import RecordError
from simulator.linear_learner.records import Matrix, Rows, TooLarge, read_examples

RECORDIO = "application/x-recordio-protobuf"
CSV = "text/csv"
NAMES = ("train", "validation", "test")

_NO_DATA = (
    "No training data processed. Either the training channel is empty or the mini-batch size is too high. "
    "Verify that training data contains non-empty files and the mini-batch size is less than the number of records "
    "per training host."
)
_SEEN_AT_ONCE = 1000  # rows that the container's reader of CSV takes at a time, and names when it fails


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel: the contents of its S3 objects in order. No content type means RecordIO-protobuf."""

    content_type: str | None
    files: tuple[bytes, ...]


def read_channels(channels: Mapping[str, Channel], settings: Settings) -> Mapping[str, Rows]:
    """Read `train`, and `validation` and `test` where they are given.

    Raises:
        TrainingFailed: a channel is missing, unknown, empty, not of its content type, has rows of another width than
            the others or than `feature_dim`, fewer rows than a mini-batch, or labels that are none.
    """
    _check_names(channels)
    read = {name: _read(name, channels[name]) for name in NAMES if name in channels}
    if len(read["train"].labels) < settings.mini_batch_size or any(not len(rows.labels) for rows in read.values()):
        raise client_error(_NO_DATA)
    for name, rows in read.items():
        _check_numbers(name, rows)
        _check_width(name, rows, read["train"], settings.feature_dim)
        _check_labels(name, rows, settings)
    return read


def _check_names(channels: Mapping[str, Channel]) -> None:
    unknown = ", ".join(repr(name) for name in channels if name not in NAMES)
    missing = "train" not in channels
    if not (unknown or missing):
        return
    verb = "were" if "," in unknown else "was"
    extra = f"Additional properties are not allowed ({unknown} {verb} unexpected)"
    message = "Unable to initialize the algorithm. Failed to validate input data configuration."
    raise client_error(message, "ValidationError", "'train' is a required property" if missing else extra)


def media_type(header: str) -> tuple[str, Mapping[str, str]]:
    """The type without its parameters, in small letters, and the parameters."""
    kind, *parameters = (part.strip() for part in header.split(";"))
    pairs = (parameter.partition("=") for parameter in parameters)
    return kind.lower(), {name.strip().lower(): value.strip() for name, _, value in pairs}


def _read(name: str, channel: Channel) -> Rows:
    kind, parameters = media_type(channel.content_type or RECORDIO)
    if kind not in (RECORDIO, CSV):
        raise client_error(f"No iterator has been registered for ContentType ('{kind}', '1.0')")
    if kind == CSV and parameters.get("label_size", "1") != "1":
        raise client_error(
            f"Linear Learner takes one label a row: the content type '{channel.content_type}' says otherwise."
        )
    parts = [_read_file(name, kind, file) for file in channel.files if file]
    if len({part.features.shape[1] for part in parts}) > 1:
        raise client_error(_unreadable(name, kind), "MXNetError")
    if len(parts) == 1:
        return parts[0]
    empty = Rows(np.zeros((0, 0), np.float32), np.zeros(0, np.float32))
    return _joined(parts) if parts else empty


def _joined(parts: list[Rows]) -> Rows:
    features = np.concatenate([part.features for part in parts])
    return Rows(features, np.concatenate([part.labels for part in parts]), any(part.sparse for part in parts))


def _read_file(name: str, kind: str, file: bytes) -> Rows:
    try:
        return read_examples(file) if kind == RECORDIO else _read_csv(name, file)
    except (TooLarge, MemoryError) as error:
        raise client_error(TOO_LARGE) from error
    except RecordError as error:
        raise client_error(_unreadable(name, kind), "MXNetError") from error


def _read_csv(name: str, file: bytes) -> Rows:
    try:
        table = parse_csv(file)
    except ValueError as error:
        last = min(_SEEN_AT_ONCE, file.rstrip(b"\n").count(b"\n") + 1)
        raise client_error(f"Unable to parse csv: rows 1-{last}, file /opt/ml/input/data/{name}") from error
    return Rows(np.ascontiguousarray(table[:, 1:]), table[:, 0].copy())


def parse_csv(text: bytes) -> Matrix:
    """Rows of numbers separated by commas, without a header, as (rows, columns).

    Raises:
        ValueError: there are none, one is no number, or the rows are not of one length.
    """
    if not text.strip():
        raise ValueError("no rows")
    with np.errstate(over="ignore"):
        return np.loadtxt(io.BytesIO(text), np.float32, comments=None, delimiter=",", quotechar='"', ndmin=2)


def _unreadable(name: str, kind: str) -> str:
    return (
        f"Unable to read data channel '{name}'. Requested content-type is '{kind}'. "
        "Please verify the data matches the requested content-type."
    )


def _check_numbers(name: str, rows: Rows) -> None:
    for numbers in (rows.features, rows.labels):
        if np.isnan(numbers).any():
            what = "missing (NaN) values"
        elif not np.isfinite(numbers).all():
            what = "infinite floating point values"
        else:
            continue
        said = f"Unable to read data channel '{name}'. Found {what}. Please remove any {what} in the input data."
        raise client_error(said, "MXNetError")


def _check_width(name: str, rows: Rows, train: Rows, feature_dim: int | None) -> None:
    found, wanted = rows.features.shape[1], feature_dim or train.features.shape[1]
    if found == wanted and wanted:
        return
    other = f"the feature_dim hyperparameter: {wanted}" if feature_dim else f"that of channel 'train': {wanted}"
    raise client_error(
        f"The feature dimension of the input: {found} in channel '{name}' does not match {other}. "
        "Please fix the input and try again."
    )


def _check_labels(name: str, rows: Rows, settings: Settings) -> None:
    if settings.predictor_type == "regressor":
        return
    classes = settings.num_classes if settings.predictor_type == "multiclass_classifier" else 2
    wrong = (rows.labels < 0) | (rows.labels >= classes) | (rows.labels != np.floor(rows.labels))
    if wrong.any():
        allowed = "either 0 or 1" if classes == 2 else f"an integer from 0 to {classes - 1} (num_classes - 1)"
        raise client_error(
            f"The label {rows.labels[wrong][0]:g} in channel '{name}' is not valid: for predictor_type "
            f"'{settings.predictor_type}' a label must be {allowed}."
        )

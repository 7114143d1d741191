"""The trained model: a linear function and what makes an answer of it, as an object and as model.tar.gz."""

import gzip
import io
import tarfile
import zlib
from dataclasses import dataclass

import msgspec
import numpy as np

from simulator.linear_learner.fit import linear
from simulator.linear_learner.hyperparameters import PredictorType
from simulator.linear_learner.losses import sigmoid, softmax
from simulator.linear_learner.scaling import Array, Wide

_MEMBER = "model_algo-1"
_MOST_BYTES = 1 << 30  # of the unpacked archive


class ArtifactError(Exception):
    """The bytes are no model.tar.gz that this algorithm has written; its text says why."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """A linear function, (features, outputs) and (outputs,), and how its answers are to be read.

    `probability`: the outputs become probabilities. `threshold`: the score above which a binary classifier says 1.
    """

    predictor_type: PredictorType
    weights: Wide
    bias: Wide
    probability: bool = False
    threshold: float = 0.0

    @property
    def feature_dim(self) -> int:
        """How many features a row must have."""
        return len(self.weights)

    def scores(self, features: Array) -> Array:
        """The score of each row: (rows, outputs), probabilities for a classifier."""
        raw = linear(features, self.weights, self.bias)
        if self.probability:
            raw = softmax(raw) if self.predictor_type == "multiclass_classifier" else sigmoid(raw)
        return np.asarray(raw, np.float32)

    def labels(self, scores: Array) -> Array:
        """The label that a classifier gives to each row of scores: (rows,), whole numbers."""
        if self.predictor_type == "multiclass_classifier":
            return np.asarray(scores.argmax(1), np.float32)
        return np.asarray(scores[:, 0] > self.threshold, np.float32)


class _Stored(msgspec.Struct, forbid_unknown_fields=True):
    """How a model is written: JSON, so that whoever opens the archive can read it."""

    predictor_type: PredictorType
    weights: list[list[float]]
    bias: list[float]
    probability: bool
    threshold: float


def dump(model: LinearModel) -> bytes:
    """The model as the bytes of a model.tar.gz; the same model gives the same bytes."""
    stored = _Stored(
        model.predictor_type, model.weights.tolist(), model.bias.tolist(), model.probability, model.threshold
    )
    content, archive = msgspec.json.encode(stored), io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        member = tarfile.TarInfo(_MEMBER)  # its owner and times are 0
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return gzip.compress(archive.getvalue(), mtime=0)


def load(artifact: bytes) -> LinearModel:
    """Read a model back from its model.tar.gz.

    Raises:
        ArtifactError: the bytes are no gzip-compressed tar archive, or hold no model of this algorithm.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(artifact)) as packed:
            unpacked = packed.read(_MOST_BYTES)
        with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as tar:
            member = tar.getmember(_MEMBER)
            file = tar.extractfile(member) if member.isfile() else None
            content = file.read() if file else b""
        return _model(msgspec.json.decode(content, type=_Stored))
    except KeyError as error:
        raise ArtifactError(f"the archive holds no file {_MEMBER}") from error
    except msgspec.MsgspecError as error:
        raise ArtifactError(f"{_MEMBER} is no model of this algorithm: {error}") from error
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise ArtifactError(f"this is no model.tar.gz: {error}") from error


def _model(stored: _Stored) -> LinearModel:
    widths = {len(row) for row in stored.weights}
    if widths != {len(stored.bias)} or not stored.bias:
        raise ArtifactError(f"{_MEMBER} is no model of this algorithm: its weights and its bias do not fit together")
    weights, bias = np.array(stored.weights, np.float64), np.array(stored.bias, np.float64)
    return LinearModel(stored.predictor_type, weights, bias, stored.probability, stored.threshold)

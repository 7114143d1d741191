"""How far a linear function's answers are from the labels, and which way is down.

Source: SageMaker developer guide, "Linear learner hyperparameters" (loss, margin, quantile, loss_insensitivity,
huber_delta).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.linear_learner.hyperparameters import Settings

Array = npt.NDArray[Any]  # 32 bits in training, 64 in answers
Loss = Callable[[Array, Array, Settings], tuple[Array, Array]]
"""From what is answered (rows, models, outputs) and the labels (rows,): the loss (rows, models) and its slope
(rows, models, outputs)."""

_OBJECTIVES = {
    "logistic": "binary_classification_cross_entropy",
    "softmax_loss": "multiclass_cross_entropy",
    "squared_loss": "mse",
}


def objective(loss: str) -> str:
    """What the container's log calls the loss."""
    return f"{_OBJECTIVES.get(loss, loss)}_objective"


def sigmoid(raw: Array) -> Array:
    """1 / (1 + exp(-raw)), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * raw)))


def softmax(raw: Array) -> Array:
    """The last axis as probabilities."""
    powers = np.exp(raw - raw.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _logistic(raw: Array, labels: Array, _: Settings) -> tuple[Array, Array]:
    wanted = labels[:, None, None]
    value = np.logaddexp(0, (1 - 2 * wanted) * raw)
    return value[..., 0], sigmoid(raw) - wanted


def _hinge(raw: Array, labels: Array, settings: Settings) -> tuple[Array, Array]:
    side = 2 * labels[:, None, None] - 1
    missing = np.maximum(0, np.float32(settings.margin) - side * raw)
    return missing[..., 0], np.where(missing > 0, -side, 0)


def _softmax(raw: Array, labels: Array, _: Settings) -> tuple[Array, Array]:
    rows, classes = np.arange(len(labels)), labels.astype(np.int64)
    slope = softmax(raw)
    value = -np.log(np.maximum(slope[rows, :, classes], np.finfo(np.float32).tiny))
    slope[rows, :, classes] -= 1
    return value, slope


def _squared(off: Array, _: Settings) -> tuple[Array, Array]:
    return off * off, 2 * off


def _absolute(off: Array, _: Settings) -> tuple[Array, Array]:
    return np.abs(off), np.sign(off)


def _tolerant_squared(off: Array, settings: Settings) -> tuple[Array, Array]:
    beyond = np.maximum(0, np.abs(off) - np.float32(settings.loss_insensitivity))
    return beyond * beyond, 2 * beyond * np.sign(off)


def _tolerant_absolute(off: Array, settings: Settings) -> tuple[Array, Array]:
    beyond = np.maximum(0, np.abs(off) - np.float32(settings.loss_insensitivity))
    return beyond, np.where(beyond > 0, np.sign(off), 0)


def _quantile(off: Array, settings: Settings) -> tuple[Array, Array]:
    slope = np.where(off > 0, np.float32(1 - settings.quantile), np.float32(-settings.quantile))
    return off * slope, slope


def _huber(off: Array, settings: Settings) -> tuple[Array, Array]:
    delta = np.float32(settings.huber_delta)
    near = np.clip(off, -delta, delta)
    return near * (off - near / 2), near


def _of_residual(rule: Callable[[Array, Settings], tuple[Array, Array]]) -> Loss:
    def loss(raw: Array, labels: Array, settings: Settings) -> tuple[Array, Array]:
        value, slope = rule(raw - labels[:, None, None], settings)
        return value[..., 0], slope

    return loss


LOSS: Mapping[str, Loss] = MappingProxyType(
    {
        "logistic": _logistic,
        "hinge_loss": _hinge,
        "softmax_loss": _softmax,
        "squared_loss": _of_residual(_squared),
        "absolute_loss": _of_residual(_absolute),
        "eps_insensitive_squared_loss": _of_residual(_tolerant_squared),
        "eps_insensitive_absolute_loss": _of_residual(_tolerant_absolute),
        "quantile_loss": _of_residual(_quantile),
        "huber_loss": _of_residual(_huber),
    }
)

"""How a linear function takes a step down: stochastic gradient descent, RMSProp and Adam.

Source: SageMaker developer guide, "Linear learner hyperparameters" (optimizer, momentum, beta_1, beta_2).
"""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from simulator.linear_learner.hyperparameters import Settings

Array = npt.NDArray[np.float32]
_TINY = 1e-8


class Optimizer(Protocol):
    """Remembers the steps before, so one is needed for each training."""

    def step(self, gradient: Array, rates: Array) -> Array:
        """What to subtract from the parameters; all three arrays have their shape, or one that stretches to it."""


class _Sgd:
    def __init__(self, momentum: float) -> None:
        self._momentum = np.float32(momentum)
        self._pace: Array = np.zeros(1, np.float32)

    def step(self, gradient: Array, rates: Array) -> Array:
        self._pace = self._momentum * self._pace + rates * gradient
        return self._pace


class _RmsProp:
    def __init__(self, decay: float) -> None:
        self._decay = np.float32(decay)
        self._squares: Array = np.zeros(1, np.float32)

    def step(self, gradient: Array, rates: Array) -> Array:
        self._squares = self._decay * self._squares + (1 - self._decay) * gradient * gradient
        return np.asarray(rates * gradient / (np.sqrt(self._squares) + np.float32(_TINY)), np.float32)


class _Adam:
    def __init__(self, beta_1: float, beta_2: float) -> None:
        self._betas, self._steps = (beta_1, beta_2), 0
        self._means: Array = np.zeros(1, np.float32)
        self._squares: Array = np.zeros(1, np.float32)

    def step(self, gradient: Array, rates: Array) -> Array:
        first, second = self._betas
        self._steps += 1
        self._means = np.float32(first) * self._means + np.float32(1 - first) * gradient
        self._squares = np.float32(second) * self._squares + np.float32(1 - second) * gradient * gradient
        # Both averages begin at 0: without the correction the first steps would be too short.
        mean_part, square_part = 1 - first**self._steps, 1 - second**self._steps
        length = np.sqrt(self._squares * np.float32(1 / square_part)) + np.float32(_TINY)
        return np.asarray(rates * self._means * np.float32(1 / mean_part) / length, np.float32)


def make_optimizer(settings: Settings) -> Optimizer:
    """The optimizer that the customer has chosen; `auto` is Adam."""
    if settings.optimizer == "sgd":
        return _Sgd(settings.momentum or 0.0)
    if settings.optimizer == "rmsprop":
        return _RmsProp(settings.momentum or 0.9)
    return _Adam(
        0.9 if settings.beta_1 is None else settings.beta_1, 0.999 if settings.beta_2 is None else settings.beta_2
    )

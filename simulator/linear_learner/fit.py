"""Fitting the linear function: scaled features, mini-batches, several learning rates at once, early stopping.

Source: SageMaker developer guide, "How linear learner works" and "Linear learner hyperparameters".
"""

from dataclasses import dataclass

import numpy as np

from simulator.linear_learner.failure import TOO_LARGE, client_error
from simulator.linear_learner.hyperparameters import Settings
from simulator.linear_learner.losses import LOSS
from simulator.linear_learner.optimizers import make_optimizer
from simulator.linear_learner.records import Rows
from simulator.linear_learner.scaling import Array, Wide, measure, scale, unscale

# What `auto` means. Rates are tried side by side. In a step of Adam every weight moves by its rate, so that the
# answer moves the more the more features there are: rates are divided by the root of their number. The bias is one
# feature only, and has far to go where a class is rare: its rate is a third of what it would be alone.
_RATES = (1.0, 0.5, 0.25, 0.125)
_BIAS_RATE = 1 / 3
_WEIGHT_DECAY = {"regressor": 1e-4}
_DECAY_OF_CLASSES = 1e-2
_SCHEDULE = (100, 0.99, 1e-5)  # steps, factor and least rate: what the container's log shows
_SCORED_AT_ONCE = 4096
_MOST_PARAMETERS = 1 << 27  # all models together; some six arrays of this size are needed


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass over the data: the mean loss of each model, and whether it is the best pass so far."""

    train: tuple[float, ...]
    validation: tuple[float, ...] | None
    improved: bool

    @property
    def criterion(self) -> tuple[float, ...]:
        """What early stopping looks at."""
        return self.train if self.validation is None else self.validation


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The best model in terms of the customer's own features and labels, and how it came about.

    `weights` is (features, outputs), `bias` (outputs,). `rates` has the learning rate of each model tried,
    `model` says which of them is the best.
    """

    weights: Wide
    bias: Wide
    rates: tuple[float, ...]
    model: int
    epochs: tuple[Epoch, ...]


def fit(train: Rows, validation: Rows | None, settings: Settings, seed: int) -> Fit:
    """Fit a linear function to the rows; the same rows, settings and seed give the same numbers.

    Raises:
        TrainingFailed: no model came to a finite loss, or all of them together are too large.
    """
    rng, rates = np.random.default_rng(seed), _learning_rates(settings, train.features.shape[1])
    if (train.features.shape[1] + 1) * len(rates) * settings.outputs > _MOST_PARAMETERS:
        raise client_error(TOO_LARGE)
    with np.errstate(all="ignore"):  # a rate that is far too high ends in numbers that are none; it is told below
        scaling = measure(train, settings)
        rows = scale(train, scaling, rng.permutation(len(train.labels)))
        checked = None if validation is None else scale(validation, scaling)
        best, epochs = _descend(rows, checked, settings, rates, rng)
        criterion = next(epoch for epoch in reversed(epochs) if epoch.improved).criterion
        model = int(np.argmin(criterion))
        weights, bias = unscale(best[:, model, :], scaling)
    if not (np.isfinite(criterion[model]) and np.isfinite(weights).all() and np.isfinite(bias).all()):
        raise client_error("The loss is not a finite number. Please lower the learning_rate, or check the data.")
    return Fit(weights, bias, rates, model, tuple(epochs))


def _learning_rates(settings: Settings, width: int) -> tuple[float, ...]:
    """One for each model that is fitted."""
    if settings.learning_rate is not None:
        return (settings.learning_rate,)
    return tuple(rate / width**0.5 for rate in _RATES[: settings.num_models])


def linear(features: Array, weights: Wide, bias: Wide) -> Wide:
    """The linear function of each row, (rows, outputs), some rows at a time so as to need little memory."""
    answers = np.empty((len(features), weights.shape[1]))
    for start in range(0, len(features), _SCORED_AT_ONCE):
        part = slice(start, start + _SCORED_AT_ONCE)
        answers[part] = features[part].astype(np.float64) @ weights + bias
    return answers


def _descend(
    rows: Rows, checked: Rows | None, settings: Settings, rates: tuple[float, ...], rng: np.random.Generator
) -> tuple[Array, list[Epoch]]:
    """The parameters (features + 1 for the bias, models, outputs) after the best epoch, and all epochs."""
    descent = _Descent(settings, rates, rows, rng)
    best, least, waiting = descent.parameters.copy(), float("inf"), 0
    epochs: list[Epoch] = []
    for _ in range(settings.epochs):
        train = descent.epoch()
        validation = None if checked is None else descent.losses(checked)
        loss = min(validation or train)
        epochs.append(Epoch(train, validation, improved=not epochs or loss < least))
        enough = least == float("inf") or least - loss > settings.early_stopping_tolerance * abs(least)
        waiting = 0 if enough else waiting + 1
        if epochs[-1].improved:
            best, least = descent.parameters.copy(), loss
        if waiting >= settings.early_stopping_patience:
            break
    return best, epochs


class _Descent:
    """The parameters on their way down, one column of models beside the other."""

    def __init__(self, settings: Settings, rates: tuple[float, ...], rows: Rows, rng: np.random.Generator) -> None:
        self._settings, self._rows, self._rng = settings, rows, rng
        self._loss, self._optimizer, self._steps = LOSS[settings.loss], make_optimizer(settings), 0
        shape = (rows.features.shape[1] + 1, len(rates), settings.outputs)
        self._rates = np.broadcast_to(np.array(rates, np.float32)[None, :, None], (shape[0], shape[1], 1)).copy()
        decay = _WEIGHT_DECAY.get(settings.predictor_type, _DECAY_OF_CLASSES) if settings.wd is None else settings.wd
        self._decay = np.full((shape[0], 1, 1), decay, np.float32)
        faster = settings.bias_lr_mult or max(1.0, _BIAS_RATE * (shape[0] - 1) ** 0.5)
        self._rates[-1] *= faster if settings.use_bias else 0.0
        self._decay[-1] *= settings.bias_wd_mult or 0.0
        self._importance = _importance(rows.labels, settings)
        self.parameters = _start(shape, settings, rng)

    def epoch(self) -> tuple[float, ...]:
        """Pass over all rows once; the mean loss of each model on the way."""
        size, count = self._settings.mini_batch_size, len(self._rows.labels)
        total = np.zeros(self.parameters.shape[1])
        for start in self._rng.permutation(np.arange(0, count, size)):
            total += self._step(slice(int(start), int(start) + size))
        return _means(total, count)

    def losses(self, rows: Rows) -> tuple[float, ...]:
        """The mean loss of each model on these rows."""
        total = np.zeros(self.parameters.shape[1])
        for start in range(0, len(rows.labels), _SCORED_AT_ONCE):
            part = slice(start, start + _SCORED_AT_ONCE)
            total += self._loss(self._raw(rows.features[part]), rows.labels[part], self._settings)[0].sum(0)
        return _means(total, len(rows.labels))

    def _raw(self, features: Array) -> Array:
        size, models, outputs = self.parameters.shape
        raw = features @ self.parameters[:-1].reshape(size - 1, models * outputs)
        return np.asarray(raw.reshape(len(features), models, outputs) + self.parameters[-1])

    def _step(self, part: slice) -> Wide:
        features, importance = self._rows.features[part], self._importance[part, None]
        value, slope = self._loss(self._raw(features), self._rows.labels[part], self._settings)
        slope = slope * importance[..., None] / np.float32(len(features))
        gradient = np.empty_like(self.parameters)
        flat = features.T @ slope.reshape(len(features), -1)
        gradient[:-1] = flat.reshape(gradient[:-1].shape)
        gradient[-1] = slope.sum(0)
        gradient += self._decay * self.parameters
        if self._settings.l1:
            gradient[:-1] += np.float32(self._settings.l1) * np.sign(self.parameters[:-1])
        self.parameters -= self._optimizer.step(gradient, self._rates_now())
        self._steps += 1
        return np.asarray((value * importance).sum(0), np.float64)

    def _rates_now(self) -> Array:
        if not self._settings.use_lr_scheduler:
            return self._rates
        steps, factor, least = _SCHEDULE
        times = self._steps // (self._settings.lr_scheduler_step or steps)
        shrunk = self._rates * np.float32((self._settings.lr_scheduler_factor or factor) ** times)
        floor = np.float32(self._settings.lr_scheduler_minimum_lr or least)
        return np.asarray(np.minimum(self._rates, np.maximum(shrunk, floor)))


def _means(totals: Wide, count: int) -> tuple[float, ...]:
    return tuple(np.nan_to_num(totals / count, nan=np.inf, posinf=np.inf).tolist())


def _start(shape: tuple[int, int, int], settings: Settings, rng: np.random.Generator) -> Array:
    size, models, outputs = shape
    # Every model begins at the same place: only the learning rates differ.
    if settings.init_method == "uniform":
        start = rng.uniform(-settings.init_scale, settings.init_scale, (size, 1, outputs))
    else:
        start = rng.normal(0, settings.init_sigma, (size, 1, outputs))
    start[-1] = settings.init_bias if settings.use_bias else 0.0
    return np.repeat(start.astype(np.float32), models, axis=1)


def _importance(labels: Array, settings: Settings) -> Array:
    """How much each row counts."""
    weights = np.ones(len(labels), np.float32)
    if settings.predictor_type == "binary_classifier":
        positive, mult = labels == 1, settings.positive_example_weight_mult
        share = float(positive.mean())
        balanced = (1 - share) / share if 0 < share < 1 else 1.0
        weights[positive] = balanced if mult == "balanced" else float(mult or 1.0)
    elif settings.predictor_type == "multiclass_classifier" and settings.balance_multiclass_weights:
        counts = np.bincount(labels.astype(np.int64), minlength=settings.num_classes)
        by_class = len(labels) / (np.count_nonzero(counts) * np.maximum(counts, 1))
        weights = by_class.astype(np.float32)[labels.astype(np.int64)]
    return weights

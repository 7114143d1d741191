"""Features and labels brought to one size, so that one learning rate suits all of them, and the way back.

Source: SageMaker developer guide, "How linear learner works" (step 1) and "Linear learner hyperparameters".
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.linear_learner.hyperparameters import Settings
from simulator.linear_learner.records import Rows

Array = npt.NDArray[np.float32]
Wide = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """What is taken off and divided by, for each feature and for the label; 0 and 1 where nothing is."""

    mean: Wide
    deviation: Wide
    label_mean: float
    label_deviation: float


def measure(rows: Rows, settings: Settings) -> Scaling:
    """Measure a sample of the rows, as far as the settings ask for scaling."""
    sample = rows.features[: settings.num_point_for_scaler]
    mean, deviation = sample.mean(0, dtype=np.float64), sample.std(0, dtype=np.float64)
    if settings.normalize_data is False:
        deviation = np.ones_like(deviation)
    unbias = settings.use_bias and not rows.sparse
    if not (unbias if settings.unbias_data is None else settings.unbias_data):
        mean = np.zeros_like(mean)
    return Scaling(mean, np.where(deviation > 0, deviation, 1), *_label_scaling(rows.labels, settings))


def _label_scaling(labels: Array, settings: Settings) -> tuple[float, float]:
    if settings.predictor_type != "regressor":
        return 0.0, 1.0
    sample = labels[: settings.num_point_for_scaler].astype(np.float64)
    deviation = float(sample.std()) if settings.normalize_label is not False else 1.0
    unbias = settings.use_bias if settings.unbias_label is None else settings.unbias_label
    return float(sample.mean()) if unbias else 0.0, deviation or 1.0


def scale(rows: Rows, scaling: Scaling, order: npt.NDArray[np.int64] | None = None) -> Rows:
    """A scaled copy of the rows, in this order."""
    features = rows.features.copy() if order is None else rows.features[order]
    labels = rows.labels if order is None else rows.labels[order]
    features -= scaling.mean.astype(np.float32)
    features /= scaling.deviation.astype(np.float32)
    labels = ((labels - scaling.label_mean) / scaling.label_deviation).astype(np.float32)
    return Rows(features, labels, rows.sparse)


def unscale(parameters: Array, scaling: Scaling) -> tuple[Wide, Wide]:
    """Weights and bias for rows as they are, from those for scaled ones: (features + 1 for the bias, outputs)."""
    weights = parameters[:-1].astype(np.float64) / scaling.deviation[:, None] * scaling.label_deviation
    bias = parameters[-1].astype(np.float64) * scaling.label_deviation + scaling.label_mean
    return weights, bias - scaling.mean @ weights

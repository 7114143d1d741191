"""The score from which on a binary classifier says 1.

Source: SageMaker developer guide, "Linear learner hyperparameters" (binary_classifier_model_selection_criteria).
"""

import numpy as np

from simulator.linear_learner.hyperparameters import Settings
from simulator.linear_learner.scaling import Array, Wide

_UNTUNED = ("cross_entropy_loss", "loss_function")


def calibrate(scores: Array, labels: Array, neutral: float, settings: Settings) -> float:
    """The threshold that is best by the customer's criterion; of several the one nearest to `neutral`.

    `scores` and `labels` are (rows,); `neutral` is the threshold that the loss itself means (a probability of 0.5).
    """
    if settings.binary_classifier_model_selection_criteria in _UNTUNED:
        return neutral
    scores, labels = scores[: settings.num_calibration_samples], labels[: settings.num_calibration_samples]
    thresholds, hits, alarms = curve(scores.astype(np.float64), labels)
    worth = _worth(hits, alarms, float(labels.sum()), len(labels), settings)
    best = thresholds[worth == worth.max()]
    return float(best[np.argmin(np.abs(best - neutral))])


def curve(scores: Wide, labels: Array) -> tuple[Wide, Wide, Wide]:
    """Each threshold that tells some rows apart, and how many rows above it are 1 (hits) and 0 (false alarms)."""
    order = np.argsort(-scores, kind="stable")
    falling, ones = scores[order], labels[order].astype(np.float64)
    ends = np.append(np.nonzero(np.diff(falling))[0], len(falling) - 1)  # the last row of each run of equal scores
    middles = (falling[ends[:-1]] + falling[ends[:-1] + 1]) / 2
    thresholds = np.concatenate([[falling[0] + 1], middles, [falling[-1] - 1]])
    hits = np.concatenate([[0.0], np.cumsum(ones)[ends]])
    return thresholds, hits, np.concatenate([[0.0], ends + 1.0]) - hits


def _worth(hits: Wide, alarms: Wide, ones: float, rows: int, settings: Settings) -> Wide:
    criterion = settings.binary_classifier_model_selection_criteria
    if criterion == "accuracy":
        return hits + (rows - ones - alarms)
    precision, recall = hits / np.maximum(hits + alarms, 1), hits / max(ones, 1)
    if criterion == "precision_at_target_recall":
        return np.where(recall >= settings.target_recall, 1 + precision, recall)
    if criterion == "recall_at_target_precision":
        return np.where(precision >= settings.target_precision, 1 + recall, precision)
    return f_score(precision, recall, 1.0 if criterion == "f1" else settings.f_beta)


def f_score(precision: Wide, recall: Wide, beta: float) -> Wide:
    """The weighted harmonic mean of precision and recall; 0 where both are 0."""
    below = beta**2 * precision + recall
    return (1 + beta**2) * precision * recall / np.where(below > 0, below, 1)

"""How good a model is on a channel, in the measures that Linear Learner reports.

Source: SageMaker developer guide, "Tune a linear learner model" (metrics); names as in the container's log.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from simulator.linear_learner.calibration import curve, f_score
from simulator.linear_learner.fit import linear
from simulator.linear_learner.hyperparameters import Settings
from simulator.linear_learner.losses import LOSS, objective
from simulator.linear_learner.model import LinearModel
from simulator.linear_learner.records import Rows
from simulator.linear_learner.scaling import Array, Wide


def evaluate(model: LinearModel, rows: Rows, settings: Settings) -> Mapping[str, float]:
    """Each measure by the log's name of it, in the log's order; the objective comes first.

    `roc_auc_score` is left out where all labels are the same.
    """
    raw = linear(rows.features, model.weights, model.bias)
    with np.errstate(over="ignore"):
        loss = LOSS[settings.loss](raw[:, None, :].astype(np.float32), rows.labels, settings)[0]
    first = {objective(settings.loss): float(loss.mean(dtype=np.float64))}
    scores = model.scores(rows.features)
    if settings.predictor_type == "regressor":
        return first | _of_regressor(scores[:, 0], rows.labels)
    told = model.labels(scores)
    if settings.predictor_type == "binary_classifier":
        return first | _of_binary(scores[:, 0], told, rows.labels, settings)
    return first | _of_multiclass(scores, told.astype(np.int64), rows.labels.astype(np.int64), settings)


def _of_regressor(scores: Array, labels: Array) -> dict[str, float]:
    off = scores.astype(np.float64) - labels
    return {"mse": float(np.mean(off * off)), "absolute_loss": float(np.mean(np.abs(off)))}


def _of_binary(scores: Array, told: Array, labels: Array, settings: Settings) -> dict[str, float]:
    hits = float(np.sum((told == 1) & (labels == 1)))
    precision, recall = hits / max(float(told.sum()), 1), hits / max(float(labels.sum()), 1)
    f_beta = f_score(np.array(precision), np.array(recall), settings.f_beta)
    measures = {
        "binary_classification_accuracy": float(np.mean(told == labels)),
        f"binary_f_{settings.f_beta:.3f}": float(f_beta),
        "precision": precision,
        "recall": recall,
    }
    if 0 < labels.sum() < len(labels):
        measures["roc_auc_score"] = _area(scores, labels)
    return measures


def _area(scores: Array, labels: Array) -> float:
    """The area under the receiver operating characteristic."""
    _, hits, alarms = curve(scores.astype(np.float64), labels)
    return float(np.sum(np.diff(alarms) * (hits[1:] + hits[:-1])) / 2 / hits[-1] / alarms[-1])


def _of_multiclass(
    scores: Array, told: npt.NDArray[np.int64], labels: npt.NDArray[np.int64], settings: Settings
) -> dict[str, float]:
    own = scores[np.arange(len(labels)), labels]
    rank = (scores > own[:, None]).sum(1)  # how many classes were thought to be likelier than the right one
    recall, precision = _by_class(told, labels, settings.num_classes)
    return {
        "multiclass_accuracy": float(np.mean(told == labels)),
        f"multiclass_top_k_accuracy_{settings.accuracy_top_k}": float(np.mean(rank < settings.accuracy_top_k)),
        "dcg": float(np.mean(1 / np.log2(rank + 2))),
        "macro_recall": float(recall.mean()),
        "macro_precision": float(precision.mean()),
        f"macro_f_{settings.f_beta:.3f}": float(f_score(precision, recall, settings.f_beta).mean()),
    }


def _by_class(told: npt.NDArray[np.int64], labels: npt.NDArray[np.int64], classes: int) -> tuple[Wide, Wide]:
    """Recall and precision of each class that there is."""
    there, thought = np.bincount(labels, minlength=classes), np.bincount(told, minlength=classes)
    hits, present = np.bincount(labels[told == labels], minlength=classes), there > 0
    return hits[present] / there[present], hits[present] / np.maximum(thought[present], 1)

"""The measures that are reported."""

import numpy as np
import pytest

from simulator.linear_learner.evaluation import evaluate
from simulator.linear_learner.hyperparameters import read_settings
from simulator.linear_learner.model import LinearModel
from simulator.linear_learner.records import Rows


def rows(features: list[list[float]], labels: list[float]) -> Rows:
    return Rows(np.array(features, np.float32), np.array(labels, np.float32))


def test_measures_of_a_binary_classifier() -> None:
    """Three are called 1, two of them rightly; one 1 is missed; of four pairs of a 1 and a 0 three are in order."""
    model = LinearModel("binary_classifier", np.ones((1, 1)), np.zeros(1), probability=True, threshold=0.5)
    data = rows([[3], [2], [1], [-1], [-2]], [1, 1, 0, 1, 0])

    found = evaluate(model, data, read_settings({"predictor_type": "binary_classifier"}))

    assert next(iter(found)) == "binary_classification_cross_entropy_objective"
    assert {name: value for name, value in found.items() if not name.endswith("objective")} == pytest.approx(
        {
            "binary_classification_accuracy": 3 / 5,
            "binary_f_1.000": 2 / 3,
            "precision": 2 / 3,
            "recall": 2 / 3,
            "roc_auc_score": 5 / 6,
        }
    )


def test_area_under_the_curve_needs_both_classes() -> None:
    """Where all labels are the same it is not told."""
    model = LinearModel("binary_classifier", np.ones((1, 1)), np.zeros(1), probability=True, threshold=0.5)

    found = evaluate(model, rows([[3], [2]], [1, 1]), read_settings({"predictor_type": "binary_classifier"}))

    assert "roc_auc_score" not in found


def test_measures_of_a_regressor() -> None:
    """Off by 1 and by -3."""
    model = LinearModel("regressor", np.ones((1, 1)), np.zeros(1))

    found = evaluate(model, rows([[3], [2]], [2, 5]), read_settings({"predictor_type": "regressor"}))

    assert found == pytest.approx({"mse_objective": 5, "mse": 5, "absolute_loss": 2})


def test_measures_of_many_classes() -> None:
    """The scores are the features: right, right, second, third; class 2 is never thought of."""
    model = LinearModel("multiclass_classifier", np.eye(3), np.zeros(3), probability=True)
    data = rows([[3, 2, 1], [1, 3, 2], [3, 2, 1], [2, 3, 1]], [0, 1, 1, 2])
    asked = {"predictor_type": "multiclass_classifier", "num_classes": "3", "accuracy_top_k": "2"}

    found = evaluate(model, data, read_settings(asked))

    assert {name: value for name, value in found.items() if not name.endswith("objective")} == pytest.approx(
        {
            "multiclass_accuracy": 2 / 4,
            "multiclass_top_k_accuracy_2": 3 / 4,
            "dcg": (1 + 1 + 1 / np.log2(3) + 1 / 2) / 4,
            "macro_recall": (1 + 1 / 2 + 0) / 3,
            "macro_precision": (1 / 2 + 1 / 2 + 0) / 3,
            "macro_f_1.000": (2 / 3 + 1 / 2 + 0) / 3,
        }
    )

"""The threshold of a binary classifier."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.linear_learner.calibration import calibrate, curve
from simulator.linear_learner.hyperparameters import read_settings

SCORES = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2], np.float32)
LABELS = np.array([1, 1, 0, 1, 0, 0, 1, 0], np.float32)


def threshold(criterion: str, **more: str) -> float:
    asked = {"predictor_type": "binary_classifier", "binary_classifier_model_selection_criteria": criterion, **more}
    return calibrate(SCORES, LABELS, 0.5, read_settings(asked))


@pytest.mark.parametrize(
    ("criterion", "more", "wanted"),
    [
        # Right above 0.55: three ones of four, and three zeros of four. Above 0.75: two ones, but all zeros.
        pytest.param("accuracy", {}, 0.55, id="accuracy"),
        pytest.param("f1", {}, 0.55, id="f1"),
        pytest.param("f_beta", {"f_beta": "3"}, 0.25, id="recall weighs more"),
        pytest.param("f_beta", {"f_beta": "0.1"}, 0.75, id="precision weighs more"),
        pytest.param("precision_at_target_recall", {"target_recall": "0.7"}, 0.55, id="target recall"),
        pytest.param("recall_at_target_precision", {"target_precision": "0.9"}, 0.75, id="target precision"),
        pytest.param("cross_entropy_loss", {}, 0.5, id="not tuned"),
        pytest.param("loss_function", {}, 0.5, id="not tuned either"),
    ],
)
def test_threshold_is_the_best_by_the_criterion(criterion: str, more: dict[str, str], wanted: float) -> None:
    """Worked by hand."""
    assert threshold(criterion, **more) == pytest.approx(wanted)


def test_only_so_many_samples_are_looked_at() -> None:
    """num_calibration_samples: the first three are told apart between 0.8 and 0.7."""
    assert threshold("accuracy", num_calibration_samples="3") == pytest.approx(0.75)


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.5, 0.9]), st.booleans()), min_size=1, max_size=30))
def test_curve_counts_what_is_above_each_threshold(pairs: list[tuple[float, bool]]) -> None:
    """Equal scores stay together."""
    scores, labels = np.array([score for score, _ in pairs]), np.array([one for _, one in pairs], np.float32)

    thresholds, hits, alarms = curve(scores, labels)

    assert hits.tolist() == [float(labels[scores > one].sum()) for one in thresholds]
    assert alarms.tolist() == [float((1 - labels)[scores > one].sum()) for one in thresholds]
    assert len(thresholds) == len(set(scores)) + 1

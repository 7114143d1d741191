"""The losses: what they are worth, and that their slopes are theirs."""

import numpy as np
import pytest

from simulator.linear_learner.hyperparameters import LOSSES, read_settings
from simulator.linear_learner.losses import LOSS, objective

OF = {loss: kind for kind, losses in LOSSES.items() for loss in losses}


@pytest.mark.parametrize("loss", sorted(LOSS))
def test_slope_is_the_slope(loss: str) -> None:
    """A small step changes the loss by as much as the slope says, for each output of each of two models."""
    settings = read_settings({"predictor_type": OF[loss], "num_classes": "3", "loss": loss, "quantile": "0.2"})
    rng = np.random.default_rng(1)
    raw, labels = rng.normal(0, 2, (40, 2, settings.outputs)), np.arange(40.0) % (2 if settings.outputs == 1 else 3)
    step = 1e-6 * rng.normal(size=raw.shape)

    slope = LOSS[loss](raw, labels, settings)[1]
    change = LOSS[loss](raw + step, labels, settings)[0] - LOSS[loss](raw - step, labels, settings)[0]

    np.testing.assert_allclose(change, 2 * (slope * step).sum(-1), rtol=1e-3, atol=1e-9)


@pytest.mark.parametrize(
    ("loss", "raw", "label", "worth"),
    [
        ("logistic", [0.0], 1, 0.693147),
        ("logistic", [1000.0], 0, 1000.0),
        ("hinge_loss", [0.25], 1, 0.75),
        ("hinge_loss", [2.0], 1, 0.0),
        ("softmax_loss", [0.0, 0.0, 0.0], 2, 1.098612),
        ("squared_loss", [3.0], 1, 4.0),
        ("absolute_loss", [3.0], 1, 2.0),
        ("eps_insensitive_squared_loss", [3.0], 1, 1.99**2),
        ("eps_insensitive_absolute_loss", [3.0], 1, 1.99),
        ("quantile_loss", [3.0], 1, 0.8 * 2),
        ("quantile_loss", [1.0], 3, 0.2 * 2),
        ("huber_loss", [3.0], 1, 1.5),
        ("huber_loss", [1.5], 1, 0.125),
    ],
)
def test_loss_is_worth_what_the_guide_means(loss: str, raw: list[float], label: float, worth: float) -> None:
    """Worked by hand: quantile 0.2, and the defaults of margin, loss_insensitivity and huber_delta."""
    settings = read_settings({"predictor_type": OF[loss], "num_classes": "3", "loss": loss, "quantile": "0.2"})

    found = LOSS[loss](np.array([[raw]]), np.array([label], np.float64), settings)[0]

    np.testing.assert_allclose(found, [[worth]], rtol=1e-5)


def test_objectives_bear_the_names_of_the_log() -> None:
    """SageMaker reads the metrics by them."""
    assert [objective(loss) for loss in ("logistic", "softmax_loss", "squared_loss", "huber_loss")] == [
        "binary_classification_cross_entropy_objective",
        "multiclass_cross_entropy_objective",
        "mse_objective",
        "huber_loss_objective",
    ]

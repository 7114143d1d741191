"""A training job of Linear Learner: from what the customer asks to the model and the log."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from simulator.linear_learner.calibration import calibrate
from simulator.linear_learner.channels import Channel, read_channels
from simulator.linear_learner.evaluation import evaluate
from simulator.linear_learner.failure import TrainingFailed
from simulator.linear_learner.fit import Fit, fit
from simulator.linear_learner.hyperparameters import Settings, read_settings
from simulator.linear_learner.model import LinearModel, dump
from simulator.linear_learner.records import Rows
from simulator.linear_learner.training_log import TrainingLog, read_metrics


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training job leaves behind.

    `artifact` is the model.tar.gz, `log` the lines in CloudWatch, `metrics` the FinalMetricDataList by name;
    `epochs` says how many passes were made over `examples` records.
    """

    artifact: bytes
    log: tuple[str, ...]
    metrics: Mapping[str, float]
    epochs: int
    examples: int


def train(
    hyperparameters: Mapping[str, str],
    channels: Mapping[str, Channel],
    *,
    seed: int = 0,
    started: dt.datetime | None = None,
) -> Trained:
    """Train a model; the same arguments give the same bytes on the same machine.

    `started`, aware, dates the log's lines; without it they bear no date.

    Raises:
        TrainingFailed: the hyperparameters or the data are not valid; it holds the log until then.
    """
    log = TrainingLog(started)
    opening = log.opening(hyperparameters)
    try:
        settings = read_settings(hyperparameters)
        rows = read_channels(channels, settings)
        fitted = fit(rows["train"], rows.get("validation"), settings, seed)
    except TrainingFailed as error:
        raise TrainingFailed(error.reason, opening + log.failure(error.reason)) from error
    model = _model(fitted, rows, settings)
    scored = [name for name in ("validation" if "validation" in rows else "train", "test") if name in rows]
    measures = {name: evaluate(model, rows[name], settings) for name in scored}
    lines = opening + log.training(fitted, rows["train"], settings)
    lines += log.closing(fitted, rows["train"], settings, measures)
    return Trained(dump(model), lines, read_metrics(lines), len(fitted.epochs), len(rows["train"].labels))


def _model(fitted: Fit, rows: Mapping[str, Rows], settings: Settings) -> LinearModel:
    probability = settings.loss in ("logistic", "softmax_loss")
    neutral = 0.5 if probability else 0.0
    model = LinearModel(settings.predictor_type, fitted.weights, fitted.bias, probability, neutral)
    if settings.predictor_type != "binary_classifier":
        return model
    sample = rows.get("validation", rows["train"])
    threshold = calibrate(model.scores(sample.features)[:, 0], sample.labels, neutral, settings)
    return LinearModel(settings.predictor_type, fitted.weights, fitted.bias, probability, threshold)

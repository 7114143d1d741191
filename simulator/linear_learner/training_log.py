"""What the container of Linear Learner writes while it trains, and the metrics that SageMaker reads from it.

The lines are those of the real container in their order and wording. There is no clock here: a record takes
1/20,000 of a second, as on the small machines of public logs.

Source: logs in public notebooks of 2020 to 2024; metric definitions as DescribeHyperParameterTuningJob shows them
for this algorithm.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simulator.linear_learner.fit import Epoch, Fit
from simulator.linear_learner.hyperparameters import DEFAULTS, Settings
from simulator.linear_learner.losses import objective
from simulator.linear_learner.records import Rows

_THREAD = 140513285547840
_RECORDS_PER_S = 20_000
_DEFAULTS_FILE = "/opt/amazon/lib/python3.8/site-packages/algorithm/resources/default-input.json"
_GIVEN_FILE = "/opt/ml/input/config/hyperparameters.json"
_ALGORITHM = {"Algorithm": "Linear Learner", "Host": "algo-1", "Operation": "training"}

_OF_CHANNEL = {
    "objective_loss:final": r"\S+_objective <loss>",
    "binary_classification_accuracy": "binary_classification_accuracy <score>",
    "binary_f_beta": r"binary_f_\S+ <score>",
    "precision": "precision <score>",
    "recall": "recall <score>",
    "roc_auc_score": "roc_auc_score <score>",
    "mse": "mse <loss>",
    "absolute_loss": "absolute_loss <loss>",
    "multiclass_accuracy": "multiclass_accuracy <score>",
    "multiclass_top_k_accuracy": r"multiclass_top_k_accuracy_\S+ <score>",
    "dcg": "dcg <score>",
    "macro_recall": "macro_recall <score>",
    "macro_precision": "macro_precision <score>",
    "macro_f_beta": r"macro_f_\S+ <score>",
}


def _definitions() -> Iterator[tuple[str, str]]:
    yield "train:progress", r"#progress_metric: host=\S+, completed (\S+) %"
    yield "train:throughput", r"#throughput_metric: host=\S+, train throughput=(\S+) records/second"
    for channel in ("train", "validation"):
        yield (
            f"{channel}:objective_loss",
            rf"#quality_metric: host=\S+, epoch=\S+, {channel} \S+_objective <loss>=(\S+)",
        )
    yield "test:objective_loss", r"#quality_metric: host=\S+, test \S+_objective <loss>=(\S+)"
    for channel in ("train", "validation", "test"):
        for name, pattern in _OF_CHANNEL.items():
            if (channel, name) != ("test", "objective_loss:final"):
                yield f"{channel}:{name}", rf"#quality_metric: host=\S+, {channel} {pattern}=(\S+)"


METRIC_DEFINITIONS: Mapping[str, str] = MappingProxyType(dict(_definitions()))
"""Name and regular expression, as in AlgorithmSpecification.MetricDefinitions of DescribeTrainingJob."""


def read_metrics(log: tuple[str, ...]) -> Mapping[str, float]:
    """What FinalMetricDataList holds: the last value of each metric that occurs in the log."""
    text = "\n".join(log)
    found = {name: re.findall(pattern, text) for name, pattern in METRIC_DEFINITIONS.items()}
    return {name: float(values[-1]) for name, values in found.items() if values}


@dataclass(frozen=True, slots=True)
class TrainingLog:
    """Writes the lines; `started`, aware, dates them. Without it they bear no date, and times count from 0."""

    started: dt.datetime | None = None

    def opening(self, given: Mapping[str, str]) -> tuple[str, ...]:
        """From the start until the data are read."""
        return (
            "Docker entrypoint called with argument(s): train",
            "Running default environment configuration script",
            self._info(0, f"Reading default configuration from {_DEFAULTS_FILE}: {dict(DEFAULTS)}"),
            self._info(0, f"Merging with provided configuration from {_GIVEN_FILE}: {dict(given)}"),
            self._info(0, f"Final configuration: {dict(DEFAULTS) | dict(given)}"),
            "Process 1 is a worker.",
            self._info(0, "Using default worker."),
            self._info(0, "Checkpoint loading and saving are disabled."),
        )

    def failure(self, reason: str) -> tuple[str, ...]:
        """The end of a job that fails with this FailureReason."""
        words = reason.replace("ClientError:", "Customer Error:", 1).replace("AlgorithmError:", "Algorithm Error:", 1)
        return (self._line(0, "ERROR", words),)

    def training(self, fitted: Fit, train: Rows, settings: Settings) -> tuple[str, ...]:
        """The passes over the data."""
        return (
            self._info(0, "Create Store: local"),
            self._info(0, "Number of GPUs being used: 0"),
            *(line for number in range(len(fitted.epochs)) for line in self._epoch(fitted, number, train, settings)),
        )

    def closing(
        self, fitted: Fit, train: Rows, settings: Settings, measures: Mapping[str, Mapping[str, float]]
    ) -> tuple[str, ...]:
        """The scores, by channel (`train` or `validation`, and `test`), and the end."""
        at = len(fitted.epochs) * _seconds(train)
        early = len(fitted.epochs) < settings.epochs
        best = {"optimizer": settings.optimizer or "adam", "learning_rate": fitted.rates[fitted.model]}
        best |= {"l1": settings.l1 or 0.0, "wd": settings.wd} if settings.wd is not None else {}
        lines = [self._info(at, "Early stop condition met. Stopping training.")] if early else []
        lines += [self._info(at, "#progress_metric: host=algo-1, completed 100 % epochs")] if early else []
        for channel in ("train", "validation"):
            lines += self._scores(at, channel, measures.get(channel, {}))
        lines.append(self._info(at, f"Best model found for hyperparameters: {json.dumps(best)}"))
        lines += self._scores(at, "test", measures.get("test", {}))
        lines += [] if "test" in measures else [self._info(at, "Test data is not provided.")]
        totals = {"epochs": settings.epochs, "totaltime": 1000 * at}
        return (*lines, self._metrics(0, at, {}, totals))

    def _epoch(self, fitted: Fit, number: int, train: Rows, settings: Settings) -> Iterator[str]:
        epoch, seconds, name = fitted.epochs[number], _seconds(train), objective(settings.loss)
        began, at = number * seconds, (number + 1) * seconds
        for channel, losses in (("train", epoch.train), ("validation", epoch.validation)):
            for model, loss in enumerate(losses or ()):
                yield self._metrics(began, at, {"epoch": number, "model": model}, {f"{channel}_{name}": loss})
            if losses is not None:
                what = f"host=algo-1, epoch={number}, {channel} {name} <loss>={losses[fitted.model]}"
                yield self._info(at, f"#quality_metric: {what}")
        yield from self._verdict(at, number, epoch, name)
        done = 100 * (number + 1) // settings.epochs
        yield self._info(at, f"#progress_metric: host=algo-1, completed {done} % of epochs")
        count = len(train.labels)
        seen = {"Number of Records Since Last Reset": count, "Total Records Seen": count * (number + 1)}
        yield self._metrics(began, at, {"Meta": "training_data_iter", "epoch": number}, seen)
        yield self._info(at, f"#throughput_metric: host=algo-1, train throughput={count / seconds} records/second")

    def _verdict(self, at: float, number: int, epoch: Epoch, name: str) -> Iterator[str]:
        what = f"host=algo-1, epoch={number}, criteria={name}, value={min(epoch.criterion)}"
        yield self._info(at, f"#early_stopping_criteria_metric: {what}")
        if epoch.improved:
            yield self._info(at, f"Epoch {number}: Loss improved. Updating best model")
            yield self._info(at, f"Saving model for epoch: {number}")

    def _scores(self, at: float, channel: str, measures: Mapping[str, float]) -> list[str]:
        lines = [self._info(at, f"#{channel}_score (algo-1) : {(name, value)}") for name, value in measures.items()]
        for name, value in measures.items():
            kind = "loss" if name.endswith(("_objective", "_loss")) or name == "mse" else "score"
            lines.append(self._info(at, f"#quality_metric: host=algo-1, {channel} {name} <{kind}>={value}"))
        return lines

    def _metrics(self, began: float, at: float, dimensions: Mapping[str, object], values: Mapping[str, float]) -> str:
        base = self.started.timestamp() if self.started else 0.0
        fields = {
            "StartTime": base + began,
            "EndTime": base + at,
            "Dimensions": _ALGORITHM | dict(dimensions),
            "Metrics": {name: {"sum": value, "count": 1, "min": value, "max": value} for name, value in values.items()},
        }
        return f"#metrics {json.dumps(fields)}"

    def _info(self, at: float, text: str) -> str:
        return self._line(at, "INFO", text)

    def _line(self, at: float, level: str, text: str) -> str:
        stamp = f"{self.started + dt.timedelta(seconds=at):%m/%d/%Y %H:%M:%S} " if self.started else ""
        return f"[{stamp}{level} {_THREAD}] {text}"


def _seconds(rows: Rows) -> float:
    return len(rows.labels) / _RECORDS_PER_S

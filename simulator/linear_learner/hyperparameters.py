"""The hyperparameters of Linear Learner: names, defaults, valid values, and what is said of a bad one.

Source: SageMaker developer guide, "Linear learner hyperparameters"; defaults from the container's own log
("Reading default configuration"); sentences from the configuration validator that AWS published with its
Vowpal Wabbit container (amazon-sagemaker-examples).
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from simulator.linear_learner.failure import client_error

PredictorType = Literal["binary_classifier", "regressor", "multiclass_classifier"]

_INTEGER = re.compile(r"[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_FALSE, _TRUE = ("false", "False"), ("true", "True")

LOSSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "binary_classifier": ("logistic", "hinge_loss"),
        "multiclass_classifier": ("softmax_loss",),
        "regressor": (
            "squared_loss",
            "absolute_loss",
            "eps_insensitive_squared_loss",
            "eps_insensitive_absolute_loss",
            "quantile_loss",
            "huber_loss",
        ),
    }
)  # the first one is what `auto` means


@dataclass(frozen=True, slots=True)
class Rule:
    """What one hyperparameter may be.

    `choices` are words; `low` and `high` bound a number, which is whole if `whole`; `open_low` and `open_high`
    exclude the bound itself. `default` is None where the customer must give a value.
    """

    default: str | None
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    whole: bool = False
    open_low: bool = False
    open_high: bool = False
    free: bool = False

    def read(self, name: str, text: str) -> Any:
        """The value: a word, a number, or a bool; None for `auto`.

        Raises:
            TrainingFailed: the text is none of these.
        """
        if self.free or text in self.choices:
            return _word(text)
        number = self._number(text)
        if number is None:
            raise client_error(self._refusal(name, text), "ValidationError")
        return number

    def _number(self, text: str) -> float | None:
        if self.low is None and self.high is None:
            return None
        if not (_INTEGER if self.whole else _NUMBER).fullmatch(text):
            return None
        value = int(text) if self.whole else float(text)
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        at_bound = (self.open_low and value == low) or (self.open_high and value == high) or math.isinf(value)
        return value if low <= value <= high and not at_bound else None

    def _refusal(self, name: str, text: str) -> str:
        said = f"The value '{text}' is not valid for the '{name}' hyperparameter which"
        if self.low is None and self.high is None:
            words = ", ".join(f"'{one}'" for one in self.choices)
            return f"{said} accepts one of the following: {words}"
        pattern = "[1-9][0-9]*" if self.whole else _NUMBER.pattern
        pattern = "|".join([*self.choices, pattern])
        expected = f"a string which matches the pattern '^({pattern})$'; or {self._bounds()}"
        return f"{said} expects one of the following: {expected}"

    def _bounds(self) -> str:
        kind = "an integer" if self.whole else "a number"
        if self.high is not None:
            return f"{kind} between {self.low:g} and {self.high:.15g}"
        return f"{kind} greater than {self.low:g}"


def _word(text: str) -> str | bool | None:
    if text in _FALSE + _TRUE:
        return text in _TRUE
    return None if text == "auto" else text


_AUTO = ("auto",)


def _flag(default: str, *more: str) -> Rule:
    return Rule(default, choices=(*_TRUE, *_FALSE, *more))


def _count(default: str | None, *words: str, low: int = 1, high: int | None = None) -> Rule:
    return Rule(default, choices=words, low=low, high=high, whole=True)


def _positive(default: str, *words: str) -> Rule:
    return Rule(default, choices=words, low=0, open_low=True)


def _share(default: str, *words: str, open_low: bool = True, open_high: bool = True) -> Rule:
    return Rule(default, choices=words, low=0, high=1, open_low=open_low, open_high=open_high)


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "accuracy_top_k": _count("3", high=1_000_000),
        "balance_multiclass_weights": _flag("false"),
        "beta_1": _share("auto", "auto", open_low=False),
        "beta_2": _share("auto", "auto", open_low=False),
        "bias_lr_mult": _positive("auto", "auto"),
        "bias_wd_mult": Rule("auto", choices=_AUTO, low=0),
        "binary_classifier_model_selection_criteria": Rule(
            "accuracy",
            choices=(
                "accuracy",
                "f_beta",
                "f1",
                "precision_at_target_recall",
                "recall_at_target_precision",
                "cross_entropy_loss",
                "loss_function",
            ),
        ),
        "early_stopping_patience": _count("3"),
        "early_stopping_tolerance": _positive("0.001"),
        "epochs": _count("15"),
        "f_beta": _positive("1.0"),
        "feature_dim": _count("auto", "auto"),
        "huber_delta": Rule("1.0", low=0),
        "init_bias": Rule("0.0", low=-1e30, high=1e30),
        "init_method": Rule("uniform", choices=("uniform", "normal")),
        "init_scale": _positive("0.07"),
        "init_sigma": _positive("0.01"),
        "l1": Rule("auto", choices=_AUTO, low=0),
        "learning_rate": _positive("auto", "auto"),
        "loss": Rule("auto", choices=(*_AUTO, *(loss for losses in LOSSES.values() for loss in losses))),
        "loss_insensitivity": _positive("0.01"),
        "lr_scheduler_factor": _share("auto", "auto"),
        "lr_scheduler_minimum_lr": _positive("auto", "auto"),
        "lr_scheduler_step": _count("auto", "auto"),
        "margin": Rule("1.0", low=0),
        "mini_batch_size": _count("1000"),
        "momentum": _share("auto", "auto", open_low=False),
        "normalize_data": _flag("true", "auto"),
        "normalize_label": _flag("auto", "auto"),
        "num_calibration_samples": _count("10000000"),
        "num_classes": _count("1", high=1_000_000),
        "num_models": _count("auto", "auto"),
        "num_point_for_scaler": _count("10000"),
        "optimizer": Rule("auto", choices=("auto", "sgd", "adam", "rmsprop")),
        "positive_example_weight_mult": _positive("1.0", "auto", "balanced"),
        "predictor_type": Rule(None, choices=("binary_classifier", "regressor", "multiclass_classifier")),
        "quantile": _share("0.5"),
        "target_precision": _share("0.8"),
        "target_recall": _share("0.8"),
        "unbias_data": _flag("auto", "auto"),
        "unbias_label": _flag("auto", "auto"),
        "use_bias": _flag("true"),
        "use_lr_scheduler": _flag("true"),
        "wd": Rule("auto", choices=_AUTO, low=0),
        "_enable_profiler": Rule("false", free=True),
        "_kvstore": Rule("auto", free=True),
        "_log_level": Rule("info", free=True),
        "_num_gpus": Rule("auto", free=True),
        "_num_kv_servers": Rule("auto", free=True),
        "_tuning_objective_metric": Rule("", free=True),
    }
)
DEFAULTS: Mapping[str, str] = MappingProxyType(
    {name: rule.default for name, rule in RULES.items() if rule.default is not None}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The hyperparameters, read and checked; None where the algorithm itself chooses (`auto`)."""

    predictor_type: PredictorType
    accuracy_top_k: int
    balance_multiclass_weights: bool
    beta_1: float | None
    beta_2: float | None
    bias_lr_mult: float | None
    bias_wd_mult: float | None
    binary_classifier_model_selection_criteria: str
    early_stopping_patience: int
    early_stopping_tolerance: float
    epochs: int
    f_beta: float
    feature_dim: int | None
    huber_delta: float
    init_bias: float
    init_method: str
    init_scale: float
    init_sigma: float
    l1: float | None
    learning_rate: float | None
    loss: str
    loss_insensitivity: float
    lr_scheduler_factor: float | None
    lr_scheduler_minimum_lr: float | None
    lr_scheduler_step: int | None
    margin: float
    mini_batch_size: int
    momentum: float | None
    normalize_data: bool | None
    normalize_label: bool | None
    num_calibration_samples: int
    num_classes: int
    num_models: int | None
    num_point_for_scaler: int
    optimizer: str | None
    positive_example_weight_mult: float | str | None
    quantile: float
    target_precision: float
    target_recall: float
    unbias_data: bool | None
    unbias_label: bool | None
    use_bias: bool
    use_lr_scheduler: bool
    wd: float | None

    @property
    def outputs(self) -> int:
        """How many numbers the linear function gives: one for each class, or a single one."""
        return self.num_classes if self.predictor_type == "multiclass_classifier" else 1


def read_settings(given: Mapping[str, str]) -> Settings:
    """Check the customer's hyperparameters and put the defaults beside them.

    Raises:
        TrainingFailed: a name is unknown, a value is missing or not valid, or two do not fit together.
    """
    _check_names(given)
    texts = {**DEFAULTS, **given}
    values = {name: rule.read(name, str(texts[name])) for name, rule in RULES.items()}
    values["loss"] = _loss(values["predictor_type"], values["loss"])
    if values["predictor_type"] == "multiclass_classifier":
        _count(None, low=3, high=1_000_000).read("num_classes", given["num_classes"])
    return Settings(**{name: value for name, value in values.items() if not name.startswith("_")})


def _check_names(given: Mapping[str, str]) -> None:
    unknown = [repr(name) for name in given if name not in RULES]
    if unknown:
        verb = "was" if len(unknown) == 1 else "were"
        message = f"Additional hyperparameters are not allowed ({', '.join(unknown)} {verb} unexpected)"
        raise client_error(message, "ValidationError")
    needed = ["predictor_type"]
    if given.get("predictor_type") == "multiclass_classifier":
        needed.append("num_classes")
    missing = ", ".join(repr(name) for name in needed if name not in given)
    if missing:
        message = f"No value(s) were specified for {missing} which are required hyperparameter(s)"
        raise client_error(message, "ValidationError")


def _loss(predictor_type: str, loss: str | None) -> str:
    fitting = LOSSES[predictor_type]
    if loss is not None and loss not in fitting:
        words = ", ".join(f"'{one}'" for one in ("auto", *fitting))
        raise client_error(
            f"The value '{loss}' is not valid for the 'loss' hyperparameter which accepts one of the following "
            f"when 'predictor_type' is '{predictor_type}': {words}",
            "ValidationError",
        )
    return loss or fitting[0]

"""The hyperparameters: what is valid, and what is said of the rest."""

import contextlib
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.linear_learner import TrainingFailed
from simulator.linear_learner.hyperparameters import DEFAULTS, LOSSES, RULES, Settings, read_settings

BINARY = {"predictor_type": "binary_classifier"}
WHOLE = "a string which matches the pattern '^([1-9][0-9]*)$'; or an integer greater than 1"
NUMBER = r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?"


def test_defaults_are_those_of_the_guide() -> None:
    """Only the kind of predictor must be given."""
    settings = read_settings(BINARY)

    assert (settings.epochs, settings.mini_batch_size, settings.loss) == (15, 1000, "logistic")
    assert (settings.early_stopping_patience, settings.early_stopping_tolerance) == (3, 0.001)
    assert (settings.feature_dim, settings.learning_rate, settings.wd, settings.optimizer) == (None,) * 4
    assert settings.use_bias


def test_values_are_read_as_what_they_are() -> None:
    """Numbers, whole numbers and words; the SDK writes truth with a capital letter."""
    given_ = {"feature_dim": "784", "learning_rate": "1e-05", "use_bias": "False", "optimizer": "sgd", "epochs": "3"}

    settings = read_settings(BINARY | given_)

    found = (settings.feature_dim, settings.learning_rate, settings.use_bias, settings.optimizer, settings.epochs)
    assert found == (784, 1e-05, False, "sgd", 3)


def test_what_a_tuning_job_adds_is_no_fault() -> None:
    """Its children get the objective as a hyperparameter."""
    read_settings(BINARY | {"_tuning_objective_metric": "validation:binary_f_beta"})


@pytest.mark.parametrize(("predictor_type", "loss"), [(kind, loss) for kind, fit in LOSSES.items() for loss in fit])
def test_each_loss_fits_its_predictor(predictor_type: str, loss: str) -> None:
    """The losses of the guide are accepted."""
    settings = read_settings({"predictor_type": predictor_type, "num_classes": "3", "loss": loss})

    assert settings.loss == loss


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        pytest.param(
            {}, "No value(s) were specified for 'predictor_type' which are required hyperparameter(s)", id="nothing"
        ),
        pytest.param(
            {"predictor_type": "multiclass_classifier"},
            "No value(s) were specified for 'num_classes' which are required hyperparameter(s)",
            id="no num_classes",
        ),
        pytest.param(
            BINARY | {"feature_dims": "784"},
            "Additional hyperparameters are not allowed ('feature_dims' was unexpected)",
            id="unknown name",
        ),
        pytest.param(
            BINARY | {"foo": "1", "bar": "2"},
            "Additional hyperparameters are not allowed ('foo', 'bar' were unexpected)",
            id="unknown names",
        ),
        pytest.param(
            {"predictor_type": "classifier"},
            "The value 'classifier' is not valid for the 'predictor_type' hyperparameter which accepts one of the "
            "following: 'binary_classifier', 'regressor', 'multiclass_classifier'",
            id="unknown predictor",
        ),
        pytest.param(
            BINARY | {"feature_dim": "many"},
            "The value 'many' is not valid for the 'feature_dim' hyperparameter which expects one of the following: "
            "a string which matches the pattern '^(auto|[1-9][0-9]*)$'; or an integer greater than 1",
            id="feature_dim",
        ),
        pytest.param(
            BINARY | {"mini_batch_size": "0"},
            "The value '0' is not valid for the 'mini_batch_size' hyperparameter which expects one of the following: "
            f"{WHOLE}",
            id="mini_batch_size",
        ),
        pytest.param(
            BINARY | {"epochs": "1.5"},
            f"The value '1.5' is not valid for the 'epochs' hyperparameter which expects one of the following: {WHOLE}",
            id="epochs",
        ),
        pytest.param(
            BINARY | {"learning_rate": "0"},
            "The value '0' is not valid for the 'learning_rate' hyperparameter which expects one of the following: "
            f"a string which matches the pattern '^(auto|{NUMBER})$'; or a number greater than 0",
            id="learning_rate",
        ),
        pytest.param(
            BINARY | {"target_recall": "1.0"},
            "The value '1.0' is not valid for the 'target_recall' hyperparameter which expects one of the following: "
            f"a string which matches the pattern '^({NUMBER})$'; or a number between 0 and 1",
            id="target_recall",
        ),
        pytest.param(
            {"predictor_type": "multiclass_classifier", "num_classes": "2"},
            "The value '2' is not valid for the 'num_classes' hyperparameter which expects one of the following: "
            "a string which matches the pattern '^([1-9][0-9]*)$'; or an integer between 3 and 1000000",
            id="num_classes",
        ),
        pytest.param(
            BINARY | {"loss": "softmax_loss"},
            "The value 'softmax_loss' is not valid for the 'loss' hyperparameter which accepts one of the following "
            "when 'predictor_type' is 'binary_classifier': 'auto', 'logistic', 'hinge_loss'",
            id="loss of another predictor",
        ),
    ],
)
def test_bad_hyperparameter_is_told_in_aws_words(given_: dict[str, str], said: str) -> None:
    """The customer reads which one it is and what it may be."""
    with pytest.raises(TrainingFailed) as error:
        read_settings(given_)

    assert error.value.reason == f"ClientError: {said} (caused by ValidationError)"


@given(st.sampled_from(sorted(RULES)), st.text(max_size=12))
def test_any_text_is_a_value_or_is_refused(name: str, text: str) -> None:
    """There is no other exception."""
    with contextlib.suppress(TrainingFailed):
        assert isinstance(read_settings(BINARY | {name: text}), Settings)


def test_each_hyperparameter_has_a_setting_and_a_valid_default() -> None:
    """The table and the type name the same things."""
    public = {name for name in RULES if not name.startswith("_")}

    assert {field.name for field in dataclasses.fields(Settings)} == public
    assert set(RULES) - set(DEFAULTS) == {"predictor_type"}

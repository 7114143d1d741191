"""Training jobs: what is learnt, and how they fail."""

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pytest

from simulator.linear_learner import Channel, LinearModel, Trained, TrainingFailed, load, train
from simulator.linear_learner.records import Rows, write_examples

LESSON = {"feature_dim": "784", "predictor_type": "binary_classifier", "mini_batch_size": "200"}
SMALL = {"predictor_type": "binary_classifier", "mini_batch_size": "2"}
CSV = "text/csv"


def right(model: LinearModel, rows: Rows) -> float:
    return float((model.labels(model.scores(rows.features)) == rows.labels).mean())


def channel(rows: Rows) -> Channel:
    return Channel(None, (write_examples(rows.features, rows.labels),))


# -- learning ---------------------------------------------------------------------------------------------------


def test_zeros_are_told_from_other_digits_never_seen(model: LinearModel, unseen: Rows) -> None:
    """The lesson's question, on real digits."""
    assert right(model, unseen) >= 0.97


def test_ten_digits_are_told_apart(digits: Rows) -> None:
    """A linear function for each class."""
    some, others = (
        Rows(digits.features[:1600], digits.labels[:1600]),
        Rows(digits.features[1600:], digits.labels[1600:]),
    )
    asked = {"predictor_type": "multiclass_classifier", "num_classes": "10", "mini_batch_size": "200"}

    model = load(train(asked, {"train": channel(some)}).artifact)

    assert right(model, others) >= 0.85


def line(count: int = 400) -> Rows:
    """Rows of three features of very different sizes, and 2 a - 3 b + c / 100 + 5 of them."""
    rng = np.random.default_rng(3)
    rows = rng.normal((0, 5, 2000), (1, 0.1, 500), (count, 3)).astype(np.float32)
    return Rows(rows, (rows @ np.array([2, -3, 0.01]) + 5).astype(np.float32))


@pytest.mark.parametrize(
    ("optimizer", "learning_rate"), [("auto", "auto"), ("adam", "0.1"), ("rmsprop", "0.01"), ("sgd", "0.05")]
)
def test_regressor_finds_the_line(optimizer: str, learning_rate: str) -> None:
    """Weights and bias are those of the customer's own features, however these are scaled within."""
    asked = {"predictor_type": "regressor", "mini_batch_size": "20", "epochs": "40"}
    asked |= {"optimizer": optimizer, "learning_rate": learning_rate}

    model = load(train(asked, {"train": channel(line())}).artifact)

    np.testing.assert_allclose(model.weights[:, 0], [2, -3, 0.01], rtol=0.02)
    np.testing.assert_allclose(model.bias, [5], rtol=0.05)


def test_csv_and_recordio_give_the_same_model() -> None:
    """The label is the first column; the numbers are written so that 32 bits come back exactly."""
    rows = line(40)
    table = np.column_stack([rows.labels, rows.features]).astype(np.float64).tolist()
    text = "\n".join(",".join(map(repr, row)) for row in table)
    asked = {"predictor_type": "regressor", "mini_batch_size": "10"}

    of_csv = train(asked, {"train": Channel("text/csv;label_size=1", (text.encode(),))})
    of_records = train(asked, {"train": channel(rows)})

    assert of_csv == of_records


def test_files_of_a_channel_are_one_after_the_other() -> None:
    """An S3 prefix may hold several objects."""
    rows = line(40)
    first = write_examples(rows.features[:15], rows.labels[:15])
    parts = (first, b"", write_examples(rows.features[15:], rows.labels[15:]))
    asked = {"predictor_type": "regressor", "mini_batch_size": "10"}

    split = train(asked, {"train": Channel(None, parts)})

    assert split == train(asked, {"train": channel(rows)})


def test_same_job_gives_the_same_bytes(trained: Trained, seen: Rows) -> None:
    """Nothing depends on the time or on chance."""
    again = train(LESSON, {"train": channel(seen)})

    assert again == trained


def test_another_seed_and_other_data_give_other_models(trained: Trained, seen: Rows) -> None:
    """A model is what its own training has made it."""
    other_seed = train(LESSON, {"train": channel(seen)}, seed=1)
    other_data = train(LESSON, {"train": channel(Rows(seen.features, 1 - seen.labels))})

    assert len({trained.artifact, other_seed.artifact, other_data.artifact}) == 3


def test_epochs_are_honoured() -> None:
    """Not one more than asked."""
    asked = {"predictor_type": "regressor", "mini_batch_size": "100", "epochs": "4"}

    result = train(asked, {"train": channel(line())})

    assert (result.epochs, result.examples) == (4, 400)


def test_training_stops_early_where_nothing_improves() -> None:
    """Labels that have nothing to do with the features: there is nothing more to learn."""
    rng = np.random.default_rng(0)
    rows = Rows(rng.normal(size=(400, 2)).astype(np.float32), rng.permutation(np.arange(400) % 2).astype(np.float32))
    asked = SMALL | {"mini_batch_size": "100", "epochs": "100"}

    result = train(asked | {"early_stopping_patience": "2"}, {"train": channel(rows)})

    assert result.epochs < 100
    assert "Early stop condition met. Stopping training." in "\n".join(result.log)


def test_without_a_bias_the_function_goes_through_the_origin() -> None:
    """use_bias says so."""
    asked = {"predictor_type": "regressor", "mini_batch_size": "100", "use_bias": "false"}

    model = load(train(asked, {"train": channel(line())}).artifact)

    assert model.bias.tolist() == [0.0]


def test_weight_of_positive_examples_raises_the_recall() -> None:
    """positive_example_weight_mult, where neither the threshold nor anything else is tuned."""
    rng = np.random.default_rng(0)
    labels = (np.arange(400) % 8 == 0).astype(np.float32)
    rows = Rows(rng.normal(labels[:, None], 1).astype(np.float32), labels)
    asked = SMALL | {"mini_batch_size": "50", "binary_classifier_model_selection_criteria": "cross_entropy_loss"}

    recalls = [
        train(asked | {"positive_example_weight_mult": mult}, {"train": channel(rows)}).metrics["train:recall"]
        for mult in ("1.0", "balanced")
    ]

    assert recalls[0] < 0.2 < 0.5 < recalls[1]


def test_l1_leaves_weights_out() -> None:
    """A feature that says nothing gets a weight of nearly 0."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(1000, 2)).astype(np.float32)
    asked = {"predictor_type": "regressor", "mini_batch_size": "50", "l1": "0.3"}

    model = load(train(asked, {"train": channel(Rows(rows, rows[:, 0] + np.float32(0.1) * rows[:, 1]))}).artifact)

    assert abs(model.weights[1, 0]) < 0.02 < 0.7 < model.weights[0, 0]


# -- metrics and log --------------------------------------------------------------------------------------------


def test_metrics_of_a_binary_classifier_are_those_of_aws(trained: Trained) -> None:
    """FinalMetricDataList's names, for a job with a train channel only."""
    assert list(trained.metrics) == [
        "train:progress",
        "train:throughput",
        "train:objective_loss",
        "train:objective_loss:final",
        "train:binary_classification_accuracy",
        "train:binary_f_beta",
        "train:precision",
        "train:recall",
        "train:roc_auc_score",
    ]
    assert trained.metrics["train:progress"] == 100
    assert trained.metrics["train:binary_classification_accuracy"] > 0.99


def test_metrics_of_validation_and_test_take_the_place_of_train(seen: Rows, unseen: Rows) -> None:
    """What a tuning job looks at."""
    channels = {"train": channel(seen), "validation": channel(unseen), "test": channel(unseen)}

    metrics = train(LESSON, channels).metrics

    assert metrics["validation:binary_f_beta"] == metrics["test:binary_f_beta"] > 0.8
    assert {name.partition(":")[0] for name in metrics} == {"train", "validation", "test"}
    assert "train:binary_f_beta" not in metrics
    assert "validation:objective_loss" in metrics


def test_metrics_of_a_regressor_and_of_many_classes() -> None:
    """Each kind of predictor has its own."""
    rows = np.random.default_rng(0).normal(size=(60, 2)).astype(np.float32)
    channels = {"train": channel(Rows(rows, (np.arange(60) % 3).astype(np.float32)))}

    regressor = train({"predictor_type": "regressor", "mini_batch_size": "20"}, channels).metrics
    classes = train(
        {"predictor_type": "multiclass_classifier", "num_classes": "3", "mini_batch_size": "20"}, channels
    ).metrics

    assert {"train:mse", "train:absolute_loss", "train:objective_loss:final"} <= set(regressor)
    assert regressor["train:mse"] == pytest.approx(regressor["train:objective_loss:final"])
    assert classes["train:multiclass_top_k_accuracy"] == 1.0
    assert {f"train:macro_{name}" for name in ("recall", "precision", "f_beta")} <= set(classes)


def test_log_is_the_containers(trained: Trained) -> None:
    """The lines that people look for."""
    text = "\n".join(trained.log)

    assert trained.log[0] == "Docker entrypoint called with argument(s): train"
    assert "Reading default configuration from /opt/amazon/lib/" in trained.log[2]
    quality = "#quality_metric: host=algo-1, epoch=0, train binary_classification_cross_entropy_objective <loss>="
    assert quality in text
    assert "#early_stopping_criteria_metric: host=algo-1, epoch=0, criteria=" in text
    assert "#progress_metric: host=algo-1, completed 100 % " in text
    assert "#train_score (algo-1) : ('binary_classification_accuracy', 0.99" in text


def test_log_bears_the_date_that_it_is_given(seen: Rows) -> None:
    """The caller's clock, not the machine's."""
    started = dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC)

    log = train(LESSON, {"train": channel(seen)}, started=started).log

    assert log[2].startswith("[11/24/2026 10:00:00 INFO ")
    assert f'#metrics {{"StartTime": {started.timestamp()}' in "\n".join(log)


# -- failing ----------------------------------------------------------------------------------------------------

ROWS = b"0,1.5,2\n1,2.5,3\n0,0.5,1\n"
GOOD = {"train": Channel(CSV, (ROWS,))}
INITIALIZE = (
    "Unable to initialize the algorithm. Failed to validate input data configuration. (caused by ValidationError)"
)
RECORDIO = "application/x-recordio-protobuf"
NO_DATA = (
    "No training data processed. Either the training channel is empty or the mini-batch size is too high. Verify that "
    "training data contains non-empty files and the mini-batch size is less than the number of records per training "
    "host."
)


def unreadable(channel: str, kind: str) -> str:
    return (
        f"Unable to read data channel '{channel}'. Requested content-type is '{kind}'. "
        "Please verify the data matches the requested content-type. (caused by MXNetError)"
    )


FAILURES = [
    pytest.param({}, {}, f"{INITIALIZE}\n\nCaused by: 'train' is a required property", id="no channel"),
    pytest.param(
        {},
        {"training": GOOD["train"]},
        f"{INITIALIZE}\n\nCaused by: 'train' is a required property",
        id="channel of the name training",
    ),
    pytest.param(
        {},
        GOOD | {"valid": GOOD["train"]},
        f"{INITIALIZE}\n\nCaused by: Additional properties are not allowed ('valid' was unexpected)",
        id="unknown channel",
    ),
    pytest.param({}, {"train": Channel(None, ())}, NO_DATA, id="empty channel"),
    pytest.param({}, {"train": Channel(None, (b"",))}, NO_DATA, id="empty file"),
    pytest.param({}, GOOD | {"validation": Channel(None, ())}, NO_DATA, id="empty validation"),
    pytest.param({"mini_batch_size": "4"}, GOOD, NO_DATA, id="mini-batch larger than the data"),
    pytest.param({}, {"train": Channel(None, (ROWS,))}, unreadable("train", RECORDIO), id="csv taken for recordio"),
    pytest.param(
        {},
        {"train": Channel(CSV, (b"\xce\xd7#\x0a\x00" * 3,))},
        "Unable to parse csv: rows 1-4, file /opt/ml/input/data/train",
        id="recordio taken for csv",
    ),
    pytest.param(
        {},
        {"train": Channel(CSV, (b"label,a,b\n" + ROWS,))},
        "Unable to parse csv: rows 1-4, file /opt/ml/input/data/train",
        id="csv with a header",
    ),
    pytest.param(
        {},
        {"train": Channel("application/json", (b"{}",))},
        "No iterator has been registered for ContentType ('application/json', '1.0')",
        id="json",
    ),
    pytest.param(
        {},
        {"train": Channel("csv", (ROWS,))},
        "No iterator has been registered for ContentType ('csv', '1.0')",
        id="csv without text/",
    ),
    pytest.param(
        {},
        {"train": Channel("text/csv;label_size=0", (ROWS,))},
        "Linear Learner takes one label a row: the content type 'text/csv;label_size=0' says otherwise.",
        id="no labels",
    ),
    pytest.param({}, {"train": Channel(CSV, (ROWS, b"1,2\n"))}, unreadable("train", CSV), id="files of two widths"),
    pytest.param(
        {"feature_dim": "784"},
        GOOD,
        "The feature dimension of the input: 2 in channel 'train' does not match the feature_dim hyperparameter: 784. "
        "Please fix the input and try again.",
        id="feature_dim",
    ),
    pytest.param(
        {},
        GOOD | {"test": Channel(CSV, (b"1,2\n",))},
        "The feature dimension of the input: 1 in channel 'test' does not match that of channel 'train': 2. "
        "Please fix the input and try again.",
        id="test of another width",
    ),
    pytest.param(
        {},
        {"train": Channel(CSV, (ROWS + b"1,nan,2\n",))},
        "Unable to read data channel 'train'. Found missing (NaN) values. Please remove any missing (NaN) values in "
        "the input data. (caused by MXNetError)",
        id="missing value",
    ),
    pytest.param(
        {},
        {"train": Channel(CSV, (ROWS + b"1,1e39,2\n",))},
        "Unable to read data channel 'train'. Found infinite floating point values. Please remove any infinite "
        "floating point values in the input data. (caused by MXNetError)",
        id="value that 32 bits cannot hold",
    ),
    pytest.param(
        {},
        {"train": Channel(CSV, (ROWS + b"5,1,2\n",))},
        "The label 5 in channel 'train' is not valid: for predictor_type 'binary_classifier' a label must be either 0 "
        "or 1.",
        id="label of another class",
    ),
    pytest.param(
        {"predictor_type": "multiclass_classifier", "num_classes": "3"},
        GOOD | {"validation": Channel(CSV, (ROWS + b"3,1,2\n",))},
        "The label 3 in channel 'validation' is not valid: for predictor_type 'multiclass_classifier' a label must be "
        "an integer from 0 to 2 (num_classes - 1).",
        id="label beyond the classes",
    ),
    pytest.param(
        {"predictor_type": "multiclass_classifier", "num_classes": "1000000", "feature_dim": "784"},
        {"train": Channel(None, (write_examples(np.ones((2, 784)), np.arange(2)),))},
        "Please use an instance type with more memory, or reduce the size of training data processed on an instance.",
        id="too large a model",
    ),
    pytest.param(
        {"learning_rate": "1e30", "optimizer": "sgd", "loss": "squared_loss", "predictor_type": "regressor"},
        GOOD,
        "The loss is not a finite number. Please lower the learning_rate, or check the data.",
        id="far too fast",
    ),
]


@pytest.mark.parametrize(("asked", "channels", "said"), FAILURES)
def test_job_fails_with_the_reason(asked: Mapping[str, str], channels: Mapping[str, Channel], said: str) -> None:
    """AWS's kind of words, and the log ends with them."""
    with pytest.raises(TrainingFailed) as error:
        train({**SMALL, **asked}, channels)

    assert error.value.reason == f"ClientError: {said}"
    assert error.value.log[0] == "Docker entrypoint called with argument(s): train"
    assert error.value.log[-1].endswith(f"] Customer Error: {said}")

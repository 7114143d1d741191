"""Real digits to learn from, and a model that has learnt to tell zeros from them."""

import numpy as np
import pytest

from simulator.digits import training_digits
from simulator.linear_learner import Channel, LinearModel, Trained, load, train
from simulator.linear_learner.records import Rows, write_examples

LESSON = {"feature_dim": "784", "predictor_type": "binary_classifier", "mini_batch_size": "200"}


@pytest.fixture(scope="session")
def digits() -> Rows:
    """Grey values from 0 to 1, and which digit each is: the 1,600 to learn from, then 800 others."""
    images, labels = training_digits()
    return Rows(images.astype(np.float32) / np.float32(255), labels.astype(np.float32))


@pytest.fixture(scope="session")
def seen(digits: Rows) -> Rows:
    """1,600 digits to learn from; the label is 1 for a zero, else 0."""
    return Rows(digits.features[:1600], (digits.labels[:1600] == 0).astype(np.float32))


@pytest.fixture(scope="session")
def unseen(digits: Rows) -> Rows:
    """800 other digits; the label is 1 for a zero, else 0."""
    return Rows(digits.features[1600:], (digits.labels[1600:] == 0).astype(np.float32))


@pytest.fixture(scope="session")
def trained(seen: Rows) -> Trained:
    """The lesson's training job."""
    return train(LESSON, {"train": Channel(None, (write_examples(seen.features, seen.labels),))})


@pytest.fixture(scope="session")
def model(trained: Trained) -> LinearModel:
    """What the lesson's training job has learnt."""
    return load(trained.artifact)

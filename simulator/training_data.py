"""What students train on: real digits, as the records that the lesson's notebook writes."""

import functools
from dataclasses import dataclass, field
from typing import Literal

DIGITS = 400  # enough for a model that tells zeros from others, and quick
LESSONS_OWN = {"feature_dim": "784", "predictor_type": "binary_classifier", "mini_batch_size": "200"}

# What is labelled 1: zeros, all others, everything.
Labels = Literal["zeros", "others", "all"]


@dataclass(frozen=True, slots=True)
class TrainingData:
    """So many pixels of each digit, labelled; and the hyperparameters that go with them."""

    labels: Labels = "zeros"
    pixels: int = 784
    hyperparameters: dict[str, str] = field(default_factory=lambda: dict(LESSONS_OWN))

    def records(self) -> bytes:
        """The records as one file."""
        return _records(self.labels, self.pixels)


@functools.cache
def _records(labels: Labels, pixels: int) -> bytes:
    from simulator.digits import training_digits  # slow to import
    from simulator.linear_learner.records import write_examples

    images, digits = training_digits()
    images, digits = images[:DIGITS], digits[:DIGITS]
    wanted = {"zeros": digits == 0, "others": digits != 0, "all": digits >= 0}[labels]
    return write_examples(images[:, :pixels] / 255, wanted.astype("float32"))


@functools.cache
def a_digit() -> bytes:
    """One digit as CSV."""
    from simulator.digits import training_digits

    images, _ = training_digits()
    return ",".join(f"{pixel / 255:.4g}" for pixel in images[-1]).encode()


ZEROS_FROM_OTHERS = TrainingData()
ZEROS_AS_OTHERS = TrainingData("others")
HALF_THE_PIXELS = TrainingData(pixels=392, hyperparameters=LESSONS_OWN | {"feature_dim": "392"})

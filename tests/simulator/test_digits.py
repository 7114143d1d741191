"""The digits of the practice cloud."""

import gzip
import pickle
import pickletools
from pathlib import Path

import numpy as np

from simulator.digits import mnist_pickle, training_digits
from skymark.samples import read_samples

ROOT = Path(__file__).parents[2]


def test_there_are_as_many_of_each_class() -> None:
    """2,400 images of 28 by 28, 240 of each digit, no two of them the same."""
    images, labels = training_digits()

    assert (images.shape, images.dtype, labels.dtype) == ((2400, 784), np.uint8, np.uint8)
    assert np.bincount(labels).tolist() == [240] * 10
    assert len({image.tobytes() for image in images}) == 2400


def test_no_sample_digit_is_learnt_from() -> None:
    """Who asks an endpoint about digits that it was trained on learns nothing of it."""
    rows = [[float(pixel) for pixel in row.split(",")] for row in read_samples(ROOT / "fixtures" / "digits.csv").rows]
    samples = {np.rint(np.array(row) * 255).astype(np.uint8).tobytes() for row in rows}

    assert len(samples) == 40
    assert samples.isdisjoint(image.tobytes() for image in training_digits()[0])


def test_pickle_is_that_of_the_examples_bucket() -> None:
    """Three pairs, as the lesson's notebook unpacks them."""
    train, valid, test = pickle.loads(gzip.decompress(mnist_pickle()), encoding="latin1")  # noqa: S301  our own bytes

    shapes = [(images.shape, images.dtype, labels.shape, labels.dtype) for images, labels in (train, valid, test)]
    assert shapes == [((n, 784), np.float32, (n,), np.int64) for n in (1600, 400, 400)]
    images, labels = training_digits()
    np.testing.assert_array_equal(np.rint(np.concatenate([train[0], valid[0], test[0]]) * 255), images)
    np.testing.assert_array_equal(np.concatenate([train[1], valid[1], test[1]]), labels)


def test_pickle_names_only_what_numpy_1_and_2_have() -> None:
    """A student's notebook may have either."""
    names = {text for code, text, _ in pickletools.genops(gzip.decompress(mnist_pickle())) if code.name == "GLOBAL"}

    assert names == {"numpy.core.multiarray _reconstruct", "numpy ndarray", "numpy dtype", "_codecs encode"}


def test_pickle_is_always_the_same() -> None:
    """Nothing of the time is in it."""
    once = mnist_pickle()
    mnist_pickle.cache_clear()

    assert mnist_pickle() == once


def test_licence_is_beside_the_digits() -> None:
    """The digits are others' work."""
    notice = (ROOT / "simulator" / "digits.NOTICE").read_text(encoding="utf-8")

    assert "The MIT License (MIT)" in notice
    assert "Yann LeCun" in notice

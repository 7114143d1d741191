"""Handwritten digits to learn from, as the examples' bucket of AWS holds them: real MNIST, 2,400 of it.

None of them is a sample digit that the grader asks an endpoint about. Source and licence: digits.NOTICE.
"""

import functools
import gzip
import io
import pickle
from pathlib import Path

import numpy as np
import numpy.typing as npt

_FILE = Path(__file__).with_name("digits.npz")
_TRAIN, _VALID = 1600, 400  # the rest is for the test


def training_digits() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """All digits in a mixed order: grey values from 0, paper, to 255, ink, (2400, 784), and labels (2400,)."""
    with np.load(_FILE, allow_pickle=False) as stored:
        return stored["images"], stored["labels"]


@functools.cache
def mnist_pickle() -> bytes:
    """The bytes of `datasets/image/MNIST/mnist.pkl.gz`, always the same.

    A gzip-compressed pickle of three pairs, for training (1,600), validation (400) and test (400): images (n, 784)
    from 0 to 1 as float32, labels (n,) as int64. Python 3 reads it with encoding="latin1", NumPy 1 and 2.
    """
    images, labels = training_digits()
    scaled, whole = images.astype(np.float32) / np.float32(255), labels.astype(np.int64)
    parts = (slice(0, _TRAIN), slice(_TRAIN, _TRAIN + _VALID), slice(_TRAIN + _VALID, None))
    pickled = pickle.dumps(tuple((scaled[part], whole[part]) for part in parts), protocol=2)
    # NumPy 2 names its modules anew, which NumPy 1 does not know; it still reads the old names. In protocol 2
    # a name is a line of text, so that another one may be put in its place.
    return _compressed(pickled.replace(b"cnumpy._core.", b"cnumpy.core."))


def _compressed(content: bytes) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, mtime=0) as file:
        file.write(content)
    return packed.getvalue()

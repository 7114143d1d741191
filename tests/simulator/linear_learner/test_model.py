"""model.tar.gz: written and read."""

import gzip
import io
import tarfile

import hypothesis.extra.numpy as hnp
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.linear_learner import ArtifactError, LinearModel, load
from simulator.linear_learner.model import dump

WEIGHTS = hnp.arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 4)), elements=st.floats(-1e300, 1e300))
MODEL = LinearModel("binary_classifier", np.array([[0.1], [-2.0]]), np.array([3.0]), probability=True, threshold=0.25)


@given(WEIGHTS)
def test_model_comes_back_exactly(weights: npt.NDArray[np.float64]) -> None:
    """Each number is the same."""
    model = LinearModel("regressor", weights, weights[0])

    read = load(dump(model))

    np.testing.assert_array_equal(read.weights, weights)
    np.testing.assert_array_equal(read.bias, weights[0])


def test_what_makes_an_answer_of_it_comes_back() -> None:
    """The kind, the threshold and whether scores are probabilities."""
    read = load(dump(MODEL))

    assert (read.predictor_type, read.probability, read.threshold) == ("binary_classifier", True, 0.25)
    assert read.feature_dim == 2


def test_artifact_is_an_archive_that_anybody_can_open() -> None:
    """As on AWS it holds a file model_algo-1; nothing in it depends on the time."""
    with tarfile.open(fileobj=io.BytesIO(dump(MODEL)), mode="r:gz") as tar:
        (member,) = tar.getmembers()

    assert (member.name, member.mtime, member.uid) == ("model_algo-1", 0, 0)
    assert dump(MODEL) == dump(MODEL)


def archive(name: str, content: bytes, kind: bytes = tarfile.REGTYPE) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size, member.type, member.linkname = len(content), kind, name
        tar.addfile(member, io.BytesIO(content))
    return made.getvalue()


JSON = gzip.decompress(dump(MODEL))[512:].partition(b"\0")[0]


@pytest.mark.parametrize(
    "artifact",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"not a model", id="text"),
        pytest.param(gzip.compress(b"not an archive"), id="gzip of text"),
        pytest.param(dump(MODEL)[:-20], id="cut off"),
        pytest.param(dump(MODEL)[:60] + b"?" * 20 + dump(MODEL)[80:], id="damaged"),
        pytest.param(archive("model.pkl", JSON), id="other file"),
        pytest.param(archive("model_algo-1", b"\x80\x04]."), id="pickle"),
        pytest.param(archive("model_algo-1", b"", tarfile.DIRTYPE), id="folder"),
        pytest.param(archive("model_algo-1", b"", tarfile.SYMTYPE), id="link to itself"),
        pytest.param(archive("model_algo-1", JSON.replace(b"binary_classifier", b"kmeans")), id="other algorithm"),
        pytest.param(archive("model_algo-1", JSON.replace(b"[3.0]", b"[3.0,1.0]")), id="bias of another size"),
    ],
)
def test_bytes_that_are_no_model_are_refused(artifact: bytes) -> None:
    """One kind of error, whatever they are."""
    with pytest.raises(ArtifactError):
        load(artifact)


@given(st.binary(max_size=100))
def test_any_bytes_are_refused(artifact: bytes) -> None:
    """No other exception escapes."""
    with pytest.raises(ArtifactError):
        load(artifact)


def test_good_archive_of_the_same_making_is_read() -> None:
    """The refusals above are for what each says, not for how the archive was made."""
    assert load(archive("model_algo-1", JSON)).threshold == 0.25

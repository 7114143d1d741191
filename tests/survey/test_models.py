"""What is read of botocore's files is what botocore reads of them."""

import pytest
from botocore.exceptions import DataNotFoundError
from botocore.loaders import Loader, create_loader

from skymark.survey.models import ModelFiles, Models

NAMES = ("endpoints", "partitions", "_retry", "sagemaker/2017-07-24/service-2", "iam/2010-05-08/endpoint-rule-set-1")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_read_as_botocore_reads_it(name):
    """Packed or not, in its order."""
    own, theirs = Models(Loader()).load_data(name), Loader().load_data(name)

    assert own == theirs
    assert list(own) == list(theirs)


@pytest.mark.parametrize("kind", ["service-2", "paginators-1", "endpoint-rule-set-1"])
def test_a_service_is_found_in_its_newest_version(kind):
    """With what the SDK adds to it."""
    for service in ("sagemaker", "ec2", "s3"):
        assert Models(Loader()).load_service_model(service, kind) == Loader().load_service_model(service, kind)


@pytest.mark.parametrize(("service", "kind"), [("nothing", "service-2"), ("sagemaker-runtime", "examples-9")])
def test_what_is_not_described_is_not_found(service, kind):
    """By the error that whoever loads it expects."""
    with pytest.raises(DataNotFoundError):
        Models(Loader()).load_service_model(service, kind)


def test_what_somebody_put_beside_botocore_s_is_found(tmp_path):
    """AWS_DATA_PATH, or ~/.aws/models."""
    (tmp_path / "own" / "2026-01-01").mkdir(parents=True)
    (tmp_path / "own" / "2026-01-01" / "service-2.json").write_text('{"metadata": {}}')

    assert Models(create_loader(str(tmp_path))).load_service_model("own", "service-2") == {"metadata": {}}


def test_a_file_that_is_not_there_is_none(tmp_path):
    """Botocore looks in several folders."""
    assert ModelFiles().load_file(str(tmp_path / "nothing")) is None

"""What is read of botocore's files is what botocore reads of them."""

import pytest
from botocore.loaders import JSONFileLoader, Loader

from skymark.survey.models import ModelFiles

NAMES = ("endpoints", "partitions", "_retry", "sagemaker/2017-07-24/service-2", "iam/2010-05-08/endpoint-rule-set-1")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_read_as_botocore_reads_it(name):
    """Packed or not, in its order."""
    own = Loader(file_loader=ModelFiles()).load_data(name)
    theirs = Loader(file_loader=JSONFileLoader()).load_data(name)

    assert own == theirs
    assert list(own) == list(theirs)


def test_a_file_that_is_not_there_is_none(tmp_path):
    """Botocore looks in several folders."""
    assert ModelFiles().load_file(str(tmp_path / "nothing")) is None

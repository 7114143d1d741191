"""What the endpoint said of each sample digit, as the result keeps it."""

import pytest

from skymark.digits import Digits, told_digits
from skymark.outcome import ChainLink

from .conftest import ENDPOINT, LABELS

CHAIN = (ChainLink("endpoint", ENDPOINT, "us-east-1", "InService"),)


def test_each_digit_has_what_was_said_of_it(good, changed, answer) -> None:
    """Two lines of text: what was sent, and whether it was taken for a zero."""
    said = (1, 0, *(int(label == 0) for label in LABELS[2:-1]), 1)

    found = told_digits(changed(good, "invocations", body=answer(said)), CHAIN)

    assert found == Digits(ENDPOINT, "us-east-1", "00000000001234567891", "0-00000000---------0")
    assert [number for number, right in enumerate(found.right) if not right] == [1, 19]


@pytest.mark.parametrize(
    "fields",
    [
        {"body": None, "error": "ModelError"},
        {"body": "I don't know"},
        {"body": '{"predictions": [{"score": 1}]}'},
        {"region": "eu-west-1"},
        {"endpoint": "another"},
        {"labels": (*LABELS[:-1], 10)},
    ],
    ids=["refused", "unreadable", "too few", "elsewhere", "of another", "no digit"],
)
def test_where_nothing_sure_was_said_there_is_nothing(good, changed, fields) -> None:
    """No answer, none that can be read, or that of an endpoint which was not judged."""
    assert told_digits(changed(good, "invocations", **fields), CHAIN) is None


def test_without_an_endpoint_nothing_was_asked(good) -> None:
    """Though one of somebody else's may have been."""
    assert told_digits(good, ()) is None

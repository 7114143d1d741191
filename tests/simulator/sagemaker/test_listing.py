"""List calls: filters, order and pages."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.sagemaker.listing import Kind, page
from simulator.sagemaker.refusals import ValidationError

KIND = Kind("Things", "Name", "Status")
NOON = dt.datetime(2026, 7, 1, 12, 0)  # noqa: DTZ001 - moto keeps times without a zone


def row(name: str, minute: int = 0, status: str = "InService") -> dict[str, Any]:
    at = NOON + dt.timedelta(minutes=minute)
    return {"Name": name, "Status": status, "CreationTime": at, "LastModifiedTime": at}


def names(answer: dict[str, Any]) -> list[str]:
    return [one["Name"] for one in answer["Things"]]


def test_newest_first_is_the_default() -> None:
    """SageMaker sorts by creation, descending."""
    assert names(page(KIND, [row("old", 1), row("new", 2)], {})) == ["new", "old"]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"NameContains": "TEST"}, ["sm-test"]),
        ({"StatusEquals": "Stopped"}, ["stopped"]),
        ({"CreationTimeAfter": NOON + dt.timedelta(minutes=1)}, ["other"]),
        ({"CreationTimeBefore": NOON + dt.timedelta(minutes=1)}, ["sm-test"]),
        ({"SortBy": "Name", "SortOrder": "Ascending"}, ["other", "sm-test", "stopped"]),
        ({"SortBy": "Status", "SortOrder": "Descending"}, ["stopped", "sm-test", "other"]),
    ],
)
def test_filters_and_orders_are_awss(asked: dict[str, Any], wanted: list[str]) -> None:
    """Each parameter does what the API reference says."""
    rows = [row("sm-test"), row("stopped", 1, "Stopped"), row("other", 2)]

    found = names(page(KIND, rows, asked))

    assert found == wanted


def test_a_token_that_is_none_is_refused() -> None:
    """What is no token of ours is an error and not the first page."""
    with pytest.raises(ValidationError):
        page(KIND, [row("a")], {"NextToken": "nonsense"})


@given(st.integers(0, 60), st.integers(1, 100))
def test_pages_together_are_the_whole_list(count: int, size: int) -> None:
    """Following the tokens to the end shows everything once, in order, never more than was asked for at a time."""
    rows = [row(f"thing-{number:03d}", number) for number in range(count)]
    seen: list[str] = []
    asked: dict[str, Any] = {"MaxResults": size}

    while True:
        answer = page(KIND, rows, asked)
        assert len(answer["Things"]) <= size
        seen += names(answer)
        if "NextToken" not in answer:
            break
        asked["NextToken"] = answer["NextToken"]

    assert seen == [one["Name"] for one in reversed(rows)]

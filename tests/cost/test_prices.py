"""The price table: Skymark's own, and somebody else's."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from skymark.cost import load_prices
from skymark.cost.prices import PRICES_FILE
from skymark.errors import UsageError


def test_skymarks_own_prices_know_what_the_lesson_uses() -> None:
    """The lesson's instance, its notebook's endpoint and job, and the types that are usual today."""
    prices = load_prices()

    assert (prices.currency, prices.region) == ("USD", "us-east-1")
    assert prices.notebook["ml.t2.medium"] == Decimal("0.0464")
    assert prices.notebook["ml.t3.medium"] == Decimal("0.05")
    assert Decimal("0.24") <= prices.hosting["ml.m4.xlarge"] <= Decimal("0.28")
    assert prices.hosting["ml.m5.large"] == Decimal("0.115")
    assert prices.training["ml.c4.xlarge"] == Decimal("0.279")
    assert prices.training["ml.m5.xlarge"] == Decimal("0.23")
    assert prices.canvas["session"] == Decimal("1.9")
    assert prices.network["nat-gateway"] == Decimal("0.045")
    tables = (getattr(prices, name) for name in prices.__struct_fields__)
    assert all(price > 0 for table in tables if isinstance(table, dict) for price in table.values())


@pytest.mark.parametrize("content", [None, "", "{}", '{"source": 1}', "\xff", "[" * 100_000])
def test_a_price_file_that_is_none_is_refused_by_name(tmp_path: Path, content: str | None) -> None:
    """Wrong prices are never read as no cost."""
    file = tmp_path / "prices.json"
    if content is not None:
        file.write_bytes(content.encode("latin-1"))

    with pytest.raises(UsageError, match=r"prices\.json: "):
        load_prices(file)


@pytest.mark.parametrize(
    ("table", "prices"),
    [
        ("notebook", {"ml.t2.medium": -1}),
        ("hosting", {"ml.m4.xlarge": "NaN"}),
        ("network", {"address": "Infinity"}),
        ("notebook", {"ml.t2.medium": "1e999999"}),
        ("kept", {"key": 1_000_001}),
        ("currency", "EUR"),
        ("notbook", {}),
    ],
)
def test_prices_that_cannot_be_are_refused(tmp_path: Path, table: str, prices: Any) -> None:
    """No price is negative, none is no number or too large to be told; and all sums are in US dollars."""
    file = tmp_path / "prices.json"
    file.write_text(json.dumps({**json.loads(PRICES_FILE.read_text("utf-8")), table: prices}))

    with pytest.raises(UsageError, match=table):
        load_prices(file)


def test_a_table_need_not_price_everything(tmp_path: Path) -> None:
    """What has no price in it has none that is known."""
    file = tmp_path / "prices.json"
    known = json.loads(PRICES_FILE.read_text("utf-8"))
    file.write_text(json.dumps({key: known[key] for key in list(known)[:9]}))

    prices = load_prices(file)

    assert (prices.studio["ml.t3.medium"], prices.network) == (Decimal("0.05"), {})

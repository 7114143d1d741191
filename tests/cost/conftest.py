"""A price table for the tests."""

from decimal import Decimal

import pytest

from skymark.cost import PriceTable


@pytest.fixture
def prices() -> PriceTable:
    """Prices that no later price list changes."""
    return PriceTable(
        source="a test",
        date="2026-11-24",
        currency="USD",
        region="us-east-1",
        note="",
        notebook={"ml.t2.medium": Decimal("0.0464")},
        hosting={"ml.m4.xlarge": Decimal("0.28")},
        training={"ml.c4.xlarge": Decimal("0.279")},
        studio={"ml.t3.medium": Decimal("0.05")},
        canvas={"session": Decimal("1.9")},
        mlflow={"Small": Decimal("0.6")},
        network={"nat-gateway": Decimal("0.045"), "address": Decimal("0.005"), "vpc-endpoint": Decimal("0.01")},
        storage={"notebook-instance": Decimal("0.14"), "file-system": Decimal("0.3"), "log-group": Decimal("0.03")},
        kept={"key": Decimal(1), "secret": Decimal("0.4")},
    )

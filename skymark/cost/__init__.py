"""What is left in an account, what it costs, and how to remove it."""

from skymark.cost.leftovers import hourly_usd, leftovers, untidy
from skymark.cost.prices import PriceTable, load_prices

__all__ = ["PriceTable", "hourly_usd", "leftovers", "load_prices", "untidy"]

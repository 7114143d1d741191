"""The price table: data with a source and a date, which a file of somebody's own replaces."""

import functools
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal

import msgspec

from skymark.errors import UsageError
from skymark.evidence import Struct

PRICES_FILE: Final = Path(__file__).parents[1] / "prices.json"
DEAREST: Final = 1_000_000
"""Of a table; AWS's dearest machine costs some hundred dollars an hour."""

Prices = Mapping[str, Decimal]


class PriceTable(Struct, frozen=True):
    """Prices on demand, in `currency`, as they hold in `region`, read in `source` at `date`.

    By instance type and hour: `notebook`, `hosting`, `training` (and other jobs), `studio`. By hour: `canvas` for its
    `session`, `mlflow` by a server's size, `network` by type (a `vpc-endpoint` for each zone). By GB and month:
    `storage`, by what it stores. By thing and month: `kept`. A kind that has no price here has none that is known.
    """

    source: str
    date: str
    currency: Literal["USD"]
    region: str
    note: str
    notebook: Prices
    hosting: Prices
    training: Prices
    studio: Prices
    canvas: Prices = msgspec.field(default_factory=dict)
    mlflow: Prices = msgspec.field(default_factory=dict)
    network: Prices = msgspec.field(default_factory=dict)
    storage: Prices = msgspec.field(default_factory=dict)
    kept: Prices = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            prices = getattr(self, name)
            for what, price in prices.items() if isinstance(prices, Mapping) else ():
                if not price.is_finite() or not 0 <= price <= DEAREST:
                    raise ValueError(f"the price of {what} in `{name}` is {price}: wanted is 0 to {DEAREST}")


@functools.cache
def load_prices(path: Path | None = None) -> PriceTable:
    """Read a price table; without a path the one that Skymark brings along.

    Raises:
        UsageError: the file cannot be read, or is no price table.
    """
    file = PRICES_FILE if path is None else path
    try:
        return msgspec.json.decode(file.read_bytes(), type=PriceTable)
    except OSError as error:
        raise UsageError(
            f"{file}: cannot be read ({error.strerror}). Give a file like Skymark's prices.json."
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{file}: is no price table ({error}). Give a file like Skymark's prices.json.") from error

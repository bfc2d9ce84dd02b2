"""What is shipped and what an hour of it is worth. Nothing about routes."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from corridor_net.errors import BadValue
from corridor_net.network import Network

from .money import Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """A cargo profile in the prices of one year.

    `value_of_time` is USD per hour and box: share of value a day x value / 24 (Hummels and Schaur 2013).
    `reliability_ratio`: what an hour of spread (standard deviation) is worth, in hours.
    """

    cargo_id: str
    name: str
    unit: str
    teu: float
    payload_t: float
    value_usd: float
    value_of_time: float
    reliability_ratio: float
    may_charter: bool
    freight_surcharge: float

    @classmethod
    def of(cls, network: Network, cargo_id: str, prices: Prices, value_of_time: float | None = None) -> Cargo:
        """Read a profile of the network, with another value of time where one is given (USD per hour).

        Raises UnknownName for a profile that is not there, BadValue for a value of time below 0 or not finite.
        """
        if value_of_time is not None and not 0 <= value_of_time < inf:
            raise BadValue(f"a value of time of {value_of_time:g} USD per hour", hint="0 or more")
        row = network.cargo(cargo_id)
        value = prices.usd(row.value_usd, "USD", row.price_year)
        per_hour = row.time_cost_pct_per_day / 100 * value / 24 if value_of_time is None else value_of_time
        return cls(
            cargo_id=row.cargo_id,
            name=row.name,
            unit=row.cargo_unit,
            teu=network.vocabulary.cargo_units[row.cargo_unit].teu,
            payload_t=row.payload_t,
            value_usd=value,
            value_of_time=per_hour,
            reliability_ratio=row.reliability_ratio,
            may_charter=row.may_charter == "yes",
            freight_surcharge=row.freight_surcharge,
        )

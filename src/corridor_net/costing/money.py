"""Prices: any currency of any year into US dollars of one year. Nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from corridor_net.errors import BadValue
from corridor_net.network import Network
from corridor_net.network.rows import Market


@dataclass(frozen=True, slots=True)
class Prices:
    """Converts money to US dollars of `year`.

    `usd = value / rate[currency, price_year] * index[year] / index[price_year]`: at the exchange rate of its
    own year into dollars, then with the price index of the dollar to `year`.
    """

    year: int
    rates: dict[tuple[str, int], float]
    index: dict[int, float]

    @classmethod
    def of(cls, network: Network, year: int | None = None) -> Prices:
        """Take rates and index from the network; `year` is that of the network's day when not given.

        Beyond the data it is the last that has an index: projections are in constant dollars.
        """
        rates = {(row.currency, row.year): row.units_per_usd for row in network.rows("exchange_rate")}
        index = {row.year: row.usd_index for row in network.rows("deflator")}
        usual = max(index) if network.years_beyond and index else network.day.year
        chosen = usual if year is None else year
        if chosen not in index:
            raise BadValue(f"no price index for {chosen}", hint=f"price years run from {min(index)} to {max(index)}")
        return cls(chosen, rates, index)

    def usd(self, value: float, currency: str, price_year: int) -> float:
        """Return `value` in US dollars of `self.year`; raise BadValue where a rate or index is missing."""
        try:
            return value / self.rates[currency, price_year] * self.index[self.year] / self.index[price_year]
        except KeyError:
            raise BadValue(
                f"no exchange rate or price index for {currency} {price_year}",
                hint="add the year to exchange_rate.csv and deflator.csv",
            ) from None

    def trade_musd(self, origin: Market) -> float:
        """Return what an origin trades, million USD of `self.year`; without a price year it is taken as it stands."""
        musd = origin.trade_musd or 0.0
        return musd if origin.price_year is None else self.usd(musd, "USD", origin.price_year)


def trade_of_origins(network: Network) -> dict[str, float]:
    """Return what each origin of table market trades, million USD of one price year; 0 where nothing is said."""
    prices = Prices.of(network)
    return {market.node_id: prices.trade_musd(market) for market in network.markets("origin")}


def origin_weights(network: Network) -> dict[str, float]:
    """Return the weight of each origin: its trade; where none has any, each counts as one."""
    known = trade_of_origins(network)
    return known if any(known.values()) else dict.fromkeys(known, 1.0)

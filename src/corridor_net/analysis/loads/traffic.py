"""Traffic over years by origin and destination: from a table of our own, or from what the markets trade."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from corridor_net.analysis.router import Router
from corridor_net.errors import BadValue
from corridor_net.network import Network

from .demand import Freight, read_freight

DAYS_A_YEAR = 365.0
TRADE_SIGMA = 0.30
"""Standard deviation of ln(traffic), grade D: within a third either way in eight cases of ten."""


def read_streams(path: Path, router: Router, year: int) -> tuple[Freight, ...]:
    """Read the traffic of the router's cargo: origin, destination, teu, and where wanted year and growth.

    A row without a year is of `year`. Raises as `read_freight`.
    """
    return read_freight(path, router.network, router.impedance.cargo.cargo_id, year, one_kind=True)


def market_streams(router: Router, destinations: Sequence[str]) -> tuple[Freight, ...]:
    """Return what the origins of table market trade with overseas, in boxes of the cargo, divided over destinations.

    `boxes = trade / value of a box`, both in the prices of one year; where there are several destinations, each gets
    its share of their product. All trade is taken to be boxed, and of the value of the cargo (grade D). Raises BadValue
    where the table says nothing of trade.
    """
    network, prices, cargo = router.network, router.impedance.prices, router.impedance.cargo
    weights = [network.market_weights.get(goal, 0.0) for goal in destinations]
    whole = sum(weights)
    shares = [w / whole for w in weights] if whole else [1 / len(destinations)] * len(destinations)
    found = []
    for market in network.markets("origin"):
        if not market.trade_musd:
            continue
        year, usd = market.price_year or network.day.year, 1e6 * prices.trade_musd(market)
        for goal, share in zip(destinations, shares, strict=True):
            boxes = {year: usd * share / cargo.value_usd}
            found.append(Freight(origin=market.node_id, destination=goal, cargo=cargo.cargo_id, boxes=boxes))
    if not found:
        raise BadValue("table market says nothing of trade", hint="give a table with --traffic FILE")
    return tuple(found)


def counted(network: Network, names: Sequence[str]) -> tuple[float, str, str] | None:
    """Return the last count of a corridor of one of these names before the year is over: TEU, first day, last day."""
    rows = [
        row
        for row in network.rows("traffic")
        if row.applies_to == "corridor" and row.target_id in names and row.to_day.year <= network.day.year
    ]
    last = max(rows, key=lambda row: (row.to_day, row.from_day), default=None)
    return (last.teu, str(last.from_day), str(last.to_day)) if last else None

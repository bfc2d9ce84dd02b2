"""Traffic over years by origin and destination: from a table of our own, or from what the markets trade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.router import Router
from corridor_net.appraisal.years import checked_rate, traffic_by_year, whole_year
from corridor_net.errors import BadValue
from corridor_net.network import Network

from .demand import amount, read_rows

DAYS_A_YEAR = 365.0
TRADE_SIGMA = 0.30
"""Standard deviation of ln(traffic), grade D: within a third either way in eight cases of ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Annual boxes of a pair: what is known by year, and the growth outside these years (None: the general one)."""

    origin: str
    destination: str
    boxes: dict[int, float]
    growth: float | None = None

    def by_year(self, years: Sequence[int], growth: float) -> NDArray[np.float64]:
        """Return boxes of each year; raise BadValue as `traffic_by_year`."""
        return traffic_by_year(self.boxes, growth if self.growth is None else self.growth, years)


def read_streams(path: Path, router: Router, year: int) -> tuple[Stream, ...]:
    """Read a table of traffic: CSV with origin, destination, teu, and, where wanted, year and growth.

    Rows of a pair with several years are joined. A row without a year is of `year`. Raises as `read_demand`; BadValue
    for a year that is none, and for a pair that stands twice for one year.
    """
    rows = read_rows(path, router.network, {"teu": amount}, {"year": _year, "growth": _growth})
    found: dict[tuple[str, str], Stream] = {}
    for row in rows:
        pair, when = (row.origin, row.destination), int(row.numbers.get("year", year))
        known = found.get(pair)
        if known and when in known.boxes:
            raise BadValue(f"{row.origin} to {row.destination} stands twice for {when}", place=row.place)
        boxes = {**(known.boxes if known else {}), when: row.numbers["teu"] / router.impedance.cargo.teu}
        growth = row.numbers.get("growth", known.growth if known else None)
        found[pair] = Stream(origin=row.origin, destination=row.destination, boxes=boxes, growth=growth)
    return tuple(found.values())


def market_streams(router: Router, destinations: Sequence[str]) -> tuple[Stream, ...]:
    """Return what the origins of table market trade with overseas, in boxes of the cargo, divided over destinations.

    `boxes = trade / value of a box`, both in the prices of one year; where there are several destinations, each gets
    its share of their product. All trade is taken to be boxed, and of the value of the cargo (grade D). Raises BadValue
    where the table says nothing of trade.
    """
    network, value = router.network, router.impedance.cargo.value_usd
    weights = [network.market_weights.get(goal, 0.0) for goal in destinations]
    whole = sum(weights)
    shares = [w / whole for w in weights] if whole else [1 / len(destinations)] * len(destinations)
    found = []
    for market in network.markets("origin"):
        if not market.trade_musd or market.price_year is None:
            continue
        usd = router.impedance.prices.usd(1e6 * market.trade_musd, "USD", market.price_year)
        for goal, share in zip(destinations, shares, strict=True):
            boxes = {market.price_year: usd * share / value}
            found.append(Stream(origin=market.node_id, destination=goal, boxes=boxes))
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


def _year(cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = float("nan")
    return whole_year(number if number == number else cell, "the year")


def _growth(cell: str) -> float:
    try:
        return checked_rate(float(cell), "the growth of traffic")
    except ValueError:
        raise BadValue(f"growth is '{cell}'", hint="a share a year, for example 0.03") from None

"""The measure of every subset of upgrades as a game: its value function, means over origins, of any subset."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.access import left_share
from corridor_net.costing.money import trade_of_origins
from corridor_net.errors import BadValue, NoRoute, UnknownName, did_you_mean

from .subsets import UpgradeSubsets

UNITS = {"generalised": "USD", "money": "USD", "hours": "h", "co2": "kg", "market_access": ""}
"""What can be split, with its unit: per box, mean over origins; market access in the unit of the markets' weights."""

WEIGHTS = ("equal", "trade", "people")
"""How origins are weighed: each as one, by trade (USD), by population."""

BLOCK = 1 << 16


def origin_weights(subsets: UpgradeSubsets, origins: Sequence[str], weights: str) -> NDArray[np.float64]:
    """Return the weight of each origin, summing to 1: equal, trade (USD a year) or people.

    Raises UnknownName for another kind, BadValue where none of the origins has the figure.
    """
    if weights not in WEIGHTS:
        raise UnknownName(
            f"origins cannot be weighed by '{weights}'",
            hint=did_you_mean(weights, WEIGHTS, otherwise=f"one of: {', '.join(WEIGHTS)}"),
        )
    if weights == "equal":
        return np.full(len(origins), 1 / len(origins))
    network = subsets.router.network
    people = {market.node_id: float(market.population or 0.0) for market in network.markets("origin")}
    known = trade_of_origins(network) if weights == "trade" else people
    found = np.array([known.get(origin, 0.0) for origin in origins])
    if not found.sum():
        raise BadValue(f"no origin has a figure of {weights}", hint="weigh them equally")
    return np.asarray(found / found.sum())


class ValueFunction:
    """The measure of every subset: means over the origins that have a route in each subset asked for (`reached`)."""

    def __init__(
        self, subsets: UpgradeSubsets, origins: Sequence[str], destinations: Sequence[str], measure: str, weights: str
    ) -> None:
        if measure not in UNITS:
            raise UnknownName(
                f"'{measure}' cannot be split",
                hint=did_you_mean(measure, UNITS, otherwise=f"one of: {', '.join(UNITS)}"),
            )
        if not origins or not destinations:
            raise BadValue("at least one origin and one destination are needed")
        self.subsets, self.measure = subsets, measure
        self.origins, self.destinations = tuple(origins), tuple(destinations)
        self.weight = origin_weights(subsets, origins, weights)
        self.known: dict[int, NDArray[np.float64]] = {}
        self.reached = np.ones(len(self.origins), bool)

    @property
    def counted(self) -> tuple[str, ...]:
        """The origins that have a route in each subset asked for."""
        return tuple(origin for origin, there in zip(self.origins, self.reached.tolist(), strict=True) if there)

    def prepare(self, masks: Sequence[int]) -> None:
        """Value the effective sets of masks, those not yet known."""
        wanted = sorted({self.subsets.rules.effective(mask) for mask in masks} - self.known.keys())
        for start in range(0, len(wanted), BLOCK):
            block = wanted[start : start + BLOCK]
            values = self.subsets.solve(block, self.origins, self.destinations)
            rows = self._access(values.total("generalised")) if self._is_access else values.total(self.measure)
            by_origin = rows.sum(axis=2) if self._is_access else rows.mean(axis=2)
            self.known.update(zip(block, by_origin, strict=True))
            self.reached &= np.isfinite(by_origin).all(axis=0)

    @property
    def _is_access(self) -> bool:
        return self.measure == "market_access"

    def _access(self, cost: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return `GDP x (1 + G / V) ** -theta` of every pair (Reed & Trubetskoy 2019); 0 where there is no route."""
        gdp = self.subsets.router.network.market_weights
        size = np.array([gdp.get(destination, 0.0) for destination in self.destinations])
        return size * left_share(cost, self.subsets.router.impedance.cargo.value_usd)

    def means(self, masks: Sequence[int]) -> NDArray[np.float64]:
        """Return the weighted mean over the origins that are reached throughout; NoRoute when there are none."""
        self.prepare(masks)
        weight = np.where(self.reached, self.weight, 0.0)
        if not weight.sum():
            raise NoRoute("no origin has a route in every subset of the upgrades")
        rows = np.array([self.known[self.subsets.rules.effective(mask)] for mask in masks])
        return np.asarray(np.where(self.reached, rows, 0.0) @ weight / weight.sum())

    def gains(self, masks: Sequence[int]) -> NDArray[np.float64]:
        """Return the gain of each subset over none; positive is better."""
        sign = 1.0 if self._is_access else -1.0
        found = self.means([0, *masks])
        return np.asarray(sign * (found[1:] - found[0]))

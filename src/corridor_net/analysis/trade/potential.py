"""How near the markets are: potential, logsum, market access, gains from a change, and what is reached in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf, log

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.access import THETA, WITHIN_DAYS, left_share
from corridor_net.analysis.router import Router
from corridor_net.analysis.trips import Trip, trips
from corridor_net.errors import BadValue
from corridor_net.results import Result, measure

LOGSUM_SCALE_PER_USD = 0.002
"""Scale of the logsum, grade D: choices between routes 500 USD apart differ by a factor of e."""

TERMINAL = "terminal"
"""What work in terminals is counted as, beside the modes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Hours and USD of one mode, or in terminals."""

    hours: float = measure("h", 2)
    cost_usd: float = measure("USD", 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Potential(Result):
    """How near an origin is to all markets; `W` the weights of markets, `G` the generalised cost in USD a box.

    `hansen` = sum W / G x 1000; `logsum_usd` = ln(sum W exp(-mu G)) / mu; `market_access` = sum W
    (1 + G / V)^-theta; `within` gives the weight reached in so many days; `by_destination` the share of each
    market in `market_access`; `by_mode` the weighted mean hours and USD spent on each mode and in terminals.
    Weights are the products of the markets (`Network.market_weights`), in `Network.market_unit`.
    Where no market is reached, means and the logsum are None and `by_mode` is empty.
    """

    origin: str
    markets: int
    hansen: float = measure("market unit / 1000 USD", 4)
    logsum_usd: float | None = measure("USD", 4)
    market_access: float = measure("market unit", 4)
    mean_generalised_usd: float | None = measure("USD", 4)
    mean_hours: float | None = measure("h", 4)
    within: dict[int, float] = measure("market unit")
    by_destination: dict[str, float] = measure(digits=4)
    by_mode: dict[str, Spent]

    @classmethod
    def unreached(cls, origin: str) -> Potential:
        """Return what there is to say of an origin that reaches no market."""
        return cls(
            origin=origin,
            markets=0,
            hansen=0.0,
            logsum_usd=None,
            market_access=0.0,
            mean_generalised_usd=None,
            mean_hours=None,
            within=dict.fromkeys(WITHIN_DAYS, 0.0),
            by_destination={},
            by_mode={},
        )

    @property
    def nearest(self) -> tuple[str, float] | None:
        """The market with the largest share in market access, and that share; None where none is reached."""
        return max(self.by_destination.items(), key=lambda item: item[1], default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain(Result):
    """What a change is worth to an origin: USD a box by the rule of half, mean over markets by weight.

    The mean is over the `markets` reached before and after, None where there is none. `market_access_change` is a
    share, None where nothing was reached before; `gained` and `lost` are markets that can or cannot be reached any
    more, which no mean can count.
    """

    origin: str
    gain_usd: float | None = measure("USD", 2)
    markets: int
    market_access_change: float | None = measure(digits=6)
    gained: tuple[str, ...]
    lost: tuple[str, ...]


def all_trips(router: Router, origins: Sequence[str] | None = None) -> dict[tuple[str, str], Trip]:
    """Return the best trips from `origins` (all of table market) to every market."""
    network = router.network
    names = [network.node(o).node_id for o in origins] if origins else network.places_of("origin")
    return trips(router, names, network.places_of("market"))


def potential(
    router: Router,
    found: Mapping[tuple[str, str], Trip],
    origin: str,
    *,
    theta: float = THETA,
    scale: float = LOGSUM_SCALE_PER_USD,
) -> Potential:
    """Return how near `origin` is to the markets by its trips.

    Raises
    ------
    BadValue
        `theta` or `scale` not above 0, or an origin without a market it can reach.
    """
    if not (theta > 0 and scale > 0):
        raise BadValue(f"theta {theta:g} and scale {scale:g} must be above 0")
    gdp = router.network.market_weights
    reached = {m: found[origin, m] for m in gdp if (origin, m) in found}
    if not reached:
        raise BadValue(f"'{origin}' reaches no market", hint="its terminals or borders are closed on the day")
    cost = {m: trip.generalised_cost_usd for m, trip in reached.items()}
    value = router.impedance.cargo.value_usd
    weighed = {m: gdp[m] * left_share(cost[m], value, theta) for m in reached}
    whole, weight, least = sum(weighed.values()), sum(gdp[m] for m in reached), min(cost.values())
    mean = {m: gdp[m] / weight for m in reached}
    return Potential(
        origin=origin,
        markets=len(reached),
        hansen=1000 * sum(gdp[m] / cost[m] for m in reached),
        logsum_usd=log(sum(gdp[m] * exp(-scale * (cost[m] - least)) for m in reached)) / scale - least,
        market_access=whole,
        mean_generalised_usd=sum(mean[m] * cost[m] for m in reached),
        mean_hours=sum(mean[m] * trip.hours for m, trip in reached.items()),
        within={days: sum(gdp[m] for m, t in reached.items() if t.hours <= 24 * days) for days in WITHIN_DAYS},
        by_destination={m: share / whole for m, share in weighed.items()},
        by_mode=_by_mode(router, reached, mean),
    )


def nearness(router: Router, found: Mapping[tuple[str, str], Trip], origin: str, *, theta: float = THETA) -> Potential:
    """Return `potential`, or what there is to say of an origin that reaches no market."""
    if not any((origin, market) in found for market in router.network.market_weights):
        return Potential.unreached(origin)
    return potential(router, found, origin, theta=theta)


def _by_mode(router: Router, reached: Mapping[str, Trip], mean: Mapping[str, float]) -> dict[str, Spent]:
    totals = {mode: [0.0, 0.0] for mode in (*router.network.vocabulary.modes, TERMINAL)}
    for market, trip in reached.items():
        for number in trip.arcs:
            entry = totals[router.impedance.arcs[number].mode]
            entry[0] += mean[market] * float(router.hours[number])
            entry[1] += mean[market] * float(router.money[number])
    return {mode: Spent(hours=hours, cost_usd=usd) for mode, (hours, usd) in totals.items()}


def gain(
    before: Router,
    after: Router,
    trips_before: Mapping[tuple[str, str], Trip],
    trips_after: Mapping[tuple[str, str], Trip],
    origin: str,
    *,
    elasticity: float = 0.0,
    theta: float = THETA,
) -> Gain:
    """Return what the change is worth to `origin`, by the rule of half.

    With flows in proportion to GDP before, and `q1 = q0 (G1 / G0) ** -elasticity` after,
    `gain = sum (q0 + q1) / 2 x (G0 - G1) / sum q0` (Tressider et al. 1968; Small 1999). Markets reached only
    before or only after have no G0 or G1; they are listed. Raises BadValue for an elasticity below 0.
    """
    if not 0 <= elasticity < inf:
        raise BadValue(f"the elasticity is {elasticity:g}", hint="0 (fixed flows) or above")
    gdp = before.network.market_weights
    both = [m for m in gdp if (origin, m) in trips_before and (origin, m) in trips_after]
    total = sum(gdp[m] for m in both)
    surplus = 0.0
    for market in both:
        old = trips_before[origin, market].generalised_cost_usd
        new = trips_after[origin, market].generalised_cost_usd
        surplus += gdp[market] * (1 + (new / old) ** -elasticity) / 2 * (old - new)
    first = nearness(before, trips_before, origin, theta=theta).market_access
    second = nearness(after, trips_after, origin, theta=theta).market_access
    return Gain(
        origin=origin,
        gain_usd=surplus / total if total else None,
        markets=len(both),
        market_access_change=second / first - 1 if first else None,
        gained=tuple(m for m in gdp if (origin, m) in trips_after and (origin, m) not in trips_before),
        lost=tuple(m for m in gdp if (origin, m) in trips_before and (origin, m) not in trips_after),
    )


def reach(router: Router, origin: str, quantity: str = "hours") -> dict[str, float]:
    """Return the hours, or USD, of the best route from `origin` to every node that cargo can come to.

    The best is that of `Router.route`, of least `router.by`: where cargo can be received it counts to its delivery, so
    the amounts are those of `route`; elsewhere, to when it is there in the state that is reached best.
    Raises BadValue for another quantity, UnknownName for the origin, NoRoute where cargo cannot start.
    """
    if quantity not in ("hours", "cost_usd"):
        raise BadValue(f"unknown quantity '{quantity}'", hint="hours or cost_usd")
    amounts: NDArray[np.float64] = router.hours if quantity == "hours" else router.money
    start = router.network.node(origin).node_id
    tree = router.weighted.one_to_all(router.end_state(start, "origin"))
    best: dict[str, tuple[bool, float, int]] = {}
    for state, ((node, name), weight) in enumerate(zip(router.impedance.states, tree.distance.tolist(), strict=True)):
        known = (name != "destination", weight, state)
        if weight < inf and node != start and (node not in best or known < best[node]):
            best[node] = known
    sums = tree.sums(amounts)
    return {start: 0.0} | {node: sums[state] for node, (_, _, state) in best.items()}


def band_of(value: float, limits: Sequence[float]) -> float | None:
    """Return the first limit that a value stays within, None above the last.

    >>> band_of(30.0, (24, 48))
    48
    """
    return next((limit for limit in limits if value <= limit), None)


def checked_limits(limits: Sequence[float]) -> tuple[float, ...]:
    """Return limits in rising order; raise BadValue when there are none or one is not above 0."""
    if not limits or not all(0 < limit < inf for limit in limits):
        raise BadValue("bands need limits above 0", hint="for example 24, 72, 168 hours")
    return tuple(sorted(set(limits)))

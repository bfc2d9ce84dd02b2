"""What carriage leaves of the trade in each kind of goods, city by city, and what keeps it; now and after upgrades."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from corridor_net.analysis.access import THETA, left_share
from corridor_net.analysis.route import services_of
from corridor_net.analysis.router import Router
from corridor_net.costing.money import trade_of_origins
from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph import Weighted
from corridor_net.network import Network
from corridor_net.network.rows import CargoProfile
from corridor_net.results import measure

LAND = "by land"
CARBON = "CO2e"
"""The part of generalised cost that a CO2 price is, where there is one."""
KEEPERS = ("cost", "time", "frequency", "certainty")
"""What carriage asks: money, hours on the way, the wait for a ship, and hours that nobody can be sure of."""
LEAST_RISE = 5e-4
"""An upgrade that adds a smaller share to trade adds none."""
SURE = 2.0
"""Standard deviations above the mean within which cargo is taken to be there: 49 times in 50."""


def raised_most(rises: Mapping[str, float]) -> tuple[str | None, float]:
    """Return which of some rises is the largest, and how much; None and 0 where none is to be told.

    >>> raised_most({"a": 0.02, "b": 0.1}), raised_most({"a": 1e-5})
    (('b', 0.1), (None, 0.0))
    """
    best = max(rises, key=lambda name: rises[name], default=None)
    return (best, rises[best]) if best is not None and rises[best] > LEAST_RISE else (None, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """How long goods keep, days: the low and the high end of what is published, and their geometric middle."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The geometric middle, which the cost of a day rests on."""
        return sqrt(self.low * self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The best way of a box from one city; USD of generalised cost by what asks it (`KEEPERS`), adding up to all.

    `late_days` are the days within which it is there 49 times in 50 (mean and twice the spread).
    """

    origin: str
    gateway: str
    services: tuple[str, ...]
    cost_usd: float = measure("USD", 2)
    days: float = measure("days", 2)
    late_days: float = measure("days", 2)
    generalised_cost_usd: float = measure("USD", 2)
    by: dict[str, float] = measure("USD", 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One kind of goods under one scenario: the best way of each city that has one, and means over these by weight.

    `parts` is generalised cost by what asks it, as a share of the value; `left` the share of trade that such carriage
    leaves, `(1 + G / V)^-theta`.
    """

    scenario: str
    value_usd: float = measure("USD", 2)
    ways: tuple[Way, ...]
    parts: dict[str, float] = measure("share of value", 4)
    of_value: float = measure("share of value", 4)
    cost_of_value: float = measure("share of value", 4)
    days: float = measure("days", 2)
    late_days: float = measure("days", 2)
    left: float = measure("share", 4)

    @property
    def keeper(self) -> str:
        """What asks most."""
        return max(self.parts, key=lambda name: (self.parts[name], name))


def storage_of(row: CargoProfile) -> Storage | None:
    """Return how long goods keep; None for those that do not spoil, or of which nothing is said.

    Raises BadValue where the low end is above the high one.
    """
    if row.keeps_days_low is None or row.keeps_days_high is None:
        return None
    if row.keeps_days_low > row.keeps_days_high:
        raise BadValue(
            f"'{row.cargo_id}' keeps from {row.keeps_days_low:g} to {row.keeps_days_high:g} days",
            hint="keeps_days_low comes first in table cargo, and is the smaller",
        )
    return Storage(low=row.keeps_days_low, high=row.keeps_days_high)


def weights_of(network: Network, origins: Sequence[str]) -> dict[str, float]:
    """Return what share each city counts: by its trade, else by its people, else all alike."""
    people = {market.node_id: market.population or 0.0 for market in network.markets("origin")}
    for amounts in (trade_of_origins(network), people):
        known = {name: amounts.get(name, 0.0) for name in origins}
        if all(known.values()):
            return {name: value / sum(known.values()) for name, value in known.items()}
    return {name: 1 / len(origins) for name in origins}


def carried(
    router: Router, scenario: str, ways: Sequence[Way], weights: Mapping[str, float], theta: float = THETA
) -> Carried:
    """Return the means over the cities that have a way, each by its weight.

    `weights` are those of all cities that count: one without a way has nothing left. Raises NoRoute where none has.
    """
    whole = sum(weights[way.origin] for way in ways)
    if not whole:
        raise NoRoute("no city has a route for these goods")
    value, share = router.impedance.cargo.value_usd, {way.origin: weights[way.origin] / whole for way in ways}

    def mean(of: Callable[[Way], float]) -> float:
        return sum(share[way.origin] * of(way) for way in ways)

    left = sum(weights[way.origin] * left_share(way.generalised_cost_usd, value, theta) for way in ways)
    names = dict.fromkeys(name for way in ways for name in way.by)
    return Carried(
        scenario=scenario,
        value_usd=value,
        ways=tuple(ways),
        parts={name: sum(share[way.origin] * way.by.get(name, 0.0) / value for way in ways) for name in names},
        of_value=mean(lambda way: way.generalised_cost_usd / value),
        cost_of_value=mean(lambda way: way.cost_usd / value),
        days=mean(lambda way: way.days),
        late_days=mean(lambda way: way.late_days),
        left=left / sum(weights.values()),
    )


def ways_to(router: Router, origins: Sequence[str], destination: str) -> list[Way]:
    """Return the best way of every city that has one, by one search back from the destination."""
    try:
        end = router.end_state(destination, "destination")
    except NoRoute:
        return []
    tree = Weighted.of(router.graph.reversed(), router.weight).one_to_all(end)
    found = []
    for origin in origins:
        try:
            arcs = tree.path(router.end_state(origin, "origin"))[::-1].tolist()
        except NoRoute:
            continue
        found.append(_way(router, origin, arcs))
    return found


def _way(router: Router, origin: str, arcs: Sequence[int]) -> Way:
    steps = [router.impedance.arcs[arc] for arc in arcs]
    chosen = list(arcs)
    money, hours, spread, kg = (float(amount[chosen].sum()) for amount in router.measures)
    wait, wait_spread = _waits(router, arcs)
    objective = router.objective
    _, hour, sure, carbon = objective.prices
    asked = (money, hour * (hours - wait), hour * wait + sure * wait_spread, sure * (spread - wait_spread))
    by = dict(zip(KEEPERS, asked, strict=True))
    if carbon:
        by[CARBON] = carbon * kg
    return Way(
        origin=origin,
        gateway=router.gateway(arcs) or LAND,
        services=services_of(steps),
        cost_usd=money,
        days=hours / 24,
        late_days=(hours + SURE * spread) / 24,
        generalised_cost_usd=float(objective.generalised(money, hours, spread, kg)),
        by=by,
    )


def _waits(router: Router, arcs: Sequence[int]) -> tuple[float, float]:
    """Return the hours that cargo waits for ships on a way, and their spread."""
    hours = spread = 0.0
    for arc in arcs:
        step = router.impedance.arcs[arc]
        for part in step.parts if step.kind == "board" else ():
            if part.quantity == "hours" and part.component == "wait":
                hours += part.scheduled if router.schedule else part.amount
                spread += 0.0 if router.schedule else part.spread
    return hours, spread

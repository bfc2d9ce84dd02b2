"""The routes of a pair that no other beats in money, hours and CO2e at once, and when each is the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, inf, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue, did_you_mean

from .route import Router, gateway_of

CRITERIA = ("money", "hours", "co2")
TOLERANCE = 1e-6
"""Amounts this share apart are the same: more than sums differ by rounding, less than any figure is known to."""
DIGITS = 4
"""Decimals of amounts in JSON, so that what differs by more than the tolerance differs in print."""


@dataclass(frozen=True, slots=True)
class TradeOff:
    """One route of the front. `value_of_time` is the band (USD per hour) in which money and hours make it the best.

    None when it never is; the upper end is None when it has none. `shown` marks the few that show the spread.
    """

    cost_usd: float
    hours: float
    co2_kg: float
    gateway: str | None
    crossings: tuple[str, ...]
    services: tuple[str, ...]
    value_of_time: tuple[float, float | None] | None
    shown: bool
    arcs: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        band = self.value_of_time
        return {
            "cost_usd": round(self.cost_usd, DIGITS),
            "hours": round(self.hours, DIGITS),
            "co2_kg": round(self.co2_kg, DIGITS),
            "gateway": self.gateway,
            "crossings": list(self.crossings),
            "services": list(self.services),
            "value_of_time_usd_per_hour": None
            if band is None
            else [round(v, 4) if v is not None else None for v in band],
            "shown": self.shown,
        }


@dataclass(frozen=True, slots=True)
class TradeOffs:
    """The whole front of a pair, by rising cost, and how it was found."""

    origin: str
    destination: str
    criteria: tuple[str, ...]
    epsilon: float
    routes: tuple[TradeOff, ...]
    value_of_time_now: float

    def as_json(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            "origin": self.origin,
            "destination": self.destination,
            "criteria": list(self.criteria),
            "epsilon": self.epsilon,
            "value_of_time_now_usd_per_hour": round(self.value_of_time_now, 4),
            "routes": [route.as_json() for route in self.routes],
        }


def trade_offs(
    router: Router,
    origin: str,
    destination: str,
    *,
    criteria: Sequence[str] = CRITERIA,
    epsilon: float = 0.0,
    show: int = 8,
) -> TradeOffs:
    """Return every route that no other beats in all `criteria` (money, hours, co2) at once.

    A route beats another when it is no worse in any criterion and better in one (Hansen 1980; Martins 1984),
    where amounts within `TOLERANCE` of each other are the same. Amounts are sums rounded once, so that two routes
    over equal steps in another order are equal. Of routes with the same amounts, gateway and services one is kept.
    With `epsilon` e > 0 a route may be missing when another costs at most (1 + e) times as much in each. The
    bands of the value of time are those of the lower hull of money and hours over the whole front. `show`
    routes are marked: the best in each criterion, then again and again the one farthest from those marked.

    Raises
    ------
    BadValue
        An unknown criterion, one named twice, or none; epsilon below 0; more labels than can be held.
    NoRoute, UnknownName
        As `Router.route`.
    """
    from corridor_net.graph.pareto import pareto, representatives, vot_bands  # brings a compiler, where there is one

    for name in criteria:
        if name not in CRITERIA:
            raise BadValue(
                f"'{name}' is no criterion",
                hint=did_you_mean(name, CRITERIA, otherwise=f"one of: {', '.join(CRITERIA)}"),
            )
    if not criteria or len(set(criteria)) != len(criteria):
        raise BadValue("name each criterion once", hint=f"of {', '.join(CRITERIA)}")
    best = router.route(origin, destination)
    start, goal = best.origin, best.destination
    amounts = {"money": router.money, "hours": router.hours, "co2": router.impedance.co2_kg}
    source, target = router.end_state(start, "origin"), router.end_state(goal, "destination")
    front = pareto(router.graph, np.array([amounts[name] for name in criteria]), source, target, epsilon=epsilon)
    listed = {name: amounts[name].tolist() for name in CRITERIA}
    sums = np.array([[fsum(listed[name][arc] for arc in path.tolist()) for name in CRITERIA] for path in front.paths])
    ways = [_way(router, path.tolist()) for path in front.paths]
    kept = unbeaten(sums[:, [CRITERIA.index(name) for name in criteria]], sums, ways)
    totals, paths = sums[kept], [front.paths[n] for n in kept]
    bands = vot_bands(totals[:, 0], totals[:, 1])
    marked = set(representatives(totals[:, [CRITERIA.index(name) for name in criteria]], show).tolist())
    routes = []
    for number, (path, row, band) in enumerate(zip(paths, totals.tolist(), bands.tolist(), strict=True)):
        gateway, services = _way(router, path.tolist())
        steps = [router.impedance.arcs[arc] for arc in path.tolist()]
        routes.append(
            TradeOff(
                row[0],
                row[1],
                row[2],
                gateway,
                tuple(step.subject for step in steps if step.kind == "crossing"),
                services,
                None if isnan(band[0]) else (band[0], None if band[1] == inf else band[1]),
                number in marked,
                tuple(path.tolist()),
            )
        )
    now = router.impedance.cargo.value_of_time
    return TradeOffs(start, goal, tuple(criteria), epsilon, tuple(routes), now)


Way = tuple[str | None, tuple[str, ...]]


def _way(router: Router, path: Sequence[int]) -> Way:
    """Return the gateway and the services of a route."""
    steps = [router.impedance.arcs[arc] for arc in path]
    services = dict.fromkeys(step.subject for step in steps if step.kind in ("board", "charter"))
    return gateway_of(router.network.overseas, steps), tuple(services)


def unbeaten(values: NDArray[np.float64], order: NDArray[np.float64], ways: Sequence[Way]) -> list[int]:
    """Return the rows of `values` (n_routes, n_criteria) that no other beats, sorted by `order` (n_routes, any).

    Row a beats row b when `a <= b (1 + TOLERANCE)` in every criterion and `a < b (1 - TOLERANCE)` in one; of rows
    that do not differ by more than that and go the same way the first is kept.

    >>> rows = np.array([[3.0, 1.0], [1.0, 2.0], [1.0, 3.0], [1.0 + 1e-9, 2.0]])
    >>> unbeaten(rows, rows, [("port", ("ship",))] * 4)
    [1, 0]
    """
    kept: list[int] = []
    for row in np.lexsort(order.T[::-1]).tolist():
        others, here = values[kept], values[row]
        no_worse = (others <= here * (1 + TOLERANCE)).all(axis=1)
        beaten = no_worse & (others < here * (1 - TOLERANCE)).any(axis=1)
        same = no_worse & ~beaten & (here <= others * (1 + TOLERANCE)).all(axis=1)
        if beaten.any() or any(ways[kept[n]] == ways[row] for n in np.flatnonzero(same).tolist()):
            continue
        worse = (here <= others * (1 + TOLERANCE)).all(axis=1) & (here < others * (1 - TOLERANCE)).any(axis=1)
        kept = [other for other, out in zip(kept, worse.tolist(), strict=True) if not out] + [row]
    return kept

"""The routes of a pair that no other beats in money, hours and CO2e at once, and when each is the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, inf, isnan
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue, did_you_mean
from corridor_net.results import Result, measure

from .route import crossings_of, services_of
from .router import Router

CRITERIA = ("money", "hours", "co2")
TOLERANCE = 1e-6
"""Amounts this share apart are the same: more than sums differ by rounding, less than any figure is known to."""
DIGITS = 4
"""Decimals of amounts in JSON, so that what differs by more than the tolerance differs in print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeOff(Result):
    """One route of the front, per box.

    `timed_hours` are the hours that the value of time is paid for: hours, and their spread at the reliability ratio.
    `value_of_time` is the band (USD per hour) in which money and timed hours make it the best: None when they never do,
    or when both are not among the criteria; the upper end is None when it has none. `best_now`: whether the value of
    time of the question lies in the band. `shown` marks the few that show the spread.
    """

    cost_usd: float = measure("USD", DIGITS)
    hours: float = measure("h", DIGITS)
    spread_hours: float = measure("h", DIGITS)
    timed_hours: float = measure("h", DIGITS)
    co2_kg: float = measure("kg CO2e", DIGITS)
    gateway: str | None
    crossings: tuple[str, ...]
    services: tuple[str, ...]
    value_of_time: tuple[float, float | None] | None = measure("USD/h", 4, name="value_of_time_usd_per_hour")
    best_now: bool
    shown: bool
    arcs: tuple[int, ...] = measure(hidden=True)


@dataclass(frozen=True, kw_only=True)
class TradeOffs(Result):
    """The whole front of a pair, by rising cost, and how it was found."""

    ROWS: ClassVar[str] = "routes"
    QUESTION: ClassVar[str] = "pareto"

    as_of: str
    scenario: str
    cargo: str
    origin: str
    destination: str
    criteria: tuple[str, ...]
    epsilon: float
    value_of_time_now: float = measure("USD/h", 4, name="value_of_time_now_usd_per_hour")
    reliability_ratio: float
    co2_price_usd_per_t: float = measure("USD/t", 2)
    routes: tuple[TradeOff, ...]

    @property
    def has_bands(self) -> bool:
        """Whether money and hours are both among the criteria, so that values of time have a best route."""
        return {"money", "hours"} <= set(self.criteria)


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

    Money is what is paid, the price of CO2 included where there is one; hours are those that the value of time is paid
    for (`Router.timed_hours`). So the route of least generalised cost is on the front of money and hours, whatever an
    hour is worth. A route beats another when it is no worse in any criterion and better in one (Hansen 1980; Martins
    1984), where amounts within `TOLERANCE` of each other are the same. Amounts are sums rounded once, so that two
    routes over equal steps in another order are equal. Of routes with the same amounts, gateway and services one is
    kept. With `epsilon` e > 0 a route may be missing when another costs at most (1 + e) times as much in each. The
    bands of the value of time are those of the lower hull of money and hours over the whole front. `show` routes are
    marked: the best now, the best in each criterion, then again and again the one farthest from those marked.

    Raises
    ------
    BadValue
        An unknown criterion, one named twice, or none; `show` below 1; epsilon below 0; more labels than can be held.
    NoRoute, UnknownName
        As `Router.route`.
    """
    from corridor_net.graph.beside.pareto import pareto

    columns = _columns(criteria)
    if show < 1:
        raise BadValue(f"{show} routes cannot be shown", hint="1 or more")
    best = router.route(origin, destination)
    objective = router.objective
    amounts = np.array([_priced(router), router.timed_hours, router.impedance.co2_kg])
    source, target = router.end_state(best.origin, "origin"), router.end_state(best.destination, "destination")
    front = pareto(router.graph, amounts[columns], source, target, epsilon=epsilon)
    paths = [path.tolist() for path in front.paths]
    sums = _sums(amounts, paths)
    kept = unbeaten(sums[:, columns], sums, [_way(router, path) for path in paths])
    routes = _described(router, [paths[n] for n in kept], sums[kept], columns, show)
    return TradeOffs(
        as_of=str(router.network.day),
        scenario=router.scenario,
        cargo=router.impedance.cargo.cargo_id,
        origin=best.origin,
        destination=best.destination,
        criteria=tuple(criteria),
        epsilon=epsilon,
        value_of_time_now=objective.value_of_time,
        reliability_ratio=0.0 if router.schedule else objective.reliability_ratio,
        co2_price_usd_per_t=objective.co2_price_usd_per_t,
        routes=routes,
    )


def _columns(criteria: Sequence[str]) -> list[int]:
    """Return the places of the criteria in `CRITERIA`; raise BadValue for what is none, or named twice, or none."""
    for name in criteria:
        if name not in CRITERIA:
            raise BadValue(
                f"'{name}' is no criterion",
                hint=did_you_mean(name, CRITERIA, otherwise=f"one of: {', '.join(CRITERIA)}"),
            )
    if not criteria or len(set(criteria)) != len(criteria):
        raise BadValue("name each criterion once", hint=f"of {', '.join(CRITERIA)}")
    return [CRITERIA.index(name) for name in criteria]


def _priced(router: Router) -> NDArray[np.float64]:
    """Return what is paid by arc in USD, the price of CO2 included."""
    price = router.objective.co2_price_usd_per_t
    return router.money + price / 1000 * router.impedance.co2_kg if price else router.money


def _sums(amounts: NDArray[np.float64], paths: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """Return the sums of amounts (n_amounts, n_arcs) over each path, rounded once: (n_paths, n_amounts)."""
    listed = amounts.tolist()
    return np.array([[fsum(row[arc] for arc in path) for row in listed] for path in paths])


def _described(
    router: Router, paths: Sequence[Sequence[int]], totals: NDArray[np.float64], columns: Sequence[int], show: int
) -> tuple[TradeOff, ...]:
    """Return the routes with their bands of the value of time, and those marked that are shown."""
    from corridor_net.graph.beside.pareto import vot_bands

    told = _sums(np.array([router.money, router.hours, router.spread_hours]), paths).tolist()
    both = {0, 1} <= set(columns)
    bands = vot_bands(totals[:, 0], totals[:, 1]) if both else np.full((len(paths), 2), np.nan)
    now = router.objective.value_of_time
    winners = [n for n, (low, high) in enumerate(bands.tolist()) if low <= now < high]
    hull = [n for n, (low, _) in enumerate(bands.tolist()) if not isnan(low)]
    marked = _marked(totals[:, columns], show, winners[:1], hull)
    found = []
    for n, (path, band) in enumerate(zip(paths, bands.tolist(), strict=True)):
        gateway, services = _way(router, path)
        steps = [router.impedance.arcs[arc] for arc in path]
        cost, hours, spread = told[n]
        found.append(
            TradeOff(
                cost_usd=cost,
                hours=hours,
                spread_hours=spread,
                timed_hours=float(totals[n, 1]),
                co2_kg=float(totals[n, 2]),
                gateway=gateway,
                crossings=crossings_of(steps),
                services=services,
                value_of_time=None if isnan(band[0]) else (band[0], None if band[1] == inf else band[1]),
                best_now=n in winners,
                shown=n in marked,
                arcs=tuple(path),
            )
        )
    return tuple(found)


def _marked(totals: NDArray[np.float64], show: int, now: Sequence[int], hull: Sequence[int]) -> set[int]:
    """Return the rows that are shown: those that show the spread with `hull`, or with `now` where that is too many."""
    from corridor_net.graph.beside.pareto import representatives

    tried = (
        {*wanted, *(representatives(totals, count).tolist() if count else ())}
        for wanted, least in ((hull, totals.shape[1]), (now, 0))
        for count in range(show, least - 1, -1)
    )
    return next(marked for marked in tried if len(marked) <= show)


Way = tuple[str | None, tuple[str, ...]]


def _way(router: Router, path: Sequence[int]) -> Way:
    """Return the gateway and the services of a route."""
    return router.gateway(path), services_of(router.impedance.arcs[arc] for arc in path)


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

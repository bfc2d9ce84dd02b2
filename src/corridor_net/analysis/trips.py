"""The best trips of many pairs on one network, in totals. No drawing, no printing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, islice

import numpy as np

from corridor_net.costing.arcs import kind_of
from corridor_net.errors import NoRoute
from corridor_net.graph.search.tree import ways

from .route import BOARDING, CROSSING, gateway_of
from .router import Router


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """The best route of one origin-destination pair in one run, in totals; `arcs` lead back to its legs."""

    origin: str
    destination: str
    cost_usd: float
    hours: float
    spread_hours: float
    co2_kg: float
    generalised_cost_usd: float
    distance_km: float
    gateway: str | None
    services: tuple[str, ...]
    crossings: tuple[str, ...]
    arcs: tuple[int, ...]
    keys: tuple[str, ...]
    schedule: bool


def starts_of(router: Router, origins: Sequence[str]) -> list[tuple[str, int]]:
    """Return the origins where a journey can begin, with their states."""
    found = []
    for origin in origins:
        try:
            found.append((origin, router.end_state(origin, "origin")))
        except NoRoute:
            continue
    return found


HELD = 2**22
"""Numbers that the trees looked at together may hold, so that they fit in memory."""


def trips(router: Router, origins: Sequence[str], destinations: Sequence[str]) -> dict[tuple[str, str], Trip]:
    """Return the best trip of every pair that has a route, by (origin, destination)."""
    index, starts = router.impedance.index, starts_of(router, origins)
    goals = {name: index[name, "destination"] for name in destinations if (name, "destination") in index}
    amounts = np.column_stack((*router.measures, router.generalised, router.impedance.distance_km))
    amounts = np.vstack((amounts, np.zeros(amounts.shape[1])))  # no arc, -1, takes nothing
    step_of = cache(partial(_step, router))
    trees = router.weighted.many([state for _, state in starts])
    most = max(1, HELD // (router.graph.n_nodes + 64 * len(goals)))
    found = {}
    for first in range(0, len(starts), most):
        arcs = ways([*islice(trees, most)], [*goals.values()])
        sums = np.zeros((*arcs.shape[:2], amounts.shape[1]))
        for step in np.moveaxis(arcs, 2, 0):  # in travel order, so that sums are those of a search
            sums += amounts[step]
        length = (arcs >= 0).sum(axis=2)
        rows = zip(starts[first:], arcs.tolist(), length.tolist(), sums.tolist(), strict=False)
        for (origin, _), *told in rows:
            for destination, way, steps, taken in zip(goals, *told, strict=True):
                if steps and destination != origin:
                    pair = origin, destination
                    found[pair] = _trip(router, pair, way[-steps:], step_of, taken)
    return found


_Step = tuple[str, tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]
"""The key of an arc, the service that it boards and the crossing it passes, its ends where it is a passage by sea."""


def _step(router: Router, number: int) -> _Step:
    key, asset_id = router.impedance.arcs.identified(number)
    kind = kind_of(key)
    services = (asset_id,) if kind in BOARDING else ()
    crossings = (asset_id,) if kind == CROSSING else ()
    return key, services, crossings, (router.impedance.places(number),) if router.impedance.at_sea[number] else ()


def _trip(
    router: Router, pair: tuple[str, str], arcs: Sequence[int], step_of: Callable[[int], _Step], sums: Sequence[float]
) -> Trip:
    """Return the trip along some arcs; `sums` are USD, hours, their spread, kg, generalised cost and kilometres."""
    keys, services, crossings, sea = zip(*map(step_of, arcs), strict=True)
    money, hours, spread, co2, generalised, km = sums
    return Trip(
        origin=pair[0],
        destination=pair[1],
        cost_usd=money,
        hours=hours,
        spread_hours=spread,
        co2_kg=co2,
        generalised_cost_usd=generalised,
        distance_km=km,
        gateway=gateway_of(router.network.overseas, pair[0], tuple(chain.from_iterable(sea))),
        services=tuple(dict.fromkeys(chain.from_iterable(services))),
        crossings=tuple(chain.from_iterable(crossings)),
        arcs=tuple(arcs),
        keys=keys,
        schedule=router.schedule,
    )

"""The best trips of many pairs on one network, in totals. No drawing, no printing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from corridor_net.costing.arcs import Floats, kind_of
from corridor_net.errors import NoRoute
from corridor_net.graph.search.large import LARGE
from corridor_net.graph.search.repaired import repaired
from corridor_net.graph.search.tree import Trees, ways

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

    def along(self, arcs: tuple[int, ...]) -> Trip:
        """Return the same trip where its arcs have other numbers; field by field, in half the time of `replace`."""
        return Trip(
            origin=self.origin,
            destination=self.destination,
            cost_usd=self.cost_usd,
            hours=self.hours,
            spread_hours=self.spread_hours,
            co2_kg=self.co2_kg,
            generalised_cost_usd=self.generalised_cost_usd,
            distance_km=self.distance_km,
            gateway=self.gateway,
            services=self.services,
            crossings=self.crossings,
            arcs=arcs,
            keys=self.keys,
            schedule=self.schedule,
        )


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
    return BestTrips.of(router, origins, destinations).trips


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class BestTrips:
    """The best trips of many pairs, and what was searched for them, so that trips of a network alike are found sooner.

    `arcs`: the route from each of `starts` to each of `goals`, as `ways` gives them. Of a network too large for that
    `trees` and `arcs` are not kept.
    """

    router: Router
    starts: tuple[tuple[str, int], ...]
    goals: dict[str, int]
    trips: dict[tuple[str, str], Trip]
    trees: Trees | None = None
    arcs: NDArray[np.int32] | None = None

    @classmethod
    def of(
        cls, router: Router, origins: Sequence[str], destinations: Sequence[str], like: BestTrips | None = None
    ) -> BestTrips:
        """Find them; `like` are those of the same places on a network that differs in few arcs."""
        index, starts = router.impedance.index, tuple(starts_of(router, origins))
        goals = {name: index[name, "destination"] for name in destinations if (name, "destination") in index}
        amounts = _amounts(router)
        most = max(1, HELD // (router.graph.n_nodes + 64 * len(goals)))
        if len(starts) <= most and router.graph.n_arcs <= LARGE:
            alike = _Alike.of(like, router, starts, goals, amounts) if like else None
            trees = alike.trees(router) if alike else _trees(router, starts)
            arcs = ways(trees, [*goals.values()])
            found = dict(_found(router, (starts, goals), arcs, amounts, alike))
            return cls(router=router, starts=starts, goals=goals, trips=found, trees=trees, arcs=arcs)
        found = {}
        for first in range(0, len(starts), most):
            part = starts[first : first + most]
            found |= _found(router, (part, goals), ways(_trees(router, part), [*goals.values()]), amounts)
        return cls(router=router, starts=starts, goals=goals, trips=found)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Alike:
    """Best trips of a network that differs in few arcs from one asked of.

    `nodes` and `arcs`: the number that each of its states and arcs has there, -1 where it has none, or an arc leads
    elsewhere. `moved`: which arcs there are new or take something else.
    """

    known: BestTrips
    nodes: NDArray[np.int64]
    arcs: NDArray[np.int64]
    moved: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        known: BestTrips,
        router: Router,
        starts: Sequence[tuple[str, int]],
        goals: Mapping[str, int],
        amounts: Floats,
    ) -> _Alike | None:
        """Hold two networks against each other; None where what is known of the one tells nothing of the other."""
        there, before = router.impedance, known.router.impedance
        names = [[name for name, _ in some] for some in (starts, known.starts)]
        if known.trees is None or names[0] != names[1] or [*goals] != [*known.goals]:
            return None
        if router.schedule != known.router.schedule or router.network.overseas != known.router.network.overseas:
            return None
        nodes = np.array([there.index.get(state, -1) for state in before.states], np.int64)
        arcs = np.array([there.numbers.get(key, -1) for key in before.numbers], np.int64)
        for end in ("tail", "head"):  # an arc that leads elsewhere now is another, whatever it is called
            arcs[nodes[getattr(known.router.graph, end)] != getattr(router.graph, end)[arcs]] = -1
        left = np.flatnonzero(arcs >= 0)
        now = arcs[left]
        if (np.diff(now) <= 0).any():
            return None
        moved = np.ones(len(amounts), bool)
        moved[now] = (amounts[now] != _amounts(known.router)[left]).any(axis=1)
        moved[now] |= there.at_sea[now] != before.at_sea[left]
        moved[-1] = False
        return cls(known=known, nodes=nodes, arcs=arcs, moved=moved)

    def trees(self, router: Router) -> Trees:
        """Return the trees of all origins there."""
        assert self.known.trees is not None  # noqa: S101 (else there would be nothing alike)
        return repaired(self.known.trees, self.known.router.weight, router.weighted, self.nodes, self.arcs)

    def same(self, arcs: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return which of the routes from each origin to each destination are the same and take the same."""
        assert self.known.arcs is not None  # noqa: S101 (as above)
        before = np.append(np.where(self.arcs < 0, -2, self.arcs), -1)[self.known.arcs]
        longest = max(before.shape[2], arcs.shape[2])
        then, now = (
            np.pad(one, ((0, 0), (0, 0), (longest - one.shape[2], 0)), constant_values=-1) for one in (before, arcs)
        )
        return np.asarray((then == now).all(axis=2) & ~self.moved[now].any(axis=2))

    def trip(self, pair: tuple[str, str], arcs: Sequence[int]) -> Trip | None:
        """Return the trip of a pair that is the same; None where it has none."""
        trip, way = self.known.trips.get(pair), tuple(arcs)
        return trip if trip is None or trip.arcs == way else trip.along(way)


def _trees(router: Router, starts: Sequence[tuple[str, int]]) -> Trees:
    return Trees.joined(router.graph, [*router.weighted.many([state for _, state in starts])])


def _amounts(router: Router) -> Floats:
    """Return USD, hours, their spread, kg, generalised cost and kilometres of each arc; last nothing, for no arc."""
    amounts = np.column_stack((*router.measures, router.generalised, router.impedance.distance_km))
    return np.vstack((amounts, np.zeros(amounts.shape[1])))


def _found(
    router: Router,
    ends: tuple[Sequence[tuple[str, int]], Mapping[str, int]],
    arcs: NDArray[np.int32],
    amounts: Floats,
    alike: _Alike | None = None,
) -> Iterator[tuple[tuple[str, str], Trip]]:
    """Yield the pairs that have a route, with their trips."""
    starts, goals = ends
    same = alike.same(arcs) if alike else np.zeros(arcs.shape[:2], bool)
    sums = np.zeros((np.count_nonzero(~same), amounts.shape[1]))
    for step in arcs[~same].T:  # in travel order, so that sums are those of a search
        sums += amounts[step]
    taken, step_of = iter(sums.tolist()), cache(partial(_step, router))
    length = (arcs >= 0).sum(axis=2)
    for (origin, _), *told in zip(starts, arcs.tolist(), length.tolist(), same.tolist(), strict=True):
        for destination, way, steps, known in zip(goals, *told, strict=True):
            pair, trip, route = (origin, destination), None, way[-steps:] if steps else []
            if known and alike:
                trip = alike.trip(pair, route)
            elif (total := next(taken)) and steps and destination != origin:
                trip = _trip(router, pair, route, step_of, total)
            if trip is not None:
                yield pair, trip


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

"""What the best routes of a whole matrix take, in totals: by the engine of large networks, or a tree at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.graph.loops.compiler import can_compile
from corridor_net.graph.search import large

from .router import Router
from .trips import starts_of, trips

if TYPE_CHECKING:
    from corridor_net.graph.hierarchy.metric import Metric

MEASURES = ("cost_usd", "hours", "co2_kg", "generalised_cost_usd", "distance_km")
"""What `PairTotals.sums` holds, in order."""
WORTH_ENGINE = 64
"""Origins from which the engine of a large network is sooner than a tree each: ordering takes as long as so many."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class PairTotals:
    """By pair: `sums` (n_origins, n_destinations, len(MEASURES)), NaN where there is no route, and its gateway."""

    sums: Floats
    gateways: tuple[tuple[str | None, ...], ...]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PairTotals):
            return NotImplemented
        return self.gateways == other.gateways and np.array_equal(self.sums, other.sums, equal_nan=True)

    __hash__ = None  # type: ignore[assignment]

    def of(self, pairs: Sequence[tuple[str, str]], origins: Sequence[str], destinations: Sequence[str]) -> PairTotals:
        """Return the totals of some pairs alone, of all origins and destinations; the others have none."""
        kept = np.zeros(self.sums.shape[:2], bool)
        for origin, destination in pairs:
            kept[origins.index(origin), destinations.index(destination)] = True
        gateways = tuple(
            tuple(gateway if there else None for gateway, there in zip(row, which, strict=True))
            for row, which in zip(self.gateways, kept.tolist(), strict=True)
        )
        return PairTotals(sums=np.where(kept[:, :, None], self.sums, np.nan), gateways=gateways)


class Ends:
    """Origins and destinations as states of a network; -1 where cargo cannot start or end."""

    def __init__(self, router: Router, origins: Sequence[str], destinations: Sequence[str]) -> None:
        index, known = router.impedance.index, dict(starts_of(router, origins))
        self.origins, self.destinations = origins, destinations
        self.sources = np.array([known.get(one, -1) for one in origins], np.int64)
        self.targets = np.array([index.get((one, "destination"), -1) for one in destinations], np.int64)
        self.rows, self.columns = np.flatnonzero(self.sources >= 0), np.flatnonzero(self.targets >= 0)

    def alone(self) -> NDArray[np.bool_]:
        """Return which pairs are a place and itself."""
        places = {name: column for column, name in enumerate(self.destinations)}
        made = np.zeros((len(self.origins), len(self.destinations)), bool)
        for row, name in enumerate(self.origins):
            if name in places:
                made[row, places[name]] = True
        return made


def pair_totals(router: Router, origins: Sequence[str], destinations: Sequence[str]) -> PairTotals:
    """Return the totals of the best route of every pair; of a place to itself there is none.

    A small network is asked route by route (`compare.trips`). Of a large one, many origins are answered by its
    hierarchy where the compiler is there, whose sums differ in their last digits alone; few origins, or all without
    the compiler, by a tree each. So are all where routes may tie that differ in other measures (`_may_tie`): of
    ties the hierarchy may take another than a single route does.
    """
    if router.graph.n_arcs <= large.LARGE:
        return _from_trips(router, origins, destinations)
    ends, marks = Ends(router, origins, destinations), Gateways(router)
    amounts = np.column_stack(
        [
            router.money,
            router.hours,
            router.impedance.co2_kg,
            router.generalised,
            router.impedance.distance_km,
        ]
    )
    sums = np.full((len(origins), len(destinations), len(MEASURES)), np.nan)
    first, last = (np.full(sums.shape[:2], -1, np.int64) for _ in range(2))
    metric = _metric(router) if len(ends.rows) >= WORTH_ENGINE and not _may_tie(router) else None
    found = _by_engine(metric, ends, amounts, marks) if metric is not None else _by_trees(router, ends, amounts, marks)
    place = np.ix_(ends.rows, ends.columns)
    sums[place], first[place], last[place] = found
    sums[ends.alone()] = np.nan
    return PairTotals(sums=sums, gateways=marks.names(ends.origins, sums, first, last))


def _from_trips(router: Router, origins: Sequence[str], destinations: Sequence[str]) -> PairTotals:
    found = trips(router, origins, destinations)
    sums = np.full((len(origins), len(destinations), len(MEASURES)), np.nan)
    for row, origin in enumerate(origins):
        for column, destination in enumerate(destinations):
            trip = found.get((origin, destination))
            if trip is not None:
                sums[row, column] = [getattr(trip, name) for name in MEASURES]
    gates = {pair: trip.gateway for pair, trip in found.items()}
    return PairTotals(sums=sums, gateways=tuple(tuple(gates.get((o, d)) for d in destinations) for o in origins))


class Gateways:
    """Which arcs tell the gateway of a route: `marks` are 1 on passages by sea or air, and 2 where these land."""

    def __init__(self, router: Router) -> None:
        self.router, at_sea = router, router.impedance.at_sea
        self.marks = at_sea.astype(np.uint8)
        overseas, states = router.network.overseas, router.impedance.states
        for arc in np.flatnonzero(at_sea).tolist():
            if states[router.impedance.head[arc]][0] not in overseas:
                self.marks[arc] |= 2

    @cached_property
    def overseas(self) -> frozenset[str]:
        """Nodes across the sea."""
        return self.router.network.overseas

    def names(self, origins: Sequence[str], sums: Floats, first: Any, last: Any) -> tuple[tuple[str | None, ...], ...]:
        """Return the gateway of each pair by its first arc at sea, or, from across the sea, by the last that lands."""
        imp, made = self.router.impedance, []
        known: dict[tuple[int, bool], str | None] = {(-1, False): None, (-1, True): None}
        for row, origin in enumerate(origins):
            far = origin in self.overseas
            ends = imp.head if far else imp.tail
            arcs = np.where(np.isnan(sums[row, :, 0]), -1, (last if far else first)[row])
            for arc in np.unique(arcs).tolist():
                if (arc, far) not in known:
                    known[arc, far] = imp.states[ends[arc]][0]
            made.append(tuple(known[arc, far] for arc in arcs.tolist()))
        return tuple(made)


def _may_tie(router: Router) -> bool:
    """Whether routes are commonly as good as each other and differ in what is not minimised: by one measure alone."""
    return router.by != "generalised" or not router.impedance.cargo.value_of_time


def _metric(router: Router) -> Metric | None:
    """Return the hierarchy of the network with its weights; None without the compiler."""
    return router.metric if can_compile() else None


def _by_engine(metric: Metric, ends: Ends, amounts: Floats, marks: Gateways) -> tuple[Any, Any, Any]:
    from corridor_net.graph.hierarchy.pair_sums import pair_sums

    found = pair_sums(metric, ends.sources[ends.rows], ends.targets[ends.columns], amounts, marks.marks)
    return np.where(found.reached[..., None], found.sums, np.nan), found.first, found.last


def _by_trees(router: Router, ends: Ends, amounts: Floats, marks: Gateways) -> tuple[Any, Any, Any]:
    """Walk back from all destinations at once, along the tree of each origin."""
    sources, targets = ends.sources[ends.rows], ends.targets[ends.columns]
    shape = (len(sources), len(targets))
    sums, first, last = np.zeros((*shape, amounts.shape[1])), np.full(shape, -1), np.full(shape, -1)
    for row, tree in enumerate(router.weighted.many(sources.tolist())):
        sums[row][tree.distance[targets] == np.inf] = np.nan
        going = np.flatnonzero((tree.distance[targets] < np.inf) & (targets != sources[row]))
        at = targets[going].astype(np.int32)
        while len(going):
            arcs = tree.parent_arc[at]
            sums[row, going] += amounts[arcs]
            marked = marks.marks[arcs]
            here = going[marked & 1 > 0]
            first[row, here] = arcs[marked & 1 > 0]
            here = going[(marked & 2 > 0) & (last[row, going] < 0)]
            last[row, here] = arcs[(marked & 2 > 0) & (last[row, going] < 0)]
            at = router.graph.tail[arcs]
            going, at = going[at != sources[row]], at[at != sources[row]]
    return sums, first, last

"""What the network cannot do without: assets taken out one by one and in pairs, smallest cuts, the months."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute, did_you_mean
from corridor_net.graph import Weighted
from corridor_net.graph.search.tree import Tree
from corridor_net.results import Result, measure

from .router import Router
from .trips import Trip, trips

KINDS = ("link", "crossing", "port", "service")
CLOSES = {"link": ("haul",), "crossing": ("crossing",), "service": ("board", "sail")}
"""What an arc of some kinds cannot do without; ports aside, which are told by the states at its ends."""
MAX_CUT = 12
"""Closures above which the search for the smallest cut gives up."""


FEW = 3
"""Places to which ways are looked for one by one, rather than to all."""


@dataclass(frozen=True, slots=True)
class Asset:
    """Something that can close, with its arcs: a link (both ways), a crossing (both ways), a port, a service."""

    kind: str
    name: str
    arcs: tuple[int, ...] = measure(hidden=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disruption(Result):
    """What is lost without some assets: means over pairs, weighted by demand.

    `extra_usd`, `extra_hours`: generalised cost and hours a box more, over pairs that had a route and still have one
    (0 for those that never used it), None where none is left; `cut_off_share`: share of demand that loses its route.
    `hit_share`: share of demand that has to go another way or has none.
    """

    assets: tuple[Asset, ...] = measure(name="closed")
    extra_usd: float | None = measure("USD", 2)
    extra_hours: float | None = measure("h", 2)
    hit_share: float = measure(digits=6)
    cut_off_share: float = measure(digits=6)
    worst_origin: str | None
    worst_extra_usd: float | None = measure("USD", 2)

    @property
    def names(self) -> str:
        """The assets that closed, in words."""
        return " + ".join(f"{asset.kind} {asset.name}" for asset in self.assets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month(Result):
    """The network in the middle of a month: means over pairs with a route (None without any), and the gateways."""

    day: date
    mean_generalised_usd: float | None = measure("USD", 2)
    mean_hours: float | None = measure("h", 2)
    gateways: dict[str, int] = measure(name="origins_by_gateway")
    cut_off: int


def assets(router: Router, kinds: Sequence[str] = KINDS) -> tuple[Asset, ...]:
    """Return everything of these kinds that can close; raise BadValue for an unknown kind or none.

    A port's arcs are those of loading, landing and work in it; lorries that pass its town are not the port.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise BadValue(
                f"unknown kind '{kind}'", hint=did_you_mean(kind, KINDS, otherwise=f"one of {', '.join(KINDS)}")
            )
    if not kinds:
        raise BadValue("no kind of thing to close", hint=f"one or more of {', '.join(KINDS)}")
    imp, quays = router.impedance, router.network.vocabulary.quays
    found: dict[tuple[str, str], list[int]] = {}
    asset_ids = imp.asset_ids()
    for kind, names in CLOSES.items():
        for arc in imp.of_kind(*names).tolist():
            name = asset_ids[arc].rsplit("-", 1)[0] if kind == "crossing" else asset_ids[arc]
            found.setdefault((kind, name), []).append(arc)
    in_port = np.array([name in quays or name == "charter" for _, name in imp.states], bool)
    for arc in np.flatnonzero(in_port[imp.tail] | in_port[imp.head]).tolist():
        for node in dict.fromkeys(imp.states[end][0] for end in (imp.tail[arc], imp.head[arc]) if in_port[end]):
            found.setdefault(("port", node), []).append(arc)
    return tuple(Asset(kind, name, tuple(arcs)) for (kind, name), arcs in sorted(found.items()) if kind in kinds)


def criticality(
    router: Router,
    demand: Mapping[tuple[str, str], float],
    kinds: Sequence[str] = KINDS,
) -> tuple[Disruption, ...]:
    """Take out each asset in turn; return what is lost, the gravest first: demand cut off, then extra cost.

    `demand` weights pairs (origin, destination). Things that no best route uses cost nothing and are left out:
    taking them away changes no best route, which is exact. Raises BadValue as `assets`, and for negative demand.
    """
    before = _Open(router, demand, _checked(router, demand))
    every = [asset for asset in assets(router, kinds) if not before.users.keys().isdisjoint(asset.arcs)]
    return _ranked(_loss(before, (asset,)) for asset in every)


def pairs_of(
    router: Router, demand: Mapping[tuple[str, str], float], singles: Sequence[Disruption], top: int = 8
) -> tuple[Disruption, ...]:
    """Take out every two of the `top` gravest assets together; return the gravest first."""
    before = _Open(router, demand, _checked(router, demand))
    chosen = [loss.assets[0] for loss in singles[:top]]
    return _ranked([_loss(before, pair) for pair in itertools.combinations(chosen, 2)])


def _ranked(losses: Iterable[Disruption]) -> tuple[Disruption, ...]:
    return tuple(sorted(losses, key=lambda loss: (-loss.cut_off_share, -(loss.extra_usd or 0.0), loss.names)))


def _checked(router: Router, demand: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], Trip]:
    if not demand or min(demand.values()) < 0 or sum(demand.values()) <= 0:
        raise BadValue("demand must be 0 or more for every pair, and above 0 for one")
    found = trips(router, *_ends(demand))
    return {pair: trip for pair, trip in found.items() if pair in demand}


def _ends(demand: Mapping[tuple[str, str], float]) -> tuple[list[str], list[str]]:
    return list(dict.fromkeys(o for o, _ in demand)), list(dict.fromkeys(d for _, d in demand))


@dataclass(frozen=True, eq=False)
class _Open:
    """The network with everything open, and the trips of what goes through it."""

    router: Router
    demand: Mapping[tuple[str, str], float]
    trips: Mapping[tuple[str, str], Trip]

    @cached_property
    def users(self) -> dict[int, list[tuple[str, str]]]:
        """The pairs whose trips use each arc."""
        found: dict[int, list[tuple[str, str]]] = {}
        for pair, trip in self.trips.items():
            for arc in trip.arcs:
                found.setdefault(arc, []).append(pair)
        return found

    @cached_property
    def _cached(self) -> dict[int, list[float]]:
        return {}

    def to_go(self, target: int) -> list[float]:
        """Return what is left to a state from every other, at least."""
        if target not in self._cached:
            backward = Weighted.of(self.router.graph.reversed(), self.router.weight)
            self._cached[target] = backward.one_to_all(target).distance.tolist()
        return self._cached[target]

    def trees(self, weighted: Weighted, start: int, targets: Sequence[int]) -> Iterable[Tree]:
        """Return for each target a tree that holds the route to it where less is open."""
        if len(targets) > FEW:
            return itertools.repeat(weighted.one_to_all(start), len(targets))
        return [weighted.towards(start, target, self.to_go(target)) for target in targets]


def _without(router: Router, closed: Iterable[Asset]) -> NDArray[np.float64]:
    weight = np.array(router.weight)
    for asset in closed:
        weight[list(asset.arcs)] = np.inf
    return weight


def _loss(before: _Open, closed: tuple[Asset, ...]) -> Disruption:
    """Search again for the origins that used any of `closed`, and weigh what changes."""
    router, demand = before.router, before.demand
    used = (before.users.get(arc, ()) for asset in closed for arc in asset.arcs)
    again = sorted(set(itertools.chain.from_iterable(used)))  # sums are in this order
    total = sum(demand.values())
    extra_usd = extra_hours = cut_off = 0.0
    worst: dict[str, list[float]] = {}
    weighted = Weighted.of(router.graph, _without(router, closed))
    for origin, goals in itertools.groupby(again, key=lambda pair: pair[0]):
        pairs = list(goals)
        targets = [router.impedance.index[goal, "destination"] for _, goal in pairs]
        found = before.trees(weighted, router.end_state(origin, "origin"), targets)
        for pair, target, tree in zip(pairs, targets, found, strict=True):
            if tree.distance[target] == np.inf:
                cut_off += demand[pair]
                continue
            arcs = tree.path(target)
            more = float(router.generalised[arcs].sum()) - before.trips[pair].generalised_cost_usd
            extra_usd += demand[pair] * more
            extra_hours += demand[pair] * (float(router.hours[arcs].sum()) - before.trips[pair].hours)
            worst.setdefault(origin, []).append(more)
    top = max(worst, key=lambda o: (max(worst[o]), o), default=None)
    hit_share = sum(demand[pair] for pair in again) / total
    served = sum(demand[pair] for pair in before.trips) - cut_off
    left = served > 1e-9 * total
    return Disruption(
        assets=closed,
        extra_usd=extra_usd / served if left else None,
        extra_hours=extra_hours / served if left else None,
        hit_share=hit_share,
        cut_off_share=cut_off / total,
        worst_origin=top,
        worst_extra_usd=max(worst[top]) if top else None,
    )


def smallest_cut(
    router: Router,
    origin: str,
    destinations: Sequence[str],
    kinds: Sequence[str] = KINDS,
) -> tuple[Asset, ...] | None:
    """Return a smallest set of closures after which none of `destinations` can be reached; None when there is none.

    Exact, by implicit hitting sets: a route that is still open gives the assets of which one must close; the
    smallest set that meets all such demands is closed, until no route is open. Of sets of the same size, one
    is found. A route that uses nothing that can close cannot be cut.

    Raises
    ------
    NoRoute
        No destination can be reached as it is.
    BadValue
        The smallest cut has more than 12 closures.
    """
    start = router.network.node(origin).node_id
    source = router.end_state(start, "origin")
    goals = [router.network.node(name).node_id for name in destinations]
    index = router.impedance.index
    targets = [index[goal, "destination"] for goal in goals if goal != start and (goal, "destination") in index]
    every = assets(router, kinds)
    of_arc: dict[int, list[int]] = {}
    for number, asset in enumerate(every):
        for arc in asset.arcs:
            of_arc.setdefault(arc, []).append(number)
    demands: list[int] = []
    closed: tuple[int, ...] = ()
    while True:
        path = _open_route(router, source, targets, [every[n] for n in closed])
        if path is None:
            if not demands:
                raise NoRoute(f"no route from {start} to any of the destinations", hint="there is nothing to cut")
            return tuple(every[n] for n in closed)
        needed = {number for arc in path for number in of_arc.get(arc, ())}
        if not needed:
            return None
        demands.append(sum(1 << number for number in needed))
        closed = _hitting_set(demands)


def _open_route(router: Router, source: int, targets: Sequence[int], closed: Sequence[Asset]) -> list[int] | None:
    """Return a route with few arcs to any target, or None."""
    few = np.where(np.isfinite(_without(router, closed)), 1.0, np.inf)
    tree = Weighted.of(router.graph, few).one_to_all(source)
    near = min(targets, key=lambda target: tree.distance[target], default=None)
    if near is None or tree.distance[near] == np.inf:
        return None
    arcs: list[int] = tree.path(near).tolist()
    return arcs


def _hitting_set(demands: Sequence[int]) -> tuple[int, ...]:
    """Return a smallest set of bits that meets every mask, by growing depth; raise BadValue above 12."""
    ordered = sorted(set(demands), key=lambda mask: (mask.bit_count(), mask))
    for size in range(1, MAX_CUT + 1):
        found = _hit(ordered, size)
        if found is not None:
            return tuple(sorted(found))
    raise BadValue(f"the smallest cut has more than {MAX_CUT} closures", hint="let more kinds of things close")


def _hit(masks: list[int], size: int) -> list[int] | None:
    if not masks:
        return []
    if size == 0 or _disjoint(masks) > size:
        return None
    bits = masks[0]
    while bits:
        low = bits & -bits
        bits ^= low
        rest = _hit([mask for mask in masks if not mask & low], size - 1)
        if rest is not None:
            return [low.bit_length() - 1, *rest]
    return None


def _disjoint(masks: Sequence[int]) -> int:
    """Return how many masks, taken greedily, have nothing in common: no fewer bits can meet them all."""
    seen = count = 0
    for mask in masks:
        if not mask & seen:
            seen |= mask
            count += 1
    return count


def months(router: Router, origins: Sequence[str], destination: str) -> tuple[Month, ...]:
    """Return the network on the 15th of each month of its year: ice and holidays as table season has them.

    Prices are those of the router's year, an hour and a tonne of CO2 are worth what they are worth there.
    """
    found = []
    day, network, own = router.network.day, router.network, router.impedance
    goal = network.node(destination).node_id
    for number in range(1, 13):
        then = network.as_of(date(day.year, number, 15))
        compiled = impedance(
            then,
            own.cargo.cargo_id,
            price_year=own.prices.year,
            value_of_time_usd_per_hour=own.cargo.value_of_time,
        )
        made = trips(replace(router, impedance=compiled), origins, [goal])
        gateways: dict[str, int] = {}
        for trip in made.values():
            name = trip.gateway or "by land"
            gateways[name] = gateways.get(name, 0) + 1
        found.append(
            Month(
                day=then.day,
                mean_generalised_usd=sum(t.generalised_cost_usd for t in made.values()) / len(made) if made else None,
                mean_hours=sum(t.hours for t in made.values()) / len(made) if made else None,
                gateways=dict(sorted(gateways.items(), key=lambda item: (-item[1], item[0]))),
                cut_off=len(origins) - len(made),
            )
        )
    return tuple(found)

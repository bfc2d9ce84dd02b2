"""Which ports cargo chooses: shares over routes that differ, hinterlands, and how they agree with what was counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import exp, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.route import crossings_of
from corridor_net.analysis.router import Router
from corridor_net.appraisal.liner import checked_scale
from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph import Weighted
from corridor_net.graph.beside.gates import Gated
from corridor_net.results import Result, measure, plain

SCALE_PER_USD = 0.002
"""Logit scale, grade D: of two routes 500 USD of generalised cost apart, the better is chosen e times as often."""
PATH_SIZE = 1.0
"""Weight of ln(path size), as Ben-Akiva and Bierlaire (1999) have it."""
ROUTES = 8
STRETCH = 1.6
"""Routes looked at for a pair: so many at most, and none above this multiple of the best."""
CONTESTED = 0.6
"""An origin is contested when no gateway has more than this share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One route of a pair: what it costs, how much of it is its own (path size), its share of the flow."""

    gateway: str | None
    crossings: tuple[str, ...]
    generalised_cost_usd: float = measure("USD", 2)
    path_size: float = measure(digits=4)
    share: float = measure(digits=4)
    arcs: tuple[int, ...] = measure(hidden=True)


@dataclass(frozen=True, slots=True)
class GatewayChoice(Result):
    """The options of one origin to one destination, the most chosen first."""

    origin: str
    destination: str
    options: tuple[Option, ...]

    @property
    def gateways(self) -> dict[str, float]:
        """Share by gateway, the largest first; 'by land' without one."""
        shares: dict[str, float] = {}
        for option in self.options:
            name = option.gateway or "by land"
            shares[name] = shares.get(name, 0.0) + option.share
        return dict(sorted(shares.items(), key=lambda item: (-item[1], item[0])))

    @property
    def contested(self) -> bool:
        """Whether no gateway has more than 60%."""
        return max(self.gateways.values()) <= CONTESTED

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            "origin": self.origin,
            "destination": self.destination,
            "gateways": {name: round(share, 4) for name, share in self.gateways.items()},
            "contested": self.contested,
            "options": plain(self.options),
        }


def choice(
    router: Router,
    origin: str,
    destination: str,
    *,
    scale_per_usd: float = SCALE_PER_USD,
    preference_usd: Mapping[str, float] | None = None,
) -> GatewayChoice:
    """Return how a pair's cargo divides over routes that differ in the crossings and ports they use.

    `P(r) = exp(-mu (G_r + c_r) + ln PS_r) / sum`, with `G` the generalised cost, `c` the preference of its gateway in
    USD (0 where none is given: what the model does not explain, positive to shun it), and the path size
    `PS_r = sum over arcs of (w_a / G_r) / N_a`, `N_a` the number of routes that use arc a (Ben-Akiva & Bierlaire 1999).

    Raises
    ------
    BadValue
        A scale not above 0.
    NoRoute, UnknownName
        As `Router.route`.
    """
    checked_scale(scale_per_usd)
    start, goal = router.network.node(origin).node_id, router.network.node(destination).node_id
    sets = ChoiceSets(router, router.generalised)
    return GatewayChoice(start, goal, _shared(_options(sets, start, goal), scale_per_usd, preference_usd or {}))


def _options(sets: ChoiceSets, start: str, goal: str) -> list[Option]:
    """Return the routes of a pair with their path sizes, and no shares yet."""
    router, cost = sets.router, sets.cost
    routes = sets.between(start, goal)
    options = []
    for arcs, size in zip(routes, path_sizes(routes, cost), strict=True):
        steps = [router.impedance.arcs[arc] for arc in arcs]
        total = float(cost[arcs].sum())
        crossings = crossings_of(steps)
        options.append(
            Option(
                gateway=router.gateway(arcs),
                crossings=crossings,
                generalised_cost_usd=total,
                path_size=size,
                share=0.0,
                arcs=tuple(arcs),
            )
        )
    return options


def path_sizes(routes: Sequence[Sequence[int]], cost: NDArray[np.float64]) -> list[float]:
    """Return the path size of each route (its arcs) among these: `sum over arcs of (w_a / G_r) / N_a`."""
    uses = np.zeros(len(cost))
    for arcs in routes:
        uses[list(arcs)] += 1
    sizes = []
    for arcs in routes:
        own, total = list(arcs), float(cost[list(arcs)].sum())
        sizes.append(float((cost[own] / total / uses[own]).sum()) if total > 0 else 1.0)
    return sizes


def _shared(options: Sequence[Option], scale_per_usd: float, preference: Mapping[str, float]) -> tuple[Option, ...]:
    """Return the options with their shares, the most chosen first."""
    utilities = [
        PATH_SIZE * log(o.path_size)
        - scale_per_usd * (o.generalised_cost_usd + preference.get(o.gateway or "by land", 0.0))
        for o in options
    ]
    weights = [exp(utility - max(utilities)) for utility in utilities]
    whole = sum(weights)
    shared = [replace(option, share=weight / whole) for option, weight in zip(options, weights, strict=True)]
    return tuple(sorted(shared, key=lambda o: (-o.share, o.arcs)))


@dataclass(frozen=True, eq=False)
class ChoiceSets:
    """The routes that are looked at for a pair, under one cost by arc: made once, asked for many pairs."""

    router: Router
    cost: NDArray[np.float64]

    @cached_property
    def _gated(self) -> Gated:
        return Gated.of(self.router.graph, self.cost, _gates(self.router), self.router.ashore)

    def between(self, start: str, goal: str) -> list[list[int]]:
        """Return the arcs of the routes of a pair, the cheapest first.

        At most `ROUTES`, none above `STRETCH` times the best, no two with the same crossings and ports of loading, and
        but for the cheapest none that comes back to a place it has left, its destination among them.
        Raises NoRoute as `Router.route`.
        """
        source, target = self.router.end_state(start, "origin"), self.router.end_state(goal, "destination")
        found = self._gated.alternatives(source, target, count=ROUTES, max_stretch=STRETCH)
        return [route.arcs.tolist() for route in found]


WIDE_TIMES = (1.0, 3.5)
"""Multiples of the value of time under which rivals are looked for: some ways win only when hours are dear."""


@dataclass(frozen=True, eq=False)
class WideChoiceSets:
    """The routes that may win under other figures: made once, asked for many pairs."""

    router: Router

    @cached_property
    def _sets(self) -> list[ChoiceSets]:
        router = self.router
        if router.by != "generalised":
            return [ChoiceSets(router, router.weight)]
        time = router.impedance.cargo.value_of_time
        return [ChoiceSets(router, router.generalised + (n - 1) * time * router.timed_hours) for n in WIDE_TIMES]

    @cached_property
    def _by_time(self) -> Weighted:
        return Weighted.of(self.router.graph, self.router.hours)

    def between(self, origin: str, destination: str) -> list[list[int]]:
        """Return the arcs of the rivals of a pair, the best first.

        The cheapest with each set of crossings and ports, at the value of time and at 3.5 times it, and the quickest.
        Raises NoRoute, UnknownName as `Router.route`.
        """
        router = self.router
        start, goal = router.network.node(origin).node_id, router.network.node(destination).node_id
        found: dict[tuple[int, ...], list[int]] = {}
        for sets in self._sets:
            for arcs in sets.between(start, goal):
                found.setdefault(tuple(arcs), arcs)
        if router.by == "generalised":
            source, target = router.end_state(start, "origin"), router.end_state(goal, "destination")
            quickest = self._by_time.shortest_path(source, target)[1].tolist()
            found.setdefault(tuple(quickest), quickest)
        return list(found.values())


def _gates(router: Router) -> NDArray[np.int64]:
    """Number the crossings and the ports of loading; arcs that are neither have -1."""
    numbers: dict[str, int] = {}
    gates = np.full(router.graph.n_arcs, -1, np.int64)
    imp = router.impedance
    hauls = imp.of_kind("haul")
    ports = np.concatenate([imp.of_kind("board", "charter"), hauls[imp.at_sea[hauls]]])
    for place in imp.of_kind("crossing").tolist():
        gates[place] = numbers.setdefault(f"crossing {imp.arcs[place].asset_id}", len(numbers))
    for place in ports.tolist():
        gates[place] = numbers.setdefault(f"port {imp.places(place)[0]}", len(numbers))
    return gates


def hinterlands(
    router: Router,
    destination: str,
    origins: Sequence[str] | None = None,
    *,
    scale_per_usd: float = SCALE_PER_USD,
    preference_usd: Mapping[str, float] | None = None,
) -> tuple[GatewayChoice, ...]:
    """Return the choice of every origin (those of table market); origins without a route are left out."""
    checked_scale(scale_per_usd)
    sets, goal = ChoiceSets(router, router.generalised), router.network.node(destination).node_id
    found = []
    for origin in origins or router.network.places_of("origin"):
        try:
            start = router.network.node(origin).node_id
            options = _options(sets, start, goal)
        except NoRoute:
            if origins:
                raise
            continue
        found.append(GatewayChoice(start, goal, _shared(options, scale_per_usd, preference_usd or {})))
    return tuple(found)


def market_shares(choices: Sequence[GatewayChoice], weights: Mapping[str, float]) -> dict[str, float]:
    """Return each gateway's share of all flow, origins weighted (for example by their trade); largest first.

    Raises BadValue for negative weights or none above 0.
    """
    total = sum(weights.get(c.origin, 0.0) for c in choices)
    if total <= 0 or min(weights.values(), default=0.0) < 0:
        raise BadValue("the weights of the origins must be 0 or more, and one above 0")
    shares: dict[str, float] = {}
    for made in choices:
        for name, share in made.gateways.items():
            shares[name] = shares.get(name, 0.0) + share * weights.get(made.origin, 0.0) / total
    return dict(sorted(shares.items(), key=lambda item: (-item[1], item[0])))

"""The best route by every gateway of a pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.route import Route
from corridor_net.analysis.router import Router
from corridor_net.graph import Graph, Weighted
from corridor_net.graph.beside.gates import comes_back, least_without_return


def gateway_routes(router: Router, origin: str, destination: str) -> list[Route]:
    """Return the best route by every gateway, the best first; the way by land, if any, has gateway None.

    Exact, by two searches: the least weight `d` to each port without any sea leg, the least weight `D` from
    each state to the destination, and `min over boardings a at port g of d(tail a) + w(a) + D(head a)`. From
    across the sea the same is done backwards from the port of landing. A way other than the best of all that comes
    back ashore to a place it has left, its destination among them, is none that a planner would take: in its place
    stands the cheapest by that gateway that does not, and no way where there is none. Raises NoRoute where nothing
    connects the two.

    >>> import corridor_net as cn
    >>> from corridor_net.costing import impedance
    >>> router = Router(impedance(cn.load(as_of="2019-07-01").network))
    >>> [route.gateway for route in gateway_routes(router, "tongjiang", "niigata")][:2]
    ['dalian', 'vladivostok']
    """
    start, goal = router.network.node(origin).node_id, router.network.node(destination).node_id
    search = _GatewaySearch(
        router=router,
        start=start,
        source=router.end_state(start, "origin"),
        target=router.end_state(goal, "destination"),
    )
    ways = search.ways()
    if not ways:
        return [router.route(start, goal)]
    first = min(ways, key=lambda gate: (router.weight[ways[gate]].sum(), gate or ""))
    for gate, path in ways.items():
        if gate != first and search.returns(path):
            ways[gate] = search.without_return(gate)
    routes = [router.describe(start, goal, path) for path in ways.values() if path]
    return sorted(routes, key=lambda route: (route.minimised_amount, route.gateway or ""))


@dataclass(frozen=True, eq=False, kw_only=True)
class _GatewaySearch:
    """The ways of a pair by gateway: land alone on one side of it, anything on the other."""

    router: Router
    start: str
    source: int
    target: int

    @cached_property
    def leaving(self) -> bool:
        """Whether the gateway is where cargo leaves; from across the sea it is where it lands."""
        return self.start not in self.router.network.overseas

    @cached_property
    def _sea(self) -> NDArray[np.bool_]:
        imp = self.router.impedance
        sea = imp.at_sea.copy()
        sea[[arc for arc in imp.of_kind("board").tolist() if imp.arcs[arc].medium != "land"]] = True
        return sea

    @cached_property
    def _by_land(self) -> NDArray[np.float64]:
        return np.where(self._sea, np.inf, self.router.weight)

    @cached_property
    def _layers(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The weights of all arcs before the gateway and behind it."""
        weight = self.router.weight
        return (self._by_land, weight) if self.leaving else (weight, self._by_land)

    @cached_property
    def _gates(self) -> dict[str, list[int]]:
        """The arcs that pass each gateway."""
        imp = self.router.impedance
        passing = self._sea.copy() if self.leaving else imp.at_sea
        if self.leaving:
            passing[imp.of_kind("sail")] = False
        found: dict[str, list[int]] = {}
        for arc in np.flatnonzero(passing).tolist():
            found.setdefault(imp.places(arc)[0 if self.leaving else 1], []).append(arc)
        overseas = self.router.network.overseas
        return {gate: arcs for gate, arcs in found.items() if self.leaving or gate not in overseas}

    def ways(self) -> dict[str | None, list[int]]:
        """Return the arcs of the cheapest way by every gateway, and by land alone as None."""
        router, (before, behind) = self.router, self._layers
        there = Weighted.of(router.graph, before).one_to_all(self.source)
        on = Weighted.of(router.graph.reversed(), behind).one_to_all(self.target)
        tail, head = router.impedance.tail, router.impedance.head
        found: dict[str | None, list[int]] = {}
        for gate, arcs in self._gates.items():
            cost = there.distance[tail[arcs]] + router.weight[arcs] + on.distance[head[arcs]]
            if cost.min() < np.inf:
                arc = arcs[int(cost.argmin())]
                found[gate] = [*there.path(tail[arc]).tolist(), arc, *on.path(head[arc]).tolist()[::-1]]
        by_land = Weighted.of(router.graph, self._by_land).one_to_all(self.source)
        if by_land.distance[self.target] < np.inf:
            found[None] = by_land.path(self.target).tolist()
        return found

    def returns(self, path: Sequence[int]) -> bool:
        """Whether a way comes back ashore to a place it has left."""
        imp = self.router.impedance
        return comes_back(self.router.ashore[state] for state in (imp.tail[path[0]], *imp.head[list(path)]))

    def without_return(self, gate: str | None) -> list[int]:
        """Return the cheapest way by a gateway that comes back to no place; none where there is none."""
        router, graph = self.router, self.router.graph
        if gate is None:
            return least_without_return(graph, self._by_land, router.ashore, self.source, self.target) or []
        size, gates = graph.n_nodes, self._gates[gate]
        tail, head = router.impedance.tail.astype(np.int64), router.impedance.head.astype(np.int64)
        twice = Graph.from_arcs(
            2 * size,
            np.concatenate([tail, tail + size, tail[gates]]),
            np.concatenate([head, head + size, head[gates] + size]),
        )
        weight = np.concatenate([*self._layers, router.weight[gates]])
        found = least_without_return(twice, weight, router.ashore * 2, self.source, self.target + size) or []
        arcs = [*range(len(tail)), *range(len(tail)), *gates]
        return [arcs[number] for number in found]

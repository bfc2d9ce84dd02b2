"""The best route by every gateway of a pair."""

from __future__ import annotations

import numpy as np

from corridor_net.graph import Weighted

from .route import Route
from .router import Router


def gateway_routes(router: Router, origin: str, destination: str) -> list[Route]:
    """Return the best route by every gateway, the best first; the way by land, if any, has gateway None.

    Exact, by two searches: the least weight `d` to each port without any sea leg, the least weight `D` from
    each state to the destination, and `min over boardings a at port g of d(tail a) + w(a) + D(head a)`. From
    across the sea the same is done backwards from the port of landing. Raises NoRoute where nothing connects the two.

    >>> import corridor_net as cn
    >>> from corridor_net.costing import impedance
    >>> router = Router(impedance(cn.load(as_of="2019-07-01").network))
    >>> [route.gateway for route in gateway_routes(router, "tongjiang", "niigata")][:2]
    ['dalian', 'vladivostok']
    """
    start, goal = router.network.node(origin).node_id, router.network.node(destination).node_id
    source, target = router.end_state(start, "origin"), router.end_state(goal, "destination")
    imp, overseas = router.impedance, router.network.overseas
    sea = imp.at_sea.copy()
    sea[[arc for arc in imp.of_kind("board").tolist() if imp.arcs[arc].medium != "land"]] = True
    by_land = np.where(sea, np.inf, router.weight)
    leaving = start not in overseas
    if leaving:
        to_sea = Weighted.of(router.graph, by_land).one_to_all(source)
        from_sea = Weighted.of(router.backward, router.weight).one_to_all(target)
        gates = sea.copy()
        gates[imp.of_kind("sail")] = False
    else:
        to_sea = router.weighted.one_to_all(source)
        from_sea = Weighted.of(router.backward, by_land).one_to_all(target)
        gates = imp.at_sea
    best: dict[str | None, tuple[float, int]] = {}
    for arc in np.flatnonzero(gates).tolist():
        step = router.impedance.arcs[arc]
        gate = step.from_node if leaving else step.to_node
        cost = to_sea.distance[step.tail] + router.weight[arc] + from_sea.distance[step.head]
        if cost < np.inf and (leaving or gate not in overseas) and cost < best.get(gate, (np.inf, 0))[0]:
            best[gate] = (cost, arc)
    routes = []
    for _, arc in best.values():
        step = router.impedance.arcs[arc]
        path = [*to_sea.path(step.tail).tolist(), arc, *from_sea.path(step.head).tolist()[::-1]]
        routes.append(router.describe(start, goal, path))
    by_land_alone = Weighted.of(router.graph, by_land).one_to_all(source)
    if by_land_alone.distance[target] < np.inf:
        routes.append(router.describe(start, goal, by_land_alone.path(target)))
    if not routes:
        return [router.route(start, goal)]
    return sorted(routes, key=lambda route: (minimised_amount(route), route.gateway or ""))


def minimised_amount(route: Route) -> float:
    """Return what was minimised of a route: USD, hours or kg CO2e."""
    return {
        "generalised": route.generalised_cost_usd,
        "money": route.cost_usd,
        "time": route.hours,
        "co2": route.co2_kg,
    }[route.minimised]

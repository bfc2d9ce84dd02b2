"""The states and steps of cargo as a networkx graph: shortest paths there are the routes of the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .router import Router

if TYPE_CHECKING:
    import networkx

MEASURES = ("cost_usd", "hours", "co2_kg", "generalised_cost_usd", "distance_km")
"""What every edge carries."""


def state_graph(router: Router, destinations: Sequence[str] | None = None) -> networkx.MultiDiGraph:
    """Return states `(place, what cargo is on)` and the steps between them, with the amounts that `router` counts.

    An edge has the step's key, `MEASURES`, `kind`, `mode` and `asset_id`; a node the name and country of its place. The
    id of a place is a node as well: of one of `destinations` (the markets where None) that in which journeys end, of
    any other that in which they begin. Not both, or a journey might pass it as delivered and sent again. The graph says
    of what it is: `day`, `cargo`, `scenario`, `price_year`, `schedule`. Raises UnknownName for a destination.
    """
    from corridor_net.network.measured_graph import MeasuredGraph

    imp, network = router.impedance, router.network
    graph = MeasuredGraph(
        day=str(network.day),
        cargo=imp.cargo.cargo_id,
        scenario=router.scenario,
        price_year=imp.prices.year,
        schedule=router.schedule,
    )
    states = list(imp.states)
    for place, state in states:
        node = network.nodes[place]
        graph.add_node((place, state), place=place, state=state, name=node.name, country=node.country)
    listed = (router.money, router.hours, imp.co2_kg, router.generalised, imp.distance_km)
    amounts = zip(*(one.tolist() for one in listed), strict=True)
    for arc, values in zip(imp.arcs, amounts, strict=True):
        told = {"kind": arc.kind, "mode": arc.mode, "asset_id": arc.asset_id}
        graph.add_edge(
            states[arc.tail], states[arc.head], key=arc.key, **dict(zip(MEASURES, values, strict=True)), **told
        )
    if destinations is None:
        destinations = network.places_of("market")
    destinations = (destinations,) if isinstance(destinations, str) else destinations
    goals = {network.node(name).node_id for name in destinations}
    for place, state in states:
        if state == ("destination" if place in goals else "origin"):
            ends = ((place, state), place) if place in goals else (place, (place, state))
            node = network.nodes[place]
            graph.add_node(place, place=place, state="", name=node.name, country=node.country)
            told = {"kind": "end", "mode": "", "asset_id": place}
            graph.add_edge(*ends, key=f"{state}:{place}", **dict.fromkeys(MEASURES, 0.0), **told)
    return graph

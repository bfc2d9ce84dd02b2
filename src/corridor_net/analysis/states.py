"""The states and steps of cargo as a networkx graph: shortest paths there are the routes of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .router import Router

if TYPE_CHECKING:
    import networkx


def state_graph(router: Router) -> networkx.MultiDiGraph:
    """Return states `(place, what cargo is on)` and the steps between them, with the amounts that `router` counts.

    An edge has the step's key and `cost_usd`, `hours`, `co2_kg`, `generalised_cost_usd`, `distance_km`, `kind`, `mode`,
    `subject`; a node the name and country of its place. The graph says of what it is: `day`, `cargo`, `scenario`,
    `price_year`, `schedule`.
    """
    import networkx as nx

    imp, nodes = router.impedance, router.network.nodes
    graph = nx.MultiDiGraph(
        day=str(router.network.day),
        cargo=imp.cargo.cargo_id,
        scenario=router.scenario,
        price_year=imp.prices.year,
        schedule=router.schedule,
    )
    for place, state in imp.states:
        graph.add_node((place, state), place=place, state=state, name=nodes[place].name, country=nodes[place].country)
    money, hours, generalised = router.money.tolist(), router.hours.tolist(), router.generalised.tolist()
    for number, arc in enumerate(imp.arcs):
        graph.add_edge(
            imp.states[arc.tail],
            imp.states[arc.head],
            key=arc.key,
            cost_usd=money[number],
            hours=hours[number],
            co2_kg=arc.co2_kg,
            generalised_cost_usd=generalised[number],
            distance_km=arc.distance_km,
            kind=arc.kind,
            mode=arc.mode,
            subject=arc.subject,
        )
    return graph

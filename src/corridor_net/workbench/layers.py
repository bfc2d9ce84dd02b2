"""What the map can be coloured by: how far one comes from an origin, who goes where, what a trade loads.

A layer is a value by place and by line of the map, with the limits of its classes. Each is an answer of the package.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from corridor_net.analysis.loads.assignment import assign
from corridor_net.analysis.loads.demand import Demand
from corridor_net.analysis.loads.traffic import market_streams
from corridor_net.analysis.router import Router
from corridor_net.analysis.trade.potential import reach
from corridor_net.appraisal.project import GROWTH
from corridor_net.costing import Arc
from corridor_net.errors import NoRoute
from corridor_net.network import Network
from corridor_net.questions.network.access import HOURS, USD
from corridor_net.render.words import Sentence, Words, say

LIMITS = {
    "hours": HOURS,
    "cost": USD,
    "origins": (0.3, 1.0, 3.0, 10.0, 30.0),
    "loads": (1e3, 3e3, 1e4, 3e4, 1e5),
}
"""Upper ends of the classes; what is above the last is a class of its own."""
Values = dict[str, float]


def layer_of(name: str, router: Router, origin: str, destination: str, words: Words) -> dict[str, Any]:
    """Return title, limits, and the values by id of places and lines; raise as the questions of the package."""
    if name in ("hours", "cost"):
        title, nodes, lines = _reached(router, origin, name)
    elif name == "origins":
        title, nodes, lines = _all_origins(router, destination)
    else:
        title, nodes, lines = _loads(router, destination)
    return {
        "layer": name,
        "title": words.text(title),
        "limits": list(LIMITS[name]),
        "nodes": {key: round(value, 2) for key, value in nodes.items()},
        "lines": {key: round(value, 2) for key, value in lines.items()},
    }


def line_of(network: Network, step: Arc) -> str | None:
    """Return the id of the line on the map that a step follows; None where one stays."""
    if step.kind == "haul":
        return str(step.asset_id)
    if step.kind in ("sail", "charter"):
        return str(network.lanes[step.from_node, step.to_node].lane_id)
    return None


def _reached(router: Router, origin: str, name: str) -> tuple[Sentence, Values, Values]:
    """Hours or USD from an origin; a link on land is reached when both its ends are."""
    nodes = reach(router, origin, "hours" if name == "hours" else "cost_usd")
    ends = (
        (row.link_id, nodes.get(row.from_node_id), nodes.get(row.to_node_id)) for row in router.network.active("link")
    )
    lines = {link: max(here, there) for link, here, there in ends if here is not None and there is not None}
    start = router.network.node(origin).node_id
    if name == "hours":
        return say("Hours from {origin:name}", origin=start), nodes, lines
    return say("USD a box from {origin:name}", origin=start), nodes, lines


def _all_origins(router: Router, destination: str) -> tuple[Sentence, Values, Values]:
    """How many people live where the best way to a market takes a line, millions."""
    network = router.network
    goal = network.node(destination).node_id
    people = {row.node_id: (network.nodes[row.node_id].population or 0) / 1e6 for row in network.markets("origin")}
    ways = []
    for origin, count in people.items():
        try:
            ways.append((count, router.route(origin, goal).legs))
        except NoRoute:
            continue
    return say("Million people whose boxes to {goal:name} take it", goal=goal), people, _summed(network, ways)


def _loads(router: Router, destination: str) -> tuple[Sentence, Values, Values]:
    """TEU a year of all trade of table market, divided over routes as by `gateways`."""
    network = router.network
    goal, teu = network.node(destination).node_id, router.impedance.cargo.teu
    demand = [
        Demand(one.origin, one.destination, float(one.by_year([network.day.year], GROWTH)[0]) * teu)
        for one in market_streams(router, (goal,))
    ]
    flows = assign(router, demand).flows
    arcs = router.impedance.arcs
    lines = _summed(network, ((flow.teu, [arcs[arc] for arc in flow.arcs]) for flow in flows))
    nodes: Values = {}
    for flow in flows:
        nodes[flow.origin] = nodes.get(flow.origin, 0.0) + flow.teu
    title = say(
        "TEU a year to {goal:name}, if all trade of table market were boxed and went there (grade D)", goal=goal
    )
    return title, nodes, lines


def _summed(network: Network, ways: Iterable[tuple[float, Iterable[Arc]]]) -> Values:
    """Return the sum of amounts by the lines of their ways."""
    found: Values = {}
    for amount, steps in ways:
        for line in {line_of(network, step) for step in steps} - {None}:
            found[str(line)] = found.get(str(line), 0.0) + amount
    return found

"""Where an answer lies, as GeoJSON: steps as lines, places as points, pairs as straight lines between their ends.

Each row gives its amounts: the properties of a feature are what its row has in JSON.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corridor_net.network import Network
from corridor_net.network.lines import link_lines
from corridor_net.output.charts.svg import PALETTE
from corridor_net.results import plain

from .geojson import collection, feature, first_nodes, line_geometry, point_of, route_line

STEP = "#555555"
"""The colour of a step without a mode of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnWay:
    """A way through a network: its title, its steps in order, and the row whose amounts it carries."""

    network: Network
    title: str
    steps: Sequence[Any]
    row: Any


def steps_layer(network: Network, way: str, steps: Iterable[Any]) -> dict[str, Any]:
    """Return the steps of one way in the colours of their modes: a line where one moves, a point where not.

    A step has `from_node`, `to_node`, `kind`, `mode` and `subject`, as the legs of a route and the stages of a journey.
    """
    lines, firsts = link_lines(network), first_nodes(network)
    modes, features = network.vocabulary.modes, []
    for number, step in enumerate(steps, 1):
        drawn = route_line(network, (step,), lines, firsts) if step.from_node != step.to_node else []
        geometry = line_geometry(drawn) if len(drawn) > 1 else point_of(network, step.to_node)
        mode = modes.get(step.mode)
        ends = dict.fromkeys((network.nodes[step.from_node].name, network.nodes[step.to_node].name))
        colour: dict[str, Any] = {"stroke": mode.colour if mode else STEP, "stroke-width": 3}
        if geometry["type"] == "Point":
            colour = {"marker-color": STEP, "marker-size": "small"}
        told = {"title": " - ".join(ends), "way": way, "step": number, **_plain(step), **colour}
        features.append(feature(f"step:{number}", geometry, told))
    return collection(features)


def ways_layer(ways: Iterable[DrawnWay]) -> dict[str, Any]:
    """Return a line a way, each in a colour of its own, with the amounts of its row; steps as in `steps_layer`."""
    features, known = [], {}
    for number, way in enumerate(ways):
        if id(way.network) not in known:
            known[id(way.network)] = link_lines(way.network), first_nodes(way.network)
        steps = list(way.steps)
        ends = [way.network.nodes[name].name for name in (steps[0].from_node, steps[-1].to_node)]
        modes = [mode for mode, _ in itertools.groupby(step.mode for step in steps if step.from_node != step.to_node)]
        head = {"title": " to ".join(ends), "way": way.title, **_plain(way.row), "modes": ";".join(modes)}
        head |= {"stroke": PALETTE[number % len(PALETTE)], "stroke-width": 3}
        line = line_geometry(route_line(way.network, steps, *known[id(way.network)]))
        features.append(feature(f"way:{number + 1}", line, head))
    return collection(features)


def places_layer(network: Network, rows: Mapping[str, Any], *, by: str = "") -> dict[str, Any]:
    """Return a point a place with the amounts of its row; coloured by the words in property `by`, where it is named."""
    known = sorted({str(_plain(row).get(by)) for row in rows.values()})
    features = []
    for node_id, row in rows.items():
        told = _plain(row)
        colour = PALETTE[known.index(str(told.get(by))) % len(PALETTE)]
        head = {"title": network.nodes[node_id].name, "node_id": node_id, **told}
        head |= {"marker-color": colour, "marker-size": "medium"}
        features.append(feature(node_id, point_of(network, node_id), head))
    return collection(features)


def pairs_layer(network: Network, rows: Iterable[Any], *, by: str = "gateway") -> dict[str, Any]:
    """Return a straight line a pair from `origin` to `destination` with the amounts of its row.

    Such lines show which pairs there are, not the way between them. A pair of a place with itself is left out.
    """
    listed = [row for row in rows if row.origin != row.destination]
    known = sorted({str(_plain(row).get(by)) for row in listed})
    features = []
    for number, row in enumerate(listed):
        told = _plain(row)
        ends = [network.nodes[name] for name in (row.origin, row.destination)]
        line = line_geometry([(node.x_coord, node.y_coord) for node in ends])
        head = {"title": f"{ends[0].name} to {ends[1].name}", **told}
        colour = {"stroke": PALETTE[known.index(str(told.get(by))) % len(PALETTE)], "stroke-width": 1.5}
        features.append(feature(f"{row.origin}:{row.destination}:{number}", line, head | colour))
    return collection(features)


def _plain(row: Any) -> dict[str, Any]:
    """Return a row as properties: what its JSON has of single values, and lists of words joined by `;`."""
    found: dict[str, Any] = {}
    for name, value in row.items() if isinstance(row, Mapping) else plain(row).items():
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            found[name] = ";".join(value)
        elif not isinstance(value, (list, dict)):
            found[name] = round(value, 4) if isinstance(value, float) else value
    return found

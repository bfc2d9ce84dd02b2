"""Where an answer lies, as GeoJSON: steps as lines, places as points, pairs as straight lines between their ends.

Each row gives its amounts: the properties of a feature are what its row has in JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import cycle, groupby
from typing import Any

from corridor_net.network import Network
from corridor_net.output.charts.svg import PALETTE, colours_of
from corridor_net.results import plain

from .geojson import RouteLines, collection, feature, line_geometry, point_of

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

    A step has `from_node`, `to_node`, `kind`, `mode` and `asset_id`, as legs of a route and stages of a journey.
    """
    lines = RouteLines.of(network)
    modes, features = network.vocabulary.modes, []
    for number, step in enumerate(steps, 1):
        drawn = lines.along((step,)) if step.from_node != step.to_node else []
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
    features, lines_of, colour = [], cache(RouteLines.of), cycle(PALETTE)
    for number, way in enumerate(ways):
        steps = list(way.steps)
        ends = [way.network.nodes[name].name for name in (steps[0].from_node, steps[-1].to_node)]
        modes = [mode for mode, _ in groupby(step.mode for step in steps if step.from_node != step.to_node)]
        head = {"title": " to ".join(ends), "way": way.title, **_plain(way.row), "modes": ";".join(modes)}
        head |= {"stroke": next(colour), "stroke-width": 3}
        line = line_geometry(lines_of(way.network).along(steps))
        features.append(feature(f"way:{number + 1}", line, head))
    return collection(features)


def places_layer(network: Network, rows: Mapping[str, Any], *, by: str = "") -> dict[str, Any]:
    """Return a point a place with the amounts of its row; coloured by the words in property `by`, where it is named."""
    known, features = {node_id: _plain(row) for node_id, row in rows.items()}, []
    colours = _colours(known.values(), by)
    for node_id, told in known.items():
        head = {"title": network.nodes[node_id].name, "node_id": node_id, **told}
        head |= {"marker-color": colours[str(told.get(by))], "marker-size": "medium"}
        features.append(feature(node_id, point_of(network, node_id), head))
    return collection(features)


def pairs_layer(network: Network, rows: Iterable[Any], *, by: str = "gateway") -> dict[str, Any]:
    """Return a straight line a pair from `origin` to `destination` with the amounts of its row.

    Such lines show which pairs there are, not the way between them. A pair of a place with itself is left out.
    """
    known, features = [(row, _plain(row)) for row in rows if row.origin != row.destination], []
    colours = _colours((told for _, told in known), by)
    for number, (row, told) in enumerate(known):
        ends = [network.nodes[name] for name in (row.origin, row.destination)]
        line = line_geometry([(node.x_coord, node.y_coord) for node in ends])
        head = {"title": f"{ends[0].name} to {ends[1].name}", **told}
        colour = {"stroke": colours[str(told.get(by))], "stroke-width": 1.5}
        features.append(feature(f"{row.origin}:{row.destination}:{number}", line, head | colour))
    return collection(features)


def _colours(rows: Iterable[Mapping[str, Any]], by: str) -> dict[str, str]:
    """Return a colour for each word that rows have in a property."""
    return colours_of(sorted({str(told.get(by)) for told in rows}))


def _plain(row: Any) -> dict[str, Any]:
    """Return a row as properties: what its JSON has of single values, and lists of words joined by `;`."""
    found: dict[str, Any] = {}
    for name, value in row.items() if isinstance(row, Mapping) else plain(row).items():
        if isinstance(value, list) and all(isinstance(word, str) for word in value):
            found[name] = ";".join(value)
        elif not isinstance(value, (list, dict)):
            found[name] = round(value, 4) if isinstance(value, float) else value
    return found

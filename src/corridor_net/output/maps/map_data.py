"""What maps are drawn from, as plain data: the basemap and the network projected.

Places are whole numbers of 100 m on a map fitted to the network (`projection`), x to the east and y to the south, so
that no face has to project anything. No search, no markup.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from corridor_net.network import Network
from corridor_net.network.lines import lane_line, link_lines
from corridor_net.network.rows import Link
from corridor_net.network.vocabulary import SEA
from corridor_net.render.printed import apart
from corridor_net.render.words import Words, sentence_of

from .basemap import attribution, basemap, steps
from .projection import Line, MapProjection, projection_of


@dataclass(kw_only=True)
class Drawing:
    """Nodes, lines and sources by number, filled as they are met; the numbers are those of the data given out.

    `projection` is that of the map drawn on; of the network's own where none is given. Names are those of `words`.
    """

    network: Network
    projection: MapProjection | None = None
    words: Words = field(default_factory=Words)
    nodes: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    _rows: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def map(self) -> MapProjection:
        """The projection of the map."""
        return self.projection or projection_of(self.network)

    def node(self, node_id: str) -> int:
        """Return the number of a node."""
        return self.nodes.setdefault(node_id, len(self.nodes))

    def source(self, source_id: str) -> int:
        """Return the number of a source."""
        return self.sources.setdefault(source_id, len(self.sources))

    def called(self, key: str, name: str) -> str:
        """Return what a row is called: as the data have it in English, else by the words."""
        if self.words.language != "en":
            return self.words.name(key)
        return apart(name, "en") if self.words.prints else name

    def link(self, link: Link, points: Line) -> int:
        """Return the number of a land link."""
        if link.link_id not in self.lines:
            name = self.called(link.link_id, link.name)
            self._add(link.link_id, name, link.mode, (link.from_node_id, link.to_node_id), link.length_km, points)
            gauge = link.gauge_mm.replace(";", " and ")
            self._rows[-1] |= {"gauge": gauge} if gauge else {}
        return self.lines[link.link_id]

    def lane(self, here: str, there: str, mode: str = SEA) -> int:
        """Return the number of the lane between two calls of a service of a mode."""
        lane = self.network.lanes[here, there]
        if lane.lane_id not in self.lines:
            ends = (lane.from_node_id, lane.to_node_id)
            name = " - ".join(self.called(end, self.network.nodes[end].name) for end in ends)
            self._add(lane.lane_id, name, mode, ends, lane.length_km, lane_line(self.network, lane))
        return self.lines[lane.lane_id]

    def _add(self, key: str, name: str, mode: str, ends: tuple[str, str], km: float, points: Line) -> None:
        self.lines[key] = len(self.lines)
        here, there = (self.node(end) for end in ends)
        self._rows.append(
            {
                "id": key,
                "name": name,
                "mode": mode,
                "from": here,
                "to": there,
                "km": round(km, 1),
                "d": steps(self.map, points),
            }
        )

    def data(self) -> dict[str, Any]:
        """Return `nodes`, `lines` and `sources` as lists."""
        names: dict[str, list[str]] = {}
        for row in self.network.rows("node_name"):
            names.setdefault(row.node_id, []).append(row.name)
        listed = [self.network.nodes[node_id] for node_id in self.nodes]
        places = self.map.project([(node.x_coord, node.y_coord) for node in listed]).tolist() if listed else []
        nodes = [
            {
                "id": node.node_id,
                "name": self.called(node.node_id, node.name),
                "type": node.node_type,
                "country": node.country,
                "people": node.population or 0,
                "names": list(dict.fromkeys([node.name, *names.get(node.node_id, ()), node.unlocode or node.node_id])),
                "x": x,
                "y": y,
            }
            for node, (x, y) in zip(listed, places, strict=True)
        ]
        known = self.network.sources
        sources = [
            {"id": key, "title": row.title, "publisher": row.publisher, "year": row.year, "url": row.url}
            if (row := known.get(key))
            else {"id": key}
            for key in self.sources
        ]
        return {"nodes": nodes, "lines": self._rows, "sources": sources}


def network_data(network: Network, words: Words | None = None) -> dict[str, Any]:
    """Return the basemap and vocabulary, and the nodes, links and lanes of services that are there on the day."""
    words = words or Words()
    drawing = Drawing(network=network, words=words)
    for node in network.active("node"):
        drawing.node(node.node_id)
    shapes = link_lines(network)
    for link in network.active("link"):
        drawing.link(link, shapes[link.link_id])
    for service in network.active("service"):
        calls = network.calls.get(service.service_id, ())
        for here, there in itertools.pairwise(calls):
            if service.carries == "container":
                drawing.lane(here.node_id, there.node_id, network.mode_of(service))
    return {**ground(network, words), **drawing.data()}


def ground(network: Network, words: Words | None = None) -> dict[str, Any]:
    """Return what lies under the network on its maps, and what is to be said of it: projection, scale, attribution."""
    words = words or Words()
    projection = projection_of(network)
    return {
        **basemap(network),
        "projection": words.text(sentence_of(projection.words)),
        "scale": None if projection.schematic else projection.scale_grid(),
        "credit": words.label(attribution(network)),
        **_legend(network, words),
    }


def _legend(network: Network, words: Words) -> dict[str, Any]:
    """Return how modes and kinds of places are drawn and what they are called, by code."""
    known = network.vocabulary
    modes = {
        name: {
            "label": words.label(row.label),
            "way": words.label(row.way),
            "vehicle": words.label(row.vehicle_label),
            "kind": row.kind,
            "colour": row.colour,
            "dark": row.colour_dark,
            "dash": row.dash,
            "width": row.width,
        }
        for name, row in known.modes.items()
    }
    types = {
        name: {
            "label": words.label(row.label),
            "shape": row.shape,
            "port": row.port == "yes",
            "colour": row.colour,
            "dark": row.colour_dark,
        }
        for name, row in known.node_types.items()
    }
    return {"modes": modes, "types": types}


def json_for_script(data: Any) -> str:
    """Return JSON that can stand inside a script element: no character of it can end the element.

    >>> json_for_script({"name": "</script><b>"})
    '{"name":"\\\\u003c/script\\\\u003e\\\\u003cb\\\\u003e"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def line_path(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return the places of a line given in steps.

    >>> line_path([10, 20, 1, -1])
    [(10, 20), (11, 19)]
    """
    listed = np.array(list(numbers)).reshape(-1, 2).cumsum(axis=0)
    return [(int(x), int(y)) for x, y in listed]

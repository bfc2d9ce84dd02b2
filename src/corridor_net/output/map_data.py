"""What maps are drawn from, as plain data: the basemap and the network projected, and a study with its arcs.

Places are whole numbers of 100 m on a map fitted to the network (`projection`), x to the east and y to the south, so
that no face has to project anything. No search, no markup.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.compare import Comparison, Run
from corridor_net.costing import Arc, Impedance, by_component
from corridor_net.network import Network
from corridor_net.network.lines import lane_line, link_lines
from corridor_net.network.vocabulary import SEA

from .basemap import attribution, basemap, steps
from .projection import Line, Projection, projection_of


@dataclass
class Drawing:
    """Nodes, lines and sources by number, filled as they are met; the numbers are those of the data given out.

    `projection` is that of the map drawn on; of the network's own where none is given.
    """

    network: Network
    projection: Projection | None = None
    nodes: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    _rows: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def map(self) -> Projection:
        """The projection of the map."""
        return self.projection or projection_of(self.network)

    def node(self, node_id: str) -> int:
        """Return the number of a node."""
        return self.nodes.setdefault(node_id, len(self.nodes))

    def source(self, source_id: str) -> int:
        """Return the number of a source."""
        return self.sources.setdefault(source_id, len(self.sources))

    def link(self, link: Any, points: Line) -> int:
        """Return the number of a land link."""
        if link.link_id not in self.lines:
            self._add(link.link_id, link.name, link.mode, (link.from_node_id, link.to_node_id), link.length_km, points)
            gauge = link.gauge_mm.replace(";", " and ")
            self._rows[-1] |= {"gauge": gauge} if gauge else {}
        return self.lines[link.link_id]

    def lane(self, here: str, there: str, mode: str = SEA) -> int:
        """Return the number of the lane between two calls of a service of a mode."""
        lane = self.network.lanes[here, there]
        if lane.lane_id not in self.lines:
            ends = (lane.from_node_id, lane.to_node_id)
            name = " - ".join(self.network.nodes[end].name for end in ends)
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
                "name": node.name,
                "type": node.node_type,
                "country": node.country,
                "people": node.population or 0,
                "names": list(dict.fromkeys([*names.get(node.node_id, ()), node.unlocode or node.node_id])),
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


def network_data(network: Network) -> dict[str, Any]:
    """Return the basemap and vocabulary, and the nodes, links and lanes of services that are there on the day."""
    drawing = Drawing(network)
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
    return {**ground(network), **drawing.data()}


def ground(network: Network) -> dict[str, Any]:
    """Return what lies under the network on its maps, and what is to be said of it: projection, scale, attribution."""
    projection = projection_of(network)
    return {
        **basemap(network),
        "projection": projection.words,
        "scale": None if projection.schematic else projection.scale_grid(),
        "credit": attribution(network),
        **_legend(network),
    }


def _legend(network: Network) -> dict[str, Any]:
    """Return how modes and kinds of places are drawn and what they are called, by code."""
    words = network.vocabulary
    modes = {
        name: {
            "label": row.label,
            "way": row.way,
            "vehicle": row.vehicle_label,
            "kind": row.kind,
            "colour": row.colour,
            "dark": row.colour_dark,
            "dash": row.dash,
            "width": row.width,
        }
        for name, row in words.modes.items()
    }
    types = {
        name: {
            "label": row.label,
            "shape": row.shape,
            "port": row.port == "yes",
            "colour": row.colour,
            "dark": row.colour_dark,
        }
        for name, row in words.node_types.items()
    }
    return {"modes": modes, "types": types}


# a study


class _Arcs:
    """Every distinct arc of a study once, as a row of numbers; a run holds numbers of rows."""

    def __init__(self, drawing: Drawing, comparison: Comparison) -> None:
        self.drawing = drawing
        self.shapes = link_lines(comparison.network)
        self.rows: dict[tuple[Any, ...], int] = {}
        self.parts: dict[tuple[Any, ...], int] = {}
        self.labels: dict[str, int] = {}
        self.vocabulary = comparison.network.vocabulary
        self.columns = {name: number for number, name in enumerate(self.vocabulary.components)}
        self.bases: dict[str, tuple[Impedance, dict[str, int], NDArray[np.int64]]] = {}
        self.kept = _used_keys(comparison) if most_arcs(comparison) > MOST_ARCS else None

    def of_run(self, run: Run) -> list[int]:
        """Return the number of the row of each arc of a run; -1 for one that is left out.

        Left out are voyages on demand that no route uses, and of a large network all that no route of a run uses.
        """
        network, imp = run.router.network, run.router.impedance
        links: dict[str, Any] = {link.link_id: link for link in network.rows("link")}
        for link in tuple(links.values()):
            self.shapes.setdefault(link.link_id, straight(network, link))
        names = {row.crossing_id: row.name for row in network.rows("crossing")}
        names |= {row.service_id: row.name for row in network.rows("service")}
        known = self._known(run)
        borders = {row.crossing_id: links[row.link_id] for row in network.rows("crossing")}
        used = {number for trip in run.trips.values() for number in trip.arcs}
        links |= borders
        numbers = [-1] * len(imp.arcs)
        for number in self._shown(imp):
            arc = imp.arcs[number]
            if arc.kind == "charter" and number not in used:
                continue
            found = known.get(number, -1)
            numbers[number] = found if found >= 0 else self.row(arc, imp.states, links, names, run.router.schedule)
        if run.scenario is None:
            places = {imp.arcs[number].key: number for number in self._shown(imp)}
            self.bases[run.baseline] = imp, places, np.array(numbers)
        return numbers

    def _shown(self, imp: Impedance) -> Sequence[int]:
        """Return the arcs that may be shown: all, or of a large network those whose key a route uses."""
        if self.kept is None:
            return range(len(imp.arcs))
        return [number for number, key in enumerate(imp.keys()) if key in self.kept]

    def _known(self, run: Run) -> dict[int, int]:
        """Return the rows of arcs that are as in the run's baseline in every amount, by number of the arc."""
        imp = run.router.impedance
        if run.baseline not in self.bases or run.scenario is None:
            return {}
        before, places, numbers = self.bases[run.baseline]
        shown = np.array(self._shown(imp), np.int64)
        there = np.array([places.get(imp.arcs[number].key, -1) for number in shown.tolist()], np.int64)
        same = there >= 0
        shown, there = shown[same], there[same]
        alike = np.ones(len(shown), bool)
        listed = ([one.arcs[number].parts for number in of.tolist()] for one, of in ((before, there), (imp, shown)))
        old, new = (by_component(parts, imp.components) for parts in listed)
        for name in old:
            alike &= (old[name] == new[name]).all(axis=1)
        for name in ("spread_hours", "co2_kg", "distance_km"):
            alike &= getattr(before, name)[there] == getattr(imp, name)[shown]
        return dict(zip(shown[alike].tolist(), numbers[there[alike]].tolist(), strict=True))

    def row(
        self,
        arc: Arc,
        states: Sequence[tuple[str, str]],
        links: Mapping[str, Any],
        names: Mapping[str, str],
        schedule: bool,
    ) -> int:
        line = -1
        if arc.kind == "haul":
            line, label = self._link(links[arc.subject]), links[arc.subject].name
        elif arc.kind in ("sail", "charter"):
            line, label = (
                self.drawing.lane(arc.from_node, arc.to_node, arc.mode),
                names.get(arc.subject, "ship on demand"),
            )
        elif arc.kind == "terminal":
            label = " → ".join(self.vocabulary.state_label(states[end][1]) for end in (arc.tail, arc.head))
        else:
            line = self._link(links[arc.subject]) if arc.kind == "crossing" else -1
            label = names.get(arc.subject, arc.subject)
        parts = tuple(
            self._part(part, part.scheduled if schedule else part.amount)
            for part in arc.parts
            if part.scheduled or not schedule
        )
        entry = (
            arc.kind,
            arc.mode,
            self.drawing.node(arc.from_node),
            self.drawing.node(arc.to_node),
            line,
            self.labels.setdefault(label, len(self.labels)),
            arc.distance_km,
            arc.co2_kg,
            parts,
        )
        return self.rows.setdefault(entry, len(self.rows))

    def _link(self, link: Any) -> int:
        return self.drawing.link(link, self.shapes[link.link_id])

    def _part(self, part: Any, amount: float) -> int:
        entry = (
            self.columns[part.component],
            part.quantity == "hours",
            amount,
            part.grade,
            tuple(self.drawing.source(source) for source in part.source_ids),
        )
        return self.parts.setdefault(entry, len(self.parts))


MOST_ARCS = 20_000
"""Steps of a network up to which the report holds them all; of a larger one it holds those that routes use."""


def most_arcs(comparison: Comparison) -> int:
    """Return how many steps the largest network of a study has."""
    return max(len(run.router.impedance.arcs) for run in comparison.runs)


def _used_keys(comparison: Comparison) -> set[str]:
    arcs = ((run.router.impedance.arcs, trip) for run in comparison.runs for trip in run.trips.values())
    return {steps_of[number].key for steps_of, trip in arcs for number in trip.arcs}


def straight(network: Network, link: Any) -> tuple[tuple[float, float], ...]:
    """Return the straight line between the ends of a link that has no drawn one."""
    ends = (network.nodes[link.from_node_id], network.nodes[link.to_node_id])
    return tuple((node.x_coord, node.y_coord) for node in ends)


def study_data(comparison: Comparison) -> dict[str, Any]:
    """Return a study for the report: the map, all arcs with their parts, and the routes of every run to the focus.

    An arc is [kind, mode, from, to, line, label, km, kg CO2e, parts], a part [component, 1 for hours and 0 for
    USD, amount, grade, sources]; all but the kinds, modes, grades and amounts are numbers of the lists beside.
    Amounts are not rounded: that is done once, where they are shown.
    A run with a scenario names what it takes away from its baseline (`less`) and adds (`more`).
    """
    drawing = Drawing(comparison.network)
    for node_id in (*comparison.origins, comparison.focus):
        drawing.node(node_id)
    arcs = _Arcs(drawing, comparison)
    runs, bases = [], {}
    for run in comparison.runs:
        numbers = arcs.of_run(run)
        rows = set(numbers) - {-1}
        entry: dict[str, Any] = {"baseline": run.baseline, "scenario": run.scenario, "title": run.title}
        if run.scenario is None:
            bases[run.baseline] = rows
            entry |= {"arcs": sorted(rows), "day": str(run.router.network.day)}
            entry |= {"prices": run.router.impedance.prices.year}
        else:
            entry |= {"less": sorted(bases[run.baseline] - rows), "more": sorted(rows - bases[run.baseline])}
        entry["routes"] = _routes(comparison, run, numbers, drawing)
        runs.append(entry)
    cargo, under = comparison.runs[0].router.impedance.cargo, ground(comparison.network)
    if arcs.kept is not None:
        told = f"Drawn are the ways that routes use, of a network of {most_arcs(comparison):,} steps."
        under |= {"credit": " ".join(filter(None, (under["credit"], told)))}
    components = list(comparison.network.vocabulary.components.values())
    groups = list(dict.fromkeys(row.group for row in components))
    return {
        "map": {**under, **drawing.data()},
        "components": [row.label for row in components],
        "groups": [groups.index(row.group) for row in components],
        "group_names": groups,
        "labels": list(arcs.labels),
        "parts": [[c, int(hours), amount, grade, list(sources)] for c, hours, amount, grade, sources in arcs.parts],
        "arcs": [[*row[:-1], list(row[-1])] for row in arcs.rows],
        "runs": runs,
        "origins": [drawing.node(origin) for origin in comparison.origins],
        "focus": drawing.node(comparison.focus),
        "cargo": cargo.name,
        "by": comparison.runs[0].router.by,
    }


def _routes(comparison: Comparison, run: Run, numbers: list[int], drawing: Drawing) -> dict[str, Any]:
    found = {}
    for number, origin in enumerate(comparison.origins):
        trip = run.trips.get((origin, comparison.focus))
        if trip is not None:
            found[str(number)] = {
                "usd": trip.cost_usd,
                "hours": trip.hours,
                "co2": trip.co2_kg,
                "generalised": trip.generalised_cost_usd,
                "km": trip.distance_km,
                "gateway": drawing.node(trip.gateway) if trip.gateway else None,
                "arcs": [numbers[arc] for arc in trip.arcs],
            }
    return found


def embedded(data: Any) -> str:
    """Return JSON that can stand inside a script element: no character of it can end the element.

    >>> embedded({"name": "</script><b>"})
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

"""GeoJSON to the letter of RFC 7946, with simplestyle properties: nodes, network, routes, access."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from corridor_net.analysis.access import Access
from corridor_net.analysis.compare import Comparison
from corridor_net.analysis.route import Route, amounts_of_legs, totals_of
from corridor_net.costing import Arc
from corridor_net.network import Network
from corridor_net.network.lines import lane_line, link_lines
from corridor_net.network.passable import Passage, passable_legs, passable_links
from corridor_net.network.rows import Link, Service
from corridor_net.output.charts.svg import PALETTE, UNREACHED, colours_of, shade_of

DECIMALS = 5

Line = Sequence[tuple[float, float]]


def line_geometry(line: Line) -> dict[str, Any]:
    """Return a LineString, or a MultiLineString cut at the antimeridian where the line crosses it.

    A line shorter than the last decimal is its place twice.

    >>> line_geometry([(179.0, 10.0), (-179.0, 12.0)])["type"]
    'MultiLineString'
    >>> line_geometry([(4.4, 51.2), (4.4, 51.2)])["coordinates"]
    [[4.4, 51.2], [4.4, 51.2]]
    """
    parts: list[list[list[float]]] = [[]]
    previous: tuple[float, float] | None = None
    for point in line:
        if previous is not None and abs(point[0] - previous[0]) > 180:
            side = 180.0 if previous[0] > 0 else -180.0
            east = point[0] + (360.0 if side > 0 else -360.0)
            share = (side - previous[0]) / (east - previous[0]) if east != previous[0] else 0.0
            latitude = previous[1] + share * (point[1] - previous[1])
            parts[-1].append([side, latitude])
            parts.append([[-side, latitude]])
        parts[-1].append([point[0], point[1]])
        previous = point
    rounded = [_without_doubles([[round(x, DECIMALS), round(y, DECIMALS)] for x, y in part]) for part in parts]
    rounded = [part for part in rounded if len(part) > 1] or [rounded[0] * 2]
    if len(rounded) == 1:
        return {"type": "LineString", "coordinates": rounded[0]}
    return {"type": "MultiLineString", "coordinates": rounded}


def _without_doubles(points: list[list[float]]) -> list[list[float]]:
    return [point for number, point in enumerate(points) if not number or point != points[number - 1]]


def collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return a FeatureCollection with its bounding box."""
    listed = list(features)
    points = [point for one in listed for point in _points(one["geometry"])]
    box: dict[str, Any] = {}
    if points:
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        box = {"bbox": [min(xs), min(ys), max(xs), max(ys)]}
    return {"type": "FeatureCollection", **box, "features": listed}


def _points(geometry: dict[str, Any]) -> list[list[float]]:
    """Return the positions of a geometry, however deep they lie."""
    nested: list[Any] = [geometry["coordinates"]]
    while nested and isinstance(nested[0][0], list):
        nested = [inner for outer in nested for inner in outer]
    return nested


def feature(identifier: str, geometry: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return a feature; properties that are None are left out."""
    kept = {name: value for name, value in properties.items() if value is not None}
    return {"type": "Feature", "id": identifier, "geometry": dict(geometry), "properties": kept}


def point_of(network: Network, node_id: str) -> dict[str, Any]:
    """Return a place as a Point."""
    node = network.nodes[node_id]
    return {"type": "Point", "coordinates": [round(node.x_coord, DECIMALS), round(node.y_coord, DECIMALS)]}


def nodes_geojson(network: Network) -> dict[str, Any]:
    """Return every node that is there on the day, as points."""
    types = network.vocabulary.node_types
    return collection(
        feature(
            node.node_id,
            point_of(network, node.node_id),
            {
                "title": node.name,
                "node_id": node.node_id,
                "node_type": node.node_type,
                "country": node.country,
                "unlocode": node.unlocode or None,
                "population": node.population,
                "source_id": node.source_id,
                "grade": node.grade,
                "marker-color": types[node.node_type].colour,
                "marker-size": types[node.node_type].size,
            },
        )
        for node in network.active("node")
    )


def network_geojson(network: Network) -> dict[str, Any]:
    """Return the links and the legs of services that boxes can pass on the day, as lines from `from` to `to`.

    A link that is open one way alone has `directed` true and leads that way.
    """
    lines = link_lines(network)
    features = [_link(network, ways, lines) for ways in passable_links(network).values()]
    return collection(features + services_geojson(network)["features"])


def services_geojson(network: Network) -> dict[str, Any]:
    """Return the legs of services that boxes can pass on the day, as lines from `from` to `to`."""
    return collection(_leg(network, leg) for leg in passable_legs(network))


def _ends(network: Network, here: str, there: str) -> dict[str, str]:
    """Return the ends of a line: ids and names."""
    nodes = network.nodes
    return {"from": here, "to": there, "from_name": nodes[here].name, "to_name": nodes[there].name}


def _link(network: Network, ways: Sequence[Passage[Link]], lines: Mapping[str, Line]) -> dict[str, Any]:
    way, link = ways[0], ways[0].row
    mode = network.vocabulary.modes[link.mode]
    line = lines[link.link_id]
    return feature(
        link.link_id,
        line_geometry(line if way.from_node_id == link.from_node_id else line[::-1]),
        {
            "title": f"{link.name} ({mode.label})",
            "link_id": link.link_id,
            "mode": link.mode,
            **_ends(network, way.from_node_id, way.to_node_id),
            "directed": len(ways) == 1,
            "length_km": link.length_km,
            "gauge_mm": link.gauge_mm or None,
            "corridor": link.corridor or None,
            "source_id": link.source_id,
            "grade": link.grade,
            "stroke": mode.colour,
            "stroke-width": 2,
            "stroke-opacity": 0.9,
        },
    )


def _leg(network: Network, leg: Passage[Service]) -> dict[str, Any]:
    service = leg.row
    return feature(
        leg.passage_id,
        line_geometry(_lane(network, leg.from_node_id, leg.to_node_id)),
        {
            "title": service.name,
            "service_id": service.service_id,
            "mode": leg.mode,
            **_ends(network, leg.from_node_id, leg.to_node_id),
            "directed": True,
            "length_km": leg.length_km,
            "sailings_per_week": service.sailings_per_week,
            "source_id": service.source_id,
            "grade": service.grade,
            "stroke": network.vocabulary.modes[leg.mode].colour,
            "stroke-width": 1.5,
            "stroke-opacity": 0.7,
        },
    )


def _lane(network: Network, here: str, there: str) -> Line:
    lane = network.lanes[here, there]
    line = lane_line(network, lane)
    return line if lane.from_node_id == here else line[::-1]


@dataclass(frozen=True, eq=False, kw_only=True)
class RouteLines:
    """The drawings of a network's links and where each begins: made once a network, however many routes are drawn."""

    network: Network
    lines: Mapping[str, Any]
    firsts: Mapping[str, str]

    @classmethod
    def of(cls, network: Network, known: Mapping[str, Any] | None = None) -> RouteLines:
        """Take the drawings of a network; `known` are those of links that need no drawing any more."""
        drawn = known or {}
        rows = network.rows("link")
        new = (link for link in rows if link.link_id not in drawn) if drawn else None
        firsts = {link.link_id: link.from_node_id for link in rows}
        return cls(network=network, lines={**link_lines(network, new), **drawn}, firsts=firsts)

    def along(self, arcs: Iterable[Arc]) -> list[tuple[float, float]]:
        """Return the drawing of a route: its links and lanes one after the other, in travel order."""
        points: list[tuple[float, float]] = []
        for arc in arcs:
            if arc.kind == "haul":
                line = self.lines[arc.asset_id]
                if self.firsts[arc.asset_id] != arc.from_node:
                    line = line[::-1]
            elif arc.kind in ("sail", "charter"):
                line = _lane(self.network, arc.from_node, arc.to_node)
            else:
                continue
            points += [point for point in line if not points or points[-1] != point]
        return points


def routes_geojson(comparison: Comparison) -> dict[str, Any]:
    """Return the route of every origin to the focus in every run, with its legs; pairs without a route are left out."""
    known, goal, shape_of = link_lines(comparison.network), comparison.focus, cache(line_geometry)
    colours = colours_of(sorted({t.gateway for run in comparison.runs for t in run.trips.values() if t.gateway}))
    features = []
    for run in comparison.runs:
        network = run.router.network
        lines = RouteLines.of(network, known)
        routes = [run.route(origin, goal) for origin in comparison.trips_of(run)]
        for route, amounts in zip(routes, amounts_of_legs(routes), strict=True):
            head = {
                "title": f"{_pair(network, route)}, {run.title}",
                "baseline": run.baseline,
                "scenario": run.scenario,
            }
            told = {
                **head,
                **route_properties(network, route, amounts),
                "stroke": colours.get(route.gateway or "", "#555555"),
            }
            told |= {"stroke-width": 3 if run.scenario else 2, "stroke-opacity": 0.8}
            drawn = shape_of(tuple(lines.along(route.legs)))
            features.append(feature(f"{run.name}:{route.origin}:{goal}", drawn, told))
    return collection(features)


def _pair(network: Network, route: Route) -> str:
    return f"{network.nodes[route.origin].name} to {network.nodes[route.destination].name}"


def route_properties(network: Network, route: Route, amounts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a route's feature says of it: totals, lists by `;`, the legs as JSON text, as properties are flat.

    `amounts` are those shown of its legs (`Route.leg_amounts`).
    """
    legs = [
        {
            "mode": leg.mode,
            "kind": leg.kind,
            "from": leg.from_node,
            "to": leg.to_node,
            "asset_id": leg.asset_id,
            **shown,
        }
        for leg, shown in zip(route.legs, amounts, strict=True)
    ]
    moves = [leg.mode for leg in route.legs if leg.distance_km]
    by = network.nodes[route.gateway].name if route.gateway else "land"
    return {
        "description": f"{route.cost_usd:,.0f} USD, {route.days:.1f} days, {route.co2_kg:,.0f} kg CO2e, by {by}",
        "origin": route.origin,
        "destination": route.destination,
        "origin_name": network.nodes[route.origin].name,
        "destination_name": network.nodes[route.destination].name,
        "gateway": route.gateway,
        **totals_of(route),
        "modes": ";".join(mode for mode, _ in itertools.groupby(moves)),
        "crossings": ";".join(route.crossings),
        "services": ";".join(route.services),
        "legs": json.dumps(legs, ensure_ascii=False, separators=(",", ":")),
    }


def single_routes_geojson(routes: Iterable[tuple[Network, Route]], *, named: bool = False) -> dict[str, Any]:
    """Return single routes as lines, with their totals and legs; their titles name the scenario where it is asked."""
    features, lines_of = [], cache(RouteLines.of)
    for number, (network, route) in enumerate(routes):
        title = _pair(network, route) + (f", {route.scenario}" if named else "")
        told = {"title": title, "scenario": route.scenario, **route_properties(network, route, route.leg_amounts())}
        told |= {"stroke": PALETTE[number % len(PALETTE)], "stroke-width": 3, "stroke-opacity": 0.9}
        drawn = line_geometry(lines_of(network).along(route.legs))
        features.append(feature(f"{route.origin}:{route.destination}:{number}", drawn, told))
    return collection(features)


def legs_geojson(network: Network, routes: Iterable[Route]) -> dict[str, Any]:
    """Return each leg on which cargo moves once, with its measures and how many of the routes take it."""
    lines = RouteLines.of(network)
    found: dict[str, tuple[Arc, list[str]]] = {}
    for route in routes:
        for leg in route.legs:
            if leg.distance_km:
                found.setdefault(leg.key, (leg, []))[1].append(network.nodes[route.origin].name)
    return collection(
        feature(
            key,
            line_geometry(lines.along([leg])),
            {
                "title": f"{network.nodes[leg.from_node].name} - {network.nodes[leg.to_node].name}",
                "mode": leg.mode,
                "kind": leg.kind,
                "asset_id": leg.asset_id,
                **_ends(network, leg.from_node, leg.to_node),
                "distance_km": round(leg.distance_km, 3),
                "hours": round(leg.hours, 3),
                "cost_usd": round(leg.cost_usd, 2),
                "co2_kg": round(leg.co2_kg, 2),
                "grade": leg.grade,
                "routes": len(origins),
                "origins": "; ".join(origins),
            },
        )
        for key, (leg, origins) in sorted(found.items())
    )


def access_geojson(comparison: Comparison, access: Sequence[Access]) -> dict[str, Any]:
    """Return the access of every origin in every run as points, with its change against the baseline."""
    base = {(a.baseline, a.origin): a for a in access if a.scenario is None}
    hours = [a.mean_hours for a in access if a.mean_hours is not None]
    span = (min(hours, default=0.0), max(hours, default=0.0))
    features = []
    for a in access:
        before = base[a.baseline, a.origin]
        node = comparison.network.nodes[a.origin]
        change = None
        if before.market_access and a.scenario:
            change = round(100 * (a.market_access / before.market_access - 1), 2)
        features.append(
            feature(
                f"{a.baseline}/{a.scenario or 'alone'}:{a.origin}",
                point_of(comparison.network, a.origin),
                {
                    "title": node.name,
                    "baseline": a.baseline,
                    "scenario": a.scenario,
                    "node_id": a.origin,
                    "nearest_market": a.nearest_market,
                    "least_cost_usd": _rounded(a.least_cost_usd),
                    "least_hours": _rounded(a.least_hours),
                    "mean_cost_usd": _rounded(a.mean_cost_usd),
                    "mean_hours": _rounded(a.mean_hours),
                    "market_access": _rounded(a.market_access),
                    "market_access_change_percent": change,
                    **{f"markets_within_{days}_days": count for days, count, _ in a.within},
                    "markets_cut_off": len(a.cut_off),
                    "marker-color": _shade(a.mean_hours, span),
                    "marker-size": "medium",
                },
            )
        )
    return collection(features)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _shade(hours: float | None, span: tuple[float, float]) -> str:
    """Return a colour by hours to the markets, from the nearest of all origins to the farthest."""
    if hours is None:
        return UNREACHED
    near, far = span
    return shade_of((hours - near) / (far - near) if far > near else 0.0)

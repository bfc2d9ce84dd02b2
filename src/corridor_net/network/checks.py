"""The named checks of a network: each a function that returns every fault it finds, with its place."""

from __future__ import annotations

import importlib.util
import itertools
import json
from collections.abc import Callable, Iterator
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

from corridor_net.errors import BadValue, CorridorError, DataFault, Place, UnknownName, did_you_mean

from .network import Network
from .place import cell_place
from .service_periods import service_periods

EARTH_KM = 6371.0
MAX_RATIO = 1.25
PORT_DEGREES = 0.13
"""Within this of its ports a lane may touch land: ports lie on the shore."""
TOO_COARSE_KM = 8.0
"""Land a lane may cross at a stretch: the 1:10m coast does not resolve the Kanmon fairway or the mouth of the Yalu."""


def great_circle_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the great-circle distance in km on a sphere of 6,371 km.

    >>> round(great_circle_km(131.8883, 43.1089, 139.2333, 38.0167))
    839
    """
    a1, a2 = radians(lat1), radians(lat2)
    half = sin((a2 - a1) / 2) ** 2 + cos(a1) * cos(a2) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def check_network(network: Network, only: str | None = None) -> dict[str, int]:
    """Run the named checks; return how many things each looked at.

    Raises DataFault with every fault of every check, UnknownName for a check that is not there.
    """
    if only is not None and only not in CHECKS:
        raise UnknownName(f"unknown check '{only}'", hint=did_you_mean(only, CHECKS))
    counts, faults = {}, []
    for name, check in CHECKS.items():
        if only in (None, name):
            found = list(check(network))
            counts[name] = sum(1 for fault in found if fault is None)
            faults += [fault for fault in found if fault is not None]
    if faults:
        raise DataFault(f"{len(faults)} fault(s) in the network", faults=faults)
    return counts


Findings = Iterator[CorridorError | None]


def _place(network: Network, table: str, line: int, column: str) -> Place:
    return cell_place(Path(network.folder) / f"{table}.csv", line, column)


def known_figures(network: Network) -> Findings:
    """Every tariff, speed, operation and factor that is named exists on the network's day."""
    held = {
        "tariff_id": {row.tariff_id for row in network.active("tariff")},
        "speed_id": {row.speed_id for row in network.active("speed")},
        "operation_id": {row.operation_id for row in network.active("operation")},
    }
    for table in ("link", "crossing", "terminal", "service"):
        for row in network.active(table):
            for column, known in held.items():
                if not hasattr(row, column):
                    continue
                value = getattr(row, column)
                yield (
                    None
                    if value in known
                    else UnknownName(
                        f"{column} '{value}' has no figure on {network.day}",
                        place=_place(network, table, row.line, column),
                        hint=did_you_mean(value, known, otherwise="a missing figure is never taken as 0"),
                    )
                )


def link_lengths(network: Network) -> Findings:
    """No link is shorter than the straight line between its ends."""
    for link in network.rows("link"):
        a, b = network.nodes[link.from_node_id], network.nodes[link.to_node_id]
        straight = great_circle_km(a.x_coord, a.y_coord, b.x_coord, b.y_coord)
        yield (
            None
            if link.length_km >= straight * 0.995
            else BadValue(
                f"link '{link.link_id}' is {link.length_km} km long, the straight line {straight:.1f} km",
                place=_place(network, "link", link.line, "length_km"),
                hint="correct the length or the coordinates",
            )
        )


def lane_lengths(network: Network) -> Findings:
    """Every lane is 1 to 1.25 times the shortest line, or says why not, and none is shorter than that line."""
    for lane in network.rows("sea_lane"):
        a, b = network.nodes[lane.from_node_id], network.nodes[lane.to_node_id]
        straight = great_circle_km(a.x_coord, a.y_coord, b.x_coord, b.y_coord)
        good = lane.ratio <= MAX_RATIO or lane.detour_reason
        if lane.length_km < straight * 0.995:
            yield BadValue(
                f"lane '{lane.lane_id}' is {lane.length_km} km long, the straight line {straight:.1f} km",
                place=_place(network, "sea_lane", lane.line, "length_km"),
            )
            continue
        yield (
            None
            if good
            else BadValue(
                f"lane '{lane.lane_id}' is {lane.ratio} times the shortest line and gives no reason",
                place=_place(network, "sea_lane", lane.line, "ratio"),
            )
        )


def lane_pairs(network: Network) -> Findings:
    """No two lanes join the same ports."""
    first: dict[frozenset[str], str] = {}
    for lane in network.rows("sea_lane"):
        other = first.setdefault(frozenset((lane.from_node_id, lane.to_node_id)), lane.lane_id)
        yield (
            None
            if other == lane.lane_id
            else BadValue(
                f"lanes '{other}' and '{lane.lane_id}' join the same ports",
                place=_place(network, "sea_lane", lane.line, "lane_id"),
            )
        )


def lanes_at_sea(network: Network) -> Findings:
    """No lane crosses land, but near its ports and where the coast is too coarse for the fairway.

    Looks at nothing without basemap.geojson in the folder or without shapely (extra `geo`).
    """
    basemap = Path(network.folder) / "basemap.geojson"
    if not basemap.exists() or importlib.util.find_spec("shapely") is None:
        return
    import shapely

    collection = json.loads(basemap.read_text(encoding="utf-8"))
    shapes = [
        shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in collection["features"]
        if feature["properties"]["layer"] == "land"
    ]
    land = shapely.union_all(shapes)
    shapely.prepare(land)
    for lane in network.rows("sea_lane"):
        line = shapely.from_wkt(lane.geometry)
        over_km = 0.0
        if land.intersects(line):
            ends = shapely.union_all([shapely.Point(line.coords[end]).buffer(PORT_DEGREES) for end in (0, -1)])
            over_km = _longest_km(line.intersection(land).difference(ends))
        yield (
            None
            if over_km <= TOO_COARSE_KM
            else BadValue(
                f"lane '{lane.lane_id}' crosses {over_km:.0f} km of land",
                place=_place(network, "sea_lane", lane.line, "geometry"),
                hint="scripts/build_sea_lanes.py makes lanes clear of the coast",
            )
        )


def _longest_km(geometry: Any) -> float:
    import shapely

    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "LineString"]
    lengths = [sum(great_circle_km(*a, *b) for a, b in itertools.pairwise(part.coords)) for part in parts]
    return max(lengths, default=0.0)


def borders(network: Network) -> Findings:
    """Every link between two countries has a crossing in each direction it may be used."""
    have = {(row.link_id, row.from_node_id) for row in network.rows("crossing")}
    for link in network.rows("link"):
        a, b = network.nodes[link.from_node_id], network.nodes[link.to_node_id]
        if a.country == b.country:
            continue
        for here in (a.node_id,) if link.directed else (a.node_id, b.node_id):
            yield (
                None
                if (link.link_id, here) in have
                else BadValue(
                    f"link '{link.link_id}' leaves {network.nodes[here].country} without a crossing from '{here}'",
                    place=_place(network, "link", link.line, "link_id"),
                )
            )


def ranges(network: Network) -> Findings:
    """Every range holds its value: low <= value <= high."""
    for table, value, low, high in (
        ("operation", "value", "value_low", "value_high"),
        ("speed", "speed_kmh", "speed_kmh_low", "speed_kmh_high"),
        ("emission_factor", "value", "value_low", "value_high"),
    ):
        for row in network.rows(table):
            v, lo, hi = getattr(row, value), getattr(row, low), getattr(row, high)
            good = (lo is None or lo <= v) and (hi is None or v <= hi)
            yield (
                None
                if good
                else BadValue(
                    f"{value} {v} is outside its range {lo} to {hi}", place=_place(network, table, row.line, value)
                )
            )


def currencies(network: Network) -> Findings:
    """Every cost has a currency and a price year, and these have a rate and an index."""
    rates = {(row.currency, row.year) for row in network.rows("exchange_rate")}
    years = {row.year for row in network.rows("deflator")}
    for table in ("operation", "tariff"):
        for row in network.rows(table):
            if getattr(row, "quantity", "cost") != "cost":
                continue
            good = row.currency and (row.currency, row.price_year) in rates and row.price_year in years
            yield (
                None
                if good
                else BadValue(
                    f"no exchange rate or index for '{row.currency}' {row.price_year}",
                    place=_place(network, table, row.line, "currency"),
                )
            )


def timetables(network: Network) -> Findings:
    """Calls are in order of time, and between two calls there is a lane."""
    for service_id, calls in network.calls.items():
        for here, there in itertools.pairwise(calls):
            good = (here.node_id, there.node_id) in network.lanes
            if here.departure_hours is not None and there.arrival_hours is not None:
                good = good and there.arrival_hours > here.departure_hours
            yield (
                None
                if good
                else BadValue(
                    f"service '{service_id}' cannot sail from call {here.call_sequence} ({here.node_id}) to the next",
                    place=_place(network, "service_call", there.line, "node_id"),
                    hint="there must be a sea lane, and the arrival after the departure",
                )
            )


def reachable_markets(network: Network) -> Findings:
    """Every market can be reached from every origin on the network's day, by links, crossings and services."""
    reach: dict[str, set[str]] = {}
    borders = {crossing.link_id for crossing in network.rows("crossing")}
    passable = {(crossing.link_id, crossing.from_node_id) for crossing in network.active("crossing")}
    for link in network.active("link"):
        ends = ((link.from_node_id, link.to_node_id), (link.to_node_id, link.from_node_id))
        for here, there in ends[: 1 if link.directed else 2]:
            if link.link_id not in borders or (link.link_id, here) in passable:
                reach.setdefault(here, set()).add(there)
    for service in network.active("service"):
        ports = [call.node_id for call in network.calls.get(service.service_id, ())]
        for here, there in itertools.pairwise(ports):
            reach.setdefault(here, set()).add(there)
    for origin in network.markets("origin"):
        seen, todo = {origin.node_id}, [origin.node_id]
        while todo:
            for other in reach.get(todo.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        for market in network.markets("market"):
            yield (
                None
                if market.node_id in seen
                else BadValue(
                    f"market '{market.node_id}' cannot be reached from '{origin.node_id}' on {network.day}",
                    place=_place(network, "market", market.line, "node_id"),
                )
            )


CHECKS: dict[str, Callable[[Network], Findings]] = {
    "known-figures": known_figures,
    "link-lengths": link_lengths,
    "lane-lengths": lane_lengths,
    "lane-pairs": lane_pairs,
    "lanes-at-sea": lanes_at_sea,
    "borders": borders,
    "ranges": ranges,
    "currencies": currencies,
    "timetables": timetables,
    "service-periods": service_periods,
    "reachable-markets": reachable_markets,
}
"""Name to check; `corridor-net check` runs them all. Unknown nodes, units and columns are found when reading."""

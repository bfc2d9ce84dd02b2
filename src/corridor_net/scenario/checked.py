"""The network that is computed on, held to the checks of the data: the rows that changes touched or made."""

from __future__ import annotations

from collections.abc import Mapping

from corridor_net.errors import BadValue, CorridorError, Place, RowRef
from corridor_net.network import Network
from corridor_net.network.checks import faults_of
from corridor_net.network.checks.ways import without_crossing
from corridor_net.network.earth import geodesic_km
from corridor_net.network.rows import Link, Node, Service, row_id

from .model import Change
from .work import At

NEAREST = 3
"""Borders offered where one is missing."""


def faults_after(base: Network, network: Network, places: Mapping[RowRef, tuple[Change, At]]) -> list[CorridorError]:
    """Return the faults of the rows that changes touched or made, each with the place of the change.

    `places` has the last change of each row, and where it stands.
    """
    if not places:
        return []
    ways = {(of, row_id(of, row)): row for of in ("link", "service") for row in reversed(network.rows(of))}
    touched = [(ref[0], ways[ref]) for ref in places if ref in ways]
    missing = [fault for of, row in touched if of == "link" for fault in _missing_border(network, row)]
    missing += [fault for of, row in touched for fault in _of_another_mode(network, of, row)]
    known = {(fault.table, fault.row_id) for fault in missing}
    others = [
        fault
        for fault in faults_of(network, places.keys())
        if not ((fault.table, fault.row_id) in known and fault.column == "link_id")
    ]
    before = {(fault.table, fault.row_id, fault.message) for fault in faults_of(base, places.keys())} if others else ()
    found = [*missing, *(f for f in others if (f.table, f.row_id, f.message) not in before)]
    for fault in found:
        fault.place = _place(fault, places)
    return found


def _place(fault: CorridorError, places: Mapping[RowRef, tuple[Change, At]]) -> Place:
    own = str(fault.table), str(fault.row_id)
    change, at = next(places[ref] for ref in (own, *sorted(fault.touches)) if ref in places)
    if change.verb == "add":
        row = change.row or {}
        if own == (change.table, row.get(f"{change.table}_id")) and fault.column in row:
            return at("row", fault.column)
        if fault.table == "service_call" and change.calls:
            return at("calls", int(own[1].rpartition(":")[2]) - 1)
        return at("row")
    return at({"set": "value", "scale": "by", "shift": "by"}.get(change.verb, "where"))


def _missing_border(network: Network, link: Link) -> list[CorridorError]:
    """Return a fault, with an offer, where a link between two countries may be used without a crossing."""
    here, there = network.nodes[link.from_node_id], network.nodes[link.to_node_id]
    have = {row.from_node_id for row in network.rows("crossing") if row.link_id == link.link_id}
    lacking = without_crossing(network, link, have)
    if not lacking or here.country == there.country:
        return []
    error = BadValue(
        f"link '{link.link_id}' goes from {here.country} to {there.country} and has no crossing"
        f"{'' if not have else f' from {lacking[0]}'}",
        hint=_offer(network, link, here, there),
    )
    error.table, error.row_id, error.column = "link", link.link_id, "link_id"
    return [error]


def _of_another_mode(network: Network, table: str, row: Link | Service) -> list[CorridorError]:
    """Return a fault for a figure that names no mode, which the checks of the data look at, and only others use."""
    mode, name = network.mode_of(row), row_id(table, row)
    named = {speed.speed_id for speed in network.rows("speed") if speed.mode}
    faults: list[CorridorError] = []
    for column in ("speed_id", "emission_factor_id"):
        value = getattr(row, column)
        if column == "speed_id" and value in named:
            continue
        used = {r.mode for r in network.rows("link") if getattr(r, column) == value and r is not row}
        used |= {network.mode_of(r) for r in network.rows("service") if getattr(r, column) == value and r is not row}
        if used and mode not in used:
            error = BadValue(f"{table} '{name}' goes by {mode}, {column} '{value}' is of {' and '.join(sorted(used))}")
            faults.append(error.about(table, name, column))
    return faults


def _offer(network: Network, link: Link, here: Node, there: Node) -> str:
    middle = ((here.x_coord + there.x_coord) / 2, (here.y_coord + there.y_coord) / 2)
    near: dict[str, tuple[float, str]] = {}
    for row in network.active("crossing"):
        ends = network.nodes[row.from_node_id], network.nodes[row.to_node_id]
        if row.mode == link.mode and {node.country for node in ends} == {here.country, there.country}:
            km = min(geodesic_km(*middle, node.x_coord, node.y_coord) for node in ends)
            near.setdefault(row.link_id, (km, row.crossing_id))
    if not near:
        return f"no border by {link.mode} is open between them: add a crossing for each direction"
    listed = [f"{name} ({km:.0f} km away)" for km, name in sorted(near.values())[:NEAREST]]
    return (
        f"add a crossing for each direction, or copy the border that is there with border_like: "
        f"{sorted(near.values())[0][1]}; nearest: {', '.join(listed)}"
    )

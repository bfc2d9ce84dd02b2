"""Checks of ways: borders have crossings, ships sail in order, every market can be reached."""

from __future__ import annotations

import itertools

from corridor_net.errors import BadValue
from corridor_net.network.network import Network

from .fault import Findings, found, ref


def borders(network: Network) -> Findings:
    """Every link between two countries has a crossing in each direction it may be used."""
    have = {(row.link_id, row.from_node_id) for row in network.rows("crossing")}
    for link in network.rows("link"):
        a, b = network.nodes[link.from_node_id], network.nodes[link.to_node_id]
        if a.country == b.country:
            continue
        for here in (a.node_id,) if link.directed else (a.node_id, b.node_id):
            if (link.link_id, here) in have:
                yield None
                continue
            country = network.nodes[here].country
            error = BadValue(f"link '{link.link_id}' leaves {country} without a crossing from '{here}'")
            yield found(network, "link", link, "link_id", error)


def timetables(network: Network) -> Findings:
    """Calls are in order of time, and between two calls there is a lane."""
    for service_id, calls in network.calls.items():
        for here, there in itertools.pairwise(calls):
            good = (here.node_id, there.node_id) in network.lanes
            if here.departure_hours is not None and there.arrival_hours is not None:
                good = good and there.arrival_hours > here.departure_hours
            if good:
                yield None
                continue
            error = BadValue(
                f"service '{service_id}' cannot sail from call {here.call_sequence} ({here.node_id}) to the next",
                hint="there must be a sea lane, and the arrival after the departure",
            )
            others = ("service", service_id), ref("service_call", here)
            yield found(network, "service_call", there, "node_id", error, *others)


def reachable_markets(network: Network) -> Findings:
    """Every market can be reached from every origin on the network's day, by links, crossings and services."""
    reach: dict[str, set[str]] = {}
    closable = {crossing.link_id for crossing in network.rows("crossing")}
    passable = {(crossing.link_id, crossing.from_node_id) for crossing in network.active("crossing")}
    for link in network.active("link"):
        ends = ((link.from_node_id, link.to_node_id), (link.to_node_id, link.from_node_id))
        for here, there in ends[: 1 if link.directed else 2]:
            if link.link_id not in closable or (link.link_id, here) in passable:
                reach.setdefault(here, set()).add(there)
    for service in network.active("service"):
        ports = [call.node_id for call in network.calls.get(service.service_id, ())]
        for here, there in itertools.pairwise(ports):
            reach.setdefault(here, set()).add(there)
    for origin in network.markets("origin"):
        seen = _reached(reach, origin.node_id)
        for market in network.markets("market"):
            if market.node_id in seen:
                yield None
                continue
            error = BadValue(f"market '{market.node_id}' cannot be reached from '{origin.node_id}' on {network.day}")
            yield found(network, "market", market, "node_id", error, ref("market", origin))


def _reached(reach: dict[str, set[str]], start: str) -> set[str]:
    seen, todo = {start}, [start]
    while todo:
        for other in reach.get(todo.pop(), ()):
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return seen

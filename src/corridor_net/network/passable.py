"""What boxes can pass on the network's day: links by direction, and legs of services. The same rules as the model's."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from .rows import Link, Service

if TYPE_CHECKING:
    from .network import Network

Way = TypeVar("Way", Link, Service)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage(Generic[Way]):
    """One direction of a link, or one leg of a service, that boxes can take on the day.

    `kind` is `link` or `service`; `row` is its row in that table; `passage_id` that of the link, or the service with
    the number of the call it leaves.
    """

    passage_id: str
    kind: str
    mode: str
    from_node_id: str
    to_node_id: str
    length_km: float
    row: Way


def passages(network: Network) -> tuple[Passage[Link] | Passage[Service], ...]:
    """Return everything that boxes can pass on the day, in the order of the tables.

    Left out are what does not hold on the day, modes and services that table season closes, directions of a link at a
    border without a crossing that is open, services that do not carry containers, and what ends at a node that is
    not there.
    """
    return *_there(network, _links(network)), *passable_legs(network)


def passable_legs(network: Network) -> list[Passage[Service]]:
    """Return the legs of services that boxes can take on the day."""
    return _there(network, _legs(network))


def passable_links(network: Network) -> dict[str, tuple[Passage[Link], ...]]:
    """Return the directions in which each link can be passed on the day, by link id; without links that have none."""
    found: dict[str, tuple[Passage[Link], ...]] = {}
    for passage in _there(network, _links(network)):
        found[passage.passage_id] = (*found.get(passage.passage_id, ()), passage)
    return found


def _there(network: Network, found: list[Passage[Way]]) -> list[Passage[Way]]:
    """Return what leads from and to nodes of the day."""
    there = {node.node_id for node in network.active("node")}
    return [one for one in found if one.from_node_id in there and one.to_node_id in there]


def _closed(network: Network) -> set[tuple[str, str]]:
    rows = network.rows("season")
    return {(row.applies_to, row.target_id) for row in rows if row.closed == "yes" and row.holds_on(network.day)}


def _links(network: Network) -> list[Passage[Link]]:
    closed = _closed(network)
    open_from = {(crossing.link_id, crossing.from_node_id) for crossing in network.active("crossing")}
    borders = {crossing.link_id for crossing in network.rows("crossing")}
    found = []
    for link in network.active("link"):
        if ("mode", link.mode) in closed:
            continue
        ends = [(link.from_node_id, link.to_node_id), (link.to_node_id, link.from_node_id)]
        for here, there in ends[:1] if link.directed else ends:
            if link.link_id not in borders or (link.link_id, here) in open_from:
                found.append(
                    Passage(
                        passage_id=link.link_id,
                        kind="link",
                        mode=link.mode,
                        from_node_id=here,
                        to_node_id=there,
                        length_km=link.length_km,
                        row=link,
                    )
                )
    return found


def _legs(network: Network) -> list[Passage[Service]]:
    closed = _closed(network)
    found = []
    for service in network.active("service"):
        mode = network.mode_of(service)
        if service.carries != "container" or not {("service", service.service_id), ("mode", mode)}.isdisjoint(closed):
            continue
        for here, there in itertools.pairwise(network.calls.get(service.service_id, ())):
            lane = network.lanes.get((here.node_id, there.node_id))
            if lane is not None:
                found.append(
                    Passage(
                        passage_id=f"{service.service_id}:{here.call_sequence}",
                        kind="service",
                        mode=mode,
                        from_node_id=here.node_id,
                        to_node_id=there.node_id,
                        length_km=lane.length_km,
                        row=service,
                    )
                )
    return found

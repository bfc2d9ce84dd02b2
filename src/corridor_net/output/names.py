"""What people call the rows of a network, by id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from corridor_net.network import Network


def names_of(network: Network) -> dict[str, str]:
    """Return the names of links (with their mode), crossings, services, nodes, components and modes by id.

    A node's name comes first. A crossing is known by the id of either direction, and by what both have in common.
    """
    label = network.vocabulary.mode_label
    links = {link.link_id: f"{link.name} ({label(link.mode)})" for link in network.rows("link")}
    found = dict(links)
    for crossing in network.rows("crossing"):
        both = crossing.crossing_id.rsplit("-", 1)[0]
        found.setdefault(both, links.get(crossing.link_id, both))
    for table, key in (("crossing", "crossing_id"), ("service", "service_id"), ("node", "node_id")):
        found |= {getattr(row, key): row.name for row in network.rows(table) if row.name}
    return {**network.vocabulary.labels, "charter": "ship on demand", **found}


def listed(ids: Iterable[str], names: Mapping[str, str]) -> str:
    """Return names one after the other; semicolons between them, as names hold commas."""
    return "; ".join(names.get(key, key) for key in ids)

"""What people call the rows of a network, by id."""

from __future__ import annotations

from corridor_net.network import Network


def names_of(network: Network) -> dict[str, str]:
    """Return the names of links (with their mode), crossings, services and nodes by id; a node's name comes first."""
    found = {link.link_id: f"{link.name} ({link.mode})" for link in network.rows("link")}
    for table, key in (("crossing", "crossing_id"), ("service", "service_id"), ("node", "node_id")):
        found |= {getattr(row, key): row.name for row in network.rows(table) if row.name}
    return {"charter": "ship on demand", **found}

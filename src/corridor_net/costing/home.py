"""Whose fixed part is paid when cargo is put on a mode of links: the tariff at home of a node, and who comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corridor_net.network import Network

from .money import Prices

Home = Mapping[tuple[str, str], tuple[tuple[str, Any], ...]]
"""By node and state, links and their tariffs, the one that is paid first."""


def home_tariffs(network: Network, prices: Prices, tariffs: Mapping[str, Any]) -> Home:
    """Return by node and state the links on which cargo may be put there, with their tariffs, best first.

    Those of the links of the node's own country, of links that stay in it where there are such; of several, the one
    with the least fixed part in USD, then by id: so one link more never makes an answer dearer. The first is paid; were
    its link closed, the next. The order of rows plays no part.
    """
    found: dict[tuple[str, str], list[tuple[tuple[bool, float, str, str], Any]]] = {}
    nodes = network.nodes
    for link, node, state in _own_links(network):
        tariff = tariffs.get(link.tariff_id)
        if tariff is None:
            continue
        stays = nodes[link.from_node_id].country == nodes[link.to_node_id].country
        usd = prices.usd(tariff.fixed, tariff.currency, tariff.price_year)
        found.setdefault((node, state), []).append(((not stays, usd, tariff.tariff_id, link.link_id), tariff))
    return {
        key: tuple((rank[3], tariff) for rank, tariff in sorted(listed, key=lambda one: one[0]))
        for key, listed in found.items()
    }


def _own_links(network: Network) -> Iterator[tuple[Any, str, str]]:
    """Yield links with each end at which they can be entered in their country, and each state of cargo on them."""
    for link in network.active("link"):
        for node in (link.from_node_id, link.to_node_id)[: 1 if link.directed else 2]:
            if network.nodes[node].country == link.country:
                yield from ((link, node, state) for state in link.states)

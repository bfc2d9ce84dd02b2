"""Whose fixed part is paid when cargo is put on a mode of links: the tariff at home of a node, and who comes next.

That of the links of the node's own country by which cargo leaves it in the state it is put in, of links that stay in
it where there are such; of several, the one with the least fixed part in USD, then by id: so one link more never makes
an answer dearer. Were its link closed, the next is paid. The order of rows plays no part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.network import Network
from corridor_net.network.columns import coded, joint

from .money import Prices
from .places import Places

Ints = NDArray[np.int64]
ENDS = ("from_node_id", "to_node_id")


class Home:
    """The links that can be entered in their own country, each end and state of cargo by itself, and how they rank.

    `tariffs` by rank, the best last, None first; a tariff stands in it twice, the second time for links that stay.
    """

    def __init__(self, network: Network, prices: Prices, tariffs: Mapping[str, Any], places: Places) -> None:
        self.links, self.places = network.active("link"), places
        self.tariffs, self.rank = self._ranked(prices, tariffs)
        modes, mode = coded(self.links, "mode")
        gauges, gauge = coded(self.links, "gauge_mm")
        firsts, kind = joint([mode, gauge], [len(modes), len(gauges)]) if len(self.links) else ([], mode)
        by_kind = [self.links[first].states for first in firsts]
        self.states = {name: number for number, name in enumerate(dict.fromkeys(s for some in by_kind for s in some))}
        entered = [*self._entered()]
        found = [
            (here[kind[row] == number] * len(self.states) + self.states[state], row[kind[row] == number])
            for number, some in enumerate(by_kind)
            for state in some
            for here, row in entered
        ]
        none = np.zeros(0, np.int64)
        self.place, self.row = (np.concatenate([none, *(pair[which] for pair in found)]) for which in (0, 1))

    def _ranked(self, prices: Prices, known: Mapping[str, Any]) -> tuple[list[Any], Ints]:
        names, code = coded(self.links, "tariff_id")
        rows = [known.get(name) for name in names]
        fixed = {
            number: (prices.usd(row.fixed, row.currency, row.price_year), row.tariff_id)
            for number, row in enumerate(rows)
            if row is not None
        }
        there = sorted(fixed, key=fixed.__getitem__, reverse=True)
        rank = np.zeros(len(names), np.int64)
        rank[there] = np.arange(1, len(there) + 1)
        start, end = (self.places.country[self.places.numbers(self.links, name)] for name in ENDS)
        listed = [None, *(rows[number] for number in there)]
        return [*listed, *listed], np.where(rank[code] > 0, rank[code] + (start == end) * len(listed), 0)

    def _entered(self) -> Iterator[tuple[Ints, Ints]]:
        """Yield nodes at which links with a tariff can be entered in their country, and these links."""
        places = self.places
        known, (countries, country) = {name: n for n, name in enumerate(places.countries)}, coded(self.links, "country")
        own = np.array([known.get(one, -1) for one in countries], np.int64)[country]
        directed, one_way = coded(self.links, "directed")
        both = ~np.array([bool(one) for one in directed], bool)[one_way]
        for name, leaves in zip(ENDS, (np.ones(len(both), bool), both), strict=True):
            here = places.numbers(self.links, name)
            row = np.flatnonzero(leaves & (self.rank > 0) & (places.country[here] == own))
            yield here[row], row

    def paid(self, node: Ints, states: Sequence[str], state: Ints) -> Ints:
        """Return the numbers of the tariffs that are paid at some nodes, where cargo is put in some of `states`."""
        best = np.zeros(len(self.places.ids) * len(self.states) + 1, np.int64)
        np.maximum.at(best, self.place, self.rank[self.row])
        number = np.array([self.states.get(name, -1) for name in states], np.int64)[state]
        return np.where(number < 0, 0, best[node * len(self.states) + number])

    def listed(self) -> dict[tuple[str, str], tuple[tuple[str, Any], ...]]:
        """Return by node and state links and their tariffs, the one that is paid first."""
        found: dict[int, list[tuple[int, str]]] = {}
        for place, row in zip(self.place.tolist(), self.row.tolist(), strict=True):
            found.setdefault(place, []).append((-int(self.rank[row]), self.links[row].link_id))
        names = list(self.states)
        return {
            (self.places.ids[place // len(names)], names[place % len(names)]): tuple(
                (link_id, self.tariffs[-rank]) for rank, link_id in sorted(entries)
            )
            for place, entries in sorted(found.items())
        }

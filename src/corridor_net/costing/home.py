"""Whose fixed part is paid when cargo is put on a mode of links: the tariff at home of a node, and who comes next.

It is paid to each carrier that is hired: in a terminal where the mode changes, and at a border where the lorry does.

That of the links of the node's own country by which cargo leaves it in the state it is put in, of links that stay in
it where there are such; of several, the one with the least fixed part in USD, then by id. Were its link closed, the
next is paid; where none is open, the country's own: the dearest of what its links of that state ask, wherever they are,
again of those that stay in it where there are such. So a link more makes no answer dearer, nor one less cheaper, as
long as other links have its tariff too. The order of rows plays no part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.network.columns import coded
from corridor_net.network.rows import Tariff

from .money import Prices
from .places import Links

Ints = NDArray[np.int64]


class Home:
    """The links that can be entered in their own country, each end and state of cargo by itself, and how they rank.

    `tariffs` by rank, the best last, None first; a tariff stands in it twice, the second time for links that stay.
    """

    def __init__(self, links: Links, prices: Prices, tariffs: Mapping[str, Tariff]) -> None:
        self.links, self.places = links, links.places
        self.tariffs, self.rank = self._ranked(prices, tariffs)
        numbers = {name: number for number, name in enumerate(self.places.countries)}
        names, code = coded(links.rows, "country")
        self.country = np.array([numbers.get(name, -1) for name in names], np.int64)[code]
        every = dict.fromkeys(state for states in links.states for state in states)
        self.states = {name: number for number, name in enumerate(every)}
        entered = [*self._entered()]
        found = [
            (here[links.kind[row] == kind] * len(self.states) + self.states[state], row[links.kind[row] == kind])
            for kind, states in enumerate(links.states)
            for state in states
            for here, row in entered
        ]
        none = np.zeros(0, np.int64)
        self.place, self.row = (np.concatenate([none, *(pair[which] for pair in found)]) for which in (0, 1))

    def _ranked(self, prices: Prices, known: Mapping[str, Tariff]) -> tuple[list[Tariff | None], Ints]:
        names, code = coded(self.links.rows, "tariff_id")
        rows = [known.get(name) for name in names]
        fixed = {
            number: (prices.usd(row.fixed, row.currency, row.price_year), row.tariff_id)
            for number, row in enumerate(rows)
            if row is not None
        }
        there = sorted(fixed, key=fixed.__getitem__, reverse=True)
        rank = np.zeros(len(names), np.int64)
        rank[there] = np.arange(1, len(there) + 1)
        country, listed = self.places.country, [None, *(rows[number] for number in there)]
        stays = country[self.links.start] == country[self.links.end]
        return [*listed, *listed], np.where(rank[code] > 0, rank[code] + stays * len(listed), 0)

    def _entered(self) -> Iterator[tuple[Ints, Ints]]:
        """Yield nodes at which links with a tariff can be entered in their country, and these links."""
        for here, leaves in ((self.links.start, True), (self.links.end, self.links.both)):
            row = np.flatnonzero(leaves & (self.rank > 0) & (self.places.country[here] == self.country))
            yield here[row], row

    def paid(self, node: Ints, states: Sequence[str], state: Ints) -> Ints:
        """Return the numbers of the tariffs that are paid at some nodes, where cargo is put in some of `states`."""
        number = np.array([self.states.get(name, -1) for name in states], np.int64)[state]
        return np.where(number < 0, 0, self.best[node * len(self.states) + number])

    def at(self, node: str, state: str) -> Tariff | None:
        """Return the tariff that is paid at a node where cargo is put in a state."""
        place = np.array([self.places.number[node]])
        return self.tariffs[int(self.paid(place, (state,), np.zeros(1, np.int64))[0])]

    @cached_property
    def best(self) -> Ints:
        """The rank of the tariff that is paid, by place and state."""
        best = np.zeros(len(self.places.ids) * len(self.states) + 1, np.int64)
        np.maximum.at(best, self.place, self.rank[self.row])
        best[:-1] = np.where(best[:-1] > 0, best[:-1], self.own)
        return best

    @cached_property
    def own(self) -> Ints:
        """The rank of the dearest tariff of the country of each place, by place and state, of links that stay first."""
        links, half, most = self.links, len(self.tariffs) // 2, len(self.tariffs)
        left = np.zeros((2, len(self.places.countries), len(self.states)), np.int64)
        for kind, states in enumerate(links.states):
            row = np.flatnonzero((links.kind == kind) & (self.rank > 0) & (self.country >= 0))
            stays = (self.rank[row] >= half).astype(np.int64)
            for state in states:
                np.maximum.at(left[..., self.states[state]], (stays, self.country[row]), most - self.rank[row])
        over, within = np.where(left > 0, most - left, 0)
        return np.asarray(np.where(within > 0, within, over)[self.places.country].ravel(), np.int64)

    @cached_property
    def listed(self) -> dict[tuple[str, str], tuple[tuple[str, Any], ...]]:
        """By node and state links and their tariffs, the one that is paid first; last "" and the country's."""
        found: dict[int, list[tuple[int, str]]] = {}
        for place, row in zip(self.place.tolist(), self.row.tolist(), strict=True):
            found.setdefault(place, []).append((-int(self.rank[row]), self.links.rows[row].link_id))
        names = list(self.states)
        return {
            (self.places.ids[place // len(names)], names[place % len(names)]): tuple(
                (link_id, self.tariffs[-rank]) for rank, link_id in (*sorted(entries), (-int(self.own[place]), ""))
            )
            for place, entries in sorted(found.items())
        }

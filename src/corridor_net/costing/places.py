"""The nodes of a network by number, as everything that is compiled side by side counts them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corridor_net.network import Network
from corridor_net.network.columns import coded, joint, texts
from corridor_net.network.rows import Node, TableRow

Ints = NDArray[np.int64]


class Places:
    """The nodes of a network by number, in the order of their ids, with their countries and kinds."""

    def __init__(self, network: Network) -> None:
        rows = network.rows("node")
        given = texts(rows, "node_id")
        self.ids = sorted(set(given))
        self.number = {name: place for place, name in enumerate(self.ids)}
        self._row = np.fromiter(map(self.number.__getitem__, given), np.int64, len(given))
        self.countries, self.country = self._of(rows, "country")
        kinds, kind = self._of(rows, "node_type")
        self.is_zone = kind == kinds.index("zone") if "zone" in kinds else np.zeros(len(self.ids), bool)

    def _of(self, rows: Sequence[Node], column: str) -> tuple[list[str], Ints]:
        values, codes = coded(rows, column)
        made = np.empty(len(self.ids), np.int64)
        made[self._row] = codes
        return values, made

    def numbers(self, rows: Sequence[TableRow], column: str) -> Ints:
        """Return the number of the node that a column of each row names."""
        return np.fromiter(map(self.number.__getitem__, texts(rows, column)), np.int64, len(rows))

    @cached_property
    def turn(self) -> Ints:
        """The place of each node in the order of ids as they stand in keys, before a colon."""
        order = sorted(range(len(self.ids)), key=lambda place: f"{self.ids[place]}:")
        made = np.empty(len(order), np.int64)
        made[order] = np.arange(len(order))
        return made


class Links:
    """The links that hold on the day: where they begin and end, whether both ways, and of which kind they are.

    Links of one `kind` have the same states of cargo, `states[kind]`.
    """

    def __init__(self, network: Network, places: Places) -> None:
        self.rows, self.places = network.active("link"), places
        self.start, self.end = (places.numbers(self.rows, column) for column in ("from_node_id", "to_node_id"))
        directed, one_way = coded(self.rows, "directed")
        self.both = ~np.array([bool(one) for one in directed], bool)[one_way]
        (modes, mode), (gauges, gauge) = coded(self.rows, "mode"), coded(self.rows, "gauge_mm")
        firsts, self.kind = joint([mode, gauge], [len(modes), len(gauges)]) if len(self.rows) else ([], mode)
        self.states: list[Sequence[str]] = [self.rows[first].states for first in firsts]

"""A network being compiled: what its arcs are made from, and the arcs made so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.network import Network
from corridor_net.network.columns import coded, distinct, texts

from .arcs import KEPT, Amounts, Impedance, Part, State, kind_of
from .cargo import Cargo
from .listed import ArcList, Piece, Singles, StateNumbers, States
from .money import Prices
from .parts import Emitted, Pricer

Ends = tuple[State, State]
"""The state an arc leaves, and the one it enters."""
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seasons:
    """What the seasons of a day change: factors on hours, and closures, by (applies_to, target_id)."""

    factors: dict[tuple[str, str], float]
    closed: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, network: Network) -> Seasons:
        """Collect the seasons of the network's day."""
        seasons = [season for season in network.rows("season") if season.holds_on(network.day)]
        return cls(
            factors={(s.applies_to, s.target_id): s.hours_factor for s in seasons if s.closed == "no"},
            closed=frozenset((s.applies_to, s.target_id) for s in seasons if s.closed == "yes"),
        )

    def factor(self, applies_to: str, target_id: str) -> float:
        """Return the factor on hours of a node, service or mode on the day."""
        return float(self.factors.get((applies_to, target_id), 1.0))


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

    def _of(self, rows: Sequence[Any], column: str) -> tuple[list[str], Ints]:
        values, codes = coded(rows, column)
        made = np.empty(len(self.ids), np.int64)
        made[self._row] = codes
        return values, made

    def numbers(self, rows: Sequence[Any], column: str) -> Ints:
        """Return the number of the node that a column of each row names."""
        values, codes = coded(rows, column)
        return np.fromiter(map(self.number.__getitem__, values), np.int64, len(values))[codes]

    @cached_property
    def turn(self) -> Ints:
        """The place of each node in the order of ids as they stand in keys, before a colon."""
        order = sorted(range(len(self.ids)), key=lambda place: f"{self.ids[place]}:")
        made = np.empty(len(order), np.int64)
        made[order] = np.arange(len(order))
        return made


class Arcs:
    """States and arcs as they are made: one by one, or many side by side as pieces."""

    def __init__(self, network: Network, places: Places) -> None:
        self.vocabulary, self.places = network.vocabulary, places
        self.names: dict[str, int] = {}
        self.pending: list[tuple[Any, ...]] = []
        self.pieces: dict[str, Piece] = {}

    def name(self, name: str) -> int:
        """Return the number of a name of states."""
        return self.names.setdefault(name, len(self.names))

    def add(
        self,
        key: str,
        ends: Ends,
        subject: tuple[str, str],
        parts: Sequence[Part],
        km: float = 0.0,
        emitted: Emitted = (0.0, ()),
    ) -> None:
        """Add an arc between two states; `subject` is its mode and the id of its row, its kind is told by its key."""
        row = key, kind_of(key), *subject, km, emitted[0], tuple(parts), emitted[1], self.vocabulary.kind(subject[0])
        self.pending.append((row, *((self.places.number[node], self.name(name)) for node, name in ends)))

    def compiled(self, network: Network, cargo: Cargo, prices: Prices) -> Impedance:
        """Return the network with its states and arcs in the order of their names.

        Keys begin with the name of a table, so the arcs of one stand together.
        """
        self.pending.sort(key=lambda made: made[0][0])
        keys = [made[0][0] for made in self.pending]
        components = tuple(network.vocabulary.components)
        pieces: list[Piece] = []
        done = 0
        for table in sorted(self.pieces):
            before = bisect_left(keys, f"{table}:")
            pieces += [self._singles(self.pending[done:before], components), self.pieces[table]]
            done = before
        pieces.append(self._singles(self.pending[done:], components))
        names = sorted(self.names)
        rank = np.empty(len(names), np.int64)
        rank[[self.names[name] for name in names]] = np.arange(len(names))
        codes: tuple[list[Ints], list[Ints]] = [], []
        for piece in pieces:
            ends = piece.ends()
            for which in (0, 1):
                codes[which].append(ends[2 * which] * len(names) + rank[ends[2 * which + 1]])
        ends_of = [np.concatenate(found) for found in codes]
        known = distinct(np.concatenate([distinct(one) for one in ends_of]))
        listed = States(self.places.ids, names, known)
        tail, head = (np.searchsorted(known, one).astype(np.int32) for one in ends_of)
        states: Sequence[State] = tuple(listed) if len(listed) <= KEPT else listed
        index: Mapping[State, int] = (
            {state: number for number, state in enumerate(states)}
            if isinstance(states, tuple)
            else StateNumbers(listed, self.places.number)
        )
        arcs = ArcList(pieces, states, tail, head)
        amounts = Amounts.joined([piece.amounts for piece in pieces])
        at_sea = np.concatenate([piece.at_sea() for piece in pieces])
        return Impedance(network, cargo, prices, states, arcs, index, tail, head, at_sea, amounts)

    def _singles(self, made: Sequence[tuple[Any, ...]], components: Sequence[str]) -> Singles:
        rows = [row for row, _, _ in made]
        ends = np.array([(*tail, *head) for _, tail, head in made], np.int64).reshape(len(made), 4)
        amounts = Amounts.of([row[6] for row in rows], components, [row[4] for row in rows], [row[5] for row in rows])
        return Singles(rows=rows, numbers=tuple(ends.T), amounts=amounts)  # type: ignore[arg-type]


class Draft:
    """The network, cargo, prices and seasons that arcs are made from, and the arcs."""

    def __init__(self, network: Network, cargo: Cargo, prices: Prices) -> None:
        self.network, self.cargo, self.prices = network, cargo, prices
        self.price = Pricer(network, cargo, prices)
        self.seasons = Seasons.of(network)
        self.places = Places(network)
        self.arcs = Arcs(network, self.places)

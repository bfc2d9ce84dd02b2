"""A network being compiled: what its arcs are made from, and the arcs made so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corridor_net.network import Network

from .arcs import Arc, Part, kind_of
from .cargo import Cargo
from .money import Prices
from .parts import Emitted, Pricer

Ends = tuple[tuple[str, str], tuple[str, str]]
"""The state an arc leaves, and the one it enters."""


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


class Arcs:
    """States and arcs as they are made."""

    def __init__(self, network: Network) -> None:
        self.vocabulary = network.vocabulary
        self.states: dict[tuple[str, str], int] = {}
        self.pending: list[tuple[Any, ...]] = []

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
        tail, head = (self.states.setdefault(state, len(self.states)) for state in ends)
        mode, row_id = subject
        row = key, kind_of(key), tail, head, ends[0][0], ends[1][0], mode, row_id, km, emitted[0]
        self.pending.append((*row, tuple(parts), emitted[1], self.vocabulary.kind(mode)))

    def sorted(self) -> tuple[tuple[tuple[str, str], ...], tuple[Arc, ...]]:
        """Return states and arcs in the order of their names."""
        states = sorted(self.states)
        number = {self.states[state]: place for place, state in enumerate(states)}
        self.pending.sort(key=lambda row: row[0])
        arcs = (Arc(row[0], row[1], number[row[2]], number[row[3]], *row[4:]) for row in self.pending)
        return tuple(states), tuple(arcs)


class Draft:
    """The network, cargo, prices and seasons that arcs are made from, and the arcs."""

    def __init__(self, network: Network, cargo: Cargo, prices: Prices) -> None:
        self.network, self.cargo, self.prices = network, cargo, prices
        self.price = Pricer(network, cargo, prices)
        self.seasons = Seasons.of(network)
        self.arcs = Arcs(network)

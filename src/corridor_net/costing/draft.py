"""A network being compiled: what its arcs are made from, and the arcs made so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.network import Network

from .arcs import Emitted, Part, State, Work, kind_of
from .cargo import Cargo
from .home import Home
from .money import Prices
from .parts import Pricer
from .pieces import ArcPiece, Single, Singles
from .places import Links, Places

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


class Arcs:
    """States and arcs as they are made: one by one, or many side by side as pieces."""

    def __init__(self, network: Network, places: Places, names: Mapping[str, int]) -> None:
        """Begin with the numbers that names have in a draft like it."""
        self.vocabulary, self.places = network.vocabulary, places
        self.names = dict(names)
        self.pending: list[Single] = []
        self.pieces: dict[str, ArcPiece] = {}

    def name(self, name: str) -> int:
        """Return the number of a name of states."""
        return self.names.setdefault(name, len(self.names))

    def add(
        self,
        key: str,
        ends: Ends,
        asset: tuple[str, str],
        parts: Sequence[Part],
        km: float = 0.0,
        emitted: Emitted = (0.0, ()),
    ) -> None:
        """Add an arc between two states; `asset` is its mode and the id of its row, its kind is told by its key."""
        (here, leaving), (there, arriving) = ends
        number = self.places.number
        found = number[here], self.name(leaving), number[there], self.name(arriving)
        mode, name = asset
        work = Work.of(parts, emitted)
        self.pending.append(Single(key=key, mode=(kind_of(key), mode), asset_id=name, km=km, work=work, ends=found))

    def in_order(self) -> Iterator[ArcPiece]:
        """Yield the pieces in the order of keys, which begin with the name of a table."""
        made = sorted(self.pending, key=lambda one: one.key)
        keys, done = [one.key for one in made], 0
        for table in sorted(self.pieces):
            before = bisect_left(keys, f"{table}:")
            yield Singles(self.vocabulary, made[done:before])
            yield self.pieces[table]
            done = before
        yield Singles(self.vocabulary, made[done:])


LOOKED_AT = frozenset(
    (
        *("link", "crossing", "terminal", "service", "service_call"),
        *("operation", "tariff", "speed", "emission_factor", "source"),
    )
)
"""Tables of which a draft looks at the rows before it takes anything over from one like it; all others are to be the
same."""


class ArcDraft:
    """The network, cargo, prices and seasons that arcs are made from, and the arcs.

    `like` is a draft for the same cargo on the same day, of a network that shares most rows: what rests on rows that
    both have, told by being the same object or equal, is taken over from it. None where there is none.
    """

    def __init__(self, network: Network, cargo: Cargo, prices: Prices, like: ArcDraft | None = None) -> None:
        self.network, self.cargo, self.prices = network, cargo, prices
        self.like: ArcDraft | None = like if like is not None and self._is_like(like) else None
        self.price: Pricer = Pricer(network, cargo, prices, self.like.price if self.like else None)
        self.seasons: Seasons = self.like.seasons if self.like else Seasons.of(network)
        self.places: Places = self.like.places if self.like else Places(network)
        self.links: Links = self.like.links if self.like and self.shares("link") else Links(network, self.places)
        self.arcs: Arcs = Arcs(network, self.places, self.like.arcs.names if self.like else {})
        self.services: dict[str, tuple[Sequence[Any], Sequence[Single]]] = {}
        """The rows that each service rests on, and its arcs."""

    def _is_like(self, like: ArcDraft) -> bool:
        """Whether cargo, day and all tables but those whose rows are looked at are the same."""
        here, there = self.network, like.network
        if here.day != there.day or here.package is not there.package or self.cargo != like.cargo:
            return False
        same = all(rows is there.tables.get(name) for name, rows in here.tables.items() if name not in LOOKED_AT)
        return same and self.prices == like.prices

    def shares(self, table: str) -> bool:
        """Whether a table is that of the draft like it, row for row."""
        return self.like is not None and self.network.tables[table] is self.like.network.tables[table]

    def let_go(self) -> None:
        """Let the draft go that this one was like, once everything is made."""
        self.like = self.price.like = None

    @cached_property
    def home(self) -> Home:
        """Whose fixed part is paid where cargo is put on a mode."""
        tariffs, like = self.price.figures.tariffs, self.like
        if like is not None and self.links is like.links and tariffs == like.price.figures.tariffs:
            return like.home
        return Home(self.links, self.prices, tariffs)

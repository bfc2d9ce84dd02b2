"""What cargo can do, step by step, and what each step costs: one row an arc, each component apart. Nothing is compiled.

A state is where cargo is and on what: (node, "rail_1435"), (node, "port_out"), aboard a sailing, … An arc
leads from state to state: line haul, border crossing, terminal operation, boarding, sailing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from corridor_net.network import Network

from .cargo import Cargo
from .money import Prices
from .parameters import Parameter, parameters_of

Floats = NDArray[np.float64]
State = tuple[str, str]
"""Where cargo is, and on what."""
KEPT = 20_000
"""Arcs, or states, that are kept once they are made; of a larger network each is made anew when it is looked at."""
MOVES = ("haul", "sail", "charter")
"""Kinds of arcs that cover distance."""


def kind_of(key: str) -> str:
    """Return the kind of an arc by its key.

    >>> kind_of("link:rail-harbin-mudanjiang:harbin:rail_1435"), kind_of("sail:fesco:1:land")
    ('haul', 'sail')
    """
    table = key.partition(":")[0]
    return "haul" if table == "link" else table


@dataclass(frozen=True, slots=True)
class Part:
    """One component of one arc: an amount in USD or hours, its spread, and the figures it rests on.

    `scheduled` is the amount by the timetable alone.
    """

    component: str
    quantity: str
    amount: float
    scheduled: float
    spread: float
    figures: tuple[str, ...]
    source_ids: tuple[str, ...]
    grade: str


@dataclass(frozen=True, slots=True)
class Arc:
    """One step of cargo from state `tail` to state `head`.

    `kind` is haul, crossing, terminal, board, sail or charter; `key` stays the same from scenario to scenario.
    `co2_figures` are what `co2_kg` is proportional to. `medium` is the kind of its mode: land, sea or air.
    """

    key: str
    kind: str
    tail: int
    head: int
    from_node: str
    to_node: str
    mode: str
    subject: str
    distance_km: float
    co2_kg: float
    parts: tuple[Part, ...]
    co2_figures: tuple[str, ...] = ()
    medium: str = "land"

    @property
    def leaves_land(self) -> bool:
        """Whether it is a passage by sea or by air: a leg of a service, a ship on demand, or a link of such a mode."""
        return self.medium != "land" and self.kind in MOVES


@dataclass(frozen=True, eq=False, kw_only=True)
class Amounts:
    """What each arc takes, each (n_arcs,): USD, hours, their spread, hours by the timetable, kg CO2e, km."""

    money: Floats
    hours: Floats
    spread: Floats
    scheduled: Floats
    co2_kg: Floats
    distance_km: Floats

    @classmethod
    def of(
        cls, parts: Sequence[Sequence[Part]], components: Sequence[str], km: Sequence[float], co2_kg: Sequence[float]
    ) -> Amounts:
        """Add up the parts of each arc."""
        tables = by_component(parts, components)
        totals = (np.asarray(tables[name].sum(axis=1)) for name in ("cost", "hours"))
        spread, scheduled = np.zeros(len(parts)), np.zeros(len(parts))
        for number, some in enumerate(parts):
            for part in some:
                if part.quantity == "hours":
                    spread[number] += part.spread
                    scheduled[number] += part.scheduled
        money, hours = totals
        lists = (np.array(one, float) for one in (co2_kg, km))
        carbon, length = lists
        return cls(money=money, hours=hours, spread=spread, scheduled=scheduled, co2_kg=carbon, distance_km=length)

    @classmethod
    def joined(cls, pieces: Sequence[Amounts]) -> Amounts:
        """Return the amounts of some pieces, one after the other."""
        return cls(**{one.name: np.concatenate([getattr(piece, one.name) for piece in pieces]) for one in fields(cls)})

    def taken(self, rows: NDArray[np.int64]) -> Amounts:
        """Return the amounts of some arcs, in the order of `rows`."""
        return Amounts(**{one.name: getattr(self, one.name)[rows] for one in fields(self)})


def by_component(parts: Iterable[Sequence[Part]], components: Sequence[str]) -> dict[str, Floats]:
    """Return USD (`cost`) and `hours` of some arcs by component, each (n_arcs, n_components)."""
    column = {name: number for number, name in enumerate(components)}
    listed = list(parts)
    tables = {name: np.zeros((len(listed), len(column))) for name in ("cost", "hours")}
    for number, some in enumerate(listed):
        for part in some:
            tables[part.quantity][number, column[part.component]] += part.amount
    return tables


@dataclass(frozen=True, eq=False)
class Impedance:
    """The compiled network: states, arcs, and their money, hours, spread and CO2 as arrays.

    Money is USD of `prices.year` per box of `cargo`. `index`: number of each state; `tail` and `head` (n_arcs,): states
    that each arc leaves and enters; `at_sea` (n_arcs,): whether it leaves land (`Arc.leaves_land`). Arcs and states are
    in the order of their names; those of a large network are made when they are looked at.
    """

    network: Network
    cargo: Cargo
    prices: Prices
    states: Sequence[State]
    arcs: Sequence[Arc]
    index: Mapping[State, int]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    at_sea: NDArray[np.bool_]
    amounts: Amounts

    @cached_property
    def components(self) -> tuple[str, ...]:
        """Components of money and of hours, in the order of the columns."""
        return tuple(self.network.vocabulary.components)

    @cached_property
    def _tables(self) -> dict[str, Floats]:
        return by_component((arc.parts for arc in self.arcs), self.components)

    def keys(self) -> Iterator[str]:
        """Yield the key of every arc, without making the arcs where they are made one by one."""
        pieces = getattr(self.arcs, "pieces", None)
        if pieces is None:
            return (arc.key for arc in self.arcs)
        return chain.from_iterable(piece.keys() for piece in pieces)

    @property
    def money(self) -> Floats:
        """USD per box by component, shape (n_arcs, n_components)."""
        return self._tables["cost"]

    @property
    def hours(self) -> Floats:
        """Hours by component, shape (n_arcs, n_components)."""
        return self._tables["hours"]

    @property
    def total_money(self) -> Floats:
        """USD per box, shape (n_arcs,)."""
        return self.amounts.money

    @property
    def spread_hours(self) -> Floats:
        """Sum of the standard deviations of the hours of each arc's parts, shape (n_arcs,)."""
        return self.amounts.spread

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """Every parameter of the cargo on the day, by key."""
        return parameters_of(self.network, self.cargo.cargo_id)

    @property
    def co2_kg(self) -> Floats:
        """Kg CO2e per box, well to wheel, shape (n_arcs,)."""
        return self.amounts.co2_kg

    @property
    def distance_km(self) -> Floats:
        """Kilometres, shape (n_arcs,)."""
        return self.amounts.distance_km

    def total_hours(self, *, schedule: bool = False) -> Floats:
        """Return hours an arc, shape (n_arcs,); with `schedule`, those of the timetable alone."""
        return self.amounts.scheduled if schedule else self.amounts.hours

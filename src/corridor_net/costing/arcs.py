"""What cargo can do, step by step, and what each step costs: one row an arc, each component apart. Nothing is compiled.

A state is where cargo is and on what: (node, "rail_1435"), (node, "port_out"), aboard a sailing, … An arc
leads from state to state: line haul, border crossing, terminal operation, boarding, sailing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corridor_net.network import Network

from .cargo import Cargo
from .money import Prices
from .parameters import Parameter, parameters_of

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


@dataclass(frozen=True, eq=False)
class Impedance:
    """The compiled network: states, arcs, and their money, hours, spread and CO2 as arrays.

    `money` (n_arcs, n_components) in USD, `hours` (n_arcs, n_components), `spread_hours` (n_arcs,),
    `co2_kg` (n_arcs,), `distance_km` (n_arcs,). Money is USD of `prices.year` per box of `cargo`.
    """

    network: Network
    cargo: Cargo
    prices: Prices
    states: tuple[tuple[str, str], ...]
    arcs: tuple[Arc, ...]

    @cached_property
    def components(self) -> tuple[str, ...]:
        """Components of money and of hours, in the order of the columns."""
        return tuple(self.network.vocabulary.components)

    @cached_property
    def index(self) -> dict[tuple[str, str], int]:
        """Number of each state."""
        return {state: number for number, state in enumerate(self.states)}

    @cached_property
    def tail(self) -> NDArray[np.int32]:
        """State each arc leaves, shape (n_arcs,)."""
        return np.fromiter((arc.tail for arc in self.arcs), np.int32, len(self.arcs))

    @cached_property
    def head(self) -> NDArray[np.int32]:
        """State each arc enters, shape (n_arcs,)."""
        return np.fromiter((arc.head for arc in self.arcs), np.int32, len(self.arcs))

    @cached_property
    def _amounts(self) -> dict[str, NDArray[np.float64]]:
        column = {name: number for number, name in enumerate(self.components)}
        tables = {name: np.zeros((len(self.arcs), len(column))) for name in ("cost", "hours")}
        spread, scheduled = np.zeros(len(self.arcs)), np.zeros(len(self.arcs))
        for number, arc in enumerate(self.arcs):
            for part in arc.parts:
                tables[part.quantity][number, column[part.component]] += part.amount
                if part.quantity == "hours":
                    spread[number] += part.spread
                    scheduled[number] += part.scheduled
        return {**tables, "spread": spread, "scheduled": scheduled}

    @property
    def money(self) -> NDArray[np.float64]:
        """USD per box, shape (n_arcs, n_components)."""
        return self._amounts["cost"]

    @property
    def hours(self) -> NDArray[np.float64]:
        """Hours, shape (n_arcs, n_components)."""
        return self._amounts["hours"]

    @property
    def spread_hours(self) -> NDArray[np.float64]:
        """Sum of the standard deviations of the hours of each arc's parts, shape (n_arcs,)."""
        return self._amounts["spread"]

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """Every parameter of the cargo on the day, by key."""
        return parameters_of(self.network, self.cargo.cargo_id)

    @cached_property
    def co2_kg(self) -> NDArray[np.float64]:
        """Kg CO2e per box, well to wheel, shape (n_arcs,)."""
        return np.fromiter((arc.co2_kg for arc in self.arcs), float, len(self.arcs))

    @cached_property
    def distance_km(self) -> NDArray[np.float64]:
        """Kilometres, shape (n_arcs,)."""
        return np.fromiter((arc.distance_km for arc in self.arcs), float, len(self.arcs))

    def total_hours(self, *, schedule: bool = False) -> NDArray[np.float64]:
        """Return hours an arc, shape (n_arcs,); with `schedule`, those of the timetable alone."""
        if schedule:
            return self._amounts["scheduled"]
        return np.asarray(self.hours.sum(axis=1))

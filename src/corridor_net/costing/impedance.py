"""The door to the compiled network: what each step of cargo costs, for one cargo on one day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corridor_net.network import Network

from .arcs import Arc, Impedance, Part
from .cargo import Cargo
from .compile import Compiler
from .money import Prices
from .ranges import PROJECTED
from .sailing import HOURS_PER_WEEK, headway_wait

__all__ = ["HOURS_PER_WEEK", "Arc", "Impedance", "Part", "headway_wait", "impedance"]


def impedance(
    network: Network,
    cargo_id: str | None = None,
    *,
    price_year: int | None = None,
    value_of_time_usd_per_hour: float | None = None,
) -> Impedance:
    """Compile the network, as of its day, for one cargo; its first where none is named.

    A value of time given takes the place of the cargo's. Raises DataFault where a figure is missing, UnknownName for
    an unknown cargo, BadValue for a value of time below 0.
    """
    prices = Prices.of(network, price_year)
    cargo = Cargo.of(network, cargo_id or network.default_cargo, prices, value_of_time_usd_per_hour)
    compiled = Compiler(network, cargo, prices).run()
    return replace(compiled, arcs=_projected(compiled.arcs)) if network.years_beyond else compiled


def _projected(arcs: Sequence[Arc]) -> tuple[Arc, ...]:
    """Return the arcs with all their parts of the grade of what is projected; parts that arcs share stay shared."""
    known: dict[int, tuple[Part, ...]] = {}
    for arc in arcs:
        if id(arc.parts) not in known:
            known[id(arc.parts)] = tuple(replace(part, grade=PROJECTED) for part in arc.parts)
    return tuple(replace(arc, parts=known[id(arc.parts)]) for arc in arcs)

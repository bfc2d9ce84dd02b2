"""The door to the compiled network: what each step of cargo costs, for one cargo on one day."""

from __future__ import annotations

from dataclasses import replace

from corridor_net.network import Network

from .arcs import Arc, Part
from .cargo import Cargo
from .compile import Compiler
from .compiled import Impedance
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
    return replace(compiled, arcs=compiled.arcs.of_grade(PROJECTED)) if network.years_beyond else compiled

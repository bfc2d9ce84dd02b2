"""The door to the compiled network: what each step of cargo costs, for one cargo on one day.

What is not allowed is not there: nothing has a large cost in place of being absent. Arcs are in the order of their
names, so that no answer depends on the order of rows. Links are compiled in `hauls`, terminals in `terminals`, services
in `sailing`.
"""

from __future__ import annotations

from dataclasses import replace

from corridor_net.network import Network

from .cargo import Cargo
from .compiled import Impedance
from .draft import ArcDraft
from .hauls import Hauls
from .money import Prices
from .ranges import PROJECTED
from .sailing import add_charter, add_services
from .terminals import Terminals


def impedance(
    network: Network,
    cargo_id: str | None = None,
    *,
    price_year: int | None = None,
    value_of_time_usd_per_hour: float | None = None,
    like: Impedance | None = None,
) -> Impedance:
    """Compile the network, as of its day, for one cargo; its first where none is named.

    A value of time given takes the place of the cargo's. `like` is a compiled network from which this one differs in
    few rows: what rests on rows that both have is taken over, with the same outcome.

    Raises DataFault where a figure is missing, UnknownName for an unknown cargo, BadValue for a value of time below 0.
    """
    prices = Prices.of(network, price_year)
    cargo = Cargo.of(network, cargo_id or network.default_cargo, prices, value_of_time_usd_per_hour)
    compiled = compile_network(network, cargo, prices, like.draft if like else None)
    return replace(compiled, arcs=compiled.arcs.of_grade(PROJECTED)) if network.years_beyond else compiled


def compile_network(network: Network, cargo: Cargo, prices: Prices, like: ArcDraft | None = None) -> Impedance:
    """Return the states and arcs of a network for a cargo. Raises DataFault where a figure is missing."""
    draft = ArcDraft(network, cargo, prices, like)
    draft.arcs.pieces["link"] = Hauls(draft)
    draft.arcs.pieces["terminal"] = Terminals.of(draft)
    add_services(draft)
    add_charter(draft)
    return Impedance.of(draft)

"""A network compiled once for all goods in one kind of box: what differs between goods is put in afterwards.

Tariffs carry the surcharge of refrigerated boxes, some emissions go by payload, some charges by value, and ships on
demand take some goods alone. All else of an arc is the same, so a router for each kind of goods costs a few sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.router import Router
from corridor_net.costing.cargo import Cargo
from corridor_net.costing.compiled import Impedance
from corridor_net.costing.impedance import compile_network
from corridor_net.costing.money import Prices
from corridor_net.graph import Graph
from corridor_net.network import Network

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Boxed:
    """The arcs of a network for one kind of box; arrays of shape (n_arcs,).

    `plain` is USD that are the same for all goods, `by_tariff` USD without the surcharge, `by_value` USD a USD of
    value, `co2` kg that are the same for all, `co2_by_payload` kg a tonne. `charter`: arcs of ships on demand.
    """

    impedance: Impedance
    plain: Floats
    by_tariff: Floats
    by_value: Floats
    co2: Floats
    co2_by_payload: Floats
    charter: NDArray[np.bool_]

    @classmethod
    def of(cls, network: Network, cargoes: Sequence[str], price_year: int | None) -> Boxed:
        """Compile the network for goods that go in the same kind of box. Raises as `impedance`."""
        prices = Prices.of(network, price_year)
        goods = [Cargo.of(network, name, prices) for name in cargoes]
        widest = replace(goods[0], may_charter=any(one.may_charter for one in goods), freight_surcharge=0.0)
        compiled = compile_network(network, widest, prices)
        by_payload = {
            f"emission_factor:{row.emission_factor_id}"
            for row in network.rows("emission_factor")
            if row.unit == "g_per_tkm"
        }
        hauls = _columns(compiled, "operation", "no")
        values = _columns(compiled, "per", "value")
        money = compiled.money
        loaded = np.array([bool(by_payload.intersection(arc.co2_figures)) for arc in compiled.arcs], bool)
        ends = np.array([state == "charter" for _, state in compiled.states], bool)
        return cls(
            impedance=compiled,
            plain=money[:, ~(hauls | values)].sum(axis=1),
            by_tariff=money[:, hauls].sum(axis=1),
            by_value=money[:, values].sum(axis=1) / (widest.value_usd or 1.0),
            co2=np.where(loaded, 0.0, compiled.co2_kg),
            co2_by_payload=np.where(loaded, compiled.co2_kg / widest.payload_t if widest.payload_t else 0.0, 0.0),
            charter=ends[compiled.tail] | ends[compiled.head],
        )

    @cached_property
    def graph(self) -> Graph:
        """The topology of the arcs."""
        return Graph.from_arcs(len(self.impedance.states), self.impedance.tail, self.impedance.head)

    def router(self, cargo_id: str, *, schedule: bool, co2_price_usd_per_t: float, scenario: str) -> BoxRouter:
        """Return the router of one kind of goods by generalised cost."""
        known = self.impedance
        cargo = Cargo.of(known.network, cargo_id, known.prices)
        money = self.plain + (1 + cargo.freight_surcharge) * self.by_tariff + cargo.value_usd * self.by_value
        co2 = self.co2 + cargo.payload_t * self.co2_by_payload
        own = replace(known, cargo=cargo, amounts=replace(known.amounts, money=money, co2_kg=co2))
        return BoxRouter(own, schedule=schedule, co2_price_usd_per_t=co2_price_usd_per_t, scenario=scenario, boxed=self)


def _columns(compiled: Impedance, column: str, value: str) -> NDArray[np.bool_]:
    """Return which components are such by their table, shape (n_components,)."""
    chosen = frozenset(compiled.network.vocabulary.components_where(column, value))
    return np.array([name in chosen for name in compiled.components], bool)


@dataclass(frozen=True, eq=False, kw_only=True)
class BoxRouter(Router):
    """A router of goods in a kind of box; the parts of its arcs are those of the box, its sums those of the goods."""

    boxed: Boxed

    @cached_property
    def weight(self) -> Floats:
        """What is minimised, per arc, shape (n_arcs,); inf where these goods may not go."""
        weight = np.asarray(self.objective.weight(*self.measures))
        return weight if self.impedance.cargo.may_charter else np.where(self.boxed.charter, np.inf, weight)

    @cached_property
    def graph(self) -> Graph:
        """The topology of the arcs."""
        return self.boxed.graph

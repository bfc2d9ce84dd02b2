"""`plain.PlainSearch`, compiled: the same values up to rounding. Needs the extra `fast`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corridor_net.graph.ensembles.amounts import Amounts, Lists
from corridor_net.graph.ensembles.ensemble import totals
from corridor_net.graph.ensembles.plain import Kept, Rows
from corridor_net.graph.ensembles.plan import Plan
from corridor_net.graph.ensembles.unpack import unpack
from corridor_net.graph.hierarchy.hierarchy import Hierarchy
from corridor_net.graph.topology import Graph

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class CompiledSearch:
    """The order of a graph, the amounts of its arcs, and the ends of its pairs."""

    hierarchy: Hierarchy
    amounts: Amounts
    ends: tuple[tuple[int, ...], tuple[int, ...]]

    @classmethod
    def of(
        cls,
        graph: Graph,
        n_factors: int,
        ends: tuple[tuple[int, ...], tuple[int, ...]],
        products: Lists,
        parts: Sequence[Lists],
        marks: Floats,
    ) -> CompiledSearch:
        """Put a graph in order. Raises BadValue as `Amounts.of`."""
        amounts = Amounts.of(n_factors, products, parts, marks)
        return cls(hierarchy=Hierarchy.build(graph), amounts=amounts, ends=ends)

    @cached_property
    def _plan(self) -> Plan:
        return Plan.of(self.hierarchy, *self.ends)

    def best(self, factors: Rows, rates: Floats, _kept: Kept | None = None, /) -> CompiledBest:
        """Return the best routes in some draws; nothing is kept. Raises BadValue as `Amounts.at`."""
        amounts = self.amounts.at(np.asarray(factors), rates)
        return CompiledBest(search=self, amounts=amounts, values=totals(self._plan, amounts))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CompiledBest:
    """The best routes in some draws: `values` as `ensemble.totals` has them."""

    search: CompiledSearch
    amounts: Amounts
    values: Floats

    def route(self, row: int, k: int) -> tuple[int, ...]:
        """Return the arcs of a pair's best route in draw `k`."""
        block = np.empty(self.amounts.n_arcs * 8)
        self.amounts.fill(k, 8, block)
        origins, goals = self.search.ends
        origin, goal = divmod(row, len(goals))
        arcs = unpack(self.search.hierarchy, np.ascontiguousarray(block[::8]), origins[origin], goals[goal])
        return tuple(arcs.tolist())

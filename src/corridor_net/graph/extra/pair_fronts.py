"""The whole fronts of many pairs: the bounds of every search come from one hierarchy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.graph.beside.pareto import Front, checked_costs, checked_epsilon, front_of
from corridor_net.graph.loops.compiler import can_compile
from corridor_net.graph.topology import Graph, checked_node

if TYPE_CHECKING:
    from corridor_net.graph.hierarchy.hierarchy import Hierarchy
    from corridor_net.graph.hierarchy.metric import Metric


@dataclass(frozen=True, slots=True, eq=False)
class PairFronts:
    """Fronts of `pareto` for many pairs: least costs to go come from a hierarchy, ordered and weighed once.

    >>> graph = Graph.from_arcs(3, [0, 0, 1, 0], [1, 2, 2, 2])
    >>> fronts = PairFronts.of(graph, [[1.0, 5.0, 1.0, 6.0], [4.0, 3.0, 4.0, 3.0]])
    >>> [path.tolist() for path in fronts.pareto(0, 2).paths]
    [[0, 2], [1]]
    """

    graph: Graph
    costs: NDArray[np.float64]
    to_go: tuple[Metric, ...]

    @classmethod
    def of(cls, graph: Graph, costs: ArrayLike, *, hierarchy: Hierarchy | None = None) -> PairFronts:
        """Take costs as `pareto` does. A `hierarchy` of the reversed graph is built when not given.

        Without numba there is none, and each pair is searched alone.
        """
        checked = checked_costs(graph, costs)
        if not can_compile():
            return cls(graph, checked, ())
        from corridor_net.graph.hierarchy.hierarchy import Hierarchy
        from corridor_net.graph.hierarchy.metric import Metric

        ordered = hierarchy or Hierarchy.build(graph.reversed())
        return cls(graph, checked, tuple(Metric.of(ordered, row, threads=1) for row in checked))

    def pareto(self, source: int, target: int, *, epsilon: float = 0.0, max_labels: int = 20_000_000) -> Front:
        """Return the front of a pair; arguments and errors as of the function `pareto`."""
        ends = checked_node(self.graph, source, "source"), checked_node(self.graph, target, "target")
        checked_epsilon(epsilon)
        bounds = [metric.one_to_all(ends[1]) for metric in self.to_go] or None
        return front_of(self.graph, self.costs, bounds, ends, epsilon, max_labels)

"""Shortest routes from several sources under one weighting: compiled where that pays, in plain Python otherwise."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from numpy.typing import ArrayLike

from . import large
from .compiler import can_compile
from .dijkstra import Weighted
from .topology import Graph
from .tree import Tree

COMPILED_FROM = 1_000_000
"""Sources times arcs for which it is worth to load the compiler, where it is there; its answers are the same bit for
bit."""
LOADED_FROM = 2
"""Sources from which the compiled search is asked where it is loaded already."""


def trees(graph: Graph, weight: ArrayLike, sources: Sequence[int]) -> Iterable[Tree]:
    """Return the shortest routes from each source, in order; ties by the rule of `dijkstra`. One pass: not kept.

    Raises BadValue for unfit weights or sources.

    >>> graph = Graph.from_arcs(3, [0, 1, 0], [1, 2, 2])
    >>> [tree.distance.tolist() for tree in trees(graph, [1.0, 2.0, 4.0], [0, 1])]
    [[0.0, 1.0, 3.0], [inf, 0.0, 2.0]]
    """
    loaded = "corridor_net.graph.compiled_dijkstra" in sys.modules
    pays = len(sources) >= LOADED_FROM if loaded else len(sources) * graph.n_arcs >= COMPILED_FROM
    if graph.n_arcs <= large.LARGE and pays and can_compile():
        from .compiled_dijkstra import many_to_all

        found = many_to_all(graph, weight, list(sources), threads=1)
        return [found[number] for number in range(len(found))]
    return Weighted.of(graph, weight).many(sources)

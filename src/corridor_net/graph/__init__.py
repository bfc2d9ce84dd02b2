"""Searches on arrays: a topology of arcs, weights as columns, answers as arrays. No names, units or files.

Importing this package needs numpy alone. What is compiled (`hierarchy`, `pareto`, `parallel`) lives in
modules of its own, which import numba when they are first used.
"""

from corridor_net.graph.dijkstra import Weighted
from corridor_net.graph.topology import Graph
from corridor_net.graph.tree import Tree

__all__ = ["Graph", "Tree", "Weighted"]

"""Searches on arrays: a topology of arcs, weights as columns, answers as arrays. No names, units or files.

Importing this package needs numpy alone. What is compiled lives in modules of its own, which import numba when they
are first used.
"""

from corridor_net.graph.search.dijkstra import Weighted
from corridor_net.graph.search.tree import Tree
from corridor_net.graph.topology import Graph

__all__ = ["Graph", "Tree", "Weighted"]

"""What the tests of the searches share: small random multigraphs, and the oracles they are held to."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from corridor_net.graph import Graph

settings.register_profile("graph", settings.default, derandomize=True)
settings.load_profile("graph")


@st.composite
def weighted_graphs(draw, max_nodes=9, max_arcs=28, exact=False, columns=None):
    """A multigraph with loops and parallel arcs, and weights with many ties, zeros and closed arcs."""
    n_nodes = draw(st.integers(1, max_nodes))
    node = st.integers(0, n_nodes - 1)
    arcs = draw(st.lists(st.tuples(node, node), max_size=max_arcs))
    tied = st.sampled_from([0.0, 1.0, 1.0, 2.0, 3.0, np.inf])
    rough = st.floats(0, 1e6, allow_nan=False)
    one = tied if exact else st.one_of(tied, rough)
    graph = Graph.from_arcs(n_nodes, [a for a, _ in arcs], [b for _, b in arcs])
    if columns is None:
        return graph, np.array(draw(st.lists(one, min_size=len(arcs), max_size=len(arcs))), np.float64)
    width = draw(st.integers(*columns))
    size = len(arcs) * width
    flat = np.array(draw(st.lists(one, min_size=size, max_size=size)), np.float64)
    return graph, flat.reshape(width, len(arcs))


def as_networkx(graph, weight):
    """The same network for networkx; closed arcs are left out."""
    network = nx.MultiDiGraph()
    network.add_nodes_from(range(graph.n_nodes))
    for arc in range(graph.n_arcs):
        if weight[arc] < np.inf:
            network.add_edge(int(graph.tail[arc]), int(graph.head[arc]), key=arc, weight=float(weight[arc]))
    return network


def networkx_distances(graph, weight, source):
    """Distances from `source` by networkx, inf where unreachable."""
    found = np.full(graph.n_nodes, np.inf)
    lengths = nx.single_source_dijkstra_path_length(as_networkx(graph, weight), source)
    for node, length in lengths.items():
        found[node] = length
    return found


def canonical_parents(graph, weight, source, distance):
    """The tie-break rule, written as it reads: fewest tight arcs, then the smallest last arc."""
    total = distance[graph.tail] + weight
    tight = [a for a in range(graph.n_arcs) if total[a] < np.inf and total[a] == distance[graph.head[a]]]
    steps = np.full(graph.n_nodes, -1)
    steps[source] = 0
    parent = np.full(graph.n_nodes, -1)
    frontier, used = [source], 0
    while frontier:
        used += 1
        reached = {}
        for arc in tight:
            head = int(graph.head[arc])
            if int(graph.tail[arc]) in frontier and steps[head] == -1:
                reached.setdefault(head, arc)
        for head, arc in reached.items():
            steps[head], parent[head] = used, arc
        frontier = list(reached)
    return parent


def check_path(graph, weight, path, source, target, distance):
    """The arcs join source to target and, unless it is None, add up to the distance."""
    node, total = source, 0.0
    for arc in path:
        assert graph.tail[arc] == node
        total, node = total + weight[arc], graph.head[arc]
    assert node == target
    assert distance is None or total == distance

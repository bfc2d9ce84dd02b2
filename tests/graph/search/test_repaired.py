"""Trees of a changed network, found from those before: the same as searched anew, ties and rounding included."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corridor_net.graph import Graph, Weighted
from corridor_net.graph.search.repaired import repaired
from corridor_net.graph.search.tree import Trees
from graph.oracles import weighted_graphs


@st.composite
def changes(draw):
    """A graph, and one of which some nodes and arcs are gone, new, numbered anew or of another weight."""
    graph, weight = draw(weighted_graphs(exact=draw(st.booleans())))
    lengths = st.sampled_from([0.0, 1.0, 1.0, 2.0, 3.0, 1e-16, 1e16, np.inf])
    gone = draw(st.sets(st.integers(1, graph.n_nodes), max_size=2))
    left = [node for node in range(graph.n_nodes) if node not in gone]
    size = len(left) + draw(st.integers(0, 2))
    number = draw(st.permutations(range(size)))
    nodes = np.full(graph.n_nodes, -1)
    nodes[left] = number[: len(left)]
    arcs, ends, weights = np.full(graph.n_arcs, -1), [], []
    node = st.integers(0, size - 1)
    for arc in range(graph.n_arcs):
        for _ in range(draw(st.sampled_from([0, 0, 0, 1]))):
            ends.append((draw(node), draw(node)))
            weights.append(draw(lengths))
        here, there = nodes[graph.tail[arc]], nodes[graph.head[arc]]
        if min(here, there) >= 0 and draw(st.sampled_from([True, True, True, False])):
            arcs[arc] = len(ends)
            ends.append((here, there))
            weights.append(draw(st.one_of(st.just(weight[arc]), lengths)))
    after = Graph.from_arcs(size, [a for a, _ in ends], [b for _, b in ends])
    return Weighted.of(graph, weight), Weighted.of(after, weights), nodes, arcs, left


@given(changes())
def test_a_repaired_tree_is_one_searched_anew(case):
    before, after, nodes, arcs, left = case
    trees = Trees.joined(before.graph, [before.one_to_all(source) for source in left])
    found = repaired(trees, before.weight, after, nodes, arcs)
    for tree, source in zip(found, nodes[left].tolist(), strict=True):
        anew = after.one_to_all(source)
        assert tree.source == source
        assert tree.distance.tolist() == anew.distance.tolist()
        assert tree.parent_arc.tolist() == anew.parent_arc.tolist()


def test_a_nearer_place_by_more_arcs_that_rounding_hides_is_found_again():
    """Behind a place that came nearer by two arcs in place of one lies another, which rounding leaves where it was."""
    far = 1e16
    graph = Graph.from_arcs(4, [0, 0, 2, 1], [1, 2, 1, 3])
    before = Weighted.of(graph, [0.5, np.inf, 0.0, far])
    after = Weighted.of(graph, [0.5, 0.25, 0.0, far])
    trees = Trees.joined(graph, [before.one_to_all(0)])
    found = repaired(trees, before.weight, after, np.arange(4), np.arange(4))[0]
    assert found.distance.tolist() == [0.0, 0.25, 0.25, far]
    assert found.path(3).tolist() == [1, 2, 3]

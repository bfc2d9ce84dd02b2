"""Many sources at once give what one at a time gives, bit for bit, with and without the compiler."""

import sys

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.graph import Weighted
from corridor_net.graph.search.dijkstra import LOADED_FROM

MANY = 24


@pytest.fixture(autouse=True)
def compiled_sooner(monkeypatch):
    """The compiler is asked from so many sources on, on the shipped network too."""
    monkeypatch.setattr("corridor_net.graph.search.dijkstra.COMPILED_FROM", MANY)


@pytest.mark.parametrize("count", [1, LOADED_FROM, MANY])
def test_several_sources_are_as_each_alone(count):
    router = cn.load(as_of="2019-07-01").router
    sources = list(range(0, 20 * count, 20))
    alone = Weighted.of(router.graph, router.weight)
    for source, tree in zip(sources, Weighted.of(router.graph, router.weight).many(sources), strict=True):
        same = alone.one_to_all(source)
        assert np.array_equal(tree.distance, same.distance)
        assert np.array_equal(tree.parent_arc, same.parent_arc)


def test_without_the_compiler_the_answer_is_the_same(monkeypatch):
    router = cn.load(as_of="2019-07-01").router
    sources = list(range(2 * MANY))
    compiled = list(Weighted.of(router.graph, router.weight).many(sources))
    monkeypatch.setitem(sys.modules, "numba", None)
    for one, other in zip(compiled, Weighted.of(router.graph, router.weight).many(sources), strict=True):
        assert np.array_equal(one.distance, other.distance)
        assert np.array_equal(one.parent_arc, other.parent_arc)

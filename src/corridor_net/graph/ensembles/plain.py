"""What `ensemble.totals` finds, without a compiler: all draws side by side as rows of numpy, node by node.

Towards a goal, nodes are looked at in the order of their distance at the mean of all weightings, from the goal
outwards, and again as long as a node that they lead to has come nearer in some draw. Of routes that tie exactly the one
met first wins: always the same, though not always the one that `ensemble` or `dijkstra` takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue
from corridor_net.graph.search.dijkstra import Weighted
from corridor_net.graph.topology import Graph

if TYPE_CHECKING:
    from corridor_net.graph.ensembles.amounts import Lists

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

HELD = 2**22
"""Weights that are held at a time, as often as there are amounts."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PlainBest:
    """The best routes in some draws: `values` as `ensemble.totals` has them, and `routes` by row and mark."""

    values: Floats
    routes: dict[tuple[int, float], tuple[int, ...]]

    def route(self, row: int, k: int) -> tuple[int, ...]:
        """Return the arcs of a pair's best route in draw `k`, or others that add up to the same mark."""
        return self.routes[row, float(self.values[-1, row, k])]


@dataclass(frozen=True, eq=False, kw_only=True)
class PlainSearch:
    """A graph whose weights are sums of amounts at a rate (see `amounts.Amounts`), and the ends of its pairs."""

    graph: Graph
    ends: tuple[tuple[int, ...], tuple[int, ...]]
    products: Lists
    parts: Sequence[Lists]
    marks: Floats

    def best(self, factors: Floats, rates: Floats) -> PlainBest:
        """Return the best routes in some draws; raise BadValue for weights that are negative or not numbers."""
        size = max(1, HELD // max(1, self.graph.n_arcs))
        routes: dict[tuple[int, float], tuple[int, ...]] = {}
        values = [
            self._totals(factors[:, at : at + size], rates[:, at : at + size], routes)
            for at in range(0, max(1, factors.shape[1]), size)
        ]
        return PlainBest(values=np.concatenate(values, axis=2), routes=routes)

    @cached_property
    def _useful(self) -> Ints:
        """The arcs that lie on a way from an origin to a goal; (n,)."""
        graph, (origins, goals) = self.graph, self.ends
        left, kept = _reached(graph.leaving, origins), _reached(graph.reversed().leaving, goals)
        useful = [
            a
            for a, (t, h) in enumerate(zip(graph.tail.tolist(), graph.head.tolist(), strict=True))
            if t in left and h in kept
        ]
        return np.array(useful, np.int32)

    @cached_property
    def _graph(self) -> Graph:
        """These arcs alone, and all nodes."""
        return Graph.from_arcs(self.graph.n_nodes, self.graph.tail[self._useful], self.graph.head[self._useful])

    @cached_property
    def _sums(self) -> list[Any]:
        """Of each amount what adds up the products of these arcs, and nothing in a last row, that of no arc."""
        from scipy.sparse import csr_array

        shape, rows = (self.graph.n_arcs + 1, len(self.products[0]) - 1), np.append(self._useful, self.graph.n_arcs)
        return [
            csr_array((size, number, np.append(first, first[-1])), shape)[rows] for first, number, size in self.parts
        ]

    def _totals(self, factors: Floats, rates: Floats, routes: dict[tuple[int, float], tuple[int, ...]]) -> Floats:
        """Return the values of some draws, and note routes whose marks have not been met."""
        columns = _products(factors, self.products)
        own, *amounts = (one @ columns for one in self._sums)
        weight = own + sum(rate * amount for rate, amount in zip(rates, amounts, strict=True))
        if not (weight >= 0).all():
            raise BadValue("weights must be numbers of at least 0")
        origins, goals = self.ends
        found = np.zeros((5, len(origins), len(goals), factors.shape[1]))
        graph, useful = self._graph, self._useful
        names = np.append(self.marks[useful], 0.0)
        for place, goal in enumerate(goals):
            distance, onward = towards(graph, weight[:-1], goal)
            found[0, :, place] = distance[list(origins)]
            arcs = _walked(graph, onward, origins)
            for step in arcs:
                for total, amount in zip(found[1:4, :, place], amounts, strict=True):
                    total += np.take_along_axis(amount, step, axis=0)
                found[4, :, place] += names[step]
            for row in range(len(origins)):
                pair = row * len(goals) + place
                marks, draws = np.unique(found[4, row, place], return_index=True)
                for mark, draw in zip(marks.tolist(), draws.tolist(), strict=True):
                    if (pair, mark) not in routes:
                        route = [step[row, draw] for step in arcs if step[row, draw] >= 0]
                        routes[pair, mark] = tuple(useful[route].tolist())
        return found.reshape(5, -1, factors.shape[1])


def towards(graph: Graph, weight: Floats, goal: int) -> tuple[Floats, Ints]:
    """Return the least distance from each node to a goal, (n_nodes, count), and the arc to take; -1 for none.

    `weight` (n_arcs, count) is at least 0.
    """
    far = Weighted.of(graph.reversed(), weight.mean(axis=1)).one_to_all(goal).distance
    order = [node for node in np.argsort(far, kind="stable").tolist() if far[node] < inf]
    leaving, entering = graph.leaving, graph.reversed().leaving
    distance = np.full((graph.n_nodes, weight.shape[1]), inf)
    onward = np.full(distance.shape, -1, np.int32)
    distance[goal] = 0.0
    waiting = set(order) - {goal}
    while waiting:
        for node in order:
            if node not in waiting:
                continue
            waiting.discard(node)
            if _nearer(distance, onward, node, leaving[node], weight):
                waiting.update(before for before, _ in entering[node])
    return distance, onward


def _nearer(distance: Floats, onward: Ints, node: int, leaving: list[tuple[int, int]], weight: Floats) -> bool:
    """Take the arcs that leave a node where they bring it nearer; return whether one does in any draw."""
    own, way, moved = distance[node], onward[node], False
    for head, arc in leaving:
        through = weight[arc] + distance[head]
        nearer = through < own
        if np.count_nonzero(nearer):  # far quicker than any()
            np.copyto(own, through, where=nearer)
            np.copyto(way, arc, where=nearer)
            moved = True
    return moved


def _walked(graph: Graph, onward: Ints, origins: Sequence[int]) -> list[Ints]:
    """Return step by step the arcs from each origin in each draw, (n_origins, count); -1 where it has arrived."""
    at = np.repeat(np.array(origins, np.int32)[:, None], onward.shape[1], axis=1)
    steps = []
    while ((arc := np.take_along_axis(onward, at, axis=0)) >= 0).any():
        steps.append(arc)
        at = np.where(arc < 0, at, graph.head[arc])
    return steps


def _reached(leaving: list[list[tuple[int, int]]], starts: Sequence[int]) -> set[int]:
    """Return all nodes that can be reached from some."""
    found, waiting = set(starts), list(starts)
    while waiting:
        fresh = {head for head, _ in leaving[waiting.pop()]} - found
        found |= fresh
        waiting += fresh
    return found


def _products(factors: Floats, products: Lists) -> Floats:
    """Return the products of factors in every draw, (n_products, count)."""
    first, number, _ = products
    made: Floats = factors[number[first[:-1]]]
    for further in range(1, int(np.diff(first).max())):
        more = np.flatnonzero(np.diff(first) > further)
        made[more] *= factors[number[first[more] + further]]
    return made
